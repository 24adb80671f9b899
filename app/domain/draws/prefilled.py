"""What the forms of a draw show before anybody fills them in."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.domain import overrides, review_committees
from app.domain.draws import invitations, replies, rounds, wishes, worlds
from app.domain.draws.planning import World
from app.domain.pools import DrawableExpert
from app.domain.reviews import sessions
from app.errors import NotFound
from app.models.draw import Draw
from app.models.process import ProcessInstance
from app.models.review import ReviewSession

RULES = "draw_rules"
KEPT_KEYS = ("size", "leaders_at_most", "per_employer", "full_senior_at_least", "non_public_at_least", "explanation")
Values = dict[str, Any]


def load(session: Session, form_key: str, instance: ProcessInstance) -> Values:
    """What a form of the draw or of an invitation is prefilled with; a share of chance by nobody but its owner."""
    made = {"draw_rules": rules, "draw_exception": exception, "void_draw": void, "expert_reply": reply}.get(form_key)
    return made(session, instance) if made else {}


def rules(session: Session, instance: ProcessInstance) -> Values:
    """The form `draw_rules`: as filled in before, else as registered; after a draw only the places still open."""
    review = sessions.get(session, instance.subject.get("session_id"))
    world = worlds.world_of(session, review)
    before = _said(session, instance)
    size = before.get("size") or review_committees.get(session, review.review_committee_id).executing_size
    designated = _designated(world, before)
    return {
        "leaders_at_most": world.leaders_in_principle,
        "per_employer": sessions.asked(session, review, "draw_per_employer", otherwise=None),
        **{key: before.get(key) for key in KEPT_KEYS if before},
        "size": size,
        "designated": designated,
        "groups": _groups(session, review, world, before, size - sum(row["attend"] == "yes" for row in designated)),
        "exclusions": before.get("exclusions") or _suggested(world.people, worlds.relations(session, review)),
    }


def exception(session: Session, instance: ProcessInstance) -> Values:
    """What the operator explains to the municipal office."""
    before = _said(session, instance)
    return {"explanation": before.get("explanation")}


def void(session: Session, instance: ProcessInstance) -> Values:
    """Why the supervisor asks for a redraw."""
    try:
        draw = rounds.latest(session, instance.subject["session_id"])
    except NotFound:
        return {}
    return {"reason": (draw.void or {}).get("reason")}


def reply(session: Session, instance: ProcessInstance) -> Values:
    """Which session the expert is asked for."""
    return dict(replies.shown(session, invitations.get(session, instance.subject.get("invitation_id"))))


def _said(session: Session, instance: ProcessInstance) -> Values:
    record = overrides.last_record(session, instance.id, RULES)
    return dict(record.values) if record else {}


def _designated(world: World, before: Values) -> list[Values]:
    """Chairs and deputies of the pool who have not answered yet; whether they come as said before, else they all do."""
    answered = {each.expert_id for each in world.kept} | world.gone
    said = {row["_id"]: row.get("attend") for row in before.get("designated") or []}
    presiding = [person for person in world.people if person.position in wishes.POSITIONS and not person.excluded]
    return [
        {
            "_id": str(person.expert_id),
            "expert": wishes.spoken(person),
            "position": wishes.POSITIONS[person.position],
            "attend": said.get(str(person.expert_id)) or "yes",
        }
        for person in presiding
        if person.expert_id not in answered
    ]


def _groups(session: Session, review: ReviewSession, world: World, before: Values, places: int) -> list[Values]:
    """One group for all places at first; then those of the form, with as many places as are still open in each."""
    if not before.get("groups"):
        return [{"_id": "1", "name": "评审组", "specialties": None, "members": places, "reserves": max(2, places // 3)}]
    if not world.kept:
        return list(before["groups"])
    open_places = _open_places(session, rounds.latest(session, review.id))
    return [
        {**row, "members": open_places.get(row["name"], 0), "reserves": row["reserves"]} for row in before["groups"]
    ]


def _open_places(session: Session, draw: Draw) -> dict[str | None, int]:
    """Group → members drawn for it whose places nobody has taken."""
    rows = invitations.of_draw(session, draw.id)
    filled = {each.replaces_id for each in rows}
    found: dict[str | None, int] = {}
    for each in rows:
        if each.kind == "member" and each.status not in invitations.SITTING and each.id not in filled:
            found[each.group] = found.get(each.group, 0) + 1
    return found


def _suggested(people: Sequence[DrawableExpert], relations: dict[int, str]) -> list[Values]:
    """Recusals to think of: who is declared himself stays out, an applicant's colleague is drawn unless excluded."""
    return [
        {
            "_id": str(person.expert_id),
            "expert": wishes.spoken(person),
            "reason": relations[person.expert_id],
            "exclude": "yes" if relations[person.expert_id] == worlds.DECLARED else "no",
        }
        for person in people
        if person.expert_id in relations and not person.excluded and person.position not in wishes.POSITIONS
    ]
