"""Form 7: a unit's numbers for a year, filed once, corrected in versions, kept to by all its batches (R-016, R-017).

The numbers stand per level: posts approved, employed, special, vacant, quota 投放量, declared 申报数量, exempt (R-077).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app import ahead, clock
from app.domain import dictionaries, organisations
from app.errors import Problem, Refused
from app.models.declaration import Declaration
from app.models.notice import Notice
from app.models.people import Person
from app.models.recommendation import BatchEntry, QuotaFiling, UnitBatch
from app.rows import first

FORM = "form7_quota"
LEVELS = ("full_senior", "associate_senior", "intermediate", "junior")  # the printed columns, left to right
COUNTS = ("approved_posts", "employed", "special_posts", "vacant", "quota", "declared", "exempt_count")
_CARRIED = ("phone", "establishment", "on_establishment", "post_plan_no")  # last year's that mostly still hold
_POSTS = ("approved_posts", "employed", "special_posts")

IN_FORCE = (
    select(QuotaFiling)
    .join(Notice, Notice.year == QuotaFiling.year)
    .where(Notice.key == bindparam("notice"), QuotaFiling.organisation_id == bindparam("organisation"))
    .order_by(QuotaFiling.version.desc())
    .limit(1)
)


@dataclass(frozen=True)
class Line:
    """One level: `names` recommended so far this year, `declared` on the form, `exempt` apart; no quota: not filed."""

    level: str
    quota: int | None
    declared: int
    exempt: int
    names: int

    @property
    def counted(self) -> int:
        """What the quota is held against (R-017, R-077)."""
        return max(self.declared, self.names) - self.exempt

    @property
    def over(self) -> bool:
        return self.quota is not None and self.counted > self.quota


def current(session: Session, organisation_id: int, year: int) -> QuotaFiling | None:
    """The version in force; None before anything was filed for the year."""
    return next(iter(versions(session, organisation_id, year)), None)


def versions(session: Session, organisation_id: int, year: int) -> list[QuotaFiling]:
    """All versions, the newest first."""
    wanted = select(QuotaFiling).where(QuotaFiling.organisation_id == organisation_id, QuotaFiling.year == year)
    return list(session.scalars(wanted.order_by(QuotaFiling.version.desc())))


def filers(session: Session, filings: list[QuotaFiling]) -> dict[int, str]:
    """Person id → name of those who filed."""
    ids = {filing.filed_by for filing in filings}
    return {person.id: person.name for person in session.scalars(select(Person).where(Person.id.in_(ids)))}


def of_batch(session: Session, batch: UnitBatch) -> QuotaFiling | None:
    """The version in force for the batch's unit and its notice's year; one statement."""
    about = {"notice": batch.notice_key, "organisation": batch.organisation_id}
    return first(session, IN_FORCE, about, QuotaFiling)


def lines(session: Session, filing: QuotaFiling) -> list[Line]:
    """The four levels as filed, beside the names recommended; one statement."""
    rows, names = _by_level(filing.values), recommended(session, filing.organisation_id, filing.year)
    return [
        Line(
            level,
            quota=rows.get(level, {}).get("quota"),
            declared=int(rows.get(level, {}).get("declared") or 0),
            exempt=int(rows.get(level, {}).get("exempt_count") or 0),
            names=names.get(level, 0),
        )
        for level in LEVELS
    ]


def recommended(session: Session, organisation_id: int, year: int, batch_id: int | None = None) -> dict[str, int]:
    """Level → names that the unit recommends in all its batches of the year (or in one), those gone up included."""
    wanted = (
        select(Declaration.level, func.count())
        .join(BatchEntry, BatchEntry.declaration_id == Declaration.id)
        .join(UnitBatch, UnitBatch.id == BatchEntry.batch_id)
        .where(UnitBatch.organisation_id.in_(organisations.answered_by([organisation_id])), Declaration.year == year)
        .where(BatchEntry.recommended.is_(True), BatchEntry.left_at.is_(None))
        .group_by(Declaration.level)
    )
    if batch_id is not None:
        wanted = wanted.where(UnitBatch.id == batch_id)
    return {str(level): count for level, count in session.execute(wanted)}


def prefilled(session: Session, organisation_id: int, year: int) -> dict[str, Any]:
    """The form's values to begin with: the version in force, else last year's posts, declared as recommended so far."""
    filing = current(session, organisation_id, year)
    names = recommended(session, organisation_id, year)
    if filing is not None:
        rows = _by_level(filing.values)
        return {**filing.values, "levels": [_grown(_row(level, rows.get(level, {})), names) for level in LEVELS]}
    last = current(session, organisation_id, year - 1)
    carried = {key: last.values.get(key) for key in _CARRIED if last.values.get(key) is not None} if last else {}
    rows = _by_level(last.values) if last else {}
    kept = {level: {key: rows.get(level, {}).get(key) for key in _POSTS} for level in LEVELS}
    return {**carried, "levels": [_grown(_row(level, kept[level]), names) for level in LEVELS]}


def file(
    session: Session, organisation_id: int, year: int, values: Mapping[str, Any], person_id: int | None
) -> QuotaFiling:
    """A new version from the checked form; what was filed before stays.

    Refused where a level declares fewer than are recommended, has no quota for those it declares, or exempts more than
    it declares. More than the quota is no fault of the form: it has to be explained and agreed to (R-016).
    """
    names = recommended(session, organisation_id, year)
    problems = _problems(list(values.get("levels") or []), names)
    if problems:
        raise Refused(*problems)
    earlier = current(session, organisation_id, year)
    filing = QuotaFiling(
        organisation_id=organisation_id,
        year=year,
        version=earlier.version + 1 if earlier else 1,
        values={key: value for key, value in values.items() if key != "decision"},
        filed_at=clock.now(session),
        filed_by=person_id,
    )
    session.add(filing)
    session.flush()
    ahead.drop(session, IN_FORCE)
    return filing


def filed(session: Session, batch: UnitBatch) -> bool:
    """Whether the year's form stands and covers everybody recommended, so that it need not be filled again."""
    filing = of_batch(session, batch)
    return filing is not None and all(line.names <= line.declared for line in lines(session, filing))


def excess(session: Session, batch: UnitBatch) -> list[tuple[str, int, int]]:
    """Levels of the batch's names where more is declared than the quota lets: level, declared, quota (R-017).

    None where nothing is filed, nor where the excess was agreed to for this batch.
    """
    filing = of_batch(session, batch)
    over = [line for line in lines(session, filing) if line.over] if filing else []
    here = recommended(session, batch.organisation_id, filing.year, batch.id) if filing and over else {}
    return [
        (line.level, line.counted, line.quota)
        for line in over
        if line.quota is not None and line.level in here and line.level not in batch.granted
    ]


def grant_excess(session: Session, batch: UnitBatch) -> None:
    """The excess over the quota was explained and agreed to (R-016)."""
    batch.granted = sorted({*batch.granted, *(level for level, _, _ in excess(session, batch))})
    session.flush()


def year_of(session: Session, batch: UnitBatch) -> int:
    return session.scalars(select(Notice.year).where(Notice.key == batch.notice_key)).one()


def hints(values: Mapping[str, Any]) -> list[str]:
    """What looks odd but is the unit's to judge: posts vacant that are not approved less employed (domain 5.5)."""
    found = []
    for row in values.get("levels") or []:
        approved, employed, vacant = (row.get(key) for key in ("approved_posts", "employed", "vacant"))
        if None in (approved, employed, vacant):
            continue
        expected = approved - employed + (row.get("special_posts") or 0)
        if vacant not in (approved - employed, expected):
            name = dictionaries.label("level", row["level"])
            found.append(f"{name}核准岗位{approved}个、现聘{employed}人，空缺岗位填报{vacant}个，请核对。")
    return found


def _problems(rows: list[Mapping[str, Any]], names: Mapping[str, int]) -> list[Problem]:
    found, seen = [], set()
    for number, row in enumerate(rows):
        level, path = row["level"], f"levels.{number}"
        label = dictionaries.label("level", level)
        declared, exempt, here = int(row.get("declared") or 0), int(row.get("exempt_count") or 0), names.get(level, 0)
        if level in seen:
            found.append(Problem("level_twice", f"{label}填写了两次，请合为一栏。", f"{path}.level"))
        if declared < here:
            message = f"{label}申报数量填报{declared}人，已推荐{here}人，申报数量不能少于已推荐人数。"
            found.append(Problem("declared_too_few", message, f"{path}.declared", "R-017"))
        if declared and row.get("quota") is None:
            message = f"{label}有申报人员，请填写按比例计算的投放量。"
            found.append(Problem("quota_missing", message, f"{path}.quota", "R-017"))
        if exempt > declared:
            message = f"{label}不受岗位结构比例限制{exempt}人，多于申报数量{declared}人。"
            found.append(Problem("exempt_too_many", message, f"{path}.exempt_count", "R-077"))
        seen.add(level)
    for level in [level for level in LEVELS if names.get(level) and level not in seen]:
        label = dictionaries.label("level", level)
        found.append(Problem("level_missing", f"{label}已推荐{names[level]}人，请填写{label}一栏。", "levels", "R-017"))
    return found


def _by_level(values: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {row["level"]: row for row in values.get("levels") or []}


def _row(level: str, said: Mapping[str, Any]) -> dict[str, Any]:
    return {"_id": level, "level": level, **{key: said.get(key) for key in COUNTS}}


def _grown(row: dict[str, Any], names: Mapping[str, int]) -> dict[str, Any]:
    """Declared never below the names recommended meanwhile."""
    here = names.get(row["level"], 0)
    return {**row, "declared": max(row["declared"] or 0, here)} if here else row
