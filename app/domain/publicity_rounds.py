"""The rounds of a batch's publicity: the one that counts, those before it, and how one ends to be shown anew.

Who objected to what was shown must have had the whole period for it. So whatever changes in what is shown ends the
round, and the next one counts all its working days (R-124). What was shown stays as evidence. A name that is struck or
withdraws changes nothing for the others.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from app import ahead, clock
from app.domain import batches, declarations
from app.domain.offices import Actor
from app.errors import NotFound, Problem, Refused
from app.models.declaration import Declaration
from app.models.process import Deadline
from app.models.recommendation import Publicity, UnitBatch
from app.rows import adopt, met, touch

CHANGED, CORRECT = "publicity_changed", "publicity_correction"  # messages to the batch, and to each name to be mended

RULE = "unit_publicity"  # the parameter that holds how long a unit publicises
_READ = "publicity_rounds"  # in session.info, see `last`
_PUBLICITY, _DEADLINE, _BATCH = (
    model.metadata.tables[model.__tablename__] for model in (Publicity, Deadline, UnitBatch)
)
NEWEST = (
    select(_PUBLICITY, _DEADLINE)
    .join(_BATCH, _BATCH.c.id == _PUBLICITY.c.batch_id)
    .outerjoin(
        _DEADLINE,
        and_(
            _DEADLINE.c.instance_id == _BATCH.c.instance_id,
            _DEADLINE.c.rule == RULE,
            _DEADLINE.c.starts_at == _PUBLICITY.c.starts_at,
        ),
    )
    .where(_PUBLICITY.c.batch_id == bindparam("batch"))
    .order_by(_PUBLICITY.c.round.desc(), _DEADLINE.c.id.desc())
    .limit(1)
)
Round = tuple[Publicity | None, Deadline | None]  # a round, and the deadline that its diagram announced for it


def of_batch(session: Session, batch_id: int) -> Publicity:
    """The round that counts, closed or not; NotFound before the first and between two."""
    found = present(session, batch_id)
    if found is None:
        raise NotFound("本批没有正在进行的公示。")
    return found


def present(session: Session, batch_id: int) -> Publicity | None:
    """The round that counts, closed or not; None before the first and between two."""
    found = last(session, batch_id)
    return found if found is not None and found.superseded_at is None else None


def last(session: Session, batch_id: int) -> Publicity | None:
    """The newest round, also when it was superseded and the next has not begun; read once in a transaction."""
    read: dict[int, Round] = session.info.setdefault(_READ, {})
    if batch_id not in read:
        about = {"batch": batch_id}
        rows, meet = ahead.taken(session, NEWEST, about), met
        if rows is None:
            session.flush()
            rows, meet = session.connection().execute(NEWEST, about).all(), adopt
        newest, deadline = meet(session, rows[0], Publicity, Deadline) if rows else (None, None)
        read[batch_id] = newest, deadline
    return read[batch_id][0]


def is_read(session: Session, shown: Publicity) -> bool:
    """Whether `announced` knows the round: it was read, or begun, in this transaction."""
    return shown is session.info.get(_READ, {}).get(shown.batch_id, (None, None))[0]


def announced(session: Session, shown: Publicity) -> Deadline | None:
    """The deadline that its diagram had made for a round when it was read; none for one that begins."""
    deadline: Deadline | None = session.info[_READ][shown.batch_id][1]
    return deadline


def add(session: Session, shown: Publicity) -> None:
    """A round that begins; from now on it is the newest."""
    session.add(shown)
    session.info.setdefault(_READ, {})[shown.batch_id] = (shown, None)


def all_of(session: Session, batch_id: int) -> Sequence[Publicity]:
    """Every round, the first one first."""
    return session.scalars(select(Publicity).where(Publicity.batch_id == batch_id).order_by(Publicity.round)).all()


def supersede(session: Session, batch: UnitBatch, actor: Actor, reason: str, names: Iterable[int]) -> Publicity:
    """End the running round; `names` (ids of declarations) are checked again before the next may begin.

    The batch and each of those names get their message. Refused without a reason, for a name that is not publicised
    and when nothing is publicised any more.
    """
    shown = present(session, batch.id)
    if shown is None or shown.closed_at is not None:
        raise Refused(Problem("not_publicised", "本批没有正在进行的公示，不能更正公示内容。请刷新后再看。"))
    if not reason.strip():
        raise Refused(Problem("missing", "请写明公示内容为什么变动、如何变动。", "reason"))
    staying = [line for line in batches.lines(session, batch.id) if line.entry.recommended]
    wanted = set(names)
    if not wanted <= {line.declaration.id for line in staying}:
        raise Refused(Problem("not_in_publicity", "所选人员已不在本次公示名单中，请刷新名单后再办。", "names"))
    touch(session, batch)
    shown.superseded_at, shown.superseded_by = clock.now(session), actor.person_id
    shown.superseded_reason = reason.strip()
    declarations.set_status_of(session, [line.declaration.id for line in staying], "UNIT_CHECKED")
    for line in staying:
        if line.declaration.id in wanted:
            line.entry.correcting = True
            declarations.tell(session, line.declaration, CORRECT, sender_id=batch.instance_id)
    batches.tell(session, batch, CHANGED, {"publicity_id": shown.id}, None)
    return shown


def rejoin(session: Session, declaration: Declaration) -> None:
    """The name was checked again and waits with its batch for the next round."""
    entry = batches.entry_of(session, declaration.id)
    if entry is not None:
        entry.correcting = False
    declarations.set_status(session, declaration, "UNIT_CHECKED")


def require_begin(session: Session, batch: UnitBatch) -> Publicity | None:
    """The round before, if there was one; Refused while one of its names is still being checked again."""
    open_names = [line.applicant for line in batches.lines(session, batch.id) if line.entry.correcting]
    if open_names:
        message = f"{'、'.join(open_names)}的申报材料正在更正，单位重新审核通过后才能重新公示。"
        raise Refused(Problem("correcting", message, None, "R-124；R-140"))
    return last(session, batch.id)
