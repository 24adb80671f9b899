"""Citations as designers write them: which clauses of which notice they name."""

import pytest

from app.domain.citations import Citation, read


@pytest.mark.parametrize(
    ("written", "places"),
    [
        ("N2 §四(二)3(1); R-124", ["N2 四(二)3(1)"]),
        ("N2 §三, §六(三)", ["N2 三", "N2 六(三)"]),
        ("N2 §四(一)1、2", ["N2 四(一)1", "N2 四(一)2"]),
        ("N2 §二(六)(七)", ["N2 二(六)", "N2 二(七)"]),
        ("N4 §三(二)3(3)、(4)", ["N4 三(二)3(3)", "N4 三(二)3(4)"]),
        ("N0 §二(一)、(二)1", ["N0 二(一)", "N0 二(二)1"]),
        ("N0 §五(三)-(五)", ["N0 五(三)", "N0 五(四)", "N0 五(五)"]),
        ("N4 §四(五)、附件9", ["N4 四(五)", "N4 附件9"]),
        ("N4 附件2 (四)6, 附件4", ["N4 附件2(四)6", "N4 附件4"]),
        ("N4 附件1 第54–60行", ["N4 附件1第54–60行"]),
        ("渝大数据发〔2024〕1号 §三（二）", ["渝大数据发〔2024〕1号 三(二)"]),
        ("N1 §一(二); N2 题", ["N1 一(二)", "N2 题"]),
        ("§十一(三)", [" 十一(三)"]),
        ("R-150…R-162; 渝价〔2015〕123号; caller; 按第一批办理", []),
        (None, []),
    ],
)
def test_citation_names_its_clauses(written: str | None, places: list[str]) -> None:
    assert [f"{each.paper} {each.place}" for each in read(written)] == places


def test_place_lies_within_the_places_around_it() -> None:
    assert list(Citation("N2", "四(二)3(1)").around()) == ["四(二)3(1)", "四(二)3", "四(二)", "四"]
    assert list(Citation("N4", "附件9二").around()) == ["附件9二", "附件9"]
