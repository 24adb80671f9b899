"""The documents hold what they promise: links lead somewhere, and commands that they name exist."""

import re
from pathlib import Path

import pytest
import yaml

from app.cli import main
from app.config import load
from app.functions import registered_for_designers

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/README.md")])
HANDBOOKS = sorted((ROOT / "docs" / "zh").glob("*.md"))
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
NAMES = [path.relative_to(ROOT).as_posix() for path in DOCUMENTS]


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def everything() -> str:
    return "\n".join(read(path) for path in DOCUMENTS)


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_every_relative_link_leads_to_a_file(path: Path) -> None:
    targets = [link.partition("#")[0] for link in LINK.findall(read(path)) if "://" not in link]

    assert [target for target in targets if target and not (path.parent / target).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_no_document_names_a_place_on_one_machine(path: Path) -> None:
    assert re.findall(r"(?<![\w.])/(?:home|root|tmp|work|Users)/\S*", read(path)) == []


def test_every_make_target_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read(ROOT / "Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", everything(), re.MULTILINE))

    assert {"run", "test", "check", "bench"} - named == set()
    assert named - targets == set()


def test_every_subcommand_named_exists() -> None:
    named = set(re.findall(r"(?:^|`)zhiping ([a-z-]+)", everything(), re.MULTILINE))

    assert named - set(main.list_commands()) == set()


def test_readme_names_every_subcommand() -> None:
    section = read(ROOT / "README.md").partition("## The command `zhiping`")[2].partition("\n## ")[0]

    assert [name for name in main.list_commands() if f"`{name}" not in section] == []


def test_documents_name_the_variables_that_settings_read() -> None:
    read_by_settings = set(re.findall(r"ZHIPING_[A-Z]+(?:_[A-Z]+)*", load.__doc__ or ""))
    told = set(re.findall(r"^\| `(ZHIPING_[A-Z_]+)`", everything(), re.MULTILINE))

    several = {re.sub(r"_(SMTP|SMS)_(HOST|FROM|ENDPOINT|KEY_ID)$", r"_\1", name) for name in told}
    assert several == read_by_settings


def test_designers_handbook_calls_functions_that_exist() -> None:
    handbook = read(ROOT / "docs" / "zh" / "流程设计员手册.md")
    called = set(re.findall(r"`([a-z_]+)\(\"", handbook))

    assert called - set(registered_for_designers()) == set()
    assert "deadline" in called


def test_designers_handbook_explains_every_finding_that_has_a_pair_of_diagrams() -> None:
    handbook = read(ROOT / "docs" / "zh" / "流程设计员手册.md")
    codes = [path.name.removesuffix(".bad.bpmn") for path in sorted((ROOT / "tests/diagrams").glob("*.bad.bpmn"))]

    assert [code for code in codes if f"`{code}`" not in handbook] == []


def test_designers_handbook_shows_entries_of_declared_parameters() -> None:
    handbook = read(ROOT / "docs" / "zh" / "流程设计员手册.md")
    shown = yaml.safe_load(handbook.partition("```yaml")[2].partition("```")[0])

    assert set(shown) - set(yaml.safe_load(read(ROOT / "notices" / "parameters.schema.yaml"))) == set()


@pytest.mark.parametrize("path", HANDBOOKS, ids=lambda path: path.stem)
def test_handbooks_use_the_words_of_the_interface(path: Path) -> None:
    assert re.findall("驳回|拒绝受理|审批通过|申请人|支付", read(path).replace("复查申请人", "")) == []


def test_pictures_are_small() -> None:
    assert [path.name for path in (ROOT / "docs/images").iterdir() if path.stat().st_size > 200 * 1024] == []
