"""Which notice version an instance ran on at an instant that is past."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.notice import NoticeVersion
from app.models.process import Event

MOVES = ("migrated", "migration_undone")


@dataclass(frozen=True)
class Pins:
    """`moves`: instance → (when, from which version) in order; `amends`: version → (when it took effect, of which)."""

    moves: Mapping[int, list[tuple[datetime, int]]]
    amends: Mapping[int, tuple[datetime, int]] = field(default_factory=dict)

    def at(self, instance_id: int, present: int, moment: datetime) -> int:
        """The version at `moment` of an instance that is on version `present` now."""
        later = (was for when, was in self.moves.get(instance_id, ()) if when > moment)
        version = next(later, present)
        while version in self.amends and self.amends[version][0] > moment:
            version = self.amends[version][1]
        return version


def of_instances(session: Session, instance_ids: Iterable[int]) -> Pins:
    """Two statements, whatever their number."""
    wanted = select(Event.instance_id, Event.kind, Event.at, Event.payload).where(
        Event.instance_id.in_(list(instance_ids)), Event.kind.in_(MOVES)
    )
    moves: defaultdict[int, list[tuple[datetime, int]]] = defaultdict(list)
    reached: dict[int | None, int | None] = {}
    for instance_id, kind, at, payload in session.execute(wanted.order_by(Event.instance_id, Event.number)):
        said = payload or {}
        was = said.get("from") if kind == "migrated" else reached.get(instance_id)
        if was is not None and instance_id is not None:
            moves[instance_id].append((at, was))
        reached[instance_id] = said.get("to", was)
    amending = select(NoticeVersion.id, NoticeVersion.took_effect_at, NoticeVersion.amends).where(
        NoticeVersion.amends.is_not(None), NoticeVersion.took_effect_at.is_not(None)
    )
    return Pins(moves, {key: (at, of) for key, at, of in session.execute(amending) if at is not None and of})
