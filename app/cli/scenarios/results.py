"""The step `reviewed`: what a committee has voted, without its draw and its ballots, so that a case begins there."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.cli.scenarios import people
from app.cli.scenarios.case import Step
from app.cli.scenarios.player import Player
from app.domain import messages, review_committees
from app.domain.declarations import set_status_of
from app.domain.reviews import sessions
from app.models.declaration import Declaration
from app.models.expert import ReviewCommittee
from app.models.notice import Committee
from app.models.people import Organisation
from app.models.review import AgendaItem

PROCESS = "result"


def reviewed(player: Player, step: Step) -> None:
    """`reviewed: {passed: [label], failed: [label], approving: body}`: minutes of such a session are complete now.

    A label `crowd` stands for `crowd_1`, `crowd_2` …; `approving` names who approved a committee not registered yet.
    """
    said: Mapping[str, Any] = step.argument

    def work(session: Session) -> None:
        voted = {
            declaration_id: passed
            for key, passed in (("passed", True), ("failed", False))
            for declaration_id in player.labelled(said.get(key) or ()).values()
        }
        first = session.get_one(Declaration, next(iter(voted)))
        committee = session.get_one(Committee, first.committee_id)
        approving = people.body(session, said.get("approving", "cq_municipal_tro"))
        registered = review_committees.of_row(session, committee) or _register(session, committee, approving)
        review = sessions.create(session, first.notice_version_id, committee, registered)
        review.opened_at = review.announced_at = review.ended_at = clock.now(session)
        review.status = "ended"
        session.add_all(
            AgendaItem(session_id=review.id, declaration_id=key, place=place, status="voted", passed=passed)
            for place, (key, passed) in enumerate(voted.items(), 1)
        )
        set_status_of(session, voted, "IN_SESSION")
        version = first.notice_version_id
        messages.post_start(session, PROCESS, notice_version_id=version, subject={"session_id": review.id})

    player.once(str(step)[:200], work)


def _register(session: Session, committee: Committee, approving: Organisation) -> ReviewCommittee:
    return review_committees.register(
        session,
        name=committee.name,
        convening_id=people.body(session, committee.convening_key).id,
        approving_id=approving.id,
        kind="specialty",
        levels=list(committee.levels),
        series=list(committee.series),
        specialties=list(committee.specialties),
        executing_size=13,
        approved_from=date(2021, 1, 1),
        approved_to=date(2023, 12, 31),
    )
