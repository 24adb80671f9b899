"""What becomes of an expert in a pool: an event is registered, he is suspended, then restored, out or blacklisted."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import campaigns, integrity, messages, notices, required
from app.domain.draws import leaving
from app.errors import Problem, Refused
from app.models.expert import Expert, PoolEntry, ReviewCommittee
from app.models.people import Person
from app.models.process import ProcessInstance

PROCESS = "expert_lifecycle"
EVENTS = {
    "sanction": "受到处分或处于影响期",
    "investigation": "接受组织调查",
    "left_post": "调离本专业技术岗位",
    "retired": "退休",
    "unable": "不能履行评审职责",
    "discipline": "违反评审纪律",
    "quality": "评审质量考核不合格",
    "exit": "本人申请退出",
}
ON_RECORD = ("sanction", "discipline", "quality")  # leaving for these goes into the integrity archive
BASIS = "N0 §七；N1 §七(六)"


def get(session: Session, entry_id: int | None) -> PoolEntry:
    return required.row(session, PoolEntry, entry_id, "没有找到该评审专家。")


def committee_of(session: Session, entry: PoolEntry) -> ReviewCommittee:
    return session.get_one(ReviewCommittee, entry.review_committee_id)


def person_of(session: Session, entry: PoolEntry) -> Person:
    expert = session.get_one(Expert, entry.expert_id)
    return session.get_one(Person, expert.person_id)


def begin(session: Session, entry: PoolEntry, event: str, reason: str, by: int | None) -> None:
    """Register an event; Refused without its reason, and for who has left or is suspended for another already."""
    problems = []
    if event not in EVENTS:
        problems.append(Problem("event", "请选择情况类别。", "event"))
    if not reason.strip():
        problems.append(Problem("missing", "请填写事实情况。", "reason"))
    if entry.status != "in_pool":
        problems.append(Problem("status", "该专家已退出或正在暂停参评，不能重复登记。"))
    if problems:
        raise Refused(*problems)
    version = notices.current(session, campaigns.NOTICE)
    subject = {"entry_id": entry.id, "event": event, "reason": reason.strip(), "by": by}
    messages.post_start(session, PROCESS, notice_version_id=version.id, subject=subject)


def concerning(session: Session, person_id: int, event: str, reason: str, by: int | None = None) -> int:
    """Register the event for every pool that the person stands in; returns for how many."""
    wanted = select(PoolEntry).join(Expert, Expert.id == PoolEntry.expert_id)
    entries = session.scalars(wanted.where(Expert.person_id == person_id, PoolEntry.status == "in_pool")).all()
    today = clock.local(clock.now(session)).date()
    standing = [entry for entry in entries if entry.term_from <= today <= entry.term_to]
    for entry in standing:
        begin(session, entry, event, reason, by)
    return len(standing)


def suspend(session: Session, instance: ProcessInstance) -> None:
    """暂停参评 while the event is looked into; a session for which he was drawn goes on with the next in line."""
    entry = get(session, instance.subject.get("entry_id"))
    entry.status, entry.left_reason = "suspended", said(instance)
    session.flush()
    leaving.stand_down(session, entry.expert_id)


def restore(session: Session, instance: ProcessInstance) -> None:
    entry = get(session, instance.subject.get("entry_id"))
    entry.status, entry.left_reason = "in_pool", None


def leave(session: Session, instance: ProcessInstance, by: int | None) -> None:
    """退出: he is drawn no more; what he left for goes on record where it is held against him."""
    entry = get(session, instance.subject.get("entry_id"))
    entry.status, entry.left_at = "out", clock.now(session)
    if instance.subject["event"] in ON_RECORD:
        _record(session, instance, entry, "expert_removed", by)


def blacklist(session: Session, instance: ProcessInstance, by: int | None) -> None:
    """列入黑名单: out of every pool, for good."""
    entry = get(session, instance.subject.get("entry_id"))
    expert = session.get_one(Expert, entry.expert_id)
    expert.blacklisted_at = clock.now(session)
    others = session.scalars(select(PoolEntry).where(PoolEntry.expert_id == expert.id, PoolEntry.status != "out"))
    for each in others:
        each.status, each.left_at, each.left_reason = "out", expert.blacklisted_at, said(instance)
    _record(session, instance, entry, "blacklisted", by)


def hand_over(session: Session, instance: ProcessInstance, values: Mapping[str, Any]) -> None:
    """更换调整: a member of the same pool takes over the post that is free; Refused for whom it does not hold."""
    entry = get(session, instance.subject.get("entry_id"))
    if values.get("decision") != "designate":
        return
    name = str(values.get("successor") or "").strip()
    if entry.position == "member":
        message = "该专家未担任主任委员或副主任委员，不需要接任；补充专家请由市职改办开始征选。"
        raise Refused(Problem("position", message, "decision"))
    wanted = (
        select(PoolEntry)
        .join(Expert, Expert.id == PoolEntry.expert_id)
        .join(Person, Person.id == Expert.person_id)
        .where(PoolEntry.review_committee_id == entry.review_committee_id, Person.name == name)
        .where(PoolEntry.status == "in_pool", PoolEntry.position == "member")
    )
    found = session.scalars(wanted.order_by(PoolEntry.id.desc())).first()
    if found is None:
        raise Refused(Problem("successor", f"“{name}”不是本专家库在库的评审专家，请核对。", "successor"))
    found.position, entry.position = entry.position, "member"


def said(instance: ProcessInstance) -> str:
    """The event in words."""
    return f"{EVENTS[instance.subject['event']]}：{instance.subject['reason']}"


def of_entry(session: Session, _task: Any, instance: ProcessInstance, _wanted: Any) -> dict[str, Any]:
    """What the forms of the event are prefilled with."""
    entry = get(session, instance.subject.get("entry_id"))
    return {
        "committee": committee_of(session, entry).name,
        "name": person_of(session, entry).name,
        "event": said(instance),
    }


def _record(session: Session, instance: ProcessInstance, entry: PoolEntry, kind: str, by: int | None) -> None:
    person, source = person_of(session, entry), {"instance_id": instance.id, "entry_id": entry.id}
    integrity.enter(session, "person", person.id, kind, said(instance), BASIS, source, by)
