"""What a scenario expects of certificates, complaints and the integrity archive."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cli.scenarios import people, rechecks
from app.cli.scenarios.case import Step
from app.cli.scenarios.player import Player
from app.models.certificate import Certificate
from app.models.complaint import Complaint
from app.models.expert import IntegrityEntry

Finding = tuple[str, Any, Any]


def _certificates(_player: Player, session: Session, _step: Step, expected: Sequence[str]) -> Iterator[Finding]:
    """`certificates: [replaced, issued]`: the states of all certificates, the oldest first."""
    yield "证书", list(expected), list(session.scalars(select(Certificate.status).order_by(Certificate.id)))


def _complaint(_player: Player, session: Session, _step: Step, expected: Mapping[str, Any]) -> Iterator[Finding]:
    """`complaint: {stage, finding, reply, about}`: columns of the latest complaint."""
    latest = session.scalars(select(Complaint).order_by(Complaint.id.desc()).limit(1)).one()
    for key, wanted in expected.items():
        yield f"投诉举报 {key}", wanted, getattr(latest, key)


def _integrity(player: Player, session: Session, _step: Step, expected: Mapping[str, str]) -> Iterator[Finding]:
    """`integrity: {kind: account or body}`: every entry of the archive and against whom it stands."""
    found = {row.kind: (row.subject_kind, row.subject_id) for row in session.scalars(select(IntegrityEntry))}
    yield "诚信档案", {kind: _subject(player, session, kind, name) for kind, name in expected.items()}, found


def _subject(player: Player, session: Session, kind: str, name: str) -> tuple[str, int]:
    if kind == "unit_negligence":
        return "organisation", people.body(session, name).id
    return "person", people.person(session, player.account(name)).id


def _recheck(_player: Player, session: Session, _step: Step, expected: Mapping[str, Any]) -> Iterator[Finding]:
    """`recheck: {status, reply, due}`: the latest recheck; `due` the last day on which it could be asked for."""
    latest = rechecks.latest(session)
    for key, wanted in expected.items():
        found = latest.due_at and clock.local(latest.due_at - timedelta(microseconds=1)).date()
        yield f"复查 {key}", wanted, found if key == "due" else getattr(latest, key)


KINDS: dict[str, Callable[..., Iterator[Finding]]] = {
    "certificates": _certificates,
    "complaint": _complaint,
    "integrity": _integrity,
    "recheck": _recheck,
}
