"""A whole session through the room's own pages leaves nothing that ties a voter to a vote, in database, log or page."""

import random

import orjson
import pytest
from flask import Flask
from sqlalchemy import select
from structlog.testing import capture_logs

from app.config import Settings
from app.db import Database
from app.domain import ballots, history
from app.models.review import ReviewSession, Seat
from app.processes import ballots as after
from app.processes.documents import of_session
from tests.support import ballots as voting
from tests.support import room as rooms
from tests.support.secrecy import session as held
from tests.support.secrecy.truth import Truth
from tests.support.secrecy.walker import walk
from tests.support.website import enter

SEATS, ITEMS = 9, 10
OFFICE_PAGES = ("", "/minutes", "/room", "/board", "/lamp")


def papers_of(database: Database, review_id: int) -> dict[str, str]:
    """What the papers of the session say, each value on a line of its own, and the exported history."""
    with database.reading() as session:
        review = session.get_one(ReviewSession, review_id)
        made = {kind.__name__: kind(session, review) for kind in (of_session.minutes, of_session.recusals)}
        said = {name: orjson.dumps(paper.data, option=orjson.OPT_INDENT_2).decode() for name, paper in made.items()}
        return said | {"history": "\n".join(map(str, history.records(session)))}


@pytest.mark.parametrize("season", ["sqlite"], indirect=True)
def test_a_session_through_the_pages(season_site: Flask, season: Database, settings: Settings, caplog) -> None:  # type: ignore[no-untyped-def]
    chance = random.Random(11)  # noqa: S311 (the same session each time)
    caplog.set_level("DEBUG")
    with capture_logs() as logged:
        room = rooms.prepare(season, settings.attachments, SEATS, ITEMS, present=SEATS)
        clients = {number: rooms.enter(season_site, room, number) for number in range(1, SEATS + 1)}
        for client in clients.values():
            for item in room.items[:2]:
                client.post(f"/room/files/{item}", data={"text": "业绩突出，建议通过", "next": "yes"})
        with season.transaction() as session:
            review = session.get_one(ReviewSession, room.meeting.review.id)
            ballot = ballots.open(
                session, review, room.items, room.meeting.season.people["clerk"], voting.officers(session)
            )
        order = chance.sample(sorted(clients), SEATS)
        said = {number: {item: chance.choice(held.CHOICES) for item in room.items} for number in order}
        for number in order:
            form = {f"item.{item}": choice for item, choice in said[number].items()}
            assert clients[number].post(f"/room/ballot/{ballot.id}/check", data=form).status_code == 200
            assert clients[number].post(f"/room/ballot/{ballot.id}", data=form).status_code == 302
        with season.reading() as session:
            seats = {seat.number: seat for seat in session.scalars(select(Seat))}
            sheets = {seats[number].id: sheet for number, sheet in said.items()}
            voters = [held.voter_of(session, seats[number]) for number in order]
            sealed = held.sealed_of(session, ballots.get(session, ballot.id))
            truth = Truth(ballot.id, ballot.item_ids, voters, sheets, sealed)
        held.close(season, truth)
        assert after.wipe(season)
        pages = {
            f"{address} at seat {number}": client.get(address).text
            for number, client in clients.items()
            for address in ("/room/ballot", "/room/files")
        }
        office, desk = enter(season_site, "committee"), f"/sessions/{room.meeting.review.id}"
        pages |= {f"office {part}": office.get(desk + part).text for part in OFFICE_PAGES}
        assert "计票基数" in pages["office "]  # what was counted is there, and who voted how is not
        pages |= papers_of(season, room.meeting.review.id)

    assert walk(season, truth, {"log": "\n".join(map(str, logged)), "library log": caplog.text, **pages}) == []
