"""The season that the demo shows: every state side by side, three sessions, nothing broken on anybody's pages."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app import clock
from app.cli import demo, season
from app.cli.scenarios import case, world
from app.config import Settings
from app.db import Database
from app.domain import attachments, demo_people, statuses
from app.domain.certificates import issuing
from app.errors import ConfigurationError
from app.models.attachment import Attachment
from app.models.declaration import Declaration
from app.models.expert import Expert
from app.models.notice import Notice
from app.models.people import Person
from app.models.process import Incident, Task
from app.models.review import AgendaItem, ResultPublicity, ReviewSession
from app.web import session as web_session
from tests.support.website import enter, site

SHOWN_AT = datetime(2023, 12, 14, 9, 0, tzinfo=clock.SHANGHAI)
PASSED_THROUGH = {"RECOMMENDED", "ACCEPTED", "PAID"}  # within one click, where nobody has to hand in paper
NOT_DRAWN = {"COMMITTEE_SUSPENDED", "REOPENED"}  # no shipped diagram comes there
SESSIONS = {"committee": (2, 3, 4, 5), "chair": (2, 3, 4)}  # the first is the university's, the last has no seats yet
LINK = re.compile(r'href="([^"]+)"')
LOOKING = ("zhang.lin", "clerk.institute", "committee", "chair", "teller.count", "discipline", "finance", "manager")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("season")


@pytest.fixture(scope="module")
def played(folder: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{folder / 'zhiping.db'}")
    assert season.prepare(database, folder / "attachments")
    yield database
    database.dispose()


def test_sixty_declarations_stand_in_every_state(played: Database) -> None:
    with played.reading() as session:
        end_or_status = func.coalesce(Declaration.ended_as, Declaration.status).label("code")
        how_many = func.count().label("n")
        count = {each.code: each.n for each in session.execute(select(end_or_status, how_many).group_by(end_or_status))}
        assert sum(count.values()) == 60
        assert set(count) == {*statuses.PROGRESS, *statuses.ENDS} - PASSED_THROUGH - NOT_DRAWN
        assert session.scalar(select(func.count()).select_from(Expert)) == 120
        assert session.scalars(select(Incident.id)).all() == []


def test_sessions_stand_before_the_vote_in_publicity_and_closed(played: Database) -> None:
    with played.reading() as session:
        now = clock.now(session)
        voting = session.scalars(select(ReviewSession).where(ReviewSession.status == "open")).one()
        waiting = select(func.count()).where(AgendaItem.session_id == voting.id, AgendaItem.status == "listed")
        assert (session.scalar(waiting), voting.presiding_id is not None) == (7, True)
        shown = session.scalars(select(ResultPublicity).where(ResultPublicity.ends_at > now)).one()
        assert shown.session_id != voting.id
        zhang_lin = session.scalars(select(Person).where(Person.account == "zhang.lin")).one()
        assert [each.declaration_id for each in issuing.of_person(session, zhang_lin.id)] == [1]


def test_clock_runs_on_and_a_filled_database_is_left_alone(played: Database, folder: Path) -> None:
    with played.reading() as session:
        assert 0 <= (clock.now(session) - SHOWN_AT).total_seconds() < 600
    assert not season.prepare(played, folder / "attachments")
    with played.transaction() as session:
        world.freeze(session, SHOWN_AT)  # as it stands while the season is being played
    with pytest.raises(ConfigurationError, match="中断"):
        season.prepare(played, folder / "attachments")
    with played.transaction() as session:
        demo.set_clock(session, SHOWN_AT)


def test_evidence_can_be_opened_and_belongs_to_its_declaration(played: Database, folder: Path) -> None:
    with played.reading() as session:
        files = session.scalars(select(Attachment)).all()
        assert all(attachments.path_of(folder / "attachments", each).exists() for each in files)
        copied = session.scalars(select(Declaration).join(Person).where(Person.account.startswith("crowd."))).all()
        names = {each.id: each.name for each in session.scalars(select(Person))}
        assert {each.data["name"] == names[each.person_id] for each in copied} == {True}
        owner = {each.id: each.declaration_id for each in files}
        evidence = {row for each in copied for row in each.data["achievements"][0]["evidence"] if owner[row] != each.id}
        assert evidence == set()


def test_made_up_notice_says_that_it_is(played: Database) -> None:
    with played.reading() as session:
        own = session.scalars(select(Notice).where(Notice.key == case.read(season.SEASON).notice)).one()
        assert own.key.startswith("demo_")


def test_login_page_counts_the_work_of_everybody_it_names(played: Database) -> None:
    with played.reading() as session:
        waiting = demo_people.waiting(session)
        ours = Task.status == "open", Task.role == "finance"
        assert waiting["finance"] == session.scalar(select(func.count()).select_from(Task).where(*ours)) == 2
        assert "manager" not in waiting
        busy = ("sun.tao", "clerk.institute", "dept.city", "agency.dadukou", "top.body", "tro.dadukou", "committee")
        assert {*busy, "finance", "discipline"} <= set(waiting)


def test_every_list_opens_for_everybody(played: Database, folder: Path) -> None:
    """Each entry of each menu, and the desks of the sessions."""
    web_session.limiter.enabled = False
    app = site(Settings("demo", str(played.engine.url), folder, b"t" * 32), played)
    faults = []
    for account in LOOKING:
        client = enter(app, account)
        menu = client.get("/", follow_redirects=True).text.partition('id="menu"')[2].partition("</nav>")[0]
        pages = LINK.findall(menu)
        assert len(pages) > 5, account
        pages += [f"/sessions/{number}" for number in SESSIONS.get(account, ())]
        faults += [(account, path) for path in pages if client.get(path, follow_redirects=True).status_code != 200]
    web_session.limiter.enabled = True
    assert faults == []
