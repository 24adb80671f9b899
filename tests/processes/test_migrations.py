"""A season's running cases moved to an edited version: previewed, interrupted, gone on with, worked on, undone."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from app import clock
from app.cli import season
from app.cli.scenarios import case, copies
from app.cli.scenarios.values import Filler, Resolver
from app.db import Base, Database
from app.domain import grants, notices, people
from app.domain.packages import read
from app.errors import Refused
from app.models.declaration import Declaration
from app.models.migration import MigrationItem
from app.models.process import Event, ProcessInstance, Task
from app.processes import crossing, migrations, tasks
from app.processes.tasks import Actor
from tests.support import restart

ROOT = Path(__file__).parents[2]
NOTICE = "demo_2023_second"  # under which most of the season's cases run
FOLDER = ROOT / "app" / "cli" / "season" / "notices" / NOTICE
INSTANCES, PLACES = 500, 12
BALLOTS = ("ballot", "participation", "sealed_sheet", "vote", "tally", "paper_count", "seat", "agenda_item")
# what the next edition draws otherwise: the payment's task under another id, the acceptance's under another name
EDITS = {
    "payment.bpmn": (b'"pay"', b'"pay_now"'),
    "acceptance.bpmn": ('name="评委会审核受理"'.encode(), 'name="受理审核"'.encode()),
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder = tmp_path_factory.mktemp("season")
    found = Database(f"sqlite:///{folder / 'season.db'}")
    season.prepare(found, folder / "files")
    with found.transaction() as session:
        running = select(Declaration).join(ProcessInstance, ProcessInstance.id == Declaration.instance_id)
        of_notice = running.where(ProcessInstance.status == "running", Declaration.notice_key == NOTICE)
        originals = session.scalars(of_notice.order_by(Declaration.id)).all()
        for declaration in originals:
            copies.copy(session, declaration, -(-INSTANCES // len(originals)) - 1)
    yield found
    found.dispose()


def publish(session: Session, edits: Mapping[str, tuple[bytes, bytes]] = EDITS) -> int:
    """The notice with some of its diagrams edited; gives the new version."""
    package = read(FOLDER, ROOT)
    diagrams = dict(package.shared["diagrams"])
    for name, (old, new) in edits.items():
        assert old in diagrams[name]
        diagrams[name] = diagrams[name].replace(old, new)
    shared = {**package.shared, "diagrams": diagrams}
    return notices.publish(session, replace(package, shared=shared), by=None, note="改图").id


def rows(session: Session, name: str, *columns: str) -> list[tuple[Any, ...]]:
    table: Table = Base.metadata.tables[name]
    wanted = [table.c[column] for column in columns] if columns else list(table.c)
    return sorted((tuple(row) for row in session.execute(select(*wanted))), key=str)


def kept(session: Session) -> dict[str, Any]:
    """What a migration must leave alone: ballots, deadlines, timers, drafts."""
    drafts = rows(session, "task", "id", "status", "draft", "draft_token", "deadline_id")
    return {**{name: rows(session, name) for name in (*BALLOTS, "deadline")}, "drafts": drafts}


def standing(session: Session) -> dict[int, tuple[int, bytes]]:
    found = session.scalars(select(ProcessInstance).where(ProcessInstance.status != "ended"))
    return {each.id: (each.notice_version_id, each.state) for each in found}


def test_five_hundred_cases_in_a_dozen_places(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.transaction() as session:
        version = publish(session)
        planned = migrations.plan(session, version, reason="完善审核环节", by=None).id
    with database.reading() as session:
        before, was = kept(session), standing(session)
        sheet = migrations.sheet(session, planned)
    places = {(group.process, group.place) for group in sheet.groups}
    assert (sheet.state, sheet.total >= INSTANCES, len(places) >= PLACES) == ("planned", True, True), sheet.groups
    refused = {group.place: group.reason for group in sheet.groups if group.outcome == "refused"}
    assert refused == {"缴纳评审费": "正在办理的“缴纳评审费”在新版本的流程图中已不存在。"}
    assert migrations.take_up(database) == 0, "nothing moves before somebody has looked at the list"

    die_at(monkeypatch, 60)
    with database.transaction() as session:
        migrations.start(session, planned)
    with pytest.raises(KeyboardInterrupt):
        run_to_the_end(database)
    monkeypatch.undo()
    restart.forget_everything()
    again = restart.anew(database)
    with again.reading() as session:
        counts = migrations.sheet(session, planned).counts
        assert (counts["moved"], counts["pending"]) == (59, sheet.counts["pending"] - 59)
    run_to_the_end(again)

    moved = assert_all_went_over(again, planned, version, sheet)
    with again.reading() as session:
        assert kept(session) == before

    worked_on = accept_one(again)
    assert migrations.undo(again, planned, by=None) == moved - 1
    with again.reading() as session:
        now = standing(session)
        assert {key for key in was if now.get(key) != was[key]} == {worked_on}
        assert kept(session)["drafts"] != before["drafts"], "the one that was worked on has gone on"
        item = session.scalars(select(MigrationItem).where(MigrationItem.instance_id == worked_on)).one()
        assert (item.outcome, item.reason) == ("moved", migrations.WORKED_ON)


def assert_all_went_over(database: Database, planned: int, version: int, preview: migrations.Sheet) -> int:
    """Everybody but those refused is on the version, with its event and its tasks' new names; gives how many."""
    with database.reading() as session:
        done = migrations.sheet(session, planned)
        counts = (done.counts["moved"], done.counts["refused"])
        assert (done.state, *counts) == ("ended", preview.counts["pending"], preview.counts["refused"])
        items = {item.instance_id: item.outcome for item in session.scalars(select(MigrationItem))}
        on = {key: pinned == version for key, (pinned, _) in standing(session).items() if key in items}
        assert on == {key: outcome == "moved" for key, outcome in items.items()}
        accepting = select(Task.name).where(Task.element_id == "committee_accept", Task.status == "open")
        assert set(session.scalars(accepting)) == {"受理审核"}
        assert session.scalar(select(func.count(Event.id)).where(Event.kind == "migrated")) == done.counts["moved"]
        return done.counts["moved"]


def test_nothing_to_move_and_no_reason(database: Database) -> None:
    with database.transaction() as session:
        version = notices.latest(session, "n0_2021_experts").id
        for reason, words in (("", "请填写移到新版本的理由"), ("改图", "没有在其他版本上办理的实例")):
            with pytest.raises(Refused, match=words):
                migrations.plan(session, version, reason=reason, by=None)


def die_at(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """The process dies in the middle of the transaction of the `count`th instance."""
    crossed, cross = [], crossing.cross

    def dying(*given: Any, **more: Any) -> Any:
        crossed.append(1)
        found = cross(*given, **more)
        if len(crossed) == count:
            raise KeyboardInterrupt
        return found

    monkeypatch.setattr(crossing, "cross", dying)


def run_to_the_end(database: Database) -> None:
    while migrations.take_up(database):
        pass


def accept_one(database: Database) -> int:
    """A case at the acceptance goes on under the new diagrams; gives its instance."""
    with database.transaction() as session:
        wanted = select(Task).where(Task.element_id == "committee_accept", Task.status == "open")
        task = session.scalars(wanted.order_by(Task.id)).first()
        assert task is not None
        holder = people.holders(session, task.role, task.organisation_id, clock.now(session))[0]
        actor = Actor(holder.person_id, grants.grants_of(session, holder.person_id))
        shown = tasks.sheet(session, task.id).values
        said = Resolver(case.read(season.SEASON)).filled(
            session, task, shown, {"decision": "accept"}, Filler(holder.person_id, {})
        )
        tasks.complete(session, task.id, actor, said)
        return task.instance_id
