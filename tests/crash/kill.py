"""kill -9 under load: visitors work, the server dies at random moments and comes back, then everything is counted."""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import URL, create_engine, select, text, update

from app import clock
from app.cli import demo, schema
from app.cli.scenarios import case as cases
from app.cli.scenarios.player import Player
from app.config import Settings
from app.db import Database
from app.domain import accounts, people
from app.domain.deadline_rows import WAKES
from app.models.process import Deadline, ProcessInstance
from app.models.types import use_secret
from app.processes import timers
from app.web import session as web_session
from tests.crash import audit
from tests.crash.service import Service
from tests.crash.visitors import Ticket, Visitors

SECRET = b"k" * 32
CLERK = "clerk.institute"
PER_KILL = 2  # declarations handed out for each kill
ALIVE = (0.05, 0.9)  # seconds the server lives between two kills
SETTLES_WITHIN = 60.0  # seconds
CASE = {
    "case": "KILL",
    "notice": "n2_2023_bigdata",
    "clock": "2023-10-09 09:00",
    "steps": [],
}
CROWD = {"base": "municipal_engineer", "committee": 1}


@dataclass(frozen=True)
class Outcome:
    database: str
    kills: dict[str, int]
    repeated: int
    findings: audit.Findings
    faults: list[str]
    seconds: float

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} {kind}" for kind, count in self.kills.items() if count)
        return (
            f"{self.database}: {sum(self.kills.values())} kills ({kinds}) in {self.seconds:.0f} s, "
            f"{self.repeated} requests repeated, {len(self.faults)} visitors refused; {self.findings}"
        )


def run(times: int, seed: int, server: URL | None = None, tell: Callable[[str], None] = lambda _: None) -> Outcome:
    """Kill `times` times; on SQLite, or on a new database of the PostgreSQL `server`."""
    chance = random.Random(seed)  # noqa: S311 (a choice of tests, no secret)
    use_secret(SECRET)
    with tempfile.TemporaryDirectory(prefix="zhiping-kill-") as folder, _database(Path(folder), server) as database:
        settings = _settings(Path(folder), database)
        tickets, clerk = _prepare(database, settings, PER_KILL * times + PER_KILL)
        tell(f"{len(tickets)} declarations are ready")
        service = Service(_environment(Path(folder), database), Path(folder) / "log", worker=server is not None)
        began = time.monotonic()
        try:
            service.start()
            visitors = Visitors(service.port, database, clerk)
            due = _kill(service, visitors, database, iter(tickets), times, chance, tell)
            visitors.finish()
            _settle(database)
        finally:
            service.stop()
        carried = {number for effect, number in visitors.log.answers if effect == "check"}
        findings = audit.audit(database, carried, due)
        taken = time.monotonic() - began
    faults = visitors.log.faults
    return Outcome(database.engine.dialect.name, service.kills, visitors.log.repeated, findings, faults, taken)


def _kill(
    service: Service,
    visitors: Visitors,
    database: Database,
    tickets: Iterator[Ticket],
    times: int,
    chance: random.Random,
    tell: Callable[[str], None],
) -> set[int]:
    """Hand out work, let it run a moment, kill, let some warnings fall due, start again; gives their instances."""
    due = set[int]()
    for number in range(1, times + 1):
        for _ in range(PER_KILL):
            visitors.hand_out(next(tickets))
        time.sleep(chance.uniform(*ALIVE))
        service.kill(number, chance)
        due |= _let_fall_due(database, due)
        service.start()
        if number % 20 == 0:
            tell(f"{number} kills, {len(visitors.log.answers)} answers, {visitors.log.repeated} repeated")
    return due


def _settle(database: Database) -> None:
    """The leases of the dead run out, and what they held is done by the living."""
    until = time.monotonic() + SETTLES_WITHIN
    with database.transaction() as session:
        demo.set_clock(session, clock.now(session) + timers.LEASE)
    while not audit.quiet(database) and time.monotonic() < until:
        time.sleep(0.2)


def _let_fall_due(database: Database, already: set[int]) -> set[int]:
    """The warnings of two more declarations that wait for their unit are due now."""
    wanted = select(Deadline.id, Deadline.instance_id).where(
        WAKES, Deadline.element_id == "route_warning", Deadline.instance_id.not_in(already)
    )
    with database.transaction() as session:
        found = session.execute(wanted.limit(2).with_for_update(skip_locked=True)).all()
        now = clock.now(session)
        for timer_id, _ in found:
            session.execute(update(Deadline).where(Deadline.id == timer_id).values(due_at=now))
        ids = [instance_id for _, instance_id in found]
        list(session.scalars(select(ProcessInstance.id).where(ProcessInstance.id.in_(ids))))
    return set(ids)


def _prepare(database: Database, settings: Settings, count: int) -> tuple[list[Ticket], tuple[str, str]]:
    """The demo's people and notices, and `count` invented applicants of one unit with a filled draft each."""
    schema.upgrade(database)
    with database.transaction() as session:
        demo.set_clock(session, demo.STARTS)
        demo.fill(session)
    said = {**CASE, "declarations": {"crowd": {**CROWD, "copies": count}}}
    player = Player(cases.of_dict(said, Path(__file__).parents[1] / "scenarios" / "kill.yaml"), database)
    player.begin()
    requests = {
        label: player.request(cases.Step(1, "complete", "fill_form", {"of": label})) for label in player.declarations
    }
    app = Flask("cookies")
    app.config["SECRET_KEY"] = web_session.sha256(b"cookie" + settings.secret).digest()
    with database.transaction() as session:
        demo.set_clock(session, demo.STARTS)
        clerk = people.by_account(session, CLERK)
        assert clerk is not None
        everybody = [clerk.id, *(sent.actor.person_id for sent in requests.values())]
        logins = {person_id: accounts.open_login(session, person_id) for person_id in everybody}
    tickets = [
        Ticket(player.declarations[label], sent.task_id, sent.values, *_login(app, logins[sent.actor.person_id]))
        for label, sent in requests.items()
    ]
    return tickets, _login(app, logins[clerk.id])


def _login(app: Flask, token: str) -> tuple[str, str]:
    """(cookie, CSRF token) of a browser in which the person is logged in."""
    raw = uuid4().hex
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    cookie = serializer.dumps({"_user_id": token, "_fresh": True, "csrf_token": raw})
    return str(cookie), str(URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(raw))


def _settings(folder: Path, database: Database) -> Settings:
    (folder / "secret").write_bytes(SECRET)
    return Settings("demo", database.engine.url.render_as_string(hide_password=False), folder, SECRET)


def _environment(folder: Path, database: Database) -> dict[str, str]:
    url = database.engine.url.render_as_string(hide_password=False)
    return {"ZHIPING_DATA": str(folder), "ZHIPING_MODE": "demo", "ZHIPING_DATABASE_URL": url}


@contextmanager
def _database(folder: Path, server: URL | None) -> Iterator[Database]:
    if server is None:
        database = Database(f"sqlite:///{folder / 'zhiping.db'}")
        yield database
        database.dispose()
        return
    name = f"zhiping_kill_{uuid4().hex[:12]}"
    administration = create_engine(server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with administration.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = server.set(drivername="postgresql+psycopg", database=name)
    database = Database(url.render_as_string(hide_password=False))
    yield database
    database.dispose()
    with administration.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    administration.dispose()
