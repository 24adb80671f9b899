"""The season in progress that the demo shows: played by the scenario player, then its clock runs (D11)."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cli import demo, schema
from app.cli.scenarios import case, run, world
from app.cli.scenarios.player import Player
from app.db import Database
from app.errors import ConfigurationError
from app.models.notice import Notice
from app.models.process import ClockOffset

SEASON = Path(__file__).parent / "season.yaml"


def prepare(database: Database, files: Path) -> bool:
    """Bring the demo database to this version; True if it was empty and the season has been played in it.

    Uploads go to `files`. Takes some ten seconds of CPU; ConfigurationError where an earlier filling did not end.
    """
    schema.upgrade(database)
    with database.transaction() as session:
        if session.scalars(select(Notice.id)).first() is not None:
            _require_running(session)
            return False
        world.freeze(session, world.FILLED_AT)
        demo.fill(session)
    play(database, files)
    with database.transaction() as session:
        demo.set_clock(session, clock.now(session))
    return True


def play(database: Database, files: Path | None = None) -> Player:
    """Play the season among the demo's people; its clock then stands at the instant at which it is shown."""
    player = Player(case.read(SEASON), database, files)
    player.begin()
    for step in player.case.steps:
        run.perform(player, step)
    return player


def _require_running(session: Session) -> None:
    """While the season is played its clock stands still: where it does so now, the playing was broken off."""
    offset = session.get(ClockOffset, 1)
    if offset is not None and offset.frozen_us is not None:
        raise ConfigurationError("上次装入演示数据时中断。请删去数据文件夹（默认 var/）后重新运行。")
