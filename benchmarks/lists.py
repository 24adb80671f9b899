"""The monitor's list and the boards with 200,000 instances and 400,000 tasks beside 2,000 and 4,000, on PostgreSQL.

Each case is a page as a browser asks for it, by a manager or by one committee's office: the list, each filter, some of
them together, a page further down, the count that stands above it. A figure is the shortest of the rounds, as long as
the browser waits, for the server's part of it is another process's. `list_ratio_200k_2k` is the worst page's time among
200,000 over its time among 2,000, `board_ratio_200k_2k` the same of the boards, whose figures were counted before.
`list_over_count` and `board_over_count`: the worst page's time over that of a `select count(*)` by an index in the same
run. No statement of a page may read one of the large tables from end to end, and no page sends more than two statements
more among many than among few.
"""

import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from app.cli.scenarios.world import PostgresqlWorlds
from app.db import Database
from app.domain import accounts, people
from app.processes import figures
from benchmarks import multitude
from benchmarks.web import site

FEW, MANY = 2_000, 200_000
ROUNDS = 11
LARGE = ("process_instance", "task", "declaration", "deadline", "person", "event", "work_time")
SCAN = re.compile(rf"Seq Scan on ({'|'.join(LARGE)})\b")
COUNT = "SELECT count(*) FROM process_instance"
MANAGER, OFFICE = "manager", "committee"
THINGS = {
    "department": "SELECT id FROM organisation WHERE key = 'dadukou_department'",
    "committee": "SELECT min(c.id) FROM committee c JOIN notice n ON n.id = c.notice_id WHERE n.key LIKE 'n4%'",
    "version": "SELECT max(id) FROM notice_version",
    "unit": "SELECT organisation_id FROM task WHERE role = 'unit_clerk' AND status = 'open' ORDER BY id LIMIT 1",
    "holder": "SELECT person_id FROM task WHERE role = 'dept_admin' AND status = 'open' AND person_id > 0 LIMIT 1",
    "applicant": "SELECT person_id FROM declaration ORDER BY id DESC LIMIT 1",
    "middle": "SELECT max(id) / 2 FROM process_instance",
}
QUERIES = {
    "all": "",
    "further down": "before={middle}",
    "season": "season=2020",
    "notice": "notice=n4_2022_dadukou",
    "version": "version={version}",
    "process": "process=objection",
    "committee": "committee={committee}",
    "status": "status=running",
    "ended": "status=ended",
    "no such status": "status=suspended",
    "stage": "stage=CORRECTION",
    "frequent stage": "stage=CONFIRMED",
    "office": "office={unit}",
    "busy office": "office={department}",
    "office by name": "office=大渡口",
    "holder": "holder={holder}",
    "overdue": "overdue=1",
    "long overdue": "overdue=5",
    "incident": "incident=1",
    "element": "element=dept_check",
    "applicant": "applicant={applicant}",
    "name": "q=王伟",
    "surname": "q=王",
    "nobody's name": "q=龙傲天",
    "together": "season=2022&status=running&stage=AT_DEPT&office={department}&overdue=1",
    "columns": "column=about&column=identity&column=holder&column=since",
}
BY_OFFICE = ("all", "stage", "overdue", "season", "name")
BOARDS = {
    "definitions": "/definitions",
    "definition": "/definitions/4/declaration",
    "by days": "/definitions/4/declaration?heat=days",
    "season": "/season?notice=n4_2022_dadukou",
    "calendar": "/season/calendar?notice=n4_2022_dadukou",
    "ledger": "/season/ledger?notice=n4_2022_dadukou",
}


def pages(session: Session) -> dict[str, tuple[str, str]]:
    """What is asked for, and by whom."""
    things = {name: session.execute(text(statement)).scalar_one() for name, statement in THINGS.items()}
    asked = {name: (MANAGER, f"/instances?{query.format(**things)}") for name, query in QUERIES.items()}
    return asked | {f"office's {name}": (OFFICE, asked[name][1]) for name in BY_OFFICE}


def boards(_session: Session) -> dict[str, tuple[str, str]]:
    asked = {name: (MANAGER, address) for name, address in BOARDS.items()}
    return asked | {f"office's {name}": (OFFICE, BOARDS[name]) for name in ("season", "calendar")}


def measure(worlds: PostgresqlWorlds) -> dict[str, float]:
    """The keys of lists and boards; raises AssertionError for a plan or a number of statements that must not be."""
    with _filled(worlds, FEW) as few, _filled(worlds, MANY) as many:
        return compared("list", pages, few, many) | compared("board", boards, few, many)


def compared(
    name: str, asked: Callable[[Session], dict[str, tuple[str, str]]], few: Database, many: Database
) -> dict[str, float]:
    """`<name>_ratio_200k_2k` and `<name>_over_count` of the pages that `asked` names.

    Each page is asked of the few and of the many in turn, so that what else the machine does meets both.
    """
    with _visits(few, asked) as small, _visits(many, asked) as large:
        sent = {page: (small.sent(page), large.sent(page)) for page in large.wanted}
        grown = {page: (least, most) for page, (least, most) in sent.items() if most > least + 2}
        assert not grown, grown
        times = {page: _in_turn(small.get(page), large.get(page)) for page in large.wanted}
    with many.reading() as session:
        count = min(_took(lambda: session.execute(text(COUNT)).scalar_one()) for _ in range(ROUNDS))
    ratios = {page: most / least for page, (least, most) in times.items()}
    for page in sorted(ratios, key=lambda page: ratios[page]):
        least, most = times[page]
        line = f"{page:24} {least * 1000:8.1f} ms {most * 1000:8.1f} ms {ratios[page]:6.2f}"
        print(f"{line} {most / count:6.1f} x count(*), {sent[page][1]} statements")
    return {
        f"{name}_ratio_200k_2k": round(max(ratios.values()), 2),
        f"{name}_over_count": round(max(most for _, most in times.values()) / count, 1),
    }


@contextmanager
def _filled(worlds: PostgresqlWorlds, instances: int) -> Iterator[Database]:
    with worlds.fresh() as database:
        multitude.fill(database, instances)
        figures.rebuild(database)
        yield database


@dataclass(frozen=True)
class Visits:
    """The application over one database, with a browser for each person who asks; `wanted`: page → (who, address)."""

    database: Database
    clients: dict[str, FlaskClient]
    wanted: dict[str, tuple[str, str]]

    def get(self, page: str) -> Callable[[], object]:
        account, address = self.wanted[page]
        return lambda: self.clients[account].get(address)

    def sent(self, page: str) -> int:
        account, address = self.wanted[page]
        return _looked_at(self.database, self.clients[account], address)


@contextmanager
def _visits(database: Database, asked: Callable[[Session], dict[str, tuple[str, str]]]) -> Iterator[Visits]:
    with tempfile.TemporaryDirectory(prefix="zhiping-bench-") as folder:
        app = site(database, Path(folder), "production")  # without the demo's clock on each page
        app.config["SESSION_COOKIE_SECURE"] = False
        with database.transaction() as session:
            wanted = asked(session)
            clients = {account: _login(app.test_client(), session, account) for account, _ in wanted.values()}
        yield Visits(database, clients, wanted)


def _in_turn(small: Callable[[], object], large: Callable[[], object]) -> tuple[float, float]:
    """The shortest time of each over the rounds."""
    rounds = [(_took(small), _took(large)) for _ in range(ROUNDS)]
    return min(each for each, _ in rounds), min(each for _, each in rounds)


def _login(client: FlaskClient, session: Session, account: str) -> FlaskClient:
    person = people.by_account(session, account)
    assert person is not None
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = accounts.open_login(session, person.id), True
    return client


def _looked_at(database: Database, client: FlaskClient, address: str) -> int:
    """How many statements the page sends, none of which reads a large table from end to end."""
    client.get(address)
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    answer = client.get(address)
    event.remove(database.engine, "before_cursor_execute", note)
    assert answer.status_code == 200, (address, answer.status)
    with database.engine.connect() as connection:
        for statement, parameters in sent:
            if statement.lstrip().upper().startswith(("SELECT", "WITH")):
                plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars())
                found = SCAN.search(plan)
                assert not found or _few_rows(database), f"{address}\n{statement}\n{plan}"
    return len(sent)


def _few_rows(database: Database) -> bool:
    """A table of a few thousand rows is read from end to end sooner than by its index."""
    with database.reading() as session:
        return int(session.execute(text(COUNT)).scalar_one()) <= FEW


def _took(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
