"""A session's desk: signing in, the lamp, sharing out files, recusals, a ballot from its opening to its count."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import clock
from app.config import Settings
from app.db import Database
from app.domain import ballots, people
from app.domain.ballots import roll
from app.domain.reviews import agenda, openings, recusals, seats, sessions
from app.models.expert import Expert
from app.models.process import ProcessInstance
from tests.support import reviews
from tests.support.reviews import Meeting
from tests.support.website import enter, site, statements

Freeze = Callable[[Session, str], object]
TELLERS = {"teller_supervise": "yi", "teller_count": "bing"}


def prepared(session: Session, freeze: Freeze, day: str, **more: Any) -> Meeting:
    """A session planned for 8 December, with an office (account `office`) and tellers; the clock stands on `day`."""
    freeze(session, "2023-12-01 09:00:00")
    meeting = reviews.session_with(session, **more)
    meeting.review.planned_from = clock.now(session) + timedelta(days=7)
    body = meeting.season.bodies["cq_bigdata_bureau"]
    for role, account in TELLERS.items():
        people.grant(session, meeting.season.people[account], role, body)
    people.grant(session, people.register(session, "office", "钱会务").id, "committee_office", body)
    freeze(session, day)
    return meeting


def page(client: FlaskClient, meeting: Meeting, part: str = "") -> str:
    answer = client.get(f"/sessions/{meeting.review.id}{part}")
    assert answer.status_code == 200, answer.text
    return answer.text


def post(client: FlaskClient, meeting: Meeting, part: str, **said: Any) -> str:
    """What the page says after the act, or why it is refused."""
    answer = client.post(f"/sessions/{meeting.review.id}{part}", data=said, follow_redirects=True)
    assert answer.status_code in (200, 422), answer.text
    return answer.text


def set_status(database: Database, meeting: Meeting, status: str) -> None:
    with database.transaction() as session:
        instance = session.get_one(ProcessInstance, meeting.review.instance_id)
        instance.status, instance.suspended_at, instance.suspended_reason = status, clock.now(session), "等待复核"


def test_a_session_at_its_desk(settings: Settings, sqlite_database: Database, freeze: Freeze) -> None:
    with sqlite_database.transaction() as session:
        meeting = prepared(session, freeze, "2023-12-07 16:00:00", items=3, reserves=1)
        session.get_one(Expert, meeting.seats[3].expert_id).employer_id = meeting.season.bodies["institute"]
    office = enter(site(settings, sqlite_database), "office")
    assert meeting.review.title in office.get("/sessions").text
    assert "评委名单保密" in page(office, meeting)
    assert "评委01" not in page(office, meeting)
    assert office.get(f"/sessions/{meeting.review.id}/minutes").status_code == 404
    assert "议程现列3人" in post(office, meeting, "/agenda", act="refresh")
    set_status(sqlite_database, meeting, "suspended")
    assert "起暂停办理，原因：等待复核。恢复后可继续办理。" in post(office, meeting, "/agenda", act="refresh")
    set_status(sqlite_database, meeting, "running")
    assert "已为3份材料分配主审" in post(office, meeting, "/agenda", act="share")
    assert "请在会议当日办理签到" in post(
        office, meeting, f"/seats/{meeting.seats[0].id}", act="sign_in", pledged="yes"
    )
    item = meeting.items[0].id
    assert "没有应回避的关系" in post(office, meeting, f"/items/{item}", main_reader_id=meeting.seats[3].id)
    with sqlite_database.transaction() as session:
        freeze(session, "2023-12-08 08:30:00")
    assert "评委01" in page(office, meeting)
    assert "3项待主持人确定" in page(office, meeting)
    for seat in meeting.seats[:9]:
        post(office, meeting, f"/seats/{seat.id}", act="sign_in", phone_receipt=f"T{seat.number}", pledged="yes")
    lamp = page(office, meeting, "/lamp")
    assert 'data-lit="yes"' in lamp
    assert "若1人离席：9→8人到会，<strong>不足法定出席人数" in lamp
    chair, member = meeting.seats[0], meeting.seats[4]
    assert "请选择主持人" in post(office, meeting, f"/seats/{member.id}", act="preside")
    assert "由1号席主持会议" in post(office, meeting, f"/seats/{chair.id}", act="preside")
    with sqlite_database.reading() as session:
        suggested = [line.recusal.id for line in recusals.lines(session, meeting.review.id)]
    for recusal in suggested[1:]:
        post(office, meeting, f"/recusals/{recusal}", decision="dismissed", reason="不在同一部门")
    assert "已确定回避" in post(office, meeting, f"/recusals/{suggested[0]}", decision="recused")
    vote(office, sqlite_database, meeting)
    stranger = enter(site(settings, sqlite_database), "clerk")
    assert stranger.get(f"/sessions/{meeting.review.id}").status_code == 404
    assert stranger.get("/sessions").status_code == 403


def vote(office: FlaskClient, database: Database, meeting: Meeting) -> None:
    """Open the session, vote on the first two of three, defer the third."""
    with database.transaction() as session:
        review = sessions.get(session, meeting.review.id)
        clerk = meeting.season.actor("clerk")
        openings.open_session(session, review, {"closed_management": True, "recording_started": True}, clerk)
    typed = {role: meeting.season.people[account] for role, account in TELLERS.items()}
    words = {f"{role}_passphrase": f"{role}的口令" for role in TELLERS}
    items = [item.id for item in meeting.items]
    assert "请选择本单位的监票人" in post(office, meeting, "/ballots", item=items[:2], teller_supervise=1)
    assert "第1次投票已开始" in post(office, meeting, "/ballots", scope="ticked", item=items[:2], **typed, **words)
    with database.transaction() as session:
        (ballot,) = roll.running(session, sessions.get(session, meeting.review.id))
        for seat in seats.present(session, meeting.review.id)[:7]:
            back = roll.recused(session, ballot.item_ids)
            ballots.cast(session, ballot, seat, {each: "yes" for each in ballot.item_ids if seat.id not in back[each]})
    screen = page(office, meeting, "/board")
    assert "已投 <strong>7</strong> / 9" in screen
    assert "评委" not in screen
    assert "申报人0" not in screen
    assert "口令不符" in post(office, meeting, f"/ballots/{ballot.id}", act="close", **typed)
    assert "同意" not in page(office, meeting, "/board").replace("同意票达到", "")
    assert "投票已结束并计票" in post(office, meeting, f"/ballots/{ballot.id}", act="close", **typed, **words)
    shown = page(office, meeting)
    assert "评审通过" in shown
    assert "同意6 不同意0 弃权2（计票基数9人，回避1人；另一算法基数8人，通过）" in shown
    assert "请填写暂缓表决的原因" in post(office, meeting, f"/items/{items[2]}", act="defer")
    assert "暂缓表决。" in post(office, meeting, f"/items/{items[2]}", act="defer", reason="材料需核实")
    assert "录音录像编号" in page(office, meeting, "/minutes")
    assert "同意7" in page(office, meeting, "/minutes")


def test_the_desk_asks_no_more_for_more_names(settings: Settings, sqlite_database: Database, freeze: Freeze) -> None:
    with sqlite_database.transaction() as session:
        few = prepared(session, freeze, "2023-12-08 08:30:00", seats=5, items=3)
    office = enter(site(settings, sqlite_database), "office")
    page(office, few)
    with statements(sqlite_database) as small:
        page(office, few)
    with sqlite_database.transaction() as session:
        few.season.session = session
        reviews.ready(few.season, 60)
        agenda.build(session, sessions.get(session, few.review.id))
    with statements(sqlite_database) as large:
        page(office, few)
    assert len(large) == len(small)
