"""The filters and the order of the lists of tasks, as their addresses say them, and the same in SQL."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app import clock
from app.domain import badges, calendar, organisations
from app.domain.deadline_rules import midnight_after, opening
from app.domain.inbox.titles import UNIT, UNIT_NAME, applicant
from app.domain.permissions import Grants
from app.domain.said import day, whole_number
from app.models.declaration import Declaration
from app.models.notice import Notice
from app.models.people import Organisation
from app.models.process import Deadline, Task

CLAIMS = {"mine": "我已认领", "free": "未认领"}
READ = {"no": "未读", "yes": "已读"}
RUNNING = {"running": "办理中", "ended": "已办结"}
SORTS = {
    "due": "期限先后",
    "newest": "最近到达",
    "oldest": "最早到达",
    "ended": "最近办理",
    "applicant": "申报人",
    "unit": "单位",
}
LONGEST = 80  # characters that one filter asks for
MOST_UNITS = 200  # that one name may stand for


@dataclass(frozen=True)
class Filters:
    """What the address says; every condition narrows, an empty one does not, and `sort` orders.

    `office` is the body that the task is with, `unit` a part of the name of the applicant's, `since` the first day of
    arrival (of the decision in 已办, of the beginning in 我发起的), `due` the last day in time, `applicant` an id, `q`
    a part of a name, of a unit's or of a number.
    `read` is for 抄送我的, `decision` for 已办, `process` and `status` for 我发起的.
    """

    notice: str = ""
    level: str = ""
    stage: str = ""
    office: str = ""
    unit: str = ""
    state: str = ""
    claim: str = ""
    decision: str = ""
    read: str = ""
    process: str = ""
    status: str = ""
    since: str = ""
    due: str = ""
    applicant: str = ""
    q: str = ""
    sort: str = ""

    @classmethod
    def of(cls, said: Any) -> "Filters":
        """From the parts of an address; what is no filter is left alone."""
        return cls(**{each.name: plain(said.get(each.name)) for each in fields(cls)})

    @property
    def kept(self) -> dict[str, Any]:
        """Those in use, for addresses that keep them."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def applicant_id(self) -> int:
        return whole_number(self.applicant)

    @property
    def narrow(self) -> bool:
        """Whether anything is left out; an order alone leaves out nothing."""
        return bool(replace(self, sort="").kept)


def narrowed(
    session: Session,
    base: ColumnElement[bool],
    grants: Grants,
    filters: Filters,
    at: InstrumentedAttribute[Any] = Task.created_at,
) -> ColumnElement[bool]:
    """`base` under the filters that are about a task, for statements by `titles.joined`; `at` is what `since` asks of.

    A filter by name looks the units of that name up first, in one statement.
    """
    wanted = [base]
    for column, value in (
        (Notice.key, filters.notice),
        (Declaration.level, filters.level),
        (Task.name, filters.stage),
        (Task.decision, filters.decision),
    ):
        if value:
            wanted.append(column == value)
    if filters.office:
        wanted.append(Task.organisation_id == whole_number(filters.office))
    if filters.applicant:
        wanted.append(Declaration.person_id == filters.applicant_id)
    if filters.unit:
        wanted.append(_of_units(session, filters.unit))
    if filters.state in badges.STATES:
        wanted.append(badges.in_state(filters.state, clock.now(session), calendar.calendar_of(session)))
    if filters.q:
        words: dict[str, Any] = {"other": filters.q, "autoescape": True}
        named = (each.icontains(**words) for each in (applicant.name, Declaration.number, Declaration.acceptance_no))
        wanted.append(or_(*named, _of_units(session, filters.q)))
    wanted += _dated(filters, at)
    if filters.claim in CLAIMS:
        wanted.append(Task.person_id == grants.person_id if filters.claim == "mine" else Task.person_id.is_(None))
    return and_(*wanted)


def _dated(filters: Filters, at: InstrumentedAttribute[Any]) -> Iterator[ColumnElement[bool]]:
    if filters.since:
        first = day(filters.since)
        yield at >= opening(first) if first is not None else false()
    if filters.due:
        last = day(filters.due)
        yield _due_on(last) if last is not None else false()


def wrong(filters: Filters) -> list[str]:
    """Sentences for what the address says and nothing can be found by."""
    known = {"state": badges.STATES, "claim": CLAIMS, "read": READ, "status": RUNNING, "sort": SORTS}
    found = [value for name, words in known.items() if (value := getattr(filters, name)) and value not in words]
    said = [f"没有“{each}”这一筛选或者排序方式，请重新选择。" for each in found]
    dates = [each for each in (filters.since, filters.due) if each and day(each) is None]
    said += [f"“{each}”不是日期，请按“2023-10-09”填写。" for each in dates]
    if filters.office and not whole_number(filters.office):
        said.append("没有所选的办理机构，请重新选择。")
    return said


def plain(said: str | None) -> str:
    """What somebody typed, without what no database takes."""
    return (said or "").replace("\x00", "").strip()[:LONGEST]


def _due_on(last: date) -> ColumnElement[bool]:
    """That day is the deadline's last one."""
    return and_(Deadline.due_at > opening(last), Deadline.due_at <= midnight_after(last))


def order(filters: Filters, usual: str) -> tuple[Any, ...]:
    """The order that the address asks for, else `usual`, a key of SORTS; the same rows always in the same order."""
    first: dict[str, tuple[Any, ...]] = {
        "due": (Deadline.due_at.asc().nulls_last(),),
        "newest": (Task.created_at.desc(), Task.id.desc()),
        "oldest": (),
        "ended": (Task.ended_at.desc(), Task.id.desc()),
        "applicant": (applicant.name.asc().nulls_last(),),
        "unit": (UNIT_NAME.asc().nulls_last(), applicant.name.asc().nulls_last()),
    }
    return (*first[filters.sort if filters.sort in first else usual], Task.created_at, Task.id)


def _of_units(session: Session, name: str) -> ColumnElement[bool]:
    """Declarations from the units of that name; what is about no declaration, by the body that it is with."""
    living = [each.id for each in organisations.find(session, name, limit=MOST_UNITS)]
    ids = select(Organisation.id).where(or_(Organisation.id.in_(living), Organisation.merged_into_id.in_(living)))
    return or_(UNIT.in_(ids), and_(Task.declaration_id.is_(None), Task.organisation_id.in_(ids)))
