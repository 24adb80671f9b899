"""What a scenario expects of a draw, and to which end events processes came."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.scenarios import draws
from app.cli.scenarios.case import Step
from app.cli.scenarios.player import Player
from app.domain.draws import invitations, rounds
from app.domain.draws import plan as plans
from app.models.process import Event

Finding = tuple[str, Any, Any]


def _draw(_player: Player, session: Session, _step: Step, expected: Mapping[str, Any]) -> Iterator[Finding]:
    """`draw: {…}`: the round at work, and who sits."""
    review = draws.of_case(session)
    draw = rounds.latest(session, review.id)
    plan = plans.of_record(draw.record)
    rows = invitations.of_draw(session, draw.id)
    members = [row for row in rows if row.kind == "member"]
    roster = [each for each in invitations.roster(session, review.id) if each.kind == "member"]
    flags = [plan.by_id[row.expert_id].flags for row in members]
    ended = [each.void for each in reversed(rounds.of_session(session, review.id)) if each.void is not None]
    found = {
        "status": rounds.STATUSES[draw.status],
        "round": draw.number,
        "size": plan.size,
        "members": len(members),
        "reserves": sum(row.kind == "reserve" for row in rows),
        "accepted": len(roster),
        "drawn_again": sum(row.replaces_id is not None for row in rows),
        "external": sum("external" in each for each in flags) > 0,
        "renewed": 3 * sum("new" in each for each in flags) >= plan.size,
        "leaders": sum("leader" in each for each in flags),
        "rejected": draw.attempts - 1,
        "voided": [str(each["reason"]) for each in ended],
        "signatures": [len(each.get("signed", ())) for each in ended],
    }
    for key, wanted in expected.items():
        yield f"抽取 {key}", wanted, found[key]


def _ends(_player: Player, session: Session, _step: Step, expected: Mapping[str, Any]) -> Iterator[Finding]:
    """`reached: {process: end}` or `[ends]`: a run of the process, begun or called, has come to that end event."""
    said = session.scalars(select(Event.payload).where(Event.kind == "passed"))
    passed = {(process, element) for payload in said if payload for process, element in payload["elements"]}
    for process, wanted in expected.items():
        for end in wanted if isinstance(wanted, list) else [wanted]:
            yield f"{process} 到达", end, end if (process, end) in passed else None


KINDS: dict[str, Callable[..., Iterator[Finding]]] = {"draw": _draw, "reached": _ends}
