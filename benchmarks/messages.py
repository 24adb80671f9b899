"""Results to 300 declarations: how many a second are told, from the one INSERT to the last receiver stored.

Each message is delivered by the ordinary tick in its receiver's own transaction: the instance locked and restored, the
message caught, tasks, history and state written; two thirds of the declarations wait on, one third ends as NOT_PASSED.
"""

import time
from pathlib import Path

from sqlalchemy import func, select

from app.cli.scenarios.case import of_dict
from app.cli.scenarios.player import Player
from app.cli.scenarios.world import Worlds
from app.db import Database
from app.domain.results import announcing
from app.models.process import Message
from app.models.review import ReviewSession
from app.processes.tick import tick
from benchmarks import walk

TOLD = 300
SCENARIO = Path(__file__).parents[1] / "tests" / "scenarios" / "messages.yaml"  # where the stretches lie
SAID = {
    "case": "MESSAGES",
    "notice": "n2_2023_bigdata",
    "clock": "2023-10-09 09:00",
    "declaration": {"applicant": "zhang.lin", "base": "municipal_engineer", "committee": 1},
    "steps": [
        {
            "play": "climb_to_ready",
            "with": {"start": "2023-10-10", "close": "2023-10-17", "accepted": "2023-11-06", "fee": 240},
        },
        {"copy": {"count": TOLD - 1, "label": "crowd"}},
        {
            "reviewed": {
                "passed": [f"crowd_{number}" for number in range(1, TOLD * 2 // 3 + 1)],
                "failed": ["it", *(f"crowd_{number}" for number in range(TOLD * 2 // 3 + 1, TOLD))],
            }
        },
    ],
}


def measure(worlds: Worlds) -> dict[str, float]:
    with worlds.fresh() as database:
        review_id = voted(database)
        began = time.perf_counter()
        with database.transaction() as session:
            assert announcing.announce(session, session.get_one(ReviewSession, review_id)) == TOLD
        tick(database)
        took = time.perf_counter() - began
        with database.reading() as session:
            done = select(func.count(Message.id)).where(Message.name == "session_result", Message.status == "delivered")
            assert session.scalar(done) == TOLD
    return {f"messages_per_s_{worlds.name}": round(TOLD / took, 1)}


def voted(database: Database) -> int:
    """A session that has voted on TOLD paid declarations; gives its id."""
    walk.play(Player(of_dict(SAID, SCENARIO), database))
    with database.reading() as session:
        return session.scalars(select(ReviewSession.id)).one()
