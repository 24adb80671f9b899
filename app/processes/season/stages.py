"""How many declarations stand where: by state, as a funnel, and who passed, small groups kept back."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import dictionaries, small_numbers, statuses
from app.domain.small_numbers import Rate
from app.models.declaration import Declaration
from app.models.figures import StandingFigure
from app.models.office import Payment
from app.processes import bundles, history
from app.processes.figures import snapshot
from app.processes.season.scope import Scope

PASSED = ("PASSED_PUBLICITY", "RESULT_HELD", "CONFIRMING", "ARCHIVING", "CONFIRMED", "FILED", "NOT_CONFIRMED",
          "RESULT_REPLIED", "REVOKED")  # fmt: skip
REVIEWED = (*PASSED, "NOT_PASSED")
CONFIRMED = ("ARCHIVING", "CONFIRMED", "FILED", "REVOKED")
MILESTONES = ("draft", "submitted", "accepted", "paid")


@dataclass(frozen=True)
class Group:
    """Declarations alike: `milestone` is the furthest step on record."""

    category: str
    level: str
    status: str
    milestone: str
    count: int

    @property
    def reviewed(self) -> bool:
        return self.status in REVIEWED

    @property
    def passed(self) -> bool:
        return self.status in PASSED


@dataclass(frozen=True)
class Stage:
    """One state with its words; `ended` for a result."""

    code: str
    words: str
    count: int
    ended: bool


@dataclass(frozen=True)
class Step:
    """One step of the funnel; `share` of all that were begun, in per cent."""

    words: str
    count: int
    share: int


def groups(session: Session, scope: Scope) -> list[Group]:
    """The season's declarations, added up; counted in the background but for those who only have posts on the way."""
    if scope.by_posts:
        return _now(session, scope)
    table = StandingFigure
    of = (table.category, table.level, table.code, table.milestone)
    wanted = select(*of, func.sum(table.count)).where(scope.figures("declaration")).group_by(*of)
    return [_group(*row) for row in session.execute(wanted)]


def _now(session: Session, scope: Scope) -> list[Group]:
    milestone = snapshot.milestone()
    of = (Declaration.category, Declaration.level, Declaration.status)
    wanted = select(*of, milestone, func.count()).outerjoin(Payment, Payment.declaration_id == Declaration.id)
    return [_group(*row) for row in session.execute(wanted.where(scope.declarations()).group_by(*of, milestone))]


def _group(category: str | None, level: str | None, status: str | None, milestone: str | None, count: int) -> Group:
    return Group(category or "", level or "", status or "", milestone or "", count)


def stages(found: Iterable[Group]) -> list[Stage]:
    """In the order of the way; states that nobody stands in are left out."""
    counts: Counter[str] = Counter()
    for group in found:
        counts[group.status] += group.count
    known = [*((code, False) for code in statuses.PROGRESS), *((code, True) for code in statuses.ENDS)]
    return [Stage(code, statuses.label(code), counts[code], ended) for code, ended in known if counts[code]]


def funnel(found: list[Group]) -> list[Step]:
    """What was begun and how much of it came how far; who was reviewed has been accepted, whatever is on record."""

    def number(which: Callable[[Group], bool]) -> int:
        return sum(group.count for group in found if which(group))

    def reached(milestone: str) -> Callable[[Group], bool]:
        return lambda group: group.reviewed or MILESTONES.index(group.milestone) >= MILESTONES.index(milestone)

    begun = number(lambda group: True)
    counts = {
        "填报": begun,
        "提交": number(reached("submitted")),
        "受理": number(reached("accepted")),
        "缴费或已评审": number(reached("paid")),
        "评审": number(lambda group: group.reviewed),
        "通过": number(lambda group: group.passed),
        "确认": number(lambda group: group.status in CONFIRMED),
    }
    return [Step(words, count, round(100 * count / begun) if begun else 0) for words, count in counts.items()]


def pass_rates(found: list[Group], by: str, names: Mapping[str, str]) -> list[Rate]:
    """`by`: category or level; `names` as `words` gives them."""
    counted: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for group in found:
        if group.reviewed:
            code = getattr(group, by)
            name = names.get(code, code) or "未填"
            counted[name][0] += group.count
            counted[name][1] += group.count if group.passed else 0
    return small_numbers.rates({key: (reviewed, passed) for key, (reviewed, passed) in counted.items()}, "合计")


def words(session: Session, scope: Scope) -> dict[str, str]:
    """What categories and levels are called: as the newest version's form and the dictionary word them."""
    schema = bundles.of_version(session, max(scope.versions)).schemas.get(bundles.FORM_8)
    levels = {entry["code"]: entry["label"] for entry in dictionaries.entries("level")}
    return {**dict(history.options(schema, "category")), **levels}
