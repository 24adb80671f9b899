"""Every form that ships: it compiles, its check finds nothing, its buttons read as the interface words say."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.domain import dictionaries
from app.domain.forms import FormContext, check_schema, compile_form, read, schema
from app.errors import InvalidForm
from tests.domain.forms.samples import CONTEXT, FORMS, shipped

SHIPPED = sorted(FORMS.glob("*.json"))
CODES = {
    "pass",
    "return",
    "back",
    "hold",
    "reject",
    "accept",
    "correct",
    "refuse",
    "return_committee",
    "redirect",
    "recommend",
    "start",
    "close",
    "sign",
    "submit",
    "founded",
    "unfounded",
    "escalate",
    "register",
    "lapse",
    "extend",
    "terminate",
    "continue",
    "agree",
    "disagree",
    "withdraw",
    "abandon",
    "blacklist",
    "designate",
    "none",
    "announce",
    "archive",
    "ask",
    "cancel",
    "confirm",
    "decline",
    "draw",
    "elsewhere",
    "finish",
    "fix",
    "forward",
    "freeze",
    "hear",
    "issue",
    "keep",
    "lost",
    "mirror",
    "open",
    "postpone",
    "print",
    "record",
    "reply",
    "request",
    "reveal",
    "revoke",
    "schedule",
    "seal",
    "stop",
    "uphold",
    "void",
    "witness",
}
# handed in by the one button every task has: there is nothing to decide
WITHOUT_DECISION = {"commit_draw", "cooperation", "hearing", "open_sealed", "recheck_reply"}
BUTTONS = {
    "unit_check": {"pass": "审核通过", "return": "退回补充完善", "reject": "不予推荐"},
    "agency_check": {"pass": "审核通过", "return": "退回", "hold": "暂缓推荐上报", "reject": "审核不合格"},
    "dept_check": {"pass": "审核通过", "return": "退回", "hold": "暂缓推荐上报", "reject": "审核不合格"},
    "top_body_check": {"pass": "审核通过", "return": "退回", "hold": "暂缓推荐上报", "reject": "审核不合格"},
    "district_check": {"pass": "审核通过", "return": "退回", "hold": "暂缓推荐上报", "reject": "审核不合格"},
    "district_accept": {"accept": "审查通过", "correct": "一次性告知补正", "refuse": "不予受理"},
    "committee_accept": {
        "accept": "受理",
        "correct": "一次性告知补正",
        "refuse": "不予受理",
        "return_committee": "审核不通过退回",
        "redirect": "改报其他评委会",
    },
    "committee_check": {"pass": "审核通过", "return_committee": "审核不通过退回"},
    "declaration": {"submit": "提交申报"},
    "correction": {"submit": "提交补正材料"},
    "unit_merit": {"recommend": "加入本批公示"},
    "unit_publicity": {"start": "开始公示"},
    "unit_close": {"close": "结束公示"},
    "unit_sign": {"sign": "上传签字盖章页"},
    "unit_submit": {"submit": "推荐上报"},
    "payment": {"register": "登记缴费"},
    "overdue_decide": {"lapse": "确认逾期失效", "extend": "延期受理"},
    "exceptional_opinion": {"agree": "同意", "disagree": "不同意"},
    "confirm_draw": {"confirm": "确认抽取结果", "void": "作废重抽"},
    "draw": {"draw": "揭示随机数并抽取", "lost": "不能揭示"},
    "draw_exception": {"agree": "同意", "return": "退回修改", "stop": "停止抽取"},
    "draw_rules": {"freeze": "封存名单和规则", "request": "提请市职改办处理"},
    "reveal_draw": {"reveal": "揭示随机数", "lost": "不能揭示"},
    "witness_draw": {"witness": "确认到场监督并封存随机数", "return": "退回名单和规则"},
    "expert_reply": {"accept": "同意参评", "decline": "不能参评"},
    "session_schedule": {"schedule": "安排会议", "cancel": "取消会议"},
    "session_agenda": {"fix": "确定议程"},
    "session_open": {"open": "开始会议", "postpone": "推迟会议", "cancel": "取消会议"},
    "session_progress": {"finish": "完成表决", "postpone": "推迟会议"},
    "session_defence": {"record": "登记成绩"},
    "session_announce": {"announce": "宣布结果"},
    "session_minutes": {"close": "办结会议记录"},
    "result_page": {"seal": "已盖章"},
    "result_reply": {"reply": "函复委托单位"},
    "issue_confirm": {"issue": "确认印发", "return": "退回修改"},
    "self_confirm": {"issue": "确认印发"},
    "filing_check": {"agree": "同意", "return": "退回修改"},
    "forward_confirm": {"forward": "转发"},
    "fresh_seal": {"seal": "已盖章"},
    "sync_publicity": {"mirror": "同步公示"},
    "archive": {"archive": "归档"},
    "print_form": {"print": "已打印"},
    "complaint_accept": {"accept": "登记并核实", "elsewhere": "不属本单位处理"},
    "complaint_verify": {"ask": "请协助核实", "hear": "听取陈述申辩", "unfounded": "查无实据", "founded": "查证属实"},
    "recheck_accept": {"accept": "受理", "refuse": "不予受理"},
    "recheck_verify": {"keep": "维持原评审结果", "uphold": "复查成立，重新评审"},
    "revocation": {"revoke": "撤销职称", "keep": "不予撤销"},
}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_form_is_sound(path: Path) -> None:
    source = read(path)
    assert check_schema(source, ()) == []
    form = compile_form(source)
    assert source["id"] == path.stem
    assert {decision.value for decision in form.decisions} <= CODES
    assert (form.decisions == ()) == (path.stem in WITHOUT_DECISION)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_form_says_nothing_forbidden(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    forbidden = ("驳回", "拒绝", "审批通过", "支付", "申请人", "责任自负")
    assert [word for word in forbidden if word in text.replace("复查申请人", "")] == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_condition_on_a_conditional_field_repeats_that_condition(path: Path) -> None:
    """The browser asks a condition over stale values of hidden fields; this keeps both sides of one mind."""
    items = schema.items(read(path))
    needed = {item.key: _names(item) for item in items}
    for item in items:
        for name in _names(item):
            assert needed[name] <= _names(item), (item.key, name)


def _names(item: schema.Item) -> set[str]:
    return {name for expression in item.hidden_by for name in expression.names}


@pytest.mark.parametrize(("key", "buttons"), BUTTONS.items(), ids=BUTTONS)
def test_buttons_read_to_the_letter(key: str, buttons: dict[str, str]) -> None:
    assert {decision.value: decision.label for decision in shipped(key).decisions} == buttons


def test_form_8_has_its_eleven_tables() -> None:
    tables = [item for item in shipped("declaration").items if isinstance(item, schema.Table)]
    assert [table.key for table in tables[:11]] == [
        "education",
        "training",
        "experience",
        "achievements",
        "workload",
        "patents",
        "works",
        "papers",
        "reports",
        "research",
        "awards",
    ]
    assert [len(table.columns) for table in tables[:11]] == [7, 5, 4, 5, 4, 7, 7, 7, 5, 7, 7]


def test_choices_agree_with_the_dictionaries() -> None:
    fields = {item.key: item.component for item in shipped("declaration").items}
    offered = {key: {option["value"]: option["label"] for option in fields[key].get("values", [])} for key in fields}
    kept: dict[str, list[dict[str, Any]]] = json.loads(
        (Path(dictionaries.__file__).parent / "dictionaries.json").read_text(encoding="utf-8")
    )
    words = {key: {entry["code"]: entry["label"] for entry in entries} for key, entries in kept.items()}
    assert offered["series"] == words["series"]
    assert offered["specialty"] == words["specialty"] | {"other": "其他"}
    assert offered["target_title"] == words["title"]
    assert offered["current_title"] == {"none": "无"} | words["title"]


def office(key: str, **values: Any) -> list[tuple[str | None, str]]:
    try:
        shipped(key).check(values, CONTEXT)
    except InvalidForm as refused:
        return [(problem.field, problem.message) for problem in refused.problems]
    return []


def points(key: str, **answers: dict[str, Any]) -> dict[str, Any]:
    component = next(item.component for item in shipped(key).items if item.key == "checks")
    return {point["value"]: {"ok": True, "note": ""} for point in component["points"]} | answers


def test_department_passes_with_every_point_answered() -> None:
    filled = {"checks": points("dept_check"), "opinion": "同意推荐。", "signed_by": "何秋"}
    assert office("dept_check", decision="pass", **filled) == []


def test_department_cannot_pass_what_it_finds_wrong() -> None:
    checks = points("dept_check", no_dispute={"ok": False, "note": "公示期间有异议"})
    assert office("dept_check", decision="pass", checks=checks, opinion="同意。", signed_by="何秋") == [
        ("checks.no_dispute", "审核要点“无争议”不符合，不能作出“审核通过”的决定。")
    ]
    assert office("dept_check", decision="hold", checks=checks, opinion="核实中。", signed_by="何秋") == []


def test_unit_returns_with_items_and_working_days() -> None:
    assert office("unit_check", decision="return") == [
        ("return_items", "请填写“须补充完善的内容”，至少1行。"),
        ("return_days", "请填写“补充完善期限（工作日）”。"),
    ]
    items = [{"target": "主要业绩", "text": "请补充验收材料。"}]
    assert office("unit_check", decision="return", return_items=items, return_days=0) == [
        ("return_days", "“补充完善期限（工作日）”不能小于1。")
    ]
    assert office("unit_check", decision="return", return_items=items, return_days=3) == []


def test_items_of_a_return_are_dropped_when_the_unit_passes() -> None:
    filled = {"checks": points("unit_check"), "opinion": "同意。", "signed_by": "何秋", "return_days": 3}
    assert "return_days" not in shipped("unit_check").check({"decision": "pass", **filled}, CONTEXT)


def test_publicity_needs_both_channels() -> None:
    filled = {
        "planned_start": "2023-10-10T09:00",
        "place": "一楼公示栏",
        "reporting_method": "来信、来电、来访",
        "unit_contact_name": "何秋",
        "unit_contact_phone": "023-00000001",
    }
    lead = "公示应同时列明本单位和上级主管部门的受理渠道，请补充"
    assert office("unit_publicity", decision="start", **filled) == [
        ("superior_contact_name", f"{lead}上级主管部门受理联系人。"),
        ("superior_contact_phone", f"{lead}上级主管部门联系电话。"),
    ]


def test_exceptional_promotion_needs_two_recommenders() -> None:
    one = {
        "name": "何秋",
        "title": "full_senior_engineer",
        "specialty": "软件",
        "unit": "甲院",
        "signed_on": "2023-10-08",
    }
    found = office("exceptional", decision="submit", recommenders=[one | {"evidence": [1]}])
    assert ("recommenders", "“推荐人”至少填写2行，现有1行。") in found


def test_going_back_from_the_evidence_needs_none() -> None:
    rows = [{"_id": "education", "item": "学历学位", "finding": "未查到"}]
    context = FormContext(today=CONTEXT.today, current={"items": rows}, attachments=CONTEXT.attachments)
    form = shipped("evidence_upload")
    assert form.check({"decision": "back"}, context) == {"items": rows, "decision": "back"}
    with pytest.raises(InvalidForm) as caught:
        form.check({"decision": "submit"}, context)
    assert [each.field for each in caught.value.problems] == ["items.0.evidence"]
    answer = [{"_id": "education", "evidence": [1]}]
    assert form.check({"decision": "submit", "items": answer}, context)["items"] == [rows[0] | answer[0]]


def test_merit_rows_come_prefilled() -> None:
    rows = [{"_id": "d7", "applicant": "林知远", "title": "工程师"}]
    context = FormContext(today=CONTEXT.today, current={"declarations": rows})
    answer = [{"_id": "d7", "recommend": "yes", "rank": 1, "reason": "考核优秀。"}]
    given = {"declarations": answer, "opinion": "同意。", "signed_by": "何秋", "decision": "recommend"}
    assert shipped("unit_merit").check(given, context)["declarations"] == [rows[0] | answer[0]]
