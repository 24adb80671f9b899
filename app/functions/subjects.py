"""What a case is about and who acts in it, for the functions of this floor; nothing here is for diagrams."""

from app.domain import batches, campaigns, candidates, complaints, objections, rechecks
from app.domain.draws import invitations, replies
from app.domain.offices import Actor
from app.domain.overrides import Place
from app.domain.reviews import sessions
from app.errors import ConfigurationError
from app.functions.case import Case
from app.models.complaint import Complaint
from app.models.draw import Invitation
from app.models.expert import Campaign, Candidate
from app.models.recheck import Recheck
from app.models.recommendation import Objection, UnitBatch
from app.models.review import ReviewSession


def actor(case: Case) -> Actor:
    return Actor(case.person_id, case.organisation_id)


def place(case: Case) -> Place:
    return Place(case.instance, case.element)


def level(case: Case) -> str:
    """The level that the diagram has set (`level = "unit"`); ConfigurationError where it has set none."""
    found = case.data.get("level")
    if not found:
        raise ConfigurationError(f"流程图的“{case.element}”没有设置 level（办理层级）。")
    return str(found)


def batch(case: Case) -> UnitBatch:
    """The batch that the case works on (or whose name was objected to)."""
    return batches.get(case.session, case.instance.subject.get("batch_id"))


def objection(case: Case) -> Objection:
    return objections.get(case.session, case.instance.subject.get("objection_id"))


def review(case: Case) -> ReviewSession:
    """The review session that the case runs, or draws or asks an expert for."""
    asked = case.instance.subject.get("invitation_id")
    if asked is not None:
        return replies.review_of(case.session, invitations.get(case.session, asked))
    return sessions.get(case.session, case.instance.subject.get("session_id"))


def campaign(case: Case) -> Campaign:
    """The solicitation that the case works on, or that its candidate stands in."""
    return campaigns.get(case.session, case.instance.subject.get("campaign_id"))


def candidate(case: Case) -> Candidate:
    return candidates.get(case.session, case.instance.subject.get("candidate_id"))


def invitation(case: Case) -> Invitation:
    """The invitation that the case asks an expert to answer."""
    return invitations.get(case.session, case.instance.subject.get("invitation_id"))


def recheck(case: Case) -> Recheck:
    return rechecks.get(case.session, case.instance.subject.get("recheck_id"))


def complaint(case: Case) -> Complaint:
    """The complaint that the case looks into."""
    return complaints.get(case.session, case.instance.subject.get("complaint_id"))
