"""Supplementary notices: a changed version of a published notice and who moves to it (D18a)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, true, update
from sqlalchemy.orm import Session

from app import clock
from app.domain import committees
from app.domain.committee_files import FLAGS, LEVELS
from app.domain.notice_content import Content, content, digest_of, written
from app.domain.notices import latest, manifest_digest, record_changes, store_resources
from app.domain.package_files import plain
from app.domain.parameter_entries import fault_of
from app.domain.parameter_values import WINDOWS
from app.domain.parameters import deadlines_resting_on
from app.errors import Problem, Refused
from app.models.declaration import Declaration
from app.models.notice import Committee, NoticeVersion, ParameterChange
from app.models.process import ProcessInstance
from app.models.recommendation import UnitBatch

KEEP_OLD = (
    "nobody",
    "started",
    "submitted",
)  # stay: instances begun, or declarations submitted, before it takes effect
_COLUMNS = ("name", "levels", "series", "specialties", "address", "session", "flags", "note", "clause", "parameters")


@dataclass(frozen=True)
class Changes:
    """What a supplementary notice changes, each by key; None as an entry takes it away.

    `parameters` entries as in a package; `texts`; `decisions` {file name: content}; `committees` {no: {column or window
    name: value}}, a window as {from, to} in printed form. `diagrams` and `forms` are only here to be refused.
    """

    parameters: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)
    texts: Mapping[str, str | None] = field(default_factory=dict)
    decisions: Mapping[str, bytes] = field(default_factory=dict)
    committees: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    diagrams: Mapping[str, bytes] = field(default_factory=dict)
    forms: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Amendment:
    """A supplementary notice: its 文号, what it rests on, why, from when, and who stays under the old rules."""

    number: str
    legal_basis: str
    reason: str
    changes: Changes
    effective_at: datetime | None = None
    keep_old: str = "nobody"


@dataclass(frozen=True)
class Amended:
    """The new version, the parameters it changes (with every deadline that rests on one), and who was moved."""

    version: NoticeVersion
    changed: frozenset[str]
    moved: int


def amend(session: Session, notice_key: str, amendment: Amendment, *, by: int | None) -> Amended:
    """Publish a changed version; if it is in force already, move the running instances to it by one statement.

    An amendment that takes effect later moves nobody until `take_effect` is called. Raises Refused for a change of a
    diagram or form (those go by migration), an unknown key, a wrong value or missing number, basis or reason.
    """
    previous = latest(session, notice_key)
    said = content(session, previous.id)
    now = clock.now(session)
    effective_at = amendment.effective_at or now
    _refuse(said, amendment, effective_at, previous)
    body = _body(session, previous, said, amendment.changes, now)
    parent = said.parent.digest if said.parent else None
    version = NoticeVersion(
        notice_id=previous.notice_id,
        ordinal=previous.ordinal + 1,
        number=amendment.number,
        parent_version_id=previous.parent_version_id,
        published_at=now,
        published_by=by,
        effective_at=effective_at,
        note=amendment.reason,
        digest=digest_of(body, parent),
        bundle_digest=manifest_digest(body["manifest"]),
        body=body,
        amends=previous.id,
        legal_basis=amendment.legal_basis,
        keeps_old=amendment.keep_old,
    )
    written(session)
    session.add(version)
    session.flush()
    changed = _record(session, version, said, amendment.changes)
    moved = _move(session, version, now) if effective_at <= now else 0
    return Amended(version, changed, moved)


def take_effect(session: Session) -> list[Amended]:
    """Move instances under every amendment whose time has come; gives what to recompute, in order."""
    now = clock.now(session)
    waiting = session.scalars(
        select(NoticeVersion)
        .where(NoticeVersion.took_effect_at.is_(None), NoticeVersion.effective_at <= now)
        .order_by(NoticeVersion.effective_at, NoticeVersion.id)
    ).all()
    return [Amended(version, _changed_keys(session, version), _move(session, version, now)) for version in waiting]


def _refuse(said: Content, amendment: Amendment, effective_at: datetime, previous: NoticeVersion) -> None:
    changes = amendment.changes
    problems = _formal_problems(amendment, effective_at, previous) + _resource_problems(said, changes)
    for key, entry in changes.parameters.items():
        problems += _entry_problems(said, f"parameters.{key}", key, entry)
    for no, columns in changes.committees.items():
        problems += _committee_problems(said, no, columns)
    if problems:
        raise Refused(*problems)


def _formal_problems(amendment: Amendment, effective_at: datetime, previous: NoticeVersion) -> list[Problem]:
    problems = []
    for name, words in (("number", "文号"), ("legal_basis", "依据"), ("reason", "事由")):
        if not getattr(amendment, name).strip():
            problems.append(Problem("missing", f"请填写补充通知的{words}。", field=name))
    if effective_at < previous.effective_at:
        message = f"生效时间不能早于所修改的版本（{previous.number}）的生效时间。"
        problems.append(Problem("too_early", message, field="effective_at"))
    if amendment.keep_old not in KEEP_OLD:
        problems.append(Problem("keep_old", "请选择哪些事项仍按原规定办理。", field="keep_old"))
    return problems


def _resource_problems(said: Content, changes: Changes) -> list[Problem]:
    problems = []
    for kind, words in (("diagrams", "流程图"), ("forms", "表单")):
        for key in getattr(changes, kind):
            message = f"“{key}”是{words}，不能由补充通知直接修改，请按流程迁移办理。"
            problems.append(Problem("needs_migration", message, field=f"{kind}.{key}"))
    for key in sorted(set(changes.decisions) - set(said.manifest["decisions"])):
        problems.append(Problem("unknown", f"本通知没有决策表“{key}”。", field=f"decisions.{key}"))
    return problems


def _entry_problems(said: Content, place: str, key: str, entry: Mapping[str, Any] | None) -> list[Problem]:
    if key not in said.vocabulary:
        return [Problem("unknown", f"没有名为“{key}”的参数。", field=place)]
    fault = fault_of(said.vocabulary[key], entry) if entry is not None else None
    if fault is None:
        return []
    return [Problem("invalid", f"“{said.vocabulary[key].meaning}”的 {fault[0]}：{fault[1]}。", field=place)]


def _committee_problems(said: Content, no: int, columns: Mapping[str, Any]) -> list[Problem]:
    place = f"committees.{no}"
    if str(no) not in said.committees:
        return [Problem("unknown", f"本通知没有第{no}号评委会。", field=place)]
    problems = []
    for name, value in columns.items():
        if name in WINDOWS:
            entry = None if value is None else {"value": value, "clause": "—"}
            problems += _entry_problems(said, f"{place}.{name}", WINDOWS[name], entry)
        elif name not in _COLUMNS:
            problems.append(Problem("unknown", f"评委会没有“{name}”这一项。", field=f"{place}.{name}"))
        elif (name == "levels" and set(value) - set(LEVELS)) or (name == "flags" and set(value) - set(FLAGS)):
            problems.append(Problem("invalid", f"评委会的“{name}”含有不认识的值。", field=f"{place}.{name}"))
    for key, entry in columns.get("parameters", {}).items():
        problems += _entry_problems(said, f"{place}.parameters.{key}", key, entry)
    return problems


def _body(session: Session, previous: NoticeVersion, said: Content, changes: Changes, now: datetime) -> dict[str, Any]:
    body = dict(previous.body)
    body["parameters"] = _changed(body["parameters"], plain(changes.parameters))
    body["texts"] = _changed(body["texts"], changes.texts)
    tables = store_resources(session, {"decisions": changes.decisions})["decisions"]
    body["manifest"] = {**body["manifest"], "decisions": {**body["manifest"]["decisions"], **tables}}
    body["own"] = {**body["own"], "decisions": sorted({*body["own"]["decisions"], *tables})}
    rows = {str(no): _revise(session, said.committees[str(no)], each, now) for no, each in changes.committees.items()}
    body["committees"] = {**body["committees"], **rows}
    return body


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


def _record(session: Session, version: NoticeVersion, said: Content, changes: Changes) -> frozenset[str]:
    """The log of what changed; committee windows are logged under their parameter's key, in printed form."""
    new = content(session, version.id)
    record_changes(session, version, said.parameters, new.parameters)
    for no in changes.committees:
        before, after = (_entries(session, each.committees[str(no)]) for each in (said, new))
        record_changes(session, version, before, after, committee_no=no)
    return _changed_keys(session, version)


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
