"""评审会议: preparing one for a committee, its rules, and how it goes from being scheduled to its end."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.domain import committees, messages, organisations, parameters, required, review_committees
from app.domain.notice_content import content
from app.domain.reviews import quorum
from app.domain.reviews.quorum import VoteRules
from app.errors import ConfigurationError, Problem, Refused
from app.models.expert import ReviewCommittee
from app.models.notice import Committee
from app.models.people import Organisation
from app.models.review import ReviewSession

PROCESS = "review_session"
STATUSES = {
    "preparing": "筹备中",
    "scheduled": "已安排",
    "open": "会议进行中",
    "postponed": "已推迟",
    "announced": "已宣布结果",
    "ended": "会议已结束",
    "cancelled": "会议已取消",
}
SITTING = ("open",)  # experts may read, recuse themselves and vote


def get(session: Session, session_id: int | None) -> ReviewSession:
    return required.row(session, ReviewSession, session_id, "没有找到该评审会议。")


def create(
    session: Session,
    notice_version_id: int,
    committee: Committee,
    registered: ReviewCommittee,
    parent: int | None = None,
) -> ReviewSession:
    """The session's row, whose instance `begin` asks for; `parent` is the session a re-review follows."""
    said = content(session, notice_version_id)
    made = ReviewSession(
        review_committee_id=registered.id,
        committee_id=committee.id,
        notice_key=said.notice_key,
        notice_version_id=notice_version_id,
        year=said.year,
        title=f"{said.year}年{committee.name}评审会议",
        parent_id=parent,
    )
    session.add(made)
    session.flush()
    return made


def prepare(session: Session, notice_version_id: int, committee: Committee) -> ReviewSession:
    """A new session of the schedule's committee, and the message that starts `review_session`.

    Refused for a committee that is not registered (R-236).
    """
    registered = review_committees.of_row(session, committee)
    if registered is None:
        message = f"“{committee.name}”尚未核准备案，不能组织评审。"
        raise Refused(Problem("not_registered", message, "committee", "N1 §五(一)；R-236"))
    made = create(session, notice_version_id, committee, registered)
    begin(session, made)
    return made


def begin(session: Session, review: ReviewSession) -> None:
    """Ask for the instance of `review_session` that runs it."""
    messages.post_start(session, PROCESS, notice_version_id=review.notice_version_id, subject={"session_id": review.id})


def committee_of(session: Session, review: ReviewSession) -> Committee:
    """The schedule's row as the session's notice version pins it."""
    return committees.at_version(session, review.notice_version_id, review.committee_id)


def convening_organisation(session: Session, review: ReviewSession) -> Organisation:
    """The body that convenes the committee and runs its sessions."""
    return organisations.by_key(session, committee_of(session, review).convening_key)


def rules_of(session: Session, review: ReviewSession) -> VoteRules:
    """What the session votes by: as minuted, else as its notice says."""
    return VoteRules.of(review.rules or notice_rules(session, review))


def notice_rules(session: Session, review: ReviewSession) -> dict[str, Any]:
    return {key: parameter(session, review, key) for key in quorum.KEYS}


def parameter(session: Session, review: ReviewSession, key: str) -> Any:
    """The value that holds for the session's committee; ConfigurationError where nobody gives one."""
    return parameters.lookup(session, review.notice_version_id, key, review.committee_id).value


def asked(session: Session, review: ReviewSession, key: str, *, otherwise: Any) -> Any:
    """A parameter that a notice may leave out."""
    try:
        return parameter(session, review, key)
    except ConfigurationError:
        return otherwise


def size_of(session: Session, review: ReviewSession, rules: VoteRules) -> int:
    """评委会人数 of which a fraction must be present: the executing roster, or the committee as registered (§8-9)."""
    if rules.base == "registered":
        return session.get_one(ReviewCommittee, review.review_committee_id).executing_size
    return review.roster_size or 0


def note_check(session: Session, review: ReviewSession, key: str, said: Mapping[str, Any], by: int | None) -> None:
    """Keep what the desk has checked (closed management, phones, …), by whom and when."""
    seen = {**said, "by": by, "at": clock.now(session).isoformat()}
    review.checks = {**review.checks, key: seen}
