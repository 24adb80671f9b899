"""Committees of a notice: which row holds for a case, what its windows allow, and who receives a title."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app import kept
from app.domain.committee_files import CommitteeRow
from app.domain.notice_content import content
from app.domain.parameter_values import WINDOWS, Window, window_of
from app.errors import NotFound
from app.models.notice import Committee

SENIOR = ("associate_senior", "full_senior")  # what fees and forms call `senior`
_KEPT_BY_REVISION = {"id", "revision", "superseded_at", "superseded_by"}


def of_version(session: Session, notice_version_id: int) -> list[Committee]:
    """The committees as this version pins them, by number."""
    ids = content(session, notice_version_id).committees.values()
    return list(session.scalars(select(Committee).where(Committee.id.in_(list(ids))).order_by(Committee.no)))


def at_version(session: Session, notice_version_id: int, committee_id: int) -> Committee:
    """The row that this version pins for the committee that `committee_id` is any revision of.

    NotFound if the committee does not belong to the notice.
    """
    found: dict[tuple[int, int], Committee] = session.info.setdefault("pinned_committees", {})
    if (notice_version_id, committee_id) not in found:
        found[notice_version_id, committee_id] = _pinned(session, notice_version_id, committee_id)
    return found[notice_version_id, committee_id]


def for_title(
    session: Session, notice_version_id: int, *, series: str, level: str, specialty: str | None = None
) -> list[Committee]:
    """Committees that receive a title; those that name the specialty go before those open to every one.

    `level` is junior, intermediate, associate_senior, full_senior, or senior for either of the last two.
    """
    wanted = set(SENIOR) if level == "senior" else {level}
    fitting = [
        row
        for row in of_version(session, notice_version_id)
        if series in row.series
        and wanted & set(row.levels)
        and (not row.specialties or specialty is None or specialty in row.specialties)
    ]
    return sorted(fitting, key=lambda row: (not row.specialties, row.no))


def window(committee: Committee, name: str) -> Window | None:
    """The declare, check, corrections, pay or paper window; None where the schedule prints none."""
    opens, closes = getattr(committee, f"{name}_from"), getattr(committee, f"{name}_until")
    return None if opens is None and closes is None else Window(opens, closes)


def declare_state(committee: Committee, now: datetime) -> str:
    """What the committee takes at `now`: before, open, corrections_only, closed, or offline (no online window).

    A first declaration is taken in `open` only (R-114).
    """
    declare, corrections = window(committee, "declare"), window(committee, "corrections")
    if declare is None or "offline" in committee.flags:
        return "offline"
    if corrections is not None and corrections.state(now) == "open":
        return "corrections_only"
    return declare.state(now)


def store(session: Session, notice_id: int, rows: Iterable[CommitteeRow], at: datetime) -> dict[str, int]:
    """Keep the rows of a package: unchanged ones stay, others become new revisions; gives {no: id}."""
    present = {row.no: row for row in _current_rows(session, notice_id)}
    kept = {}
    for row in rows:
        values = values_of(row)
        old = present.pop(row.no, None)
        if old is not None and all(getattr(old, key) == value for key, value in values.items()):
            kept[str(row.no)] = old.id
        else:
            kept[str(row.no)] = _replace(session, old, {"notice_id": notice_id, **values}, at).id
    for gone in present.values():
        gone.superseded_at = at
    session.flush()
    return kept


def revise(session: Session, committee: Committee, changes: Mapping[str, Any], at: datetime) -> Committee:
    """A new revision of one row with some columns changed; the old row stays for those pinned to it."""
    columns = inspect(Committee).columns.keys()
    same = {key: getattr(committee, key) for key in columns if key not in _KEPT_BY_REVISION}
    return _replace(session, committee, {**same, **changes}, at)


def values_of(row: CommitteeRow) -> dict[str, Any]:
    """The columns of a package's row, its printed windows as instants."""
    values: dict[str, Any] = {
        name: getattr(row, name)
        for name in ("no", "name", "convening_key", "convening_name", "address", "session", "clause", "note")
    }
    values |= {name: list(getattr(row, name)) for name in ("levels", "series", "specialties", "flags")}
    for name in WINDOWS:
        values |= window_columns(name, row.windows.get(name))
    return {**values, "parameters": dict(row.parameters)}


def window_columns(name: str, printed: Mapping[str, str] | None) -> dict[str, datetime | None]:
    """The two columns of a window printed as {from?, to?}; both empty for None."""
    found = window_of(printed) if printed else Window(None, None)
    return {f"{name}_from": found.opens, f"{name}_until": found.closes}


def _pinned(session: Session, notice_version_id: int, committee_id: int) -> Committee:
    asked = kept.get(session, Committee, committee_id)
    pinned = asked and content(session, notice_version_id).committees.get(str(asked.no))
    row = kept.get(session, Committee, pinned) if pinned else None
    if asked is None or row is None or row.notice_id != asked.notice_id:
        raise NotFound("没有找到该职称评审委员会，或者它不在本通知的日程安排中。")
    return row


def _current_rows(session: Session, notice_id: int) -> list[Committee]:
    return list(
        session.scalars(select(Committee).where(Committee.notice_id == notice_id, Committee.superseded_at.is_(None)))
    )


def _replace(session: Session, old: Committee | None, values: Mapping[str, Any], at: datetime) -> Committee:
    revision = 1
    if old is not None:
        old.superseded_at, revision = at, old.revision + 1
        session.flush()  # the unique index allows one current row
    new = Committee(**values, revision=revision)
    session.add(new)
    session.flush()
    if old is not None:
        old.superseded_by = new.id
    return new
