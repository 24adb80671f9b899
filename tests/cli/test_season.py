"""The season that the demo shows: every state side by side, three sessions, nothing broken on anybody's pages."""

import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.cli import demo, season
from app.cli.papers import playing, samples
from app.cli.places import ROOT
from app.cli.scenarios import case, world
from app.config import Settings
from app.db import Database
from app.domain import attachments, demo_people, history, statuses
from app.domain.certificates import issuing
from app.errors import ConfigurationError
from app.models.attachment import Attachment
from app.models.complaint import Complaint
from app.models.declaration import Declaration
from app.models.draw import Draw
from app.models.expert import Expert
from app.models.notice import Notice
from app.models.people import Person
from app.models.process import Incident, Task
from app.models.recheck import Recheck
from app.models.review import AgendaItem, Confirmation, ResultPublicity, ReviewSession
from app.web import session as web_session
from tests.support.website import enter, site

SHOWN_AT = datetime(2023, 12, 14, 9, 0, tzinfo=clock.SHANGHAI)
PASSED_THROUGH = {"RECOMMENDED", "ACCEPTED", "PAID"}  # within one click, where nobody has to hand in paper
NOT_DRAWN = {"COMMITTEE_SUSPENDED", "REOPENED"}  # no shipped diagram comes there
SESSIONS = {"committee": (2, 3, 4, 5), "chair": (2, 3, 4)}  # the first is the university's, the last has no seats yet
LINK = re.compile(r'href="([^"]+)"')
LOOKING = ("zhang.lin", "clerk.institute", "committee", "chair", "teller.count", "discipline", "finance", "manager")

PAPERS = ROOT / "build" / "documents"
NAMES = re.compile(r"\d+([\u4e00-\u9fff]{2,3}?)(?=远川|嘉陵|山城|两江)")
SAID = {
    "draw_record": ("不列姓名和单位", "第1轮，已抽取", "共抽样", "同意参评", "种子：", "任期届满"),
    "draw_record_named": ("林致远", "严守正", "候补评审专家"),
    "result_list": ("评审结果公示", "共5个工作日", "受理机构"),
    "reply": ("委托评审的1人", "评审通过1人、未通过0人", "附件", "评审结果名单", "渝数职改函〔2023〕5号"),
    "number_record": ("证书办理编号记录", "嘉示大职〔2023〕9号", "〔2023〕1号"),
    "recheck": ("复查答复", "维持原评审结果", "误读或者遗漏业绩成果", "依据：渝大数据发〔2023〕54号"),
    "recheck_form": ("复查申请书", "本人申请", "两件发明专利"),
    "complaint": ("反映人：", "查证属实", "反映人信息依法保密"),
    "revocation": ("撤销职称决定书", "渝职改办〔2023〕330号", "同时失效", "2023年度职称申报资格"),
    "recusals": ("回避情况登记表", "近亲属关系", "已回避"),
    "expert_sheet": ("填写规范全称并盖章", "罗知行023-55550103", "500103198604121014"),
    "pool_list": ("渝职改办〔2021〕230号", "2021年9月1日至2024年8月31日", "组建单位推荐3人"),
    "form4": ("破格申报表",),
    "certificate": ("张林",),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("season")


@pytest.fixture(scope="module")
def played(folder: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{folder / 'zhiping.db'}")
    assert season.prepare(database, folder / "attachments")
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def carried_on(played: Database, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The season and what comes after it, in a copy."""
    further = tmp_path_factory.mktemp("further")
    for part in folder.glob("zhiping.db*"):  # with what is still in its write-ahead log
        shutil.copy(part, further / part.name)
    database = Database(f"sqlite:///{further / 'zhiping.db'}")
    playing.carry_on(database, folder / "attachments")
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
        assert history.check(session).faults == []


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


def test_a_pdf_of_every_document_is_written(carried_on: Database, folder: Path) -> None:
    written = samples.write(carried_on, folder / "attachments", PAPERS, samples.OF_SEASON)
    worlds = world.SqliteWorlds()
    with worlds.fresh() as database:
        playing.solicit(database)
        written += samples.write(database, folder, PAPERS, samples.OF_SOLICITATION)
    worlds.close()

    samples.require_every(written)
    said = {path.stem: printed(path) for path in written}
    missing = {kind: [words for words in SAID[kind] if words not in said[kind]] for kind in SAID}
    assert missing == {kind: [] for kind in SAID}
    drawn = NAMES.findall(said["draw_record_named"])
    assert len(drawn) > 3
    assert not [name for name in drawn if name in said["draw_record"]]
    assert not [words for words in ("不愿公开", "13900") if words in said["complaint"]]


def test_papers_are_for_those_whom_they_concern(carried_on: Database, folder: Path) -> None:
    with carried_on.reading() as session:
        asked, revoked = session.scalars(select(Recheck)).one(), session.scalars(select(Declaration)).all()
        about = session.get_one(Declaration, asked.declaration_id)
        concerned = session.get_one(Person, about.person_id).account
        stripped = next(each for each in revoked if each.ended_as == "REVOKED")
        holder = session.get_one(Person, stripped.person_id).account
        drawn = session.scalars(select(Draw).order_by(Draw.id.desc())).first()
        reply = session.scalars(select(Confirmation).where(Confirmation.kind == "reply")).one()
        entrusted = session.get_one(Person, declaration_in(session, reply).person_id).account
        told = session.scalars(select(Complaint).where(Complaint.closed_at.is_not(None))).first()
        assert drawn is not None
        assert told is not None
        office = {"committee"}
        readers = {
            f"/documents/rechecks/{asked.id}/form": {concerned, *office},
            f"/documents/rechecks/{asked.id}/reply": {concerned, *office},
            f"/documents/revocations/{stripped.id}": {holder, *office, "municipal.tro"},
            f"/documents/confirmations/{reply.id}": {entrusted, *office, "municipal.tro"},
            f"/documents/complaints/{told.id}": {*office, "municipal.tro", "discipline"},
            f"/draws/{drawn.session_id}/record-{drawn.number}.pdf": {*office, "discipline", "draw.operator"},
            f"/documents/sessions/{reply.session_id}/publicity": {*office, "municipal.tro"},
            f"/documents/sessions/{reply.session_id}/recusals": {*office},
        }
        code = told.receipt_code
    app = site(Settings("demo", str(carried_on.engine.url), folder, b"t" * 32), carried_on)
    everybody = {*set.union(*readers.values()), "clerk.firm"}
    for account in sorted(everybody):
        client = enter(app, account, personal=account in (concerned, holder, entrusted))
        answers = {path: client.get(path).status_code for path in readers}
        assert {path for path in readers if answers[path] == 200} == {
            path for path in readers if account in readers[path]
        }, account
    nobody = app.test_client()
    assert nobody.post("/complaints/reply", data={"code": code}).mimetype == "application/pdf"
    assert nobody.post("/complaints/reply", data={"code": "AAAA-AAAA"}).status_code == 404


def declaration_in(session: Session, made: Confirmation) -> Declaration:
    """The one declaration that the document names."""
    wanted = select(Declaration).join(AgendaItem, AgendaItem.declaration_id == Declaration.id)
    return session.scalars(wanted.where(AgendaItem.confirmation_id == made.id)).one()


def printed(path: Path) -> str:
    """What a PDF says, without blanks and places to break."""
    pages = PdfReader(path).pages
    return "".join("".join(page.extract_text() for page in pages).replace("\u200b", "").split())
