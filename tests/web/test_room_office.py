"""The office's side of the experts' room, and the tellers' entry of paper sheets."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from app.config import Settings
from app.db import Database
from app.domain import ballots
from app.models.ballot import Ballot, Tally
from app.models.review import ReviewSession, Seat
from app.models.room import RoomDevice
from tests.support import room as rooms
from tests.support.room import Room
from tests.support.website import enter, statements

pytestmark = pytest.mark.parametrize("season", ["sqlite"], indirect=True)


@pytest.fixture
def room(season: Database, settings: Settings) -> Room:
    return rooms.prepare(season, settings.attachments)


def _codes(page: str) -> list[str]:
    return [
        "".join(each.text_content().split()) for each in html.fromstring(page).xpath("//*[@class='room-card-code']")
    ]


def test_the_office_gives_out_devices_and_seat_cards(season_site: Flask, room: Room, season: Database) -> None:
    office = enter(season_site, "committee")
    address = f"/sessions/{room.meeting.review.id}/room"
    assert "未登记" in office.get(address).text

    given = _codes(office.post(f"{address}/devices", data={"count": "2"}).text)
    cards = office.post(f"{address}/seats").text
    assert len(given) == 2
    assert "评委" in cards
    client = season_site.test_client()
    client.post("/room/device", data={"device_code": given[0]})
    assert client.post("/room/seat", data={"seat_code": _codes(cards)[2]}).status_code == 302
    with season.reading() as session:
        seat = session.scalars(select(RoomDevice.seat_id).where(RoomDevice.seat_id.is_not(None))).one()
        number, device = session.get_one(Seat, seat).number, len(room.devices) + 1
    assert number == 3
    assert f"{device}号" in office.get(address).text

    office.post(f"{address}/devices/{device}/back")
    assert client.get("/room/sign-in").status_code == 403
    assert office.post(f"{address}/devices", data={"count": "0"}).status_code == 422


def test_the_office_sees_what_was_read_by_seat_numbers_alone(season_site: Flask, room: Room) -> None:
    reader = rooms.enter(season_site, room, 4)
    reader.get(f"/room/files/{room.items[0]}")
    reader.post(f"/room/files/{room.items[0]}/evidence/0/stay", json={"seconds": 90})

    page = enter(season_site, "committee").get(f"/sessions/{room.meeting.review.id}/room").text

    cells = html.fromstring(page).xpath("//section[@aria-labelledby='reading']//tbody/tr[1]/td")
    assert [each.text_content().strip() for each in cells][1:5] == ["—", "—", "—", "1 · 2"]
    assert "评委" not in " ".join(html.fromstring(page).xpath("//section[@aria-labelledby='reading']//th/text()"))


def test_seat_cards_wait_for_the_day_of_the_session(season_site: Flask, room: Room, season: Database, freeze) -> None:  # type: ignore[no-untyped-def]
    with season.transaction() as session:
        freeze(session, "2023-10-08 20:00:00")
    answer = enter(season_site, "committee").post(f"/sessions/{room.meeting.review.id}/room/seats")
    assert (answer.status_code, "评委名单在会议当天之前保密" in answer.text) == (403, True)


@pytest.mark.parametrize("account", ["committee.dadukou", "teller.count", "chair", "zhang.lin"])
def test_only_the_sessions_own_office_runs_its_room(season_site: Flask, room: Room, account: str) -> None:
    client, address = enter(season_site, account), f"/sessions/{room.meeting.review.id}/room"
    answers = [
        client.get(address),
        client.post(f"{address}/seats"),
        client.post(f"{address}/devices", data={"count": 1}),
    ]
    assert {each.status_code for each in answers} <= {403, 404}


# -- paper


@pytest.fixture
def on_paper(season: Database, settings: Settings) -> tuple[str, Ballot]:
    """The address of the tellers' page of a ballot on paper, and the ballot."""
    room = rooms.prepare(season, settings.attachments, present=9)
    with season.transaction() as session:
        review = session.get_one(ReviewSession, room.meeting.review.id)
        ballot = ballots.open(session, review, room.items, room.meeting.season.people["clerk"], paper=True)
    return f"/sessions/{room.meeting.review.id}/ballots/{ballot.id}/paper", ballot


def _said(ballot: Ballot, *yes: int) -> dict[str, int]:
    rows = zip(ballot.item_ids, yes, strict=True)
    return {
        f"{key}.{item}": value
        for item, count in rows
        for key, value in {"yes": count, "no": 9 - count, "abstain": 0, "spoiled": 0}.items()
    }


def test_two_tellers_enter_apart_until_they_agree(
    season_site: Flask, on_paper: tuple[str, Ballot], season: Database
) -> None:
    address, ballot = on_paper
    supervise, count = enter(season_site, "teller.supervise"), enter(season_site, "teller.count")

    first = supervise.post(address, data=_said(ballot, 6, 5, 9), follow_redirects=True)
    assert "已保存。另一名计票人员录入后，系统比对两次录入。" in first.text
    assert _values(count, address) == [""] * 12  # the other's figures stay his

    second = count.post(address, data=_said(ballot, 6, 7, 9), follow_redirects=True)
    assert "两人录入的票数不一致，请分别重新清点：申报人" in second.text
    assert len(html.fromstring(second.text).xpath("//tbody//*[text()='不一致']")) == 1
    agreed = supervise.post(address, data=_said(ballot, 6, 7, 9), follow_redirects=True)
    assert "两人录入一致，已计票。" in agreed.text
    with season.reading() as session:
        tallies = session.scalars(select(Tally).order_by(Tally.item_id)).all()
        assert [(each.yes, each.passed) for each in tallies] == [(6, True), (7, True), (9, True)]


def test_figures_that_are_missing_or_too_many_are_named_and_kept(
    season_site: Flask, on_paper: tuple[str, Ballot]
) -> None:
    address, ballot = on_paper
    said = _said(ballot, 6, 5, 12) | {f"no.{ballot.item_ids[2]}": 0, f"yes.{ballot.item_ids[0]}": ""}

    answer = enter(season_site, "teller.count").post(address, data=said)

    assert answer.status_code == 422
    words = html.fromstring(answer.text).xpath("//main")[0].text_content()
    assert "请填写" in words
    assert "的选票共12张，多于有表决权的9人，请重新核对。" in words
    assert html.fromstring(answer.text).xpath(f"//input[@name='yes.{ballot.item_ids[1]}']/@value") == ["5"]


@pytest.mark.parametrize("account", ["committee", "chair", "zhang.lin"])
def test_nobody_but_the_tellers_enters_paper(season_site: Flask, on_paper: tuple[str, Ballot], account: str) -> None:
    address, ballot = on_paper
    client = enter(season_site, account)
    assert client.get(address).status_code in (403, 404)
    assert client.post(address, data=_said(ballot, 6, 6, 6)).status_code in (403, 404)


def _values(client: FlaskClient, address: str) -> list[str]:
    return [str(each) for each in html.fromstring(client.get(address).text).xpath("//input[@type='number']/@value")]


def test_its_pages_ask_no_more_for_more_applicants(season_site: Flask, season: Database, settings: Settings) -> None:
    asked = []
    for items in (2, 6):
        room = rooms.prepare(season, settings.attachments, items=items, present=9)
        review_id, by = room.meeting.review.id, room.meeting.season.people["clerk"]
        with season.transaction() as session:
            ballot = ballots.open(session, session.get_one(ReviewSession, review_id), room.items, by, paper=True)
        pages = {"committee": "room", "teller.count": f"ballots/{ballot.id}/paper"}
        for account, page in pages.items():
            client, address = enter(season_site, account), f"/sessions/{review_id}/{page}"
            client.get(address)
            with statements(season) as sent:
                assert client.get(address).status_code == 200
            asked.append(len(sent))
    assert asked[:2] == asked[2:]
