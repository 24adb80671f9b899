"""What the items of a correction open of form 8, and how the corrected parts come back into the record."""

import pytest

from app.domain import openings

RECORD = {
    "ce_hours": 90,
    "target_title": "engineer",
    "education": [{"_id": "e1", "school": "虚构大学"}, {"_id": "e2", "school": "虚构学院"}],
    "papers": [],
}


def opened(*targets: str, publicised: bool = True, locked: tuple[str, ...] = ()) -> openings.Opening:
    return openings.of([{"target": each} for each in targets], RECORD, publicised=publicised, locked=locked)


@pytest.mark.parametrize(
    ("target", "place"),
    [
        ("学历学位情况", (("education",), None)),
        ("education", (("education",), None)),
        ("学历学位情况第2行", (("education",), "e2")),
        ("row:e1", (("education",), "e1")),
        ("学历学位情况第3行", ((), None)),
        ("情况说明第1行", ((), None)),
        ("row:nobody", ((), "nobody")),
        ("继续教育学时（分）", (("ce_hours", "ce_note"), None)),
        ("查档情况", (("archive_record",), None)),
        ("请说明委托情况", ((), None)),
        ("", ((), None)),
    ],
)
def test_a_target_names_a_place(target: str, place: tuple[tuple[str, ...], str | None]) -> None:
    assert openings.place({"target": target}, RECORD) == place


def test_a_row_stays_the_same_row_when_others_go() -> None:
    (item,) = openings.placed([{"target": "学历学位情况第2行", "text": "不清晰"}], RECORD)
    assert item == {"target": "学历学位情况第2行", "text": "不清晰", "row": "e2"}
    assert openings.place(item, {"education": RECORD["education"][1:]}) == (("education",), "e2")


def test_only_the_listed_row_opens() -> None:
    assert opened("学历学位情况第2行") == openings.Opening(tables=("education",), rows=frozenset({"e2"}))
    assert openings.values(RECORD, opened("学历学位情况第2行")) == {"education": [RECORD["education"][1]]}


def test_a_table_may_grow_only_while_nothing_was_publicised() -> None:
    whole = frozenset({"e1", "e2"})
    assert opened("学历学位情况") == openings.Opening(tables=("education",), rows=whole)
    assert opened("学历学位情况", publicised=False).growing == {"education"}
    assert opened("论文情况") == openings.Opening()  # no row of it was publicised


def test_what_is_verified_and_what_decides_the_declaration_stay_shut() -> None:
    assert opened("学历学位情况", "申报职称名称", "系列", locked=("education",)) == openings.Opening()


def test_corrected_parts_come_back_into_their_places() -> None:
    mended = {"_id": "e2", "school": "虚构理工学院"}
    given = {"education": [mended, {"_id": "e1", "school": "他改"}], "target_title": "senior_engineer"}
    assert openings.merged(RECORD, given, opened("row:e2")) == {**RECORD, "education": [RECORD["education"][0], mended]}
    grown = openings.merged(RECORD, {"education": [mended]}, opened("学历学位情况", publicised=False))
    assert grown["education"] == [mended]
    assert openings.merged(RECORD, {"ce_hours": 96}, opened("继续教育学时（分）"))["ce_hours"] == 96


def test_choices_name_tables_rows_and_headings() -> None:
    found = openings.choices(RECORD)
    assert found[:3] == [
        {"value": "学历学位情况", "label": "整表，2行"},
        {"value": "学历学位情况第1行", "label": "虚构大学"},
        {"value": "学历学位情况第2行", "label": "虚构学院"},
    ]
    values = [each["value"] for each in found]
    assert len(values) == len(set(values))
    assert all(openings.place(each, RECORD)[0] for each in ({"target": value} for value in values))
