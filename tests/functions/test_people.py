"""The list of people who decide a step together."""

from app.db import Database
from app.domain import people
from app.functions import people as functions
from tests.functions.test_levels import Freeze
from tests.support.cases import case, season, submitted


def test_holders_are_those_of_the_post_without_the_applicant(sqlite_database: Database, freeze: Freeze) -> None:
    with sqlite_database.transaction() as session:
        freeze(session, "2023-10-16 09:00:00")
        made = season(session)
        body, about = made.bodies["institute"], case(made, submitted(made))
        for account in ("jia", "bing"):
            people.grant(session, made.people[account], "unit_clerk", body)
        asked = functions.holders(about, "unit_clerk", body)
        assert asked == sorted([made.people["bing"], made.people["clerk"]])
        assert functions.holders(about, "unit_head", body) == []
