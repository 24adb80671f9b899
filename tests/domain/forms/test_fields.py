"""Single fields at their borders, beyond what the shared cases play."""

from typing import Any

import pytest

from app.errors import InvalidForm
from tests.domain.forms.samples import CONTEXT, form, textfield


def outcome(component: dict[str, Any], value: Any, **beside: Any) -> Any:
    """The cleaned value, or the code of the problem."""
    others = [textfield(key) for key in beside]
    try:
        return form(component, *others).check({component["key"]: value, **beside}, CONTEXT).get(component["key"])
    except InvalidForm as refused:
        return [problem.code for problem in refused.problems]


def of(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "id": "f", "key": "f", "label": "项目"} | more


CASES: dict[str, tuple[dict[str, Any], Any, Any]] = {
    "text is trimmed": (of("textfield"), "  甲 ", "甲"),
    "text as a number": (of("textfield"), 5, ["type"]),
    "an e-mail address": (of("textfield", validate={"validationType": "email"}), "a@example.cn", "a@example.cn"),
    "no e-mail address": (of("textfield", validate={"validationType": "email"}), "a@b", ["pattern"]),
    "a phone number": (of("textfield", validate={"validationType": "phone"}), "+8613900000001", "+8613900000001"),
    "full-width digits": (of("textfield", validate={"pattern": "^\\d+$"}), "１２", ["pattern"]),
    "a number": (of("number"), 2.5, 2.5),
    "a whole number with a point": (of("number", decimalDigits=0), 3.0, 3),
    "a number with too many places": (of("number", decimalDigits=2), 0.125, ["decimals"]),
    "true as a number": (of("number"), True, ["type"]),
    "a number too large to be meant": (of("number"), 10**16, ["type"]),
    "a number as a checkbox": (of("checkbox"), 1, ["type"]),
    "a list for one choice": (of("select", values=[{"label": "甲", "value": "a"}]), ["a"], ["type"]),
    "a choice twice": (of("checklist", values=[{"label": "甲", "value": "a"}]), ["a", "a"], ["a"]),
    "a date": (of("datetime", subtype="date"), "2023-10-09", "2023-10-09"),
    "a date without dashes": (of("datetime", subtype="date"), "20231009", ["type"]),
    "a date with a time": (of("datetime", subtype="datetime"), "2023-10-09T09:30", "2023-10-09T09:30"),
    "a time of another zone": (of("datetime", subtype="datetime"), "2023-10-09T09:30Z", ["type"]),
    "a date that should have a time": (of("datetime", subtype="datetime"), "2023-10-09", ["type"]),
    "a time": (of("datetime", subtype="time"), "09:30", "09:30"),
    "an organisation as text": (of("organisation"), "12", 12),
    "an organisation in words": (of("organisation"), "某单位", ["type"]),
    "an organisation of any kind": (of("organisation"), 13, 13),
    "a file twice": (of("evidence"), [1, 1, 2], [1, 2]),
    "files as text": (of("evidence"), "1", ["type"]),
    "a bare place": (of("rank"), "3", "3"),
    "place nought": (of("rank"), "0/3", ["rank_order"]),
    "a rank in words": (of("rank"), "第一", ["rank"]),
    "a month in a day's place": (of("yearmonth"), "2014-05-01", ["month"]),
    "a point that is not asked": (
        of("checkpoints", points=[{"label": "甲", "value": "a"}]),
        {"b": {"ok": True}},
        ["option"],
    ),
    "an answer that is no answer": (
        of("checkpoints", points=[{"label": "甲", "value": "a"}]),
        {"a": {"ok": "yes"}},
        ["type"],
    ),
}


@pytest.mark.parametrize(("component", "value", "expected"), CASES.values(), ids=CASES)
def test_field_takes_or_refuses(component: dict[str, Any], value: Any, expected: Any) -> None:
    assert outcome(component, value) == expected


PAPERS = {
    "permit of Hong Kong": ("hmt_permit", "H12345678", "H12345678"),
    "permit of Taiwan": ("hmt_permit", "12345678", "12345678"),
    "permit of another shape": ("hmt_permit", "X12", ["identity_number"]),
    "residence permit": ("hmt_permit", "810000199001010019", "810000199001010019"),
    "residence permit with a wrong check digit": ("hmt_permit", "810000199001010018", ["identity_number"]),
    "passport with signs": ("passport", "E-1234567", ["identity_number"]),
    "passport in small letters": ("passport", "e12345678", "E12345678"),
    "resident number with blanks": ("resident_id", "500104 19860712 0013", "500104198607120013"),
    "resident born tomorrow": ("resident_id", "500104202310100015", ["identity_number"]),
}


@pytest.mark.parametrize(("id_type", "number", "expected"), PAPERS.values(), ids=PAPERS)
def test_number_of_a_paper_is_checked_by_its_type(id_type: str, number: str, expected: Any) -> None:
    assert outcome(of("idcard", typeKey="id_type"), number, id_type=id_type) == expected


DEEP: Any = "x"
for _ in range(900):
    DEEP = [DEEP]


@pytest.mark.parametrize("value", ["甲\x00乙", "\ud800", float("nan"), 2**63, DEEP, {"a": ["\x00"]}])
@pytest.mark.parametrize("partial", [False, True])
def test_value_that_no_database_holds_is_refused(value: Any, partial: bool) -> None:
    with pytest.raises(InvalidForm) as caught:
        form(textfield("a")).check({"a": value}, CONTEXT, partial=partial)
    assert [each.message for each in caught.value.problems] == ["“a”中有无法保存的字符或数值，请更正。"]


@pytest.mark.parametrize("values", [[], "x", None])
def test_values_that_are_no_record_are_refused(values: Any) -> None:
    with pytest.raises(InvalidForm) as caught:
        form(textfield("a")).check(values, CONTEXT)
    assert [problem.code for problem in caught.value.problems] == ["type"]
