"""A notice may declare parameters of its own beside the shared vocabulary, and may not redefine a shared one."""

import shutil
from pathlib import Path

import pytest

from app.domain.packages import VOCABULARY_FILE, read
from app.errors import ConfigurationError

ROOT = Path(__file__).parents[2]
MADE_UP = ROOT / "tests" / "notices" / "made_up_2024"


def test_own_word_stands_beside_the_shared_ones() -> None:
    package = read(MADE_UP, ROOT)
    assert package.vocabulary["completion_group_company"].meaning == "集团公司要求补充完善的期限"
    assert "unit_publicity" in package.vocabulary
    assert package.parameters["completion_group_company"]["value"] == {"count": 4, "unit": "working_day"}


def test_shared_word_may_not_be_given_another_meaning(tmp_path: Path) -> None:
    copy = tmp_path / MADE_UP.name
    shutil.copytree(MADE_UP, copy)
    (copy / VOCABULARY_FILE).write_text("unit_publicity: {type: int, meaning: 别的}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"unit_publicity.*共用参数词表中已有此项"):
        read(copy, ROOT)
