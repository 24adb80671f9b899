"""What a scenario expects of certificates, complaints and the integrity archive."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.scenarios import people
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


KINDS: dict[str, Callable[..., Iterator[Finding]]] = {
    "certificates": _certificates,
    "complaint": _complaint,
    "integrity": _integrity,
}
