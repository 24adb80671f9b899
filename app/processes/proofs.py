"""公示证明: what a unit's publicity showed, from when to when, proved by the hash it was frozen under."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import (
    batch_lists,
    batches,
    dictionaries,
    organisations,
    permissions,
    publicity,
    publicity_rounds,
    publicity_samples,
    snapshots,
)
from app.domain.permissions import Grants
from app.domain.publicity_days import Period
from app.errors import NotFound
from app.models.notice import Notice
from app.models.people import Person
from app.models.recommendation import Objection, Publicity, Snapshot


@dataclass(frozen=True)
class Shown:
    """One name as publicised; `digest` the hash of its form 8, `standing` what became of it."""

    name: str
    title: str
    digest: str
    files: int
    standing: str


@dataclass(frozen=True)
class Round:
    """One round of the publicity; `superseded_by` is the name of whoever ended it to show it anew."""

    publicity: Publicity
    period: Period
    superseded_by: str


@dataclass(frozen=True)
class Sample:
    """That the page was on show, in words; `same` where it showed what the hash stands for."""

    at: datetime
    same: bool


@dataclass(frozen=True)
class Proof:
    """Of one round; `rounds` are all of the batch. `objections`: state or finding → how many.

    Who closed is empty while it lasts.
    """

    publicity: Publicity
    snapshot: Snapshot
    unit: str
    notice: Notice
    period: Period
    names: tuple[Shown, ...]
    objections: dict[str, int]
    confirmed_by: str
    closed_by: str
    rounds: tuple[Round, ...]
    samples: tuple[Sample, ...]


def proof(session: Session, who: Grants, publicity_id: int) -> Proof:
    """For the unit and the offices that see one of its names, also when the publicity itself is gone.

    NotFound for anybody else; ConfigurationError where the content no longer matches its hash.
    """
    shown = session.get(Publicity, publicity_id)
    if shown is None or not permissions.may_see_proof(session, who, shown.batch_id):
        raise NotFound("没有找到该公示证明。")
    batch = batches.get(session, shown.batch_id)
    content = snapshots.read(session, shown.snapshot_digest)
    rounds = publicity_rounds.all_of(session, batch.id)
    persons = {shown.confirmed_by, shown.closed_by, *(each.superseded_by for each in rounds)} - {None}
    people = {each.id: each.name for each in session.scalars(select(Person).where(Person.id.in_(persons)))}
    periods = publicity.periods(session, rounds)
    return Proof(
        publicity=shown,
        snapshot=session.get_one(Snapshot, shown.snapshot_digest),
        unit=organisations.get(session, batch.organisation_id).name,
        notice=session.scalars(select(Notice).where(Notice.key == batch.notice_key)).one(),
        period=periods[shown.id],
        names=tuple(_names(session, batch.id, content)),
        objections=_objections(session, shown.id),
        confirmed_by=people.get(shown.confirmed_by or 0, ""),
        closed_by=people.get(shown.closed_by or 0, ""),
        rounds=tuple(Round(each, periods[each.id], people.get(each.superseded_by or 0, "")) for each in rounds),
        samples=tuple(
            Sample(each.at, each.shown_digest == shown.snapshot_digest)
            for each in publicity_samples.of_publicity(session, shown.id)
        ),
    )


def _names(session: Session, batch_id: int, content: dict[str, Any]) -> list[Shown]:
    found = {str(entry.declaration_id): entry for entry in batch_lists.entries(session, batch_id)}
    return [
        Shown(
            name=str(frozen["headings"].get("name") or ""),
            title=dictionaries.label("title", frozen["headings"].get("target_title")),
            digest=snapshots.digest_of(frozen),
            files=sum(len(row["evidence"]) for rows in frozen["tables"].values() for row in rows),
            standing=found[key].outcome if key in found else "已退出本批",
        )
        for key, frozen in content["declarations"].items()
    ]


def _objections(session: Session, publicity_id: int) -> dict[str, int]:
    counts: dict[str, int] = {}
    for finding in session.scalars(select(Objection.finding).where(Objection.publicity_id == publicity_id)):
        words = batch_lists.FINDINGS.get(finding or "", "正在核实")
        counts[words] = counts.get(words, 0) + 1
    return counts
