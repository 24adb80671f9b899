"""What people know that no schema says: today's fee, their own name, the next meeting's day, their share of chance."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.cli.rehearsal.pace import Pace
from app.cli.rehearsal.profile import Profile
from app.domain import payments
from app.domain.draws import rounds, stream
from app.errors import AppError
from app.functions.rules import NoticeRules
from app.models.declaration import Declaration
from app.models.process import ProcessInstance, Task

SHARE = "draw_share"  # the record whose forms ask for a share of chance
PARTIES = {"discipline": "supervisor", "draw_operator": "office"}  # role → party of a draw
_LAST_HOUR = "18:00"


@dataclass(frozen=True)
class Situation:
    """A task, what its form asks for, who does it, and how he counts days."""

    task: Task
    instance: ProcessInstance
    asks: Collection[str]
    name: str
    pace: Pace
    profile: Profile
    chance: Random


def says(session: Session, about: Situation) -> dict[str, Any]:
    """Values by field key, for whatever form the task has."""
    now = clock.now(session)
    known: dict[str, Any] = {
        "signed_by": about.name,
        "head_name": about.name,
        "filled_by": about.name,
        "opinion": "同意。",
        "number": f"预演〔{clock.local(now).year}〕{about.task.id}号",
        **_days(about, now),
    }
    if about.task.record == SHARE:
        known |= _share(session, about)
    if about.task.declaration_id is not None and "amount" in about.asks:
        known |= _fee(session, about.task.declaration_id)
    return known


def _days(about: Situation, now: datetime) -> dict[str, Any]:
    """Days that lie ahead; every other day that a form asks for is today."""
    ahead = clock.local(about.pace.later(now, int(about.profile.sessions["ahead"]), about.chance)).date()
    soon = clock.local(about.pace.later(now, 3, about.chance)).date()
    week = clock.local(about.pace.later(now, 5, about.chance)).date()
    return {
        "planned_from": f"{ahead}T09:00",
        "planned_until": f"{ahead}T{_LAST_HOUR}",
        "postponed_from": f"{soon}T09:00",
        "postponed_until": f"{soon}T{_LAST_HOUR}",
        "extended_until": week.isoformat(),
    }


def _fee(session: Session, declaration_id: int) -> dict[str, Any]:
    declaration = session.get_one(Declaration, declaration_id)
    rules = NoticeRules(session, declaration.notice_version_id, declaration.committee_id)
    try:
        return {"amount": payments.amount_due(declaration, rules)}
    except AppError:
        return {}


def _share(session: Session, about: Situation) -> Mapping[str, Any]:
    """A share that the same party finds again when it has to show it."""
    party, review_id = PARTIES.get(about.task.role), about.instance.subject.get("session_id")
    if party is None or review_id is None:
        return {}
    draw = rounds.latest(session, review_id)
    secret = hashlib.sha256(f"{review_id}:{draw.number}:{party}".encode()).hexdigest()
    return {"commitment": stream.commitment(draw.digest, party, secret), "share": secret}
