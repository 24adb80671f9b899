"""Supplementary notices: a changed version of a published notice and who moves to it (D18a)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, true, update
from sqlalchemy.orm import Session

from app import clock
from app.domain import committees
from app.domain.amendment_terms import KEEP_OLD, Amendment, Changes, refuse_faulty
from app.domain.notice_content import Content, content, digest_of, written
from app.domain.notices import latest, manifest_digest, record_changes, store_resources
from app.domain.package_files import plain
from app.domain.parameter_values import WINDOWS
from app.domain.parameters import deadlines_resting_on
from app.models.declaration import Declaration
from app.models.notice import Committee, NoticeVersion, ParameterChange
from app.models.process import ProcessInstance
from app.models.recommendation import UnitBatch

__all__ = ["KEEP_OLD", "Amended", "Amendment", "Changes", "amend", "take_effect"]


@dataclass(frozen=True)
class Amended:
    """The new version, the parameters it changes (with every deadline that rests on one), and who was moved.

    `siblings` change earlier versions that cases still run on: their diagrams and forms stay, the change reaches them.
    """

    version: NoticeVersion
    changed: frozenset[str]
    moved: int
    siblings: tuple[NoticeVersion, ...] = ()


def amend(session: Session, notice_key: str, amendment: Amendment, *, by: int | None) -> Amended:
    """Publish a changed version; if it is in force already, move the running instances to it by one statement.

    An amendment that takes effect later moves nobody until `take_effect` is called. Raises Refused for a change of a
    diagram or form (those go by migration), an unknown key, a wrong value or missing number, basis or reason.
    """
    previous = latest(session, notice_key)
    said = content(session, previous.id)
    now = clock.now(session)
    effective_at = amendment.effective_at or now
    refuse_faulty(said, amendment, effective_at, previous)
    body = _body(session, previous.body, amendment.changes, _revised(session, said, amendment.changes, now))
    older = _older_in_use(session, previous)
    siblings = tuple(
        _version(session, each, _body(session, each.body, amendment.changes, _rows_of(each, body)), (amendment, by), n)
        for n, each in enumerate(older, previous.ordinal + 1)
    )
    version = _version(session, previous, body, (amendment, by), previous.ordinal + 1 + len(siblings))
    for each, before in zip((*siblings, version), (*older, previous), strict=True):
        _record(session, each, content(session, before.id), amendment.changes)
    moved = sum(_move(session, each, now) for each in (*siblings, version)) if effective_at <= now else 0
    return Amended(version, _changed_keys(session, version), moved, siblings)


def take_effect(session: Session) -> list[Amended]:
    """Move instances under every amendment whose time has come; gives what to recompute, in order."""
    now = clock.now(session)
    waiting = session.scalars(
        select(NoticeVersion)
        .where(NoticeVersion.took_effect_at.is_(None), NoticeVersion.effective_at <= now)
        .order_by(NoticeVersion.effective_at, NoticeVersion.id)
    ).all()
    return [Amended(version, _changed_keys(session, version), _move(session, version, now)) for version in waiting]


def _older_in_use(session: Session, previous: NoticeVersion) -> list[NoticeVersion]:
    """Versions before the latest that something not ended is pinned to, in their order."""
    running = select(ProcessInstance.notice_version_id).where(ProcessInstance.status != "ended")
    wanted = select(NoticeVersion).where(
        NoticeVersion.notice_id == previous.notice_id,
        NoticeVersion.id != previous.id,
        NoticeVersion.effective_at <= clock.now(session),
        NoticeVersion.id.in_(running),
    )
    return list(session.scalars(wanted.order_by(NoticeVersion.ordinal)))


def _version(
    session: Session,
    amended: NoticeVersion,
    body: dict[str, Any],
    decided: tuple[Amendment, int | None],
    ordinal: int,
) -> NoticeVersion:
    """One amended version; `decided` is the amendment and who decided it."""
    amendment, by = decided
    parent = content(session, amended.id).parent
    now = clock.now(session)
    version = NoticeVersion(
        notice_id=amended.notice_id,
        ordinal=ordinal,
        number=amendment.number,
        parent_version_id=amended.parent_version_id,
        published_at=now,
        published_by=by,
        effective_at=amendment.effective_at or now,
        note=amendment.reason,
        digest=digest_of(body, parent.digest if parent else None),
        bundle_digest=manifest_digest(body["manifest"]),
        body=body,
        amends=amended.id,
        legal_basis=amendment.legal_basis,
        keeps_old=amendment.keep_old,
    )
    written(session)
    session.add(version)
    session.flush()
    return version


def _body(session: Session, old: Mapping[str, Any], changes: Changes, rows: Mapping[str, int]) -> dict[str, Any]:
    """The body of a version changed; `rows` are the ids of the committees' new revisions, by number."""
    body = dict(old)
    body["parameters"] = _changed(body["parameters"], plain(changes.parameters))
    body["texts"] = _changed(body["texts"], changes.texts)
    tables = store_resources(session, {"decisions": changes.decisions})["decisions"]
    body["manifest"] = {**body["manifest"], "decisions": {**body["manifest"]["decisions"], **tables}}
    body["own"] = {**body["own"], "decisions": sorted({*body["own"]["decisions"], *tables})}
    body["committees"] = {**body["committees"], **rows}
    return body


def _revised(session: Session, said: Content, changes: Changes, now: datetime) -> dict[str, int]:
    return {str(no): _revise(session, said.committees[str(no)], each, now) for no, each in changes.committees.items()}


def _rows_of(version: NoticeVersion, amended: Mapping[str, Any]) -> dict[str, int]:
    """The schedule as amended, as far as the older version knows its committees."""
    return {no: row for no, row in amended["committees"].items() if no in version.body["committees"]}


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {key: entry for key, entry in {**old, **new}.items() if entry is not None}


def _revise(session: Session, committee_id: int, columns: Mapping[str, Any], now: datetime) -> int:
    old = session.get(Committee, committee_id)
    assert old is not None
    values: dict[str, Any] = {}
    for name, value in columns.items():
        if name in WINDOWS:
            values |= committees.window_columns(name, plain(value))
        elif name == "parameters":
            values[name] = _changed(old.parameters, plain(value))
        else:
            values[name] = value
    return committees.revise(session, old, values, now).id


def _record(session: Session, version: NoticeVersion, said: Content, changes: Changes) -> None:
    """The log of what changed; committee windows are logged under their parameter's key, in printed form."""
    new = content(session, version.id)
    record_changes(session, version, said.parameters, new.parameters)
    for no in (each for each in changes.committees if str(each) in said.committees):
        before, after = (_entries(session, each.committees[str(no)]) for each in (said, new))
        record_changes(session, version, before, after, committee_no=no)


def _entries(session: Session, committee_id: int) -> dict[str, Any]:
    row = session.get(Committee, committee_id)
    assert row is not None
    windows = {WINDOWS[name]: committees.window(row, name) for name in WINDOWS}
    shown = {
        key: {end: at.isoformat() for end, at in (("opens", each.opens), ("closes", each.closes)) if at is not None}
        for key, each in windows.items()
        if each is not None
    }
    return {**shown, **row.parameters}


def _changed_keys(session: Session, version: NoticeVersion) -> frozenset[str]:
    keys = session.scalars(select(ParameterChange.key).where(ParameterChange.notice_version_id == version.id)).all()
    return frozenset({*keys, *deadlines_resting_on(content(session, version.id), keys)})


def _move(session: Session, version: NoticeVersion, now: datetime) -> int:
    """Re-pin what has not ended by one statement a table; those kept stay on the version that is amended."""
    moved = session.execute(
        update(ProcessInstance)
        .where(ProcessInstance.notice_version_id == version.amends, ProcessInstance.status != "ended")
        .where(_moves(version))
        .values(notice_version_id=version.id, version=ProcessInstance.version + 1)
        .returning(ProcessInstance.id)
        .execution_options(synchronize_session="fetch")
    )
    count = len(moved.all())
    for follower in (Declaration, UnitBatch):  # records of instances just moved, and drafts that have none yet
        session.execute(
            update(follower)
            .where(follower.notice_version_id == version.amends)
            .where(or_(follower.instance_id.is_(None), follower.instance_id.in_(_of_version(version))))
            .values(notice_version_id=version.id)
            .execution_options(synchronize_session="fetch")
        )
    version.took_effect_at = now
    session.flush()
    return count


def _moves(version: NoticeVersion) -> ColumnElement[bool]:
    if version.keeps_old == "started":
        return ProcessInstance.started_at >= version.effective_at
    if version.keeps_old == "submitted":
        early = select(Declaration.id).where(Declaration.submitted_at < version.effective_at)
        return or_(ProcessInstance.declaration_id.is_(None), ProcessInstance.declaration_id.not_in(early))
    return true()


def _of_version(version: NoticeVersion) -> Select[int]:
    return select(ProcessInstance.id).where(ProcessInstance.notice_version_id == version.id)
