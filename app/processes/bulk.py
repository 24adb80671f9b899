"""批量办理: one person completes many tasks together, each in a transaction of its own with an outcome of its own.

A run is planned (its page lists what would be done and what is left out and why), then started, then carried on item by
item. Its rows are its memory: whoever comes back to it sees what was done and goes on with the rest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import dictionaries
from app.errors import AppError, Conflict, NotAllowed, NotFound, Problem, Refused
from app.models.declaration import Declaration
from app.models.desk import BulkItem, BulkRun
from app.models.people import Organisation, Person
from app.models.process import ProcessInstance, Task
from app.processes import bundles, history, incidents, returns, tasks
from app.processes.tasks import Actor

OUTCOMES = {"pending": "待办理", "done": "已办理", "refused": "未办成", "skipped": "已跳过"}
STOPPED = "经办人停止了本次批量办理。"
TAKEN = "列入名单后已由{}认领或者转由其办理。"
TO_BE_SIGNED = "已提交，待加签人员同意后生效。"
COMPLETE, RETURN = "complete", "return"
AT_ONCE = 5  # items carried on with before the page hears of it


@dataclass(frozen=True)
class Line:
    """One item as the run's page shows it; `said` is what the applicant or the record will read."""

    task_id: int
    applicant: str
    title: str
    task: str
    decision: str
    said: tuple[str, ...]
    outcome: str
    reason: str


@dataclass(frozen=True)
class Sheet:
    """A run with its lines: `state` planned, running or ended; `counts` outcome → how many."""

    run: BulkRun
    state: str
    lines: list[Line]
    counts: dict[str, int]

    @property
    def acted(self) -> int:
        return len(self.lines) - self.counts["pending"]


def plan(
    session: Session,
    actor: Actor,
    place: tuple[str, str],
    wanted: Mapping[int, Mapping[str, Any]],
    left_out: Mapping[int, str],
    verb: str = COMPLETE,
) -> BulkRun:
    """A run at `place` (level, notice key; 待办 has neither) of task id → values; `left_out`: task id → why it stays.

    The values are those of its form, or (`RETURN`) where to and why. Refused where nothing is wanted.
    """
    if not wanted:
        raise Refused(Problem("nothing", _nothing(place, left_out)))
    level, notice_key = place
    run = BulkRun(person_id=actor.person_id, notice_key=notice_key, level=level, verb=verb)
    run.planned_at = clock.now(session)
    session.add(run)
    session.flush()
    session.add_all(BulkItem(run_id=run.id, task_id=task, values=dict(values)) for task, values in wanted.items())
    session.flush()
    session.add_all(
        BulkItem(run_id=run.id, task_id=task, values={}, outcome="skipped", reason=reason)
        for task, reason in left_out.items()
    )
    session.flush()
    return run


def _nothing(place: tuple[str, str], left_out: Mapping[int, str]) -> str:
    """Of a choice made at 待办 the first reasons are said, since no list of it is to be seen."""
    if place[0]:
        return "没有可以办理的申请书，请先核对或勾选。"
    why = "".join(list(dict.fromkeys(left_out.values()))[:3])
    return f"所选的事项都不能这样一并办理。{why}"


def get(session: Session, run_id: int, person_id: int) -> BulkRun:
    """The person's own run: who examines signs for it, so nobody carries on with another's. NotFound."""
    found = session.get(BulkRun, run_id)
    if found is None or found.person_id != person_id:
        raise NotFound("没有找到您的这次批量办理。")
    return found


def sheet(session: Session, run_id: int, person_id: int) -> Sheet:
    """The run's page; a fixed number of statements."""
    run = get(session, run_id, person_id)
    rows = session.execute(
        select(BulkItem, Task, ProcessInstance.notice_version_id, Declaration.title, Person.name, Organisation.name)
        .join(Task, Task.id == BulkItem.task_id)
        .join(ProcessInstance, ProcessInstance.id == Task.instance_id)
        .outerjoin(Declaration, Declaration.id == Task.declaration_id)
        .outerjoin(Person, Person.id == Declaration.person_id)
        .outerjoin(Organisation, Organisation.id == Task.organisation_id)
        .where(BulkItem.run_id == run_id)
        .order_by(BulkItem.id)
    ).all()
    lines = [_line(session, *row) for row in rows]
    counts = {outcome: sum(line.outcome == outcome for line in lines) for outcome in OUTCOMES}
    return Sheet(run, _state(run), lines, counts)


def start(session: Session, run_id: int, person_id: int) -> None:
    """The person has seen the list and its count and goes on."""
    run = get(session, run_id, person_id)
    if run.ended_at is not None:
        raise Conflict("本次批量办理已经结束。")
    run.started_at = run.started_at or clock.now(session)


def stop(session: Session, run_id: int, person_id: int) -> None:
    """Leave undone what is not done yet."""
    run = get(session, run_id, person_id)
    session.execute(
        update(BulkItem)
        .where(BulkItem.run_id == run_id, BulkItem.outcome == "pending")
        .values(outcome="skipped", reason=STOPPED)
        .execution_options(synchronize_session=False)
    )
    run.ended_at = run.ended_at or clock.now(session)


def carry_on(database: Database, run_id: int, actor: Actor, count: int = AT_ONCE) -> None:
    """Complete the next `count` items of a started run, each for itself; the run ends with its last item."""
    with database.reading() as session:
        run = get(session, run_id, actor.person_id)
        if run.started_at is None:
            raise Refused(Problem("not_started", "请先核对名单并确认办理。"))
        pending = select(BulkItem.id).where(BulkItem.run_id == run_id, BulkItem.outcome == "pending")
        waiting = list(session.scalars(pending.order_by(BulkItem.id).limit(count)))
    for item_id in waiting:
        _act(database, item_id, actor)
    with database.transaction() as session:
        _end_if_over(session, run_id)


def _act(database: Database, item_id: int, actor: Actor) -> None:
    """One item in its own transaction, its outcome in the same; a refusal is written down in the next."""
    with database.reading() as session:
        item = session.get_one(BulkItem, item_id)
        task = session.get_one(Task, item.task_id)
    try:
        incidents.run(
            database, lambda session: _complete(session, item_id, actor), task_id=task.id, instance_id=task.instance_id
        )
    except AppError as error:
        outcome = "skipped" if isinstance(error, Conflict | NotFound) else "refused"
        with database.transaction() as session:
            taken = _taken(session, item_id, actor) if isinstance(error, NotAllowed) else ""
            _note(session, item_id, "skipped" if taken else outcome, taken or error.message)


def _complete(session: Session, item_id: int, actor: Actor) -> None:
    item = session.scalars(select(BulkItem).where(BulkItem.id == item_id).with_for_update()).one()
    if item.outcome != "pending":  # another window of the same person was faster
        return
    if session.get_one(BulkRun, item.run_id).verb == RETURN:
        _give_back(session, item, actor)
    else:
        done = tasks.complete(session, item.task_id, replace(actor, key=f"bulk-{item.id}"), item.values)
        tasks.solved(session, item.task_id)
        item.reason = TO_BE_SIGNED if done.status == "open" else None
    item.outcome, item.ended_at = "done", clock.now(session)


def _give_back(session: Session, item: BulkItem, actor: Actor) -> None:
    tasks.require_open(session, item.task_id)
    said = item.values
    returns.give_back(
        session, item.task_id, actor, said["to"], reason=said["reason"], straight_back=bool(said["straight"])
    )


def _taken(session: Session, item_id: int, actor: Actor) -> str:
    """Who has claimed the item's task since; empty where nobody else has."""
    task = session.get_one(Task, session.get_one(BulkItem, item_id).task_id)
    if task.status != "open" or task.person_id in (None, actor.person_id):
        return ""
    return TAKEN.format(session.get_one(Person, task.person_id).name)


def _note(session: Session, item_id: int, outcome: str, reason: str) -> None:
    item = session.get_one(BulkItem, item_id)
    item.outcome, item.reason, item.ended_at = outcome, reason, clock.now(session)


def _end_if_over(session: Session, run_id: int) -> None:
    waiting = select(func.count(BulkItem.id)).where(BulkItem.run_id == run_id, BulkItem.outcome == "pending")
    run = session.get_one(BulkRun, run_id)
    if run.ended_at is None and not session.scalar(waiting):
        run.ended_at = clock.now(session)


def _state(run: BulkRun) -> str:
    return "ended" if run.ended_at else "running" if run.started_at else "planned"


def _line(session: Session, item: BulkItem, task: Task, *about: Any) -> Line:
    version_id, title, applicant, body = about
    schema = bundles.of_version(session, version_id).schemas.get(task.form_key or "")
    back = f"退回至{item.values['name']}" if "straight" in item.values else ""
    return Line(
        task_id=task.id,
        applicant=applicant or body or "",
        title=dictionaries.label("title", title),
        task=task.name,
        decision=back or history.decision_words(schema, item.values.get("decision")),
        said=tuple(_said(item.values)),
        outcome=item.outcome,
        reason=item.reason or "",
    )


def _said(values: Mapping[str, Any]) -> Iterable[str]:
    """What goes out with the decision: items asked for with their term, else the opinion."""
    if values.get("return_items"):
        yield from (f"{row.get('target')}：{row.get('text')}" for row in values["return_items"])
        yield f"期限{values.get('return_days')}个工作日"
    yield from (str(values[key]) for key in ("opinion", "return_reason", "reason") if values.get(key))
