"""The read-only view of a filled form: labels, words for codes, tables, masks."""

from app.domain.forms import describe, read
from app.domain.forms.render import Section, TableView, Value
from tests.domain.forms.samples import DECLARATION, FORMS, declaration

SCHEMA = read(FORMS / "declaration.json")


def test_sections_carry_keys() -> None:
    assert [each.key for each in describe(SCHEMA, DECLARATION)[:3]] == [
        "declaration_part_basic",
        "declaration_part_route",
        "education",
    ]


def section(found: list[Section], label: str) -> Section:
    return next(each for each in found if each.label == label)


def value(found: list[Section], label: str, key: str) -> Value:
    return next(part for part in section(found, label).parts if isinstance(part, Value) and part.key == key)


def the_table(found: list[Section], label: str) -> TableView:
    return next(part for part in section(found, label).parts if isinstance(part, TableView))


def test_sections_stand_in_the_printed_order() -> None:
    assert [each.label for each in describe(SCHEMA, DECLARATION)] == [
        "基本情况",
        "申报途径",
        "学历学位情况",
        "进修或培训经历",
        "主要工作经历",
        "取得现职称以来的主要业绩",
        "取得现职称以来完成基本工作量情况",
        "专利情况",
        "著(译)作情况",
        "论文情况",
        "学术技术报告情况",
        "科研情况",
        "获奖情况",
        "佐证材料",
        "社保与档案",
        "政策性情况",
        "申报条件选择",
        "继续教育登记卡",
        "个人承诺",
        "",
    ]


def test_codes_months_and_days_are_shown_in_words() -> None:
    found = describe(SCHEMA, DECLARATION, organisations={11: "示例区数据中心"})
    shown = [value(found, "基本情况", key).text for key in ("sex", "birth_month", "current_title_date", "target_title")]
    assert shown == ["男", "1986.07", "2015年5月20日", "高级工程师"]
    assert value(found, "申报途径", "unit_id").text == "示例区数据中心"
    assert value(found, "个人承诺", "undertaking").text == "是"


def test_table_has_its_columns_rows_and_evidence() -> None:
    table = the_table(describe(SCHEMA, DECLARATION), "取得现职称以来的主要业绩")
    assert [label for _, label in table.columns] == ["起止时间", "本人作用", "工作内容", "完成情况"]
    (row,) = table.rows
    assert (row.id, row.number, row.attachments) == ("a1", 1, (2,))
    assert [cell.text for cell in row.cells][:2] == ["2016.03—2018.11", "主持"]
    assert [(each.key, each.text) for each in row.details] == [("evidence", "1份")]


def test_hidden_field_is_not_shown() -> None:
    found = describe(SCHEMA, declaration(agency_id=13))
    assert "agency_id" not in [part.key for part in section(found, "申报途径").parts]


def test_masked_values_do_not_leave() -> None:
    found = describe(SCHEMA, DECLARATION, masks={"id_number", "mobile", "name"})
    shown = [value(found, "基本情况", key) for key in ("id_number", "mobile", "name")]
    assert [(each.text, each.masked) for each in shown] == [
        ("500***********0013", True),
        ("139****0001", True),
        ("***", True),
    ]
    assert DECLARATION["id_number"] not in repr(found)


def test_column_can_be_masked() -> None:
    found = describe(SCHEMA, DECLARATION, masks={"patents.patent_no"})
    (row,) = the_table(found, "专利情况").rows
    assert [cell.text for cell in row.cells if cell.key == "patent_no"] == ["***"]


def test_checklist_shows_each_point_with_its_answer() -> None:
    filled = {"checks": {"conditions_met": {"ok": True, "note": ""}, "no_dispute": {"ok": False, "note": "有异议"}}}
    parts = [part for each in describe(read(FORMS / "dept_check.json"), filled) for part in each.parts]
    checks = next(part for part in parts if isinstance(part, Value) and part.key == "checks")
    assert [(each.label, each.ok, each.note) for each in checks.answers] == [
        ("符合申报条件", True, ""),
        ("继续教育真实且达标", None, ""),
        ("按人事隶属关系推荐", None, ""),
        ("公示反映问题已核实", None, ""),
        ("无争议", False, "有异议"),
    ]
