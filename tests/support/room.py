"""The experts' room for tests of its pages: a session among the demo's people, devices, and browsers at them."""

import base64
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import attachments, committees, notices, organisations, people
from app.domain.attachments import Upload
from app.domain.room import access
from app.models.declaration import Declaration
from app.models.review import Seat
from tests.support import reviews
from tests.support.cases import N2, Season
from tests.support.reviews import Meeting

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAGCAIAAABxZ0isAAAAEUlEQVR4nGO48+ILVsQwkBIAOdCCgWAWA/YAAAAASUVORK5CYII="
)


@dataclass
class Room:
    """A session that is about to begin: its devices' codes by number, its seats' codes by seat number."""

    meeting: Meeting
    devices: dict[int, str]
    codes: dict[int, str]

    @property
    def items(self) -> list[int]:
        return [each.id for each in self.meeting.items]


def prepare(database: Database, folder: Path, seats: int = 9, items: int = 3, **opened: int) -> Room:
    """A scheduled session (with `present`: an open one) with evidence in each file."""
    with database.transaction() as session:
        season = season_of(session)
        if opened:
            meeting = reviews.opened(session, seats, items, season=season, **opened)
            meeting.review.rules_minuted_at = clock.now(session)
        else:
            meeting = reviews.session_with(session, seats, items, season=season)
        now = clock.now(session)
        meeting.review.planned_from, meeting.review.planned_until = now, now + timedelta(hours=8)
        for item in meeting.items:
            _fill(session, folder, item.declaration_id)
        by = season.people["clerk"]
        devices = access.issue_devices(session, meeting.review, seats, by)
        codes = access.issue_seat_codes(session, meeting.review)
        numbers = {each.id: each.number for each in session.scalars(select(Seat))}
        return Room(meeting, devices, {numbers[seat]: code for seat, code in codes.items()})


def season_of(session: Session) -> Season:
    """The demo's big-data notice as `cases` knows a season."""
    version = notices.current(session, N2)
    keys = {"institute": "cq_data_institute", "cq_bigdata_bureau": "cq_bigdata_bureau"}
    bodies = {name: organisations.by_key(session, key).id for name, key in keys.items()}
    bodies["municipal_tro"] = organisations.find(session, kinds=("municipal_tro",))[0].id
    clerk = people.by_account(session, "committee")
    assert clerk is not None
    committee = committees.of_version(session, version.id)[0]
    return Season(session, version, committee, bodies, {"clerk": clerk.id})


def sit_down(app: Flask, room: Room, number: int) -> FlaskClient:
    """A browser that has become device `number`, with the expert of seat `number` at it."""
    client = app.test_client()
    client.post("/room/device", data={"device_code": room.devices[number]})
    client.post("/room/seat", data={"seat_code": room.codes[number]})
    return client


def enter(app: Flask, room: Room, number: int) -> FlaskClient:
    """The same, signed in, with nobody to stand back from."""
    client = sit_down(app, room, number)
    client.post("/room/sign-in", data={"pledged": "yes", "phone_receipt": f"T{number:03d}"})
    client.post("/room/recusals", data={"confirmed": "yes"})
    return client


def _fill(session: Session, folder: Path, declaration_id: int) -> None:
    declaration = session.get_one(Declaration, declaration_id)
    file = attachments.store(session, folder, Upload("获奖证书.png", PNG, "awards"), None, declaration_id)
    row = {"_id": "a1", "title": "科技进步奖", "evidence": [file.id]}
    declaration.data = {**declaration.data, "specialty": "big_data", "target_title": "engineer", "awards": [row]}
