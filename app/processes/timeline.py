"""What happened in one instance, event by event in words, and whether its history is as it was written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import explanations
from app.domain import history as chain
from app.domain.deadline_rows import OF_NOTICE
from app.models.people import Organisation, Person
from app.models.process import Deadline, Event, ProcessInstance
from app.processes import bundles, history

EVENTS = {
    "started": "开始",
    "waiting": "等待办理",
    "completed": "已办理",
    "timer": "期限届满",
    "message": "收到消息",
    "ended": "办结",
    "moved": "移动",
    "returned": "退回",
    "migrated": "移到新版本",
    "migration_undone": "撤销移到新版本",
    "taken_back": "撤回",
    "retried": "重试",
    "incident_settled": "异常处理完毕",
    "urged": "催办",
    "reminded": "提醒",
    "suspended": "挂起",
    "resumed": "恢复办理",
    "terminated": "终止",
    "reassigned": "改派",
    "batched": "批量操作",
    "transferred": "转办",
    "delegated": "委派",
    "delegation_answered": "答复委派",
    "sign_asked": "加签",
    "signed": "会签",
    "decided": "作出决定，等待会签",
    "request_withdrawn": "收回",
    "request_closed": "终止答复",
    "copied": "抄送",
    "deadline_held": "暂停计时",
    "deadline_released": "恢复计时",
    "datum_changed": "更改数据",
    "erased": "擦除内容",
    "ballot_opened": "开始投票",
    "ballot_counted": "投票计票",
    "ballot_void": "投票作废",
}
HANDED = ("transferred", "delegated", "sign_asked", "request_withdrawn", "request_closed", "copied")
# what an event is called by the facts it carries
WORDED = {
    "batched": "{kind}第{batch}号：{action}",
    "moved": "由“{from}”{kind}到“{to}”",
    "returned": "由“{from}”{kind}到“{to}”",
    "reassigned": "{kind}：{task}，由{from}改为{to}",
    "datum_changed": "{kind}：{datum}，由“{from}”改为“{to}”",
    "deadline_held": "{kind}：{rule}",
    "deadline_released": "{kind}：{rule}",
}


@dataclass(frozen=True)
class Line:
    """One event in words."""

    at: datetime
    title: str
    who: str
    note: str
    number: int
    erasable: bool


def of_instance(session: Session, instance: ProcessInstance, *, after: int = 0) -> list[Line]:
    """Everything that happened, oldest first; what only the engine passed stands in the diagram.

    `after` leaves out the events of the chain up to that number.
    """
    rows = session.execute(
        select(Event, Person.name, Organisation.name)
        .outerjoin(Person, Person.id == Event.person_id)
        .outerjoin(Organisation, Organisation.id == Event.organisation_id)
        .where(Event.instance_id == instance.id, Event.kind != "passed", Event.number > after)
        .order_by(Event.id)
    )
    elements = bundles.of_version(session, instance.notice_version_id).definitions.elements
    due = {
        row.engine_task_id: explanations.meaning(session, instance.notice_version_id, row.rule)
        for row in session.scalars(select(Deadline).where(Deadline.instance_id == instance.id, OF_NOTICE))
    }
    return [
        Line(
            event.at,
            _title(event, elements, due),
            _who(event, person, office),
            str(event.said.get("reason") or ""),
            event.number,
            chain.may_erase(event),
        )
        for event, person, office in rows
    ]


def intact(session: Session, instance: ProcessInstance) -> str:
    """Whether the instance's history is as it was written, in words: how much there is, or where it is broken."""
    report = chain.check(session, instance.id)
    if report.faults:
        return f"历史有误：第{report.faults[0].number}条，{report.faults[0].what}"
    return f"历史完整（{report.events}条）"


def _title(event: Event, elements: Mapping[str, Any], due: Mapping[str, str]) -> str:
    kind, said = EVENTS.get(event.kind, event.kind), event.said
    if event.payload is None:
        return f"{kind}（内容已擦除）"
    if event.kind == "erased":
        return f"{kind}：第{said['number']}条（{EVENTS.get(said['kind'], said['kind'])}）"
    if event.kind in WORDED:
        return WORDED[event.kind].format_map({**said, "kind": kind})
    if event.kind == "message":
        return f"{kind}：{history.MESSAGES.get(said['name'], said['name'])}"
    if "to" in said and event.kind in HANDED:
        return f"{kind}{said.get('verb', '')}：{said['task']}，{said['to']}"
    if event.kind == "timer":
        fired = "、".join(due[key] for key in said["engine_tasks"] if key in due)
        return f"{kind}：{fired}" if fired else kind
    step = elements.get(event.element_id or "")
    what = said.get("task") or (step.name if step else "") or event.element_id
    return f"{kind}：{what}" if what else kind


def _who(event: Event, person: str | None, office: str | None) -> str:
    """For whom it waits, or who did it; beginnings of waits and ends are not the doing of whoever was before."""
    if event.kind == "waiting":
        return office or "申报人"
    return " ".join(each for each in (office, person) if each)
