"""What the forms of a solicitation and of one application are prefilled with."""

from collections.abc import Collection
from typing import Any

from sqlalchemy.orm import Session

from app.domain import campaigns, candidates, composition, overrides
from app.domain.composition import Lamp
from app.models.expert import Campaign
from app.models.process import ProcessInstance, Task

Values = dict[str, Any]


def of_campaign(session: Session, _task: Task, instance: ProcessInstance, wanted: Collection[str]) -> Values:
    """Counts, the make-up in words, and what has to be explained."""
    campaign = campaigns.get(session, instance.subject.get("campaign_id"))
    found: Values = {"committee": campaigns.committee_of(session, campaign).name}
    found |= {key: campaign.plan.get(key) for key in ("term_from", "executing")}
    if {"recommended_count", "rule", "value", "limit"} & set(wanted):
        lamp = campaigns.recommended_lamp(session, campaign)
        found |= {"recommended_count": lamp.value, "recommended_least": lamp.limit}
        found |= campaigns.explained(_open_flags(session, campaign, lamp))
    if "composition" in wanted:
        found["composition"] = "\n".join(_line(lamp) for lamp in campaigns.lamps(session, campaign))
    if "explanation" in wanted:
        found["explanation"] = overrides.explanation_of(session, instance.id)
    return found


def _open_flags(session: Session, campaign: Campaign, recommended: Lamp) -> list[Lamp]:
    """Until the list is invited its length is what needs an explanation, afterwards the make-up of the pool."""
    listed = bool(campaigns.of_campaign(session, campaign.id, "listed"))
    return [recommended] if listed else campaigns.flagged(session, campaign)


def of_candidate(session: Session, _task: Task, instance: ProcessInstance, _wanted: Collection[str]) -> Values:
    """The profile as it stands, who the candidate is, and what the checks found to be explained."""
    candidate = candidates.get(session, instance.subject.get("candidate_id"))
    campaign = candidates.campaign_of(session, candidate)
    return {
        "mobile": candidate.mobile,
        **candidate.profile,
        "name": candidate.name,
        "source": composition.SOURCES[candidate.source],
        "committee": campaigns.committee_of(session, campaign).name,
        "flags": "\n".join(f"{flag['text']}（{flag['rule']}）" for flag in candidate.flags) or None,
    }


def _line(lamp: Lamp) -> str:
    words = {"ok": "符合", "flag": "须说明", "error": "不符合", "info": "提示"}
    return f"{lamp.label}：{lamp.value}（{lamp.limit}）——{words[lamp.state]}"
