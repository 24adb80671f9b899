"""批量办理 and 批量退回 of 待办: which of the chosen tasks one decision or one return would do, and why not the others.

Nothing here decides. Each task is asked as its own page would ask it: its form checks what would be said of it, over
its saved draft; its element says where it may be returned to. What needs more is left to be done one by one.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.orm import Session, aliased

from app.domain import dictionaries, permissions, phrases, wording
from app.domain.forms import schema
from app.domain.inbox import titles
from app.domain.permissions import Grants
from app.errors import Refused
from app.models.declaration import Declaration
from app.models.people import Person
from app.models.process import ProcessInstance, Task
from app.processes import bundles, returns, sheets
from app.processes.checking import DAYS, DECISION, ITEMS, OPINION, SIGNATURE

MOST = 200  # tasks of one run
WORDS = (OPINION, "return_reason")  # where a form takes what one says with a decision
NEVER = ("correction_items", "refusal_reason", "target_committee")  # what is said of one declaration alone
APPLICANT, PREVIOUS = "applicant", "previous"
STEPS = {PREVIOUS: "上一环节", APPLICANT: "申报人"}
ONE_BY_ONE = "须逐件办理：{}"
NO_DECISION = "此事项没有“{}”这一决定，请逐件办理。"
NO_RETURN = "此事项不能退回至{}，请逐件办理。"
RECORD = "此事项须逐件填写。"
ASKED = "正在等待他人答复。"
CLAIMED = "已由{}认领。"
NOT_YOURS = "此事项不由您办理。"
Plan = dict[int, dict[str, Any]]
_ender, _holder = aliased(Person), aliased(Person)


@dataclass(frozen=True)
class Chosen:
    """One task that was chosen; `away` why this person cannot do it now."""

    task: Task
    title: str
    notice_version_id: int
    applicant: str
    declared: str  # which title
    away: str


@dataclass(frozen=True)
class Way:
    """One thing that can be done with some of them: a decision by its words, or a step to return to."""

    code: str
    label: str
    count: int


def chosen(session: Session, grants: Grants, task_ids: Sequence[int]) -> list[Chosen]:
    """Those that the person may see, in the order given; one statement. Their processes are met in the session."""
    mine = case((permissions.decidable_tasks(grants), True), else_=False)
    about = (Declaration.title, titles.applicant.name, Declaration.specialty, Declaration.level, titles.ABOUT)
    wanted = titles.joined(select(Task, ProcessInstance, _ender.name, _holder.name, mine, *about))
    wanted = wanted.outerjoin(_ender, _ender.id == Task.ended_by).outerjoin(_holder, _holder.id == Task.person_id)
    rows = session.execute(wanted.where(Task.id.in_(task_ids[:MOST]), permissions.visible_tasks(grants))).all()
    found = {
        task.id: Chosen(
            task=task,
            title=titles.title(task.name, *names),
            notice_version_id=instance.notice_version_id,
            applicant=names[0] or "",
            declared=dictionaries.label("title", declared),
            away="" if may else _away(task, ender, holder, grants),
        )
        for task, instance, ender, holder, may, declared, *names in rows
    }
    return [found[each] for each in task_ids[:MOST] if each in found]


def decisions(session: Session, found: Sequence[Chosen], *, returning: bool) -> list[Way]:
    """By which decision of their forms some of them could be done, those of most first."""
    counted = Counter(
        option["label"]
        for each in found
        if not each.away and each.task.record is None
        for option in _options(session, each)
        if _is_return(option) == returning and not _single(option)
    )
    return [Way(label, label, count) for label, count in counted.most_common()]


def steps(session: Session, found: Sequence[Chosen]) -> list[Way]:
    """To which steps some of them could be returned: the usual two, and those that their kinds' first ones passed."""
    kinds: dict[tuple[int, str], Chosen] = {}
    for each in found:
        if not each.away:
            kinds.setdefault((each.notice_version_id, each.task.element_id), each)
    sizes = Counter((each.notice_version_id, each.task.element_id) for each in found if not each.away)
    counted: Counter[str] = Counter()
    for kind, first in kinds.items():
        reached = returns.targets(session, first.task)
        for code in {target.kind if target.kind in STEPS else target.task.name for target in reached}:
            counted[code] += sizes[kind]
    return [Way(code, STEPS.get(code, code), count) for code, count in counted.most_common()]


def deciding(
    session: Session, grants: Grants, found: Sequence[Chosen], label: str, said: Mapping[str, Any]
) -> tuple[Plan, dict[int, str]]:
    """Task id → its values for the decision of that name, and task id → why it is left out."""
    wanted: Plan = {}
    able, left_out = _parted(found)
    for each in able:
        option = next((option for option in _options(session, each) if option["label"] == label), None)
        if each.task.record is not None:
            left_out[each.task.id] = RECORD
        elif option is None or _single(option):
            left_out[each.task.id] = NO_DECISION.format(label)
        else:
            values = _values(session, each, option, said)
            if problem := _problem(session, grants, each.task, values):
                left_out[each.task.id] = problem
            else:
                wanted[each.task.id] = values
    return wanted, left_out


def returning(
    session: Session, found: Sequence[Chosen], to: str, reason: str, *, straight: bool
) -> tuple[Plan, dict[int, str]]:
    """Task id → where `give_back` is to put it and why, and task id → why it is left out."""
    wanted: Plan = {}
    able, left_out = _parted(found)
    for each in able:
        reached = returns.targets(session, each.task)
        target = next((target for target in reached if to in (target.kind, target.task.name)), None)
        if target is None:
            left_out[each.task.id] = NO_RETURN.format(STEPS.get(to, f"“{to}”"))
        else:
            values = {"to": target.task.id, "name": target.task.name, "reason": reason, "straight": straight}
            wanted[each.task.id] = values
    return wanted, left_out


def _parted(found: Sequence[Chosen]) -> tuple[list[Chosen], dict[int, str]]:
    """Those this person may do now, and why not the others."""
    return [each for each in found if not each.away], {each.task.id: each.away for each in found if each.away}


def _options(session: Session, each: Chosen) -> list[Mapping[str, Any]]:
    form = bundles.of_version(session, each.notice_version_id).schemas.get(each.task.form_key or "")
    parts = schema.every_component(form["components"]) if form else ()
    return next((part["values"] for part, _ in parts if part.get("key") == DECISION), [])


def _is_return(option: Mapping[str, Any]) -> bool:
    return bool({ITEMS, "return_reason"} & set(option.get("requires") or ())) or option["label"].startswith("退回")


def _single(option: Mapping[str, Any]) -> bool:
    """Whether it is never taken of many at once: it refuses somebody, or names what is his alone."""
    return option["value"] == "reject" or bool(set(NEVER) & set(option.get("requires") or ()))


def _values(session: Session, each: Chosen, option: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """The draft with the decision and what is said of all; what a draft says of its own stays."""
    form = bundles.of_version(session, each.notice_version_id).schemas[each.task.form_key or ""]
    known = {part.get("key") for part, _ in schema.every_component(form["components"])}
    values = {key: value for key, value in (each.task.draft or {}).items() if value not in (None, "")}
    for key in (*WORDS, SIGNATURE):
        if key in known and (words := said.get(SIGNATURE if key == SIGNATURE else OPINION)):
            values.setdefault(key, phrases.filled(words, _places(each, said)))
    if ITEMS in (option.get("requires") or ()):
        rows = said.get(ITEMS) or []
        values[ITEMS] = [{**row, "text": phrases.filled(row["text"], _places(each, said))} for row in rows]
        values[DAYS] = said.get(DAYS)
    return {**values, DECISION: option["value"]}


def _places(each: Chosen, said: Mapping[str, Any]) -> dict[str, str]:
    """What the places of a saved phrase stand for in this one's case."""
    return {"申报人": each.applicant, "申报职称": each.declared, "期限": f"{said.get(DAYS)}个工作日"}


def _problem(session: Session, grants: Grants, task: Task, values: Mapping[str, Any]) -> str:
    """Why the task's own form would not take this."""
    instance = session.get_one(ProcessInstance, task.instance_id)
    form = sheets.form_of(session, task, instance)
    assert form is not None
    try:
        form.check(values, sheets.context(session, task, instance, grants.person_id, values))
    except Refused as refused:
        first = list(dict.fromkeys(each.message.rstrip("。") for each in refused.problems))
        return ONE_BY_ONE.format("；".join(first[:2])) + ("等。" if len(first) > 2 else "。")
    return ""


def _away(task: Task, ender: str | None, holder: str | None, grants: Grants) -> str:
    if task.status == "completed" and ender and task.ended_at is not None:
        return f"已由{ender}于{wording.moment_words(task.ended_at)}办理。"
    if task.status != "open":
        return "此事项已不需要办理。"
    if task.request_id is not None:
        return ASKED
    return CLAIMED.format(holder) if holder and task.person_id != grants.person_id else NOT_YOURS
