"""What the season has not come to, played behind it, so that every paper has something to say."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cli.scenarios import case, run
from app.cli.scenarios.player import Player
from app.db import Database
from app.models.declaration import Declaration
from app.models.entrustment import EntrustedName, EntrustmentLetter
from app.models.people import Organisation, Person

FOLDER = Path(__file__).parent


def carry_on(database: Database, files: Path) -> None:
    """The season's draw comes to its roster, a recheck is answered, an entrustment letter is on record."""
    player = Player(case.read(FOLDER / "season.yaml"), database, files)
    player.begin()
    with database.transaction() as session:
        failed = select(Declaration.id).where(Declaration.ended_as == "NOT_PASSED").order_by(Declaration.id)
        player.declarations["failed"] = session.scalars(failed.limit(1)).one()
        _entrust(session)
    _play(player)


def solicit(database: Database) -> None:
    """A solicitation under the notice of 2021, to its approved pool."""
    player = Player(case.read(FOLDER / "solicitation.yaml"), database)
    player.begin()
    _play(player)


def _play(player: Player) -> None:
    for step in player.case.steps:
        run.perform(player, step)


def _entrust(session: Session) -> None:
    """The letter on which the season's entrusted declaration was reviewed."""
    ended = select(Declaration).where(Declaration.ended_as == "RESULT_REPLIED").order_by(Declaration.id)
    declaration = session.scalars(ended.limit(1)).one()
    unit = session.get_one(Organisation, declaration.data["entrusting_unit_id"])
    letter = EntrustmentLetter(
        notice_key=declaration.notice_key,
        entrusting_id=unit.id,
        series=declaration.series,
        specialty="大数据",
        level=declaration.level,
        number="山数委函〔2023〕8号",
        contact_name=unit.contact_name or "人事处",
        contact_phone=unit.contact_phone or "023-55550199",
        address="虚构市虚构区数据路8号",
        issued_on=clock.local(clock.now(session) - timedelta(days=60)).date(),
        recorded_at=clock.now(session),
        recorded_by=session.scalars(select(Person.id).limit(1)).one(),
    )
    session.add(letter)
    session.flush()
    session.add(EntrustedName(letter_id=letter.id, declaration_id=declaration.id))
