"""What a scenario expects of its review session: its state, its agenda, and what was counted."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cli.scenarios.case import Step
from app.cli.scenarios.player import Player
from app.cli.scenarios.reviews import latest
from app.domain.reviews import announcing, seats
from app.models.ballot import Vote

Finding = tuple[str, Any, Any]


def _session(_player: Player, session: Session, _step: Step, expected: Mapping[str, Any]) -> Iterator[Finding]:
    """`session: {status, present, size, needed, listed, postponed, recording, ended_on, seats: {position: n}}`."""
    review = latest(session)
    lamp = seats.lamp(session, review)
    rows = announcing.rows(session, review.id)
    found = {
        "status": review.status,
        "present": lamp.present,
        "size": lamp.size,
        "needed": lamp.needed,
        "listed": sum(row.line.item.status == "listed" for row in rows),
        "postponed": len(review.postponed),
        "recording": review.recording,
        "seats": dict(Counter(seat.position for seat in seats.of_session(session, review.id))),
        "ended_on": clock.local(review.ended_at).date() if review.ended_at else None,
    }
    for key, wanted in expected.items():
        yield f"会议 {key}", wanted, found[key]


def _agenda(player: Player, session: Session, _step: Step, expected: Mapping[str, str]) -> Iterator[Finding]:
    """`agenda: {label: listed|voted|deferred|dropped}`."""
    items = {row.line.declaration.id: row.line.item.status for row in announcing.rows(session, latest(session).id)}
    for label, wanted in expected.items():
        yield f"议程 {label}", wanted, items.get(player.declarations[label])


def _tally(player: Player, session: Session, _step: Step, expected: Mapping[str, Any]) -> Iterator[Finding]:
    """`tally: {label: {yes, counted, passed, …}}`, of which `other_way` is {counted, passed}; none counted: null."""
    rows = {row.line.declaration.id: row.tally for row in announcing.rows(session, latest(session).id)}
    for label, wanted in expected.items():
        tally = rows.get(player.declarations[label])
        if wanted is None or tally is None:
            yield f"计票 {label}", wanted, tally
            continue
        for key in wanted:
            yield f"计票 {label} {key}", wanted[key], getattr(tally, key)


def _votes(_player: Player, session: Session, _step: Step, expected: int) -> Iterator[Finding]:
    """`votes: n`: how many single votes stand counted in all."""
    yield "选票", expected, len(session.scalars(select(Vote.key)).all())


KINDS: dict[str, Callable[..., Iterator[Finding]]] = {
    "session": _session,
    "agenda": _agenda,
    "tally": _tally,
    "votes": _votes,
}
