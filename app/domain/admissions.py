"""Admission to a pool: the deliberated become experts with a term, and the committee is approved anew (N0 §六)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.domain import campaigns, experts, messages
from app.domain.parameters import lookup
from app.models.expert import Campaign, Candidate, Expert, PoolEntry


def admit(session: Session, campaign: Campaign, values: Mapping[str, Any], by: int | None) -> int:
    """核准入库: whoever was deliberated in becomes an expert with a term; all are told. Returns how many entered."""
    term_from = date.fromisoformat(str(values.get("term_from") or campaign.plan["term_from"]))
    years = lookup(session, campaign.notice_version_id, "committee_term_years").value
    term_to = experts.anniversary(term_from, years) - timedelta(days=1)
    accepted = campaigns.of_campaign(session, campaign.id, "accepted")
    chosen = [each for each in accepted if each.decision == campaigns.ADMIT]
    for candidate in chosen:
        expert = experts.of_candidate(session, candidate)
        session.add(_entry(campaign, candidate, expert, (term_from, term_to)))
    _tell(session, accepted, campaign)
    campaign.plan = {**campaign.plan, "term_from": term_from.isoformat(), "term_to": term_to.isoformat()}
    number = values.get("approval_number")
    campaign.decision = {**campaign.decision, "approval_number": number, "approved_by": by}
    campaign.closed_at = clock.now(session)
    registered = campaigns.committee_of(session, campaign)
    registered.approved_from, registered.approved_to, registered.status = term_from, term_to, "approved"
    registered.approval_number = number or registered.approval_number
    registered.executing_size = campaigns.asked_of(session, campaign).executing
    session.flush()
    return len(chosen)


def term_start(campaign: Campaign) -> str:
    """The first instant of the pool's term as text."""
    day = date.fromisoformat(campaign.plan["term_from"])
    return datetime.combine(day, time(), clock.SHANGHAI).isoformat()


def days_until_reminder(session: Session, campaign: Campaign) -> int:
    """Days of the term that pass before its end is announced."""
    first, last = (date.fromisoformat(campaign.plan[key]) for key in ("term_from", "term_to"))
    ahead: int = lookup(session, campaign.notice_version_id, "pool_reminder_days").value
    return (last - first).days + 1 - ahead


def _entry(campaign: Campaign, candidate: Candidate, expert: Expert, term: tuple[date, date]) -> PoolEntry:
    return PoolEntry(
        expert_id=expert.id,
        review_committee_id=campaign.review_committee_id,
        source=candidate.source,
        position=candidate.position,
        term_from=term[0],
        term_to=term[1],
        candidate_id=candidate.id,
    )


def _tell(session: Session, told: Iterable[Candidate], campaign: Campaign) -> None:
    """`deliberated` to every application at once."""
    admitted = {
        each.instance_id: {"admitted": each.decision == campaigns.ADMIT}
        for each in told
        if each.instance_id is not None
    }
    messages.post_many(session, "deliberated", admitted, sender_id=campaign.instance_id)
