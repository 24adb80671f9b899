"""What the monitor's address asks for: each filter as words and as SQL, or as a sentence that there is no such thing.

Filters combine. One that finds few instances is asked first, and the others are looked up among those; one that finds
many is met soon on the way from the newest instance down (decision 0018). So a filter that looks beyond the instance's
own row can be put in two ways: `ids`, which begins at an index of its own, and `met`, which asks one instance.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import badges, calendar, organisations, statuses
from app.domain.permissions import Grants
from app.domain.said import whole_number
from app.models.declaration import Declaration
from app.models.notice import Committee, Notice, NoticeVersion
from app.models.people import Organisation, Person
from app.models.process import Deadline, Incident, ProcessInstance, Task
from app.models.recommendation import UnitBatch
from app.processes.overseeing import STATES, incident_instance, visible, with_instance

NAMES = {
    "season": "年度",
    "notice": "通知",
    "version": "通知版本",
    "process": "流程",
    "committee": "评委会",
    "status": "状态",
    "stage": "办理阶段",
    "office": "当前办理机构",
    "holder": "当前办理人",
    "overdue": "逾期",
    "incident": "异常",
    "element": "所在环节",
    "applicant": "申报人",
    "q": "名称",
}

MOST_NAMED = 50  # offices or people that one name may stand for
MOST_DAYS = 999
Ids = Select[Any]
_OPEN = Task.status == "open"


@dataclass(frozen=True)
class Filters:
    """What the address says, each part empty where it asks for nothing.

    `season` a year; `notice` a notice's key; `version`, `committee`, `applicant` an id; `stage` a state of the
    declaration; `office`, `holder` an id or a name; `overdue` working days, 1 for all that is overdue; `element` where
    a token stands; `q` the beginning of an applicant's name, or a part of a unit's.
    """

    season: str = ""
    notice: str = ""
    version: str = ""
    process: str = ""
    committee: str = ""
    status: str = ""
    stage: str = ""
    office: str = ""
    holder: str = ""
    overdue: str = ""
    incident: str = ""
    element: str = ""
    applicant: str = ""
    q: str = ""

    @classmethod
    def of(cls, said: Mapping[str, str]) -> "Filters":
        """From the parts of an address; what is no filter is left alone."""
        return cls(**{each.name: said[each.name].strip() for each in fields(cls) if each.name in said})

    @property
    def kept(self) -> dict[str, str]:
        """The filters in use, for addresses that keep them."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class Condition:
    """One filter understood, in words and in SQL: `asked` of the instance's own row, or `ids` and `met` beyond it.

    `held` is what it asks of an open task or of its deadline, where it is about one. `wrong` is a sentence where it
    names nothing.
    """

    name: str
    words: str
    asked: tuple[ColumnElement[bool], ...] = ()
    ids: Ids | None = None
    met: ColumnElement[bool] | None = None
    held: ColumnElement[bool] | None = None
    wrong: str = ""


def understood(session: Session, grants: Grants, filters: Filters) -> list[Condition]:
    """The filters in use, one statement each at most."""
    return [_READERS[name](session, grants, name, value) for name, value in filters.kept.items()]


def looked_up(conditions: list[Condition]) -> list[tuple[Ids, ColumnElement[bool]]]:
    """`ids` and `met` of the filters that look beyond the instance's row; those about a task mean one and the same."""
    held = [each.held for each in conditions if each.held is not None]
    apart = [each for each in conditions if each.held is None or len(held) == 1]
    found = [(each.ids, each.met) for each in apart if each.ids is not None and each.met is not None]
    if len(held) > 1:
        one = select(Task.instance_id).outerjoin(Deadline, Deadline.id == Task.deadline_id).where(_OPEN, *held)
        found.append((one, _one(one.where(Task.instance_id == ProcessInstance.id))))
    return found


def of_tasks(session: Session, filters: Filters) -> list[ColumnElement[bool]]:
    """Which open tasks a list shows that is filtered by office, holder or element; none of them for a wrong filter."""
    read = [_OF_TASKS[name](session, None, name, value) for name, value in filters.kept.items() if name in _OF_TASKS]
    return [false() if each.wrong else each.held for each in read if each.wrong or each.held is not None]  # type: ignore[misc]


Reader = Callable[[Session, Grants, str, str], Condition]


def _versions(session: Session, _grants: Grants, name: str, value: str) -> Condition:
    """Season, notice or version: the walk from the newest instance down begins at the newest of theirs."""
    number = whole_number(value)
    which = {"season": Notice.year == number, "notice": Notice.key == value, "version": NoticeVersion.id == number}
    of_version = ProcessInstance.notice_version_id == NoticeVersion.id
    newest = select(func.max(ProcessInstance.id)).where(of_version).correlate(NoticeVersion).scalar_subquery()
    wanted = select(NoticeVersion.id, NoticeVersion.ordinal, Notice.title, newest)
    rows = session.execute(wanted.join(Notice, Notice.id == NoticeVersion.notice_id).where(which[name])).all()
    if not rows:
        return Condition(name, value, wrong=f"没有“{value}”这一{NAMES[name]}，可能已被删除。")
    last = max(each[3] or 0 for each in rows)
    asked = (ProcessInstance.notice_version_id.in_([each[0] for each in rows]), ProcessInstance.id <= last)
    words = {"season": f"{value}年", "notice": rows[0].title, "version": f"{rows[0].title}第{rows[0].ordinal}版"}
    return Condition(name, words[name], asked)


def _process(_session: Session, _grants: Grants, name: str, value: str) -> Condition:
    return Condition(name, value, (ProcessInstance.process_key == value,))


def _status(_session: Session, _grants: Grants, name: str, value: str) -> Condition:
    if value not in STATES:
        return Condition(name, value, wrong=f"没有“{value}”这一状态。")
    return Condition(name, STATES[value], (ProcessInstance.status == value,))


def _stage(_session: Session, _grants: Grants, name: str, value: str) -> Condition:
    if value not in statuses.PROGRESS and value not in statuses.ENDS:
        return Condition(name, value, wrong=f"没有“{value}”这一办理阶段。")
    return Condition(name, statuses.label(value), **_of_declarations(Declaration.status == value))


def _committee(session: Session, _grants: Grants, name: str, value: str) -> Condition:
    """Whatever revision of its row a declaration was filed under."""
    chosen = select(Committee.notice_id, Committee.no).where(Committee.id == whole_number(value))
    row = chosen.subquery()
    same = select(Committee.id, Committee.name).join(row, Committee.notice_id == row.c.notice_id)
    found = session.execute(same.where(Committee.no == row.c.no).order_by(Committee.revision.desc())).all()
    if not found:
        return Condition(name, value, wrong="所选评委会已不存在，请重新选择。")
    return Condition(name, found[0].name, **_of_declarations(Declaration.committee_id.in_([r.id for r in found])))


def _office(session: Session, _grants: Grants | None, name: str, value: str) -> Condition:
    """By its id, or by its name or a part of that; a merged body's work is with the body it was merged into."""
    if value.isdecimal():
        known = organisations.known(session, [whole_number(value)])
        bodies = [organisations.resolve(session, each.id) for each in known]
        was = known[0].name if known and known[0].id != bodies[0].id else ""
    else:
        bodies, was = _named(organisations.find(session, value, limit=MOST_NAMED), value), ""
    if not bodies:
        missing = f"编号为{value}" if value.isdecimal() else f"名称含“{value}”"
        return Condition(name, value, wrong=f"没有{missing}的机构，可能已被删除，请重新选择。")
    words = "、".join(each.name for each in bodies[:3]) + (f"等{len(bodies)}个机构" if len(bodies) > 3 else "")
    held = Task.organisation_id.in_([each.id for each in bodies])
    return Condition(name, f"{words}（原{was}）" if was else words, **_of_tasks(held))


def _holder(session: Session, _grants: Grants | None, name: str, value: str) -> Condition:
    who = Person.id == whole_number(value) if value.isdecimal() else Person.name == value
    found = session.execute(select(Person.id, Person.name).where(who).limit(MOST_NAMED)).all()
    if not found:
        missing = f"编号为{value}" if value.isdecimal() else f"姓名为“{value}”"
        return Condition(name, value, wrong=f"没有{missing}的人员，请核对姓名。")
    return Condition(name, found[0].name, **_of_tasks(Task.person_id.in_([each.id for each in found])))


def _overdue(session: Session, _grants: Grants, name: str, value: str) -> Condition:
    days = whole_number(value)
    if not 0 < days <= MOST_DAYS:
        return Condition(name, value, wrong=f"逾期的工作日数须为1至{MOST_DAYS}的整数。")
    since = badges.overdue_since(days, clock.now(session), calendar.calendar_of(session))
    late = and_(Deadline.closed_at.is_(None), Deadline.due_at <= since)
    same = (Task.instance_id == Deadline.instance_id) & (Task.deadline_id == Deadline.id)
    counting = select(Task.id).where(same, _OPEN).correlate(Deadline).offset(0).exists()
    held = select(Task.id).join(Deadline, Deadline.id == Task.deadline_id).where(_OPEN, late)
    met = _one(held.where(Task.instance_id == ProcessInstance.id))
    ids = select(Deadline.instance_id).where(late, counting)
    return Condition(name, f"{days}个工作日以上" if days > 1 else "已逾期", ids=ids, met=met, held=late)


def _incident(_session: Session, _grants: Grants, name: str, _value: str) -> Condition:
    open_ones = with_instance(select(incident_instance())).where(Incident.status == "open")
    return Condition(name, "有异常", ids=open_ones, met=ProcessInstance.id.in_(open_ones))


def _element(session: Session, _grants: Grants | None, name: str, value: str) -> Condition:
    """Where a token stands: at an open task, or in what the instance waits for."""
    task = session.execute(select(Task.name).where(_OPEN, Task.element_id == value).limit(1)).first()
    if task is not None:
        return Condition(name, task.name, **_of_tasks(Task.element_id == value))
    words = {"other": f'"{value}"]', "autoescape": True}
    standing = func.replace(ProcessInstance.waits["active"].as_string(), " ", "")
    return Condition(name, value, (ProcessInstance.status != "ended", standing.contains(**words)))


def _applicant(session: Session, grants: Grants, name: str, value: str) -> Condition:
    """Nobody learns a name by trying numbers: a person without an instance that one may oversee is unknown."""
    person_id = whole_number(value)
    mine = _of_declarations(Declaration.person_id == person_id)
    wanted = select(Person.name).join(Declaration, Declaration.person_id == Person.id)
    wanted = wanted.join(ProcessInstance, ProcessInstance.declaration_id == Declaration.id)
    shown = wanted.where(Person.id == person_id, visible(grants)).limit(1)
    found = session.scalar(shown)
    if found is None:
        return Condition(name, value, wrong="没有您可以查看的该申报人的办理事项。")
    return Condition(name, found, **mine)


def _q(_session: Session, _grants: Grants, name: str, value: str) -> Condition:
    """An index finds the beginning of a name; units are few enough to be looked through."""
    named = Person.name.startswith(value, autoescape=True)
    people = select(ProcessInstance.id).join(Declaration, Declaration.id == ProcessInstance.declaration_id)
    people = people.join(Person, Person.id == Declaration.person_id).where(named)
    units = select(UnitBatch.instance_id).join(Organisation, Organisation.id == UnitBatch.organisation_id)
    units = units.where(UnitBatch.instance_id.is_not(None), Organisation.name.icontains(value, autoescape=True))
    both = people.union_all(units).subquery()
    him = select(Declaration.id).join(Person, Person.id == Declaration.person_id)
    him = him.where(named, Declaration.id == ProcessInstance.declaration_id)
    unit = units.where(UnitBatch.instance_id == ProcessInstance.id)
    return Condition(name, value, ids=select(both.c[0]), met=or_(_one(him), _one(unit)))


_OF_TASKS: dict[str, Callable[[Session, Grants | None, str, str], Condition]] = {
    "office": _office,
    "holder": _holder,
    "element": _element,
}
_READERS: dict[str, Reader] = {
    **_OF_TASKS,
    **dict.fromkeys(("season", "notice", "version"), _versions),
    "process": _process,
    "committee": _committee,
    "status": _status,
    "stage": _stage,
    "overdue": _overdue,
    "incident": _incident,
    "applicant": _applicant,
    "q": _q,
}


def _of_declarations(which: ColumnElement[bool]) -> dict[str, Any]:
    joined = select(ProcessInstance.id).join(Declaration, Declaration.id == ProcessInstance.declaration_id)
    own = select(Declaration.id).where(Declaration.id == ProcessInstance.declaration_id, which)
    return {"ids": joined.where(which), "met": _one(own)}


def _of_tasks(which: ColumnElement[bool]) -> dict[str, Any]:
    held = select(Task.instance_id).where(_OPEN, which)
    return {"ids": held, "met": _one(held.where(Task.instance_id == ProcessInstance.id)), "held": which}


def _one(found: Ids) -> ColumnElement[bool]:
    """Whether there is one, asked for each instance by itself: the offset keeps the database from collecting all."""
    return found.correlate(ProcessInstance).offset(0).exists()


def _named(found: list[Organisation], name: str) -> list[Organisation]:
    """The bodies of exactly that name where there are any, else all that hold it."""
    return [each for each in found if each.name == name] or found
