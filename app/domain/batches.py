"""Unit batches: the names one body recommends together under one notice (R-123, R-124, R-126)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app import ahead, clock
from app.domain import declarations, document_numbers, levels, messages, organisations, required, routes, terms
from app.errors import ConfigurationError, NotFound, Problem, Refused
from app.models.declaration import Declaration
from app.models.people import Organisation, Person
from app.models.recommendation import COLLECTING, BatchEntry, Objection, Publicity, UnitBatch
from app.rows import adopt, met

PROCESS = "unit_recommendation"
_UNRANKED = 1_000_000
ROLES = {"unit": "unit_clerk", "agency": "agency"}  # who works for the level that recommends

_READ = "batch_lines"  # in session.info, see `lines`
_BATCH, _ENTRY, _DECLARATION, _PERSON = (
    model.metadata.tables[model.__tablename__] for model in (UnitBatch, BatchEntry, Declaration, Person)
)
LINES = (
    select(_ENTRY, _DECLARATION, _PERSON.c.name)
    .join(_DECLARATION, _DECLARATION.c.id == _ENTRY.c.declaration_id)
    .join(_PERSON, _PERSON.c.id == _DECLARATION.c.person_id)
    .where(_ENTRY.c.batch_id == bindparam("batch"))
)
OPEN_OBJECTIONS = (
    select(func.count(Objection.id))
    .join(Publicity, Publicity.id == Objection.publicity_id)
    .where(Publicity.batch_id == bindparam("batch"), Objection.status == "open")
)
# Begins the collecting batch or adds a name to it. Whoever joins holds the batch until he is done: it cannot lose its
# last name meanwhile and be closed (see `declarations.end`), nor be ranked without him.
_JOIN = {
    name: insert(_BATCH)
    .on_conflict_do_update(
        index_elements=["organisation_id", "notice_key", "role"],
        index_where=COLLECTING,
        set_={"names": _BATCH.c.names + 1},
    )
    .returning(_BATCH)
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


@dataclass(frozen=True)
class Line:
    """One name of a batch as lists show it."""

    entry: BatchEntry
    declaration: Declaration
    applicant: str


def get(session: Session, batch_id: int | None) -> UnitBatch:
    return required.row(session, UnitBatch, batch_id, "没有找到该单位推荐批次。")


def several(session: Session, ids: Iterable[int]) -> dict[int, UnitBatch]:
    """Id → batch; at most one statement."""
    loaded = {each: session.identity_map.get((UnitBatch, (each,), None)) for each in set(ids)}
    known = {each: batch for each, batch in loaded.items() if batch is not None}
    missing = loaded.keys() - known.keys()
    rows = session.scalars(select(UnitBatch).where(UnitBatch.id.in_(missing))) if missing else ()
    return known | {batch.id: batch for batch in rows}


def join(session: Session, declaration: Declaration) -> UnitBatch:
    """Put the name into the collecting batch of the body that recommends it; where there is none, one is started."""
    recommender = declaration.route.get("recommender") or "unit"
    if recommender not in ROLES:
        raise ConfigurationError(f"申报渠道表中的推荐单位“{recommender}”不能办理单位推荐。")
    body = organisations.resolve(session, levels.body(declaration, recommender))
    batch = _collecting(session, declaration, body.id, ROLES[recommender])
    session.add(BatchEntry(batch_id=batch.id, declaration_id=declaration.id, joined_at=clock.now(session)))
    declaration.batch_id = batch.id
    session.info.get(_READ, {}).pop(batch.id, None)
    ahead.drop(session, LINES)
    return batch


def lines(session: Session, batch_id: int) -> list[Line]:
    """The names still in the batch or gone up from it, in the unit's ranking, then as they joined.

    Read once in a transaction, which sees its own changes to the entries.
    """
    read: dict[int, list[Line]] = session.info.setdefault(_READ, {})
    if batch_id not in read:
        about = {"batch": batch_id}
        rows, meet = ahead.taken(session, LINES, about), met
        if rows is None:
            session.flush()
            rows, meet = session.connection().execute(LINES, about).all(), adopt
        found = ((meet(session, row, BatchEntry, Declaration), row[-1]) for row in rows)
        read[batch_id] = [Line(entry, declaration, applicant) for (entry, declaration), applicant in found]
    staying = [line for line in read[batch_id] if line.entry.left_at is None]
    return sorted(staying, key=lambda line: (line.entry.position or _UNRANKED, line.entry.id))


def decide_merit(session: Session, batch: UnitBatch, ranking: Sequence[Mapping[str, Any]]) -> None:
    """择优: rows {_id: declaration id, recommend: yes|no, rank, reason} (R-123).

    A name that is not recommended needs a reason and is told; a name that the ranking leaves out waits for the unit's
    next batch. Refused for an unknown name and for a missing reason.
    """
    names = lines(session, batch.id)
    open_entries = {str(line.declaration.id): line for line in names if line.entry.gone_up_at is None}
    _check_ranking(ranking, open_entries)
    for row in ranking:
        entry = open_entries.pop(str(row["_id"])).entry
        entry.recommended, entry.reason, entry.position = row["recommend"] == "yes", row.get("reason"), row.get("rank")
    batch.ranking = [dict(row) for row in ranking]
    batch.phase = "decided"
    _dismiss(session, batch, names)
    if not any(_is_going_up(line.entry) for line in names):
        batch.phase = "closed"
    postpone(session, open_entries.values())


def live_count(session: Session, batch_id: int) -> int:
    """Names recommended that are still in the batch, held ones included, gone ones not."""
    return sum(_is_going_up(line.entry) for line in lines(session, batch_id))


def recommend(session: Session, batch: UnitBatch, confirmed: int | None = None) -> int:
    """推荐上报: every recommended name without an open objection goes up and is told; returns how many (R-126).

    Refused where the number the unit confirmed is another (somebody objected meanwhile).
    """
    now = clock.now(session)
    names = lines(session, batch.id)
    ready = [line for line in names if line.entry.recommended and _may_go(line.entry)]
    if confirmed is not None and confirmed != len(ready):
        message = f"本批现可推荐上报{len(ready)}人，您确认的为{confirmed}人，请核对名单后再办。"
        raise Refused(Problem("count", message, "confirmed_count"))
    for line in ready:
        line.entry.gone_up_at = now
        declarations.tell(session, line.declaration, "recommended", sender_id=batch.instance_id)
    if not any(_is_going_up(line.entry) for line in names):
        batch.phase = "submitted"
    if ready and batch.number is None:
        own = organisations.get(session, batch.organisation_id)
        batch.number = document_numbers.issue(session, own, "recommendation", batch.notice_version_id)
    batch.submitted_at = batch.submitted_at or now
    return len(ready)


def ready_count(session: Session, batch_id: int) -> int:
    """Recommended names still to go up whose objections are all cleared."""
    return sum(_is_going_up(line.entry) and not line.entry.held for line in lines(session, batch_id))


def ready_applicants(session: Session, batch_id: int) -> dict[int, int]:
    """Person → declaration of the recommended names still to go up without an open objection."""
    ready = (line for line in lines(session, batch_id) if _is_going_up(line.entry) and not line.entry.held)
    return {line.declaration.person_id: line.declaration.id for line in ready}


def open_objection_count(session: Session, batch_id: int) -> int:
    return int(ahead.answered(session, OPEN_OBJECTIONS, {"batch": batch_id})[0][0])


def superior_body(session: Session, batch: UnitBatch) -> Organisation:
    """The body named as second channel: the superior department, else the next body of a name's route (G2).

    Where a route has no other body at all (self-review), it is whoever convenes the committee.
    """
    names = [line.declaration for line in lines(session, batch.id)]
    departments = [levels.body(name, "department") for name in names if levels.has_body(name, "department")]
    if departments:
        return organisations.resolve(session, departments[0])
    own = organisations.get(session, batch.organisation_id)
    if own.parent_id is not None:
        return organisations.get(session, own.parent_id)
    for name in names:
        for level in routes.LEVEL_NAMES:
            if levels.has_body(name, level) and levels.body(name, level) != batch.organisation_id:
                return organisations.resolve(session, levels.body(name, level))
        return terms.convening_organisation(session, name)
    raise NotFound("本批没有待推荐的人员。")


def entry_of(session: Session, declaration_id: int) -> BatchEntry | None:
    """The declaration's place in the batch it is in now."""
    wanted = select(BatchEntry).where(BatchEntry.declaration_id == declaration_id, BatchEntry.left_at.is_(None))
    return session.scalar(wanted.order_by(BatchEntry.id.desc()).limit(1))


def tell(session: Session, batch: UnitBatch, name: str, payload: Mapping[str, Any], sender_id: int | None) -> None:
    """A message to the batch's own instance."""
    if batch.instance_id is None:
        raise ConfigurationError(f"单位推荐批次 {batch.id} 尚无办理中的流程，不能通知它“{name}”。")
    messages.post(session, name, receiver_id=batch.instance_id, payload=payload, sender_id=sender_id)


def _collecting(session: Session, declaration: Declaration, organisation_id: int, role: str) -> UnitBatch:
    """The batch that the name joins; the first one asks for the batch's instance."""
    values = {
        "organisation_id": organisation_id,
        "notice_key": declaration.notice_key,
        "role": role,
        "notice_version_id": declaration.notice_version_id,
        "phase": "collecting",
        "ranking": [],
        "granted": [],
        "names": 1,
        "created_at": clock.now(session),
    }
    # what is pending of the declaration is written once, at the end
    row = session.connection().execute(_JOIN[session.get_bind().dialect.name], values).one()
    batch: UnitBatch = adopt(session, row, UnitBatch)[0]
    if batch.names == 1:
        messages.post_start(
            session,
            PROCESS,
            notice_version_id=batch.notice_version_id,
            subject={"batch_id": batch.id},
            sender_id=declaration.instance_id,
        )
    return batch


def _check_ranking(ranking: Sequence[Mapping[str, Any]], known: Mapping[str, Line]) -> None:
    problems, seen = [], set()
    for number, row in enumerate(ranking):
        if str(row["_id"]) not in known or row["_id"] in seen:
            message = f"第{number + 1}行不在本批待推荐的名单中，请刷新名单后再办。"
            problems.append(Problem("not_in_batch", message, f"declarations.{number}"))
        elif row.get("recommend") != "yes" and not str(row.get("reason") or "").strip():
            message = f"第{number + 1}行不予推荐，请填写理由。"
            problems.append(Problem("missing", message, f"declarations.{number}.reason", "R-122；R-123"))
        seen.add(row["_id"])
    if problems:
        raise Refused(*problems)


def _dismiss(session: Session, batch: UnitBatch, names: Iterable[Line]) -> None:
    """Tell the names that are not recommended, once."""
    now = clock.now(session)
    for line in names:
        if line.entry.recommended is False:
            line.entry.left_at = now
            declarations.tell(
                session,
                line.declaration,
                "not_recommended",
                {"reason": line.entry.reason},
                sender_id=batch.instance_id,
            )


def postpone(session: Session, left_out: Iterable[Line]) -> None:
    """Names that joined after the ranking was made, or were left for later, go into the next batch."""
    waiting = list(left_out)
    if not waiting:
        return
    ids = [line.entry.id for line in waiting]
    session.execute(
        update(BatchEntry).where(BatchEntry.id.in_(ids)).values(left_at=clock.now(session)),
        execution_options={"synchronize_session": "fetch"},
    )
    for line in waiting:
        join(session, line.declaration)


def _is_going_up(entry: BatchEntry) -> bool:
    """Recommended, still in the batch and not yet gone up."""
    return entry.left_at is None and entry.recommended is True and entry.gone_up_at is None


def _may_go(entry: BatchEntry) -> bool:
    return entry.gone_up_at is None and not entry.held
