import json
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from app.config import ROOT
from app.domain import typesetting
from app.errors import ConfigurationError

AT = datetime(2023, 10, 17, tzinfo=UTC)
NOTICE = {
    "number": "补正〔2023〕1号",
    "to": "张一",
    "title": "工程师",
    "declaration": "2023000001",
    "items": [{"target": "获奖情况", "text": "补充获奖证书"}],
    "due": None,
    "contact": "虚构局023-1",
    "office": "虚构局",
    "date": "2023年10月17日",
    "basis": "",
}


def sheet(achievements: int) -> dict[str, Any]:
    row = {"period": "2020.01-2021.12", "content": "平台建设" * 12, "completion": "通过验收" * 12, "role": "负责人"}
    return {"title": "公示表", "values": {"name": "张一"}, "tables": {"achievements": [row] * achievements}}


def pages(kind: str, data: dict[str, Any]) -> list[str]:
    found = PdfReader(BytesIO(typesetting.pdf(kind, data, AT))).pages
    return ["".join(page.extract_text().split()) for page in found]


def test_the_same_data_gives_the_same_bytes() -> None:
    once = typesetting.pdf("correction", NOTICE, AT)
    typesetting.pdf("form8", sheet(1), AT)

    assert typesetting.pdf("correction", NOTICE, AT) == once
    assert typesetting.pdf("correction", {**NOTICE, "to": "李二"}, AT) != once


def test_a_sheet_that_fits_is_one_page_as_printed() -> None:
    found = pages("form8", sheet(3))

    assert len(found) == 1
    assert "第1页共1页" in found[0]
    assert found[0].count("起止时间") == 4  # achievements, training, experience, research: each once


@pytest.mark.parametrize("count", [30, 90])
def test_a_long_sheet_breaks_with_its_heads_repeated(count: int) -> None:
    found = pages("form8", sheet(count))

    assert len(found) > 1
    assert sum(page.count("负责人2020.01") + page.count("负责人") for page in found) >= count
    for number, page in enumerate(found, 1):
        assert f"第{number}页共{len(found)}页" in page
        assert ("取得现职称以来的主要业绩" in page) == ("平台建设" in page)


def test_a_notices_own_template_stands_in_place_of_the_shared_one() -> None:
    own = {"correction.typ": '#import "common.typ": *\n#show: paged.with(title: "自有")\n自有格式#data.number'.encode()}

    text = PdfReader(BytesIO(typesetting.pdf("correction", NOTICE, AT, own))).pages[0].extract_text()

    assert "自有格式补正" in text
    assert "一次性告知书" not in text


@pytest.mark.parametrize("template", ["#data.nothing", "#let", '#import "../secret.typ": *', '#image("/etc/passwd")'])
def test_a_template_that_does_not_compile_is_named(template: str) -> None:
    own = {"correction.typ": f'#import "common.typ": *\n{template}'.encode()}

    with pytest.raises(ConfigurationError, match="文书模板“correction”有误"):
        typesetting.pdf("correction", NOTICE, AT, own)


def test_no_text_of_the_product_lacks_a_character() -> None:
    """A missing character is printed as an empty box. Only people's own words come from elsewhere than these files."""
    known = set(TTFont(typesetting.FONTS / "NotoSerifSC_400Regular.ttf").getBestCmap())
    known &= set(TTFont(typesetting.FONTS / "NotoSerifSC_700Bold.ttf").getBestCmap())
    files = [
        path
        for pattern in (
            "documents/*.typ",
            "forms/*.json",
            "notices/**/*.yaml",
            "app/domain/**/*.yaml",
            "app/domain/*.json",
        )
        for path in ROOT.glob(pattern)
    ]
    missing = {
        (path.name, letter)
        for path in files
        for letter in _plain(path.read_text(encoding="utf-8"), path.suffix)
        if ord(letter) not in known and letter.isprintable()
    }
    assert missing == set()


def _plain(text: str, suffix: str) -> str:
    return json.dumps(json.loads(text), ensure_ascii=False) if suffix == ".json" else text
