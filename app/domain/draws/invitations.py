"""Who was drawn is asked whether he comes; for whoever does not, the next of his group's reserves who fits is asked."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import messages, pools, required
from app.domain.draws import plan as plans
from app.domain.draws.plan import Plan, broken
from app.domain.draws.sampling import Sample
from app.domain.offices import Actor, require_text
from app.errors import Conflict, Problem, Refused
from app.models.draw import Draw, Invitation
from app.models.expert import Expert
from app.models.people import Person
from app.models.review import ReviewSession

PROCESS = "expert_invitation"
STATUSES = {
    "drawn": "未通知",
    "invited": "待答复",
    "accepted": "同意参评",
    "declined": "不能参评",
    "lapsed": "逾期未答复",
    "stood_down": "暂停参评",
}
PRESIDING = ("chair", "deputy_chair")
SITTING = ("drawn", "invited", "accepted")  # members who sit, or may still


def get(session: Session, invitation_id: int | None) -> Invitation:
    return required.row(session, Invitation, invitation_id, "没有找到该参评通知。")


def list_drawn(session: Session, draw: Draw, plan: Plan, sample: Sample) -> None:
    """Rows for whom the round adds: designated members, group by group the members, then all reserves in order."""
    accepted = {each.expert_id for each in roster(session, draw.session_id)}
    rows = [(entry, "member", "") for entry in plan.kept if entry.id not in accepted]
    rows += [(e, "member", g.name) for g, row in zip(plan.groups, sample.members, strict=True) for e in row]
    rows += [(e, "reserve", g.name) for g, row in zip(plan.groups, sample.reserves, strict=True) for e in row]
    session.add_all(
        Invitation(
            draw_id=draw.id,
            expert_id=entry.id,
            place=place,
            kind=kind,
            group=group or None,
            position=entry.seat or kind,
            status="drawn",
        )
        for place, (entry, kind, group) in enumerate(rows, 1)
    )
    session.flush()


def of_draw(session: Session, draw_id: int) -> list[Invitation]:
    """Everybody of the round in drawn order."""
    return list(session.scalars(select(Invitation).where(Invitation.draw_id == draw_id).order_by(Invitation.place)))


def roster(session: Session, review_id: int) -> list[Invitation]:
    """评委名单 of a session: accepted members of all its rounds in drawn order, then the last round's reserves."""
    of_session = select(Invitation).join(Draw, Draw.id == Invitation.draw_id).where(Draw.session_id == review_id)
    in_order = of_session.order_by(Draw.number, Invitation.place)
    accepted = session.scalars(in_order.where(Invitation.kind == "member", Invitation.status == "accepted")).all()
    last = select(func.max(Draw.id)).where(Draw.session_id == review_id, Draw.status.in_(("opened", "fixed")))
    waiting = Invitation.draw_id == last.scalar_subquery()
    reserves = in_order.where(Invitation.kind == "reserve", Invitation.status == "drawn", waiting)
    return [*accepted, *session.scalars(reserves)]


def invite(session: Session, review: ReviewSession, draw: Draw) -> int:
    """Ask every member of the round; returns how many. Each answers in an instance of his own (D7d).

    Who was suspended, or has left, since the pool was frozen is not asked: his place goes to the next in line.
    """
    today = clock.local(clock.now(session)).date()
    everybody = pools.drawable(session, review.review_committee_id, today)
    fit = {each.expert_id for each in everybody if not each.excluded}
    drawn = [each for each in of_draw(session, draw.id) if each.kind == "member" and each.status == "drawn"]
    asked = [each for each in drawn if each.expert_id in fit]
    for each in asked:
        _ask(session, review, each)
    for each in drawn:
        if each.expert_id not in fit:
            each.status = "stood_down"
    session.flush()
    return len(asked)


def answer(session: Session, invitation: Invitation, actor: Actor, *, accepted: bool, reason: str = "") -> None:
    """参评确认; who declines says why. Conflict where it has been answered or has lapsed."""
    _require_invited(invitation)
    if not accepted:
        invitation.reason = require_text({"reason": reason}, "reason", "请填写不能参评的原因。")
    invitation.status = "accepted" if accepted else "declined"
    invitation.replied_at = clock.now(session)
    session.flush()


def lapse(session: Session, invitation: Invitation) -> None:
    """No answer in time: the place goes to the next in line."""
    _require_invited(invitation)
    invitation.status, invitation.replied_at = "lapsed", clock.now(session)
    session.flush()


def next_in_line(session: Session, review: ReviewSession, draw: Draw) -> int:
    """Ask, for each member who will not come, the first of his group's reserves with whom all rules still hold.

    A reserve who would break a rule is passed over and stays in line. Returns how many were asked.
    """
    rows = of_draw(session, draw.id)
    plan = plans.of_record(draw.record)
    filled = {each.replaces_id for each in rows}
    asked = 0
    for gone in [each for each in rows if each.kind == "member" and each.status not in SITTING]:
        follower = None if gone.id in filled else _follower(plan, rows, gone)
        if follower is not None:
            follower.kind = follower.position = "member"
            follower.replaces_id = gone.id
            _ask(session, review, follower)
            asked += 1
    session.flush()
    return asked


def count(session: Session, draw: Draw, *statuses: str) -> int:
    """How many members of the round stand in one of these states."""
    return sum(each.kind == "member" and each.status in statuses for each in of_draw(session, draw.id))


def complete(session: Session, draw: Draw) -> bool:
    """Whether as many have accepted, with those of earlier rounds, as the session needs members."""
    accepted = [each for each in roster(session, draw.session_id) if each.status == "accepted"]
    return len(accepted) >= plans.of_record(draw.record).size


def fix(session: Session, draw: Draw) -> None:
    """名单已确定（保密）. Refused while a place is open."""
    if not complete(session, draw):
        raise Refused(Problem("incomplete", "评委名单尚未齐备，不能确定。"))
    draw.status, draw.fixed_at = "fixed", clock.now(session)
    session.flush()


def experts(session: Session, rows: Sequence[Invitation]) -> dict[int, tuple[str, str]]:
    """Expert → his name and employer; one statement."""
    wanted = select(Expert.id, Person.name, Expert.employer_name).join(Person, Person.id == Expert.person_id)
    found = session.execute(wanted.where(Expert.id.in_({each.expert_id for each in rows})))
    return {key: (name, employer) for key, name, employer in found}


def _ask(session: Session, review: ReviewSession, invitation: Invitation) -> None:
    invitation.status, invitation.invited_at = "invited", clock.now(session)
    messages.post_start(
        session,
        PROCESS,
        notice_version_id=review.notice_version_id,
        subject={"invitation_id": invitation.id},
    )


def _require_invited(invitation: Invitation) -> None:
    if invitation.status != "invited":
        raise Conflict(f"此参评通知现为“{STATUSES[invitation.status]}”，不能再答复。")


def _follower(plan: Plan, rows: Sequence[Invitation], gone: Invitation) -> Invitation | None:
    """The first reserve in line with whom the panel keeps, or may still come to keep, every rule.

    A designated member's place goes to a reserve of any group, while somebody is left who may preside.
    """
    present = [each for each in rows if each.kind == "member" and each.status in SITTING]
    earlier = [each for each in plan.kept if each.id not in {row.expert_id for row in rows}]
    panel = [*earlier, *(plan.by_id[each.expert_id] for each in present)]
    if gone.group is None and not any(each.position in PRESIDING for each in present):
        return None
    for reserve in rows:
        if reserve.kind == "reserve" and reserve.status == "drawn" and gone.group in (None, reserve.group):
            grown = [*panel, plan.by_id[reserve.expert_id]]
            if not broken(plan, grown, still_to_come=plan.size - len(grown)):
                return reserve
    return None
