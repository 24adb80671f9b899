"""What the web adds: a completion through HTTP beside the service call, and the statements of an inbox page.

Both play the A1 scenario; in one the page's request completes each task (login, CSRF token, permission, JSON, the next
task's address), in the other `processes.tasks.complete` in its transaction, as in `task_cost`. What goes on after the
answer has been sent (delivering messages) belongs to neither.
"""

import re
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from app import clock
from app.cli.scenarios import case
from app.cli.scenarios.case import Step
from app.cli.scenarios.player import Player
from app.cli.scenarios.world import SECRET, Worlds
from app.config import Settings
from app.db import Base, Database
from app.domain import accounts, people, permissions
from app.models.declaration import Declaration
from app.models.process import ProcessInstance, Task
from app.processes.tasks import Actor
from app.web import create_app
from benchmarks import walk

ROUNDS = 8
LISTS = (1, 10, 1000)  # open tasks in one person's inbox
CSRF = re.compile(r'name="csrf-token" content="([^"]+)"')
WAITING = "unit_check"


class Browser(Player):
    """Plays a case by sending each completed task as the page does, and times the request until its answer is there."""

    def __init__(self, app: Flask, database: Database, costs: walk.Costs) -> None:
        super().__init__(case.read(walk.SCENARIO), database)
        self._site, self._costs = app, costs

    def _complete(self, step: Step) -> None:
        sent = self.request(step)
        task_id = sent.task_id
        with self.database.transaction() as session:
            task = session.get_one(Task, task_id)
            element, client = task.element_id, _login(self._site, session, sent.actor, task)
        token = CSRF.findall(client.get(f"/tasks/{task_id}").text)[0]
        headers = {"X-CSRFToken": token, "Idempotency-Key": str(uuid.uuid4())}
        began = time.thread_time()
        answer = client.post(f"/tasks/{task_id}/complete", json={"values": dict(sent.values)}, headers=headers)
        took = time.thread_time() - began
        self._costs.setdefault(element, []).append(took)
        if answer.status_code != 200:
            raise RuntimeError(f"{element}: {answer.status_code} {answer.text[:300]}")
        answer.close()


def measure(worlds: Worlds) -> dict[str, float]:
    """The two keys; on SQLite, where the request and the service share one machine's noise."""
    service: walk.Costs = {}
    http: walk.Costs = {}
    with tempfile.TemporaryDirectory(prefix="zhiping-bench-") as folder, worlds.fresh() as database:
        app = site(database, Path(folder))
        for warm in (True, *[False] * ROUNDS):
            worlds.refill(database)
            walk.warm(database)
            walk.ours(database, {} if warm else service)
            worlds.refill(database)
            walk.warm(database)
            walk.play(Browser(app, database, {} if warm else http))
        ratio = sum(map(walk.p10, http.values())) / sum(map(walk.p10, service.values()))
        worlds.refill(database)
        return {"http_task_ms_ratio": round(ratio, 3), "inbox_statements": inbox_statements(app, database)}


def inbox_statements(site: Flask, database: Database) -> int:
    """The statements of one inbox page, the same for every length of the list."""
    walk.play(Player(case.read(walk.SCENARIO), database), until=WAITING)
    with database.transaction() as session:
        task = session.scalars(select(Task).where(Task.element_id == WAITING, Task.status == "open")).one()
        assert task.organisation_id is not None
        holder = people.holders(session, task.role, task.organisation_id, clock.now(session))[0].person_id
        client = _login(site, session, Actor(holder, permissions.grants_of(session, holder)), task)
    found, there = set(), 1
    for count in LISTS:
        with database.transaction() as session:
            _copy_case(session, task, count - there)
        there = count
        client.get("/tasks")
        found.add(_statements(database, client))
    if len(found) != 1:
        raise RuntimeError(f"an inbox page needs {sorted(found)} statements for {LISTS} tasks")
    return found.pop()


def _statements(database: Database, client: FlaskClient) -> int:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        sent.append(text)

    event.listen(database.engine, "before_cursor_execute", note)
    answer = client.get("/tasks")
    event.remove(database.engine, "before_cursor_execute", note)
    assert answer.status_code == 200, answer.status
    return len(sent)


def _copy_case(session: Session, task: Task, count: int) -> None:
    """As many more cases that wait at the same task: declaration, instance and task."""
    if not count:
        return
    declaration, instance = (
        session.get_one(Declaration, task.declaration_id),
        session.get_one(ProcessInstance, task.instance_id),
    )
    once = {"number": None, "year_slot": None, "instance_id": None}
    cases = walk.inserted(session, Declaration, [walk.values(declaration) | once] * count)
    runs = walk.inserted(session, ProcessInstance, [walk.values(instance) | {"declaration_id": key} for key in cases])
    rows = zip(cases, runs, strict=True)
    copied = [walk.values(task) | {"declaration_id": key, "instance_id": run} for key, run in rows]
    session.execute(insert(Base.metadata.tables["task"]), copied)


def site(database: Database, folder: Path, mode: str = "demo") -> Flask:
    """The application as it is served, CSRF and all, without the built assets."""
    app = create_app(
        Settings(mode, database.engine.url.render_as_string(hide_password=False), folder, SECRET), database
    )
    app.jinja_env.globals["asset"] = lambda entry, kind: f"/static/dist/{entry}.{kind}"
    app.jinja_env.globals["preloads"] = lambda _entry: []
    return app


def _login(site: Flask, session: Session, actor: Actor, task: Task) -> FlaskClient:
    """A browser in which the actor is logged in and has switched to the body of the task."""
    token = accounts.open_login(session, actor.person_id)
    post = (
        grant.id
        for grant in actor.grants.held
        if (grant.role, grant.organisation_id) == (task.role, task.organisation_id)
    )
    accounts.switch_identity(session, token, next(post, None))
    client = site.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return client
