"""The experts' room: issued devices alone, one seat each; sign in, stand back, read, write, vote."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select, update

from app.config import Settings
from app.db import Database
from app.domain import ballots
from app.domain.ballots import closing
from app.domain.room import access, files
from app.errors import Refused
from app.models.ballot import Ballot, Participation
from app.models.notice import Committee
from app.models.process import ProcessInstance
from app.models.review import AgendaItem, Recusal, ReviewOpinion, ReviewSession, Seat
from app.models.room import Reading, RoomDevice
from tests.support import ballots as voting
from tests.support import room as rooms
from tests.support.room import Room
from tests.support.website import statements


@pytest.fixture
def database(season_site: Flask) -> Database:
    return season_site.extensions["database"]


@pytest.fixture
def room(season_site: Flask, database: Database, settings: Settings) -> Room:
    return rooms.prepare(database, settings.attachments)


pytestmark = pytest.mark.parametrize("season", ["sqlite"], indirect=True)


def _said(answer) -> str:  # type: ignore[no-untyped-def]
    """The words of a page's main part, or of its problems."""
    return " ".join(html.fromstring(answer.text).xpath("//main")[0].text_content().split())


def test_a_code_makes_one_device_and_seats_one_expert(season_site: Flask, room: Room, database: Database) -> None:
    client = season_site.test_client()
    assert client.get("/room/files").status_code == 403
    assert "设备码有误" in _said(client.post("/room/device", data={"device_code": "AAAA2222"}))
    answer = client.post("/room/device", data={"device_code": f" {room.devices[1].lower()} "})
    cookie = answer.headers["Set-Cookie"]
    assert "zhiping_room=" in cookie
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", "Path=/room"))

    again = season_site.test_client().post("/room/device", data={"device_code": room.devices[1]})
    assert again.status_code == 422  # a code is used once
    assert "席位码有误" in _said(client.post("/room/seat", data={"seat_code": "ZZZZ9999"}))
    assert client.post("/room/seat", data={"seat_code": room.codes[3]}).status_code == 302
    assert "席位 03" in client.get("/room", follow_redirects=True).text

    other = season_site.test_client()
    other.post("/room/device", data={"device_code": room.devices[2]})
    assert "本席位已在1号设备上使用" in _said(other.post("/room/seat", data={"seat_code": room.codes[3]}))
    with database.reading() as session:
        assert session.scalars(select(RoomDevice.seat_id).where(RoomDevice.number.in_((1, 2)))).all() == [
            room.meeting.seats[2].id,
            None,
        ]
        kept = session.scalars(select(RoomDevice)).all()
        codes = (*room.devices.values(), *room.codes.values())
        assert not any(code in str(vars(each)) for each in kept for code in codes)


def test_a_guessing_device_is_slowed_down(season_site: Flask, room: Room) -> None:
    client = season_site.test_client()
    client.post("/room/device", data={"device_code": room.devices[1]})
    answers = [client.post("/room/seat", data={"seat_code": f"GUESS{n:03d}"}).status_code for n in range(11)]
    assert answers == [422] * 10 + [429]


def test_signing_in_takes_pledge_and_receipt_on_one_screen(season_site: Flask, room: Room, database: Database) -> None:
    client = rooms.sit_down(season_site, room, 4)
    assert client.get("/room/files").location == "/room/sign-in"

    said = _said(client.post("/room/sign-in", data={}))
    assert "请阅读并签订保密承诺后再签到。" in said
    assert "请将通信工具交会务人员存放，并填写存放牌号。" in said
    assert client.post("/room/sign-in", data={"pledged": "yes", "phone_receipt": "A17"}).status_code == 302

    with database.reading() as session:
        seat = session.get_one(Seat, room.meeting.seats[3].id)
        assert (seat.phone_receipt, seat.pledged_at) == ("A17", seat.signed_in_at)
        assert seat.signed_in_at is not None


def test_no_file_opens_before_the_statement_on_recusals(season_site: Flask, room: Room, database: Database) -> None:
    first, second, _ = room.items
    with database.transaction() as session:
        suggested = Recusal(seat_id=room.meeting.seats[1].id, item_id=first, status="suggested", basis=["employer"])
        suggested.at = room.meeting.review.planned_from
        session.add(suggested)
    client = rooms.sit_down(season_site, room, 2)
    client.post("/room/sign-in", data={"pledged": "yes", "phone_receipt": "A18"})

    assert client.get(f"/room/files/{first}").location == "/room/recusals"
    assert "系统提示：同一工作单位" in client.get("/room/recusals").text
    refused = client.post("/room/recusals", data={"confirmed": "yes", "item": [first], f"basis.{first}": "other"})
    assert "请说明其他可能影响公正评审的关系。" in _said(refused)
    said = {"confirmed": "yes", "item": [first], f"basis.{first}": "employer"}
    assert client.post("/room/recusals", data=said).status_code == 302

    assert client.get(f"/room/files/{first}").status_code == 403
    assert client.get(f"/room/files/{second}").status_code == 200
    with database.reading() as session:
        found = session.scalars(select(Recusal)).one()
        assert (found.status, found.basis) == ("recused", ["employer"])


def test_files_open_in_the_hours_of_the_session_only(
    season_site: Flask, room: Room, database: Database, freeze
) -> None:  # type: ignore[no-untyped-def]
    item = room.items[0]
    client = rooms.enter(season_site, room, 5)
    assert client.get(f"/room/files/{item}").status_code == 200
    with database.transaction() as session:
        freeze(session, "2023-10-09 17:30:00")
    refused = client.get(f"/room/files/{item}")
    assert refused.status_code == 422
    assert "评审室现在不开放。会议时间为2023年10月9日09:00至17:00。" in refused.text


def test_evidence_is_shown_and_never_handed_out(season_site: Flask, room: Room, database: Database) -> None:
    item = room.items[0]
    client = rooms.enter(season_site, room, 6)
    page = client.get(f"/room/files/{item}")
    assert "席位 06　严禁外传" in page.text
    link = next(each for each in html.fromstring(page.text).xpath("//a/@href") if "/evidence/" in each)
    shown = client.get(link)
    source = html.fromstring(shown.text).xpath("//*[contains(@class, 'room-evidence')]//img/@src")[0]
    assert "席位 06　严禁外传" in shown.text
    assert not html.fromstring(shown.text).xpath("//a[@download]")

    file = client.get(source, headers={"Sec-Fetch-Dest": "image"})
    assert (file.status_code, file.data) == (200, rooms.PNG)
    assert (file.headers["Content-Disposition"], file.headers["Cache-Control"]) == ("inline", "no-store")
    assert client.get(source, headers={"Sec-Fetch-Dest": "document"}).status_code == 403
    assert client.get(source.replace(str(item), str(room.items[1]), 1)).status_code == 404  # another file's evidence
    assert season_site.test_client().get(source).status_code == 403

    attachment = int(source.split("/")[-2])
    client.post(f"/room/files/{item}/evidence/{attachment}/stay", json={"seconds": 15})
    client.post(f"/room/files/{item}/evidence/0/stay", json={"seconds": 99999})
    with database.reading() as session:
        rows = {row.attachment_id: (row.times, row.seconds) for row in session.scalars(select(Reading))}
        assert rows == {0: (1, files.LONGEST_BEAT), attachment: (1, 15)}
        assert files.coverage(session, [item]) == {(item, room.meeting.seats[5].id): (2, files.LONGEST_BEAT + 15)}


def test_an_opinion_is_saved_and_the_next_file_follows(season_site: Flask, room: Room, database: Database) -> None:
    first, second, third = room.items
    with database.transaction() as session:
        session.get_one(AgendaItem, first).main_reader_id = room.meeting.seats[6].id
    client = rooms.enter(season_site, room, 7)
    assert "0 / 3" in client.get("/room/files").text

    assert "请填写评议意见。" in _said(client.post(f"/room/files/{first}", data={"text": " ", "next": "yes"}))
    said = {"text": "业绩突出", "panel_opinion": "专业组认为业绩突出", "next": "yes"}
    assert client.post(f"/room/files/{first}", data=said).location == f"/room/files/{second}"
    assert "第 2 / 3 份 · 已写意见 1 / 3" in client.get(f"/room/files/{second}").text
    assert client.post(f"/room/files/{second}", data={"text": "同", "next": "yes"}).location == f"/room/files/{third}"
    done = client.post(f"/room/files/{third}", data={"text": "同", "next": "yes"}, follow_redirects=True)
    assert "全部材料的评议意见都已保存。" in done.text

    with database.reading() as session:
        opinions = session.scalars(select(ReviewOpinion.text).order_by(ReviewOpinion.item_id)).all()
        assert opinions == ["业绩突出", "同", "同"]
        assert session.get_one(AgendaItem, first).panel_opinion == "专业组认为业绩突出"


def test_standing_back_while_reading_shuts_the_file(season_site: Flask, room: Room) -> None:
    client = rooms.enter(season_site, room, 8)
    item = room.items[1]
    assert "请选择回避的事由。" in _said(client.post(f"/room/files/{item}/recusal", data={}))
    client.post(f"/room/files/{item}/recusal", data={"basis": "co_author"})
    assert client.get(f"/room/files/{item}").status_code == 403
    assert "0 / 2" in client.get("/room/files").text


# -- the vote


@pytest.fixture
def voters(season_site: Flask, database: Database, settings: Settings) -> tuple[Room, Ballot]:
    room = rooms.prepare(database, settings.attachments, present=9)
    with database.transaction() as session:
        review = session.get_one(ReviewSession, room.meeting.review.id)
        by = room.meeting.season.people["clerk"]
        return room, ballots.open(session, review, room.items, by, voting.officers(session))


def _filled(room: Room, choice: str) -> dict[str, str]:
    return {f"item.{item}": choice for item in room.items}


def test_a_vote_is_read_over_confirmed_and_visibly_counted(
    season_site: Flask, voters: tuple[Room, Ballot], database: Database
) -> None:
    room, ballot = voters
    client = rooms.enter(season_site, room, 1)
    assert "未计入" in client.get("/room/ballot").text

    half = client.post(f"/room/ballot/{ballot.id}/check", data={f"item.{room.items[0]}": "yes"})
    assert "还有2位申报人没有选择" in _said(half)
    assert html.fromstring(half.text).xpath(f"//input[@name='item.{room.items[0]}'][@checked]/@value") == ["yes"]
    looked_over = client.post(f"/room/ballot/{ballot.id}/check", data=_filled(room, "no"))
    assert "不同意 3" in _said(looked_over)
    assert "确认投票（确认后不可更改）" in looked_over.text
    with database.reading() as session:
        assert not session.get_one(Participation, (ballot.id, room.meeting.seats[0].id)).handed_in
    changed = client.post(f"/room/ballot/{ballot.id}", data={**_filled(room, "no"), "change": "yes"})
    assert len(html.fromstring(changed.text).xpath("//input[@value='no'][@checked]")) == 3

    counted = client.post(f"/room/ballot/{ballot.id}", data=_filled(room, "yes"), follow_redirects=True)
    assert "已计入" in _said(counted)
    assert all(word not in _said(counted) for word in ("同意", "不同意", "弃权"))
    repeated = client.post(f"/room/ballot/{ballot.id}", data=_filled(room, "no"))
    assert (repeated.status_code, "您已确认投票，确认后不可更改。" in repeated.text) == (422, True)
    with database.reading() as session:
        progress = ballots.progress(session, ballots.get(session, ballot.id))
        assert (progress.handed_in, progress.voters) == (1, 9)


def test_a_suspended_session_takes_no_sheet_until_it_is_resumed(
    season_site: Flask, voters: tuple[Room, Ballot], database: Database
) -> None:
    room, ballot = voters
    client, sheet = rooms.enter(season_site, room, 1), _filled(room, "yes")
    halted = {"status": "suspended", "suspended_at": datetime(2023, 10, 9, 2, tzinfo=UTC), "suspended_reason": "停电"}
    _set(database, room, **halted)
    for answer in (
        client.post(f"/room/ballot/{ballot.id}/check", data=sheet),
        client.post(f"/room/ballot/{ballot.id}", data=sheet),
    ):
        assert answer.status_code == 422
        assert "本件自2023年10月9日10:00起暂停办理，原因：停电。" in _said(answer)
    assert client.get(f"/room/files/{room.items[0]}").status_code == 422
    assert client.post(f"/room/files/{room.items[0]}", data={"text": "同"}).status_code == 422
    with database.transaction() as session, pytest.raises(Refused, match="停电"):
        closing.close(session, ballots.get(session, ballot.id), voting.officers(session))
    _set(database, room, status="running", suspended_at=None, suspended_reason=None)
    assert "已计入" in _said(client.post(f"/room/ballot/{ballot.id}", data=sheet, follow_redirects=True))


def _set(database: Database, room: Room, **columns: object) -> None:
    with database.transaction() as session:
        key = session.get_one(ReviewSession, room.meeting.review.id).instance_id
        session.execute(update(ProcessInstance).where(ProcessInstance.id == key).values(**columns))


def test_late_left_out_and_other_sessions_votes_are_refused(
    season_site: Flask, voters: tuple[Room, Ballot], database: Database
) -> None:
    room, ballot = voters
    client = rooms.enter(season_site, room, 2)
    assert client.post("/room/ballot/999", data=_filled(room, "yes")).status_code == 404
    with database.transaction() as session:
        closing.close(session, ballots.get(session, ballot.id), voting.officers(session))
    late = client.post(f"/room/ballot/{ballot.id}", data=_filled(room, "yes"))
    assert "未出席评审会议的评审专家不得委托他人投票或者补充投票。" in _said(late)
    assert "未计入" in _said(client.get("/room/ballot"))


def test_a_device_taken_back_or_a_new_seat_code_ends_the_seat(
    season_site: Flask, voters: tuple[Room, Ballot], database: Database
) -> None:
    room, _ = voters
    first, second = rooms.enter(season_site, room, 1), rooms.enter(season_site, room, 2)
    with database.transaction() as session:
        review = session.get_one(ReviewSession, room.meeting.review.id)
        access.take_back(session, review, 1)
    assert (first.get("/room/ballot").status_code, second.get("/room/ballot").status_code) == (403, 200)
    with database.transaction() as session:
        access.issue_seat_codes(session, session.get_one(ReviewSession, review.id))
    assert second.get("/room/ballot").status_code == 403
    assert "席位码有误" in _said(second.post("/room/seat", data={"seat_code": room.codes[2]}))


def test_its_pages_ask_no_more_for_more_files(season_site: Flask, database: Database, settings: Settings) -> None:
    asked = []
    for items in (2, 6):
        room = rooms.prepare(database, settings.attachments, items=items)
        client = rooms.enter(season_site, room, 1)
        for address in ("/room/files", f"/room/files/{room.items[0]}", "/room/recusals", "/room/ballot"):
            client.get(address)
            with statements(database) as sent:
                assert client.get(address).status_code == 200
            asked.append(len(sent))
        with database.transaction() as session:
            session.get_one(ReviewSession, room.meeting.review.id).status = "ended"
    assert asked[:4] == asked[4:]


def test_marks_are_given_where_the_notice_has_some_given(
    season_site: Flask, database: Database, settings: Settings
) -> None:
    """Each within its full marks; the mean shows to the main reader when the last of the panel has scored."""
    room = rooms.prepare(database, settings.attachments, seats=3, items=1, present=3)
    item = room.items[0]
    with database.transaction() as session:
        committee = session.get_one(Committee, room.meeting.review.committee_id)
        printed = {"value": {"业绩成果": 60, "专业答辩": 40}, "clause": "N1 §二(一)"}
        committee.parameters = {**committee.parameters, "scoring_sheet": printed}
        session.get_one(AgendaItem, item).main_reader_id = room.meeting.seats[0].id
    clients = [rooms.enter(season_site, room, number) for number in (1, 2, 3)]

    wrong = clients[0].post(f"/room/files/{item}", data={"text": "好", "score.业绩成果": "61", "score.专业答辩": "x"})
    assert "“业绩成果”请填写0至60分。" in _said(wrong)
    assert "“专业答辩”请填写0至40分。" in _said(wrong)
    for number, client in enumerate(clients):
        assert "专业组平均" not in clients[0].get(f"/room/files/{item}").text
        client.post(
            f"/room/files/{item}", data={"text": "好", "score.业绩成果": f"5{number}.5", "score.专业答辩": "30"}
        )

    assert "您的总分 80.5 / 100；专业组平均 81.5" in _said(clients[0].get(f"/room/files/{item}"))
    assert "专业组平均" not in clients[1].get(f"/room/files/{item}").text
