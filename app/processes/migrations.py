"""Migration of many running instances to another version of their notice: planned with a preview, carried on, undone.

Each instance crosses in a transaction of its own, so that a process that dies in the middle leaves every one on the one
side or on the other; the rows are the run's memory, and the tick goes on with the rest (D18a).
"""

from dataclasses import dataclass

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.orm import Session

from app import clock
from app.db import Base, Database
from app.domain.notice_content import content
from app.errors import AppError, Conflict, DiagramFault, NotFound, Problem, Refused
from app.models.migration import Migration, MigrationItem
from app.models.notice import NoticeVersion
from app.models.process import ProcessInstance
from app.processes import bundles, crossing, work

OUTCOMES = {"pending": "待移入", "moved": "已移入", "refused": "不能移入", "skipped": "未移入", "undone": "已撤销"}
STATES = {"planned": "待确认", "running": "正在移动", "ended": "已完成", "undone": "已撤销"}
AT_ONCE = 25  # instances of one round
STOPPED = "已停止，未移入。"
WORKED_ON = "移入后已继续办理，不能撤销。"
_ITEM = Base.metadata.tables["migration_item"]


@dataclass(frozen=True)
class Group:
    """Instances of one process at one place with one outcome and reason."""

    process: str
    place: str
    outcome: str
    reason: str
    count: int


@dataclass(frozen=True)
class Counted:
    """A migration and how far it is: `state` planned, running, ended or undone; `counts` outcome → how many."""

    migration: Migration
    state: str
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Sheet(Counted):
    """A migration as its own page shows it."""

    groups: list[Group]


def plan(session: Session, version_id: int, *, reason: str, by: int | None) -> Migration:
    """All running instances of the notice that are on other versions, each with what keeps it where it is.

    Nothing moves yet. Refused without a reason, and where there is nothing to move.
    """
    if not reason.strip():
        raise Refused(Problem("missing", "请填写移到新版本的理由。", "reason"))
    found = session.scalars(_running(session, version_id)).all()
    if not found:
        raise Refused(Problem("nothing", "没有在其他版本上办理的实例，不需要移动。"))
    made = Migration(notice_version_id=version_id, person_id=by, reason=reason.strip(), planned_at=clock.now(session))
    session.add(made)
    session.flush()
    rows = [_planned(session, made, instance) for instance in found]
    session.execute(insert(_ITEM), rows)
    return made


def get(session: Session, migration_id: int) -> Migration:
    found = session.get(Migration, migration_id)
    if found is None:
        raise NotFound("没有找到这次版本移动。")
    return found


def of_version(session: Session, version_id: int) -> list[Counted]:
    """The version's migrations, the latest first."""
    wanted = select(Migration).where(Migration.notice_version_id == version_id).order_by(Migration.id.desc())
    rows = session.execute(
        select(MigrationItem.migration_id, MigrationItem.outcome, func.count(MigrationItem.id))
        .join(Migration, Migration.id == MigrationItem.migration_id)
        .where(Migration.notice_version_id == version_id)
        .group_by(MigrationItem.migration_id, MigrationItem.outcome)
    )
    found = {(migration_id, outcome): count for migration_id, outcome, count in rows}
    return [
        Counted(made, _state(made), {each: found.get((made.id, each), 0) for each in OUTCOMES})
        for made in session.scalars(wanted)
    ]


def sheet(session: Session, migration_id: int) -> Sheet:
    """Three statements, however many instances."""
    made = get(session, migration_id)
    alike = (ProcessInstance.process_key, MigrationItem.place, MigrationItem.outcome, MigrationItem.reason)
    rows = session.execute(
        select(*alike, func.count(MigrationItem.id))
        .join(ProcessInstance, ProcessInstance.id == MigrationItem.instance_id)
        .where(MigrationItem.migration_id == migration_id)
        .group_by(*alike)
        .order_by(ProcessInstance.process_key, MigrationItem.place, MigrationItem.outcome)
    ).all()
    names = bundles.of_version(session, made.notice_version_id).definitions.names
    groups = [Group(names.get(key, key), place, outcome, why or "", count) for key, place, outcome, why, count in rows]
    counts = {each: sum(group.count for group in groups if group.outcome == each) for each in OUTCOMES}
    return Sheet(made, _state(made), counts, groups)


def elsewhere(session: Session, version_id: int) -> int:
    """How many instances run on the notice's other versions."""
    return (
        session.scalar(select(func.count()).select_from(_running(session, version_id).order_by(None).subquery())) or 0
    )


def items(session: Session, migration_id: int, outcome: str, limit: int) -> list[tuple[MigrationItem, int | None]]:
    """The instances of one outcome with their declarations, for the page's list."""
    rows = session.execute(
        select(MigrationItem, ProcessInstance.declaration_id)
        .join(ProcessInstance, ProcessInstance.id == MigrationItem.instance_id)
        .where(MigrationItem.migration_id == migration_id, MigrationItem.outcome == outcome)
        .order_by(MigrationItem.id)
        .limit(limit)
    )
    return [(item, declaration_id) for item, declaration_id in rows]


def start(session: Session, migration_id: int) -> None:
    """The list and its counts have been looked at: the tick moves them from now on."""
    made = get(session, migration_id)
    if made.ended_at is not None:
        raise Conflict("本次移动已经结束。")
    made.started_at = made.started_at or clock.now(session)


def stop(session: Session, migration_id: int) -> None:
    """Leave where they are those not moved yet."""
    made = get(session, migration_id)
    pending = (MigrationItem.migration_id == migration_id) & (MigrationItem.outcome == "pending")
    wanted = update(MigrationItem).where(pending).values(outcome="skipped", reason=STOPPED)
    session.execute(wanted.execution_options(synchronize_session=False))
    made.ended_at = made.ended_at or clock.now(session)


def take_up(database: Database) -> int:
    """Go on with the migrations that have been started; returns how many instances were dealt with."""
    with database.reading() as session:
        under_way = (Migration.started_at.is_not(None)) & Migration.ended_at.is_(None)
        started = session.scalar(select(Migration.id).where(under_way).order_by(Migration.id).limit(1))
        if started is None:
            return 0
        pending = (MigrationItem.migration_id == started) & (MigrationItem.outcome == "pending")
        waiting = list(
            session.scalars(select(MigrationItem.id).where(pending).order_by(MigrationItem.id).limit(AT_ONCE))
        )
    for item_id in waiting:
        _move(database, item_id)
    if len(waiting) < AT_ONCE:
        with database.transaction() as session:
            get(session, started).ended_at = clock.now(session)
    return len(waiting)


def undo(database: Database, migration_id: int, by: int | None) -> int:
    """Put back whoever nobody has worked on since; the others stay and say so. Returns how many went back."""
    with database.transaction() as session:
        stop(session, migration_id)
        get(session, migration_id).undone_at = clock.now(session)
        moved = (MigrationItem.migration_id == migration_id) & (MigrationItem.outcome == "moved")
        ids = list(session.scalars(select(MigrationItem.id).where(moved).order_by(MigrationItem.id)))
    return sum(_put_back(database, item_id, by) for item_id in ids)


def _running(session: Session, version_id: int) -> Select[ProcessInstance]:
    notice = select(NoticeVersion.notice_id).where(NoticeVersion.id == version_id).scalar_subquery()
    others = select(NoticeVersion.id).where(NoticeVersion.notice_id == notice, NoticeVersion.id != version_id)
    content(session, version_id)  # NotFound for a version that is none
    running = select(ProcessInstance).where(ProcessInstance.status != "ended")
    return running.where(ProcessInstance.notice_version_id.in_(others)).order_by(ProcessInstance.id)


def _planned(session: Session, made: Migration, instance: ProcessInstance) -> dict[str, object]:
    found = crossing.obstacles(session, instance, made.notice_version_id)
    return {
        "migration_id": made.id,
        "instance_id": instance.id,
        "place": crossing.place(session, instance),
        "outcome": "refused" if found else "pending",
        "reason": f"{'；'.join(found)}。" if found else None,
    }


def _move(database: Database, item_id: int) -> None:
    """One instance in its own transaction, its outcome in the same; a refusal is written down in the next."""
    try:
        with database.transaction() as session:
            item = session.get_one(MigrationItem, item_id)
            instance = work.locked(session, item.instance_id)  # the instance first, as everywhere
            item = session.get_one(MigrationItem, item_id, with_for_update=True, populate_existing=True)
            if item.outcome != "pending":
                return
            made, state = get(session, item.migration_id), instance.state
            item.before = crossing.cross(
                session, instance, made.notice_version_id, reason=made.reason, by=made.person_id
            )
            item.state, item.after = state, instance.version
            item.outcome, item.ended_at = "moved", clock.now(session)
    except DiagramFault as fault:
        _note(database, item_id, "refused", str(fault))
    except AppError as error:
        outcome = "skipped" if isinstance(error, Conflict | NotFound) else "refused"
        _note(database, item_id, outcome, error.message)


def _put_back(database: Database, item_id: int, by: int | None) -> bool:
    with database.transaction() as session:
        item = session.get_one(MigrationItem, item_id)
        instance = work.locked(session, item.instance_id)
        item = session.get_one(MigrationItem, item_id, with_for_update=True, populate_existing=True)
        if item.outcome != "moved":
            return False
        if instance.version != item.after or instance.status == "ended":
            item.reason = WORKED_ON
            return False
        assert item.state is not None
        assert item.before is not None
        crossing.back(session, instance, item.state, item.before, by)
        item.outcome, item.state, item.before = "undone", None, None
        return True


def _note(database: Database, item_id: int, outcome: str, reason: str) -> None:
    with database.transaction() as session:
        item = session.get_one(MigrationItem, item_id)
        if item.outcome == "pending":
            item.outcome, item.reason, item.ended_at = outcome, reason, clock.now(session)


def _state(made: Migration) -> str:
    if made.undone_at is not None:
        return "undone"
    return "ended" if made.ended_at else "running" if made.started_at else "planned"
