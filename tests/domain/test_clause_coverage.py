"""Text against parameters and elements: each kind of gap once, and silence where both agree or it is accepted."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from app.domain import clause_coverage, clauses
from app.domain.clause_coverage import Carrier
from app.domain.clause_files import Clause
from app.domain.clause_numbers import days_in, in_text
from app.domain.clauses import Paper
from app.domain.committee_files import CommitteeRow
from app.domain.notice_findings import Finding
from app.domain.parameter_values import ParameterSpec

SENTENCES = {
    "样例 题": "关于开展2024年评审的通知",
    "样例 §一": "一、公示不少于5个工作日，10月7日至10月31日申报",
    "样例 §二(一)": "（一）复查应在2个月内提出",
    "样例 §二(二)": "（二）须有1年以上记录；2/3以上同意；高级420元/人、中级240元/人",
    "样例 §二(三)": "（三）截至2024年12月31日；1份存档案、1份存单位",
    "样例 §三": "三、未尽事宜另行通知",
    "样例 §四": "四、公示不少于5个工作日，20个工作日内确认",
}
SPECS = {
    key: ParameterSpec(key, kind, key, unit)
    for key, kind, unit in (
        ("publicity", "int", "工作日"), ("months", "int", "个月"), ("record", "int", "个月"),
        ("pass", "fraction", None), ("fee", "table", "元/人"), ("cutoff", "date", None), ("copies", "int", "份"),
        ("term", "deadline", None), ("year", "int", "年"), ("mode", "choice", None),
    )
}  # fmt: skip


NOTHING: Mapping[str, Any] = {}


def paper(accepted: Mapping[str, dict[str, str]] = NOTHING, elements: Mapping[str, Any] = NOTHING) -> Paper:
    text, marked = "", {}
    for key, sentence in SENTENCES.items():
        where = (len(text), len(text) + len(sentence))
        marked[key] = Clause(key, key, where, elements.get(key, ()), accepted.get(key, {}))
        text += sentence + "\n"
    return clauses.paper("sample", "样例通知", "样例〔2024〕1号", text, marked)


def codes(found: Iterable[Finding]) -> dict[str, tuple[str, str]]:
    return {each.place: (each.level, each.code) for each in found}


def said(**values: Any) -> dict[str, tuple[str, str]]:
    entries = {key: {"value": value, "clause": clause} for key, (value, clause) in values.items()}
    return codes(clause_coverage.numbers([paper()], SPECS, entries))


def test_numbers_that_the_text_prints_are_silent() -> None:
    assert said(
        publicity=(5, "样例 §一"), months=(2, "§二(一)"), record=(12, "§二(二)"), copies=(2, "§二(三)"),
        fee=({"senior": 420, "intermediate": 240}, "§二(二)"), cutoff=("2024-12-31", "§二(三)"),
        term=({"count": 5, "unit": "working_day"}, "§一"),
        year=(2024, "样例 题"), mode=("online", "§三"), **{"pass": ("2/3", "§二(二)")},
    ) == {}  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value", "clause", "found"),
    [
        ("publicity", 3, "§一", ("error", "number_differs")),  # fewer than 不少于5
        ("publicity", 7, "§一", ("warning", "number_within")),
        ("months", 3, "§二(一)", ("error", "number_differs")),
        ("pass", "3/4", "§二(二)", ("warning", "number_within")),
        ("pass", "1/2", "§二(二)", ("error", "number_differs")),
        ("fee", {"senior": 500}, "§二(二)", ("warning", "number_differs")),
        ("cutoff", "2024-11-30", "§二(三)", ("warning", "date_differs")),
        ("copies", 2, "§三", ("warning", "number_unfounded")),
        ("publicity", 15, "§四", ("warning", "number_differs")),  # which of the two is meant is for people to say
        ("term", {"count": 4, "unit": "working_day"}, "§一", ("error", "number_differs")),
    ],
)
def test_number_that_differs_is_found(key: str, value: Any, clause: str, found: tuple[str, str]) -> None:
    assert said(**{key: (value, clause)}) == {key: found}


def test_number_that_was_decided_or_accepted_is_silent() -> None:
    decided = {"publicity": {"value": 3, "kind": "decided", "decided_by": "样例局", "clause": "§一"}}
    differs = {"publicity": {"value": 3, "clause": "§一"}}
    tolerant = paper(accepted={"样例 §一": {"publicity": "试点单位"}})

    assert codes(clause_coverage.numbers([paper()], SPECS, decided)) == {}
    assert codes(clause_coverage.numbers([tolerant], SPECS, differs)) == {}
    assert codes(clause_coverage.numbers([tolerant], SPECS, {"term": {**differs["publicity"], "value": {
        "count": 3, "unit": "working_day"}}})) == {"term": ("error", "number_differs")}  # fmt: skip


def test_windows_are_compared_with_the_days_of_their_clause() -> None:
    def row(no: int, closes: str) -> CommitteeRow:
        windows = {"declare": {"from": "2024-10-07", "to": closes}}
        return CommitteeRow(no, f"第{no}评委会", (), (), (), "", "", "", "", (), "§一", "", windows)

    rows = [row(1, "2024-10-31"), row(2, "2024-11-01 17:30")]

    found = list(clause_coverage.windows([paper()], rows))

    assert [(each.place, each.code) for each in found] == [("第2号", "window_differs")]
    assert found[0].message == "第2评委会的时间2024年11月1日，条款（一）里没有。"


def test_coverage_is_told_both_ways() -> None:
    entries: dict[str, dict[str, Any]] = {
        "months": {"value": 2, "clause": "样例 §二(一)"},
        "mode": {"value": "online", "kind": "decided", "decided_by": "样例局"},
        "year": {"value": 2024, "clause": "§九(九)"},
    }
    carriers = [
        Carrier("show#publish", "公示", "样例 §一; R-1", own=True, by_person=True),
        Carrier("show#close", "结束", "", own=True, by_person=True),
        Carrier("shared#check", "审核", "", own=False, by_person=True),
        Carrier("shared#wait", "等待", "", own=False, by_person=False),
    ]
    own = paper(accepted={"样例 题": {"unused": "标题"}}, elements={"样例 §二(二)": ("show#publish", "show#gone")})

    found = codes(clause_coverage.coverage([own], SPECS, entries, (), carriers))

    assert found == {
        "year": ("warning", "clause_unknown"),
        "mode": ("warning", "parameter_without_clause"),
        "show#close": ("warning", "element_without_clause"),
        "二(二)": ("warning", "link_unknown"),
        "二(三)": ("warning", "clause_unused"),
        "三": ("warning", "clause_unused"),
        "四": ("warning", "clause_unused"),
    }


def test_clauses_of_the_notice_above_are_known_by_their_number() -> None:
    above = clauses.paper(
        "above", "上级通知", "渝职改办〔2022〕226号", "一、公示", {"N1 §一": Clause("N1 §一", "公示", (0, 4))}
    )
    entries = {"months": {"value": 2, "clause": "N1 §一"}, "record": {"value": 2, "clause": "N1 §五"}}

    found = codes(clause_coverage.coverage([paper(), above], SPECS, entries, (), ()))

    assert found["record"] == ("warning", "clause_unknown")
    assert "months" not in found


def test_numbers_and_days_are_read_as_printed() -> None:
    assert [str(each) for each in in_text("约占20-30%，不得超过2人，三分之二，7月22日，两年，2019年，1至3人")] == [
        "20-30%", "不超过2人", "2/3", "2年", "1-3人",
    ]  # fmt: skip
    assert [str(each) for each in days_in("7月22-31日，2024年1月2日")] == ["7月22日", "7月31日", "2024年1月2日"]
