"""One round of drawing after another: frozen, witnessed, committed to, revealed, drawn, opened; or void, with why.

A round that has ended without a list is never changed again: the next one gets the next number.
"""

import re
import secrets
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.domain.draws import invitations, sampling, stream
from app.domain.draws import plan as plans
from app.domain.draws.plan import Plan
from app.domain.offices import Actor
from app.errors import Conflict, NotFound, Problem, Refused
from app.models.draw import Draw, DrawAttempt
from app.models.review import ReviewSession

STATUSES = {
    "frozen": "待监督确认",
    "witnessed": "待监督确认",
    "committed": "待抽取",
    "drawn": "已抽取",
    "opened": "已抽取",
    "void": "作废重抽",
    "fixed": "名单已确定（保密）",
}
OWNED = {"office": "operator_id", "supervisor": "supervisor_id"}  # party → column of who signs for it
MOST_ATTEMPTS = 10_000
_COMMITMENT = re.compile(r"[0-9a-f]{64}")
UNWITNESSED = "抽取须有纪检监督人员在场并确认后进行。"
_SHARE_BYTES = 32


def get(session: Session, draw_id: int) -> Draw:
    found = session.get(Draw, draw_id)
    if found is None:
        raise NotFound("没有找到该次抽取。")
    return found


def of_session(session: Session, review_id: int) -> list[Draw]:
    """Every round of the session, the latest first."""
    return list(session.scalars(select(Draw).where(Draw.session_id == review_id).order_by(Draw.number.desc())))


def latest(session: Session, review_id: int) -> Draw:
    """The round at work. NotFound before the first one is frozen."""
    found = next(iter(of_session(session, review_id)), None)
    if found is None:
        raise NotFound("本次评审会议尚未封存抽取名单和规则。")
    return found


def freeze(session: Session, review: ReviewSession, plan: Plan, actor: Actor, instance_id: int | None) -> Draw:
    """封存: from here on pool, exclusions and rules stand; the system commits to its own share at once."""
    number = 1 + (session.scalar(select(func.max(Draw.number)).where(Draw.session_id == review.id)) or 0)
    record = plans.record_of(plan)
    record["about"] |= {"number": number}
    return begin(session, review.id, record, actor.person, instance_id)


def begin(session: Session, review_id: int, record: dict[str, Any], operator: int, instance_id: int | None) -> Draw:
    """The next round's row, of a record that says its number; the system's share is committed to and sealed."""
    digest, share = plans.digest(record), secrets.token_hex(_SHARE_BYTES)
    made = Draw(
        session_id=review_id,
        number=record["about"]["number"],
        instance_id=instance_id,
        status="frozen",
        record=record,
        digest=digest,
        commitments={"system": stream.commitment(digest, "system", share)},
        reveals={},
        system_share=share,
        operator_id=operator,
        frozen_at=clock.now(session),
    )
    session.add(made)
    session.flush()
    return made


def witness(session: Session, draw: Draw, actor: Actor, commitment: str) -> None:
    """监督确认: the supervisor signs that he is there and commits to his share (R-170, S1).

    Refused for the operator himself.
    """
    require(draw, "frozen")
    _require_two(actor.person, draw.operator_id)
    draw.supervisor_id, draw.witnessed_at = actor.person, clock.now(session)
    _commit(draw, "supervisor", commitment)
    draw.status = "witnessed"


def hide(session: Session, draw: Draw, actor: Actor, commitment: str) -> None:
    """封存: the operator commits to his share, the last of the three; from here on nobody can change his own."""
    require_witnessed(draw)
    require(draw, "witnessed")
    _require_two(actor.person, draw.supervisor_id)
    draw.operator_id = actor.person
    _commit(draw, "office", commitment)
    draw.status = "committed"
    session.flush()


def require_witnessed(draw: Draw) -> None:
    """Refused, in the printed words, without a supervisor who is there and has signed (R-170, D8)."""
    if draw.witnessed_at is None:
        raise Refused(Problem("unwitnessed", UNWITNESSED, clause="N1 §二(二)；R-170"))


def reveal(session: Session, draw: Draw, party: str, actor: Actor, share: str) -> None:
    """Show a share that all have committed to before. Refused for one that does not fit, and for somebody else's."""
    require_witnessed(draw)
    require(draw, "committed")
    if actor.person != getattr(draw, OWNED[party]):
        raise Refused(Problem("not_yours", "随机数须由封存它的本人揭示。"))
    if stream.commitment(draw.digest, party, share.strip()) != draw.commitments.get(party):
        raise Refused(Problem("share", "随机数与事先封存的不一致，请用封存时的浏览器，或者核对抄录的随机数。", "share"))
    draw.reveals = {**draw.reveals, party: share.strip()}
    session.flush()


def run(session: Session, draw: Draw) -> bool:
    """抽取, once both people have revealed: the system reveals, the seed follows, samples are drawn until one is good.

    Every sample is kept. False where the rules leave too little room and the round is void for it.
    """
    require_witnessed(draw)
    require(draw, "committed")
    missing = [stream.PARTIES[party] for party in OWNED if party not in draw.reveals]
    if missing or draw.system_share is None:
        raise Refused(Problem("unrevealed", f"{'、'.join(missing)}尚未揭示随机数，不能抽取。"))
    draw.reveals = {**draw.reveals, "system": draw.system_share}
    draw.system_share, draw.drawn_at = None, clock.now(session)
    draw.seed = stream.seed(draw.digest, draw.commitments, draw.reveals)
    plan = plans.of_record(draw.record)
    samples = sampling.draw(plan, draw.seed, MOST_ATTEMPTS)
    draw.attempts = len(samples)
    rows = enumerate(samples, 1)
    session.add_all(DrawAttempt(draw_id=draw.id, number=n, sample=s.ids, broken=list(s.broken)) for n, s in rows)
    if samples[-1].broken:
        void(session, draw, {"reason": f"连续{len(samples)}次抽样均不符合规则，须放宽规则后重新抽取"})
        return False
    draw.status = "drawn"
    invitations.list_drawn(session, draw, plan, samples[-1])
    return True


def _commit(draw: Draw, party: str, commitment: str) -> None:
    said = commitment.strip().lower()
    if not _COMMITMENT.fullmatch(said):
        raise Refused(Problem("commitment", "封存值应为64位十六进制数，请在抽取页面上生成。", "commitment"))
    draw.commitments = {**draw.commitments, party: said}


def void(session: Session, draw: Draw, why: dict[str, Any]) -> None:
    """The round ends without a list; `why` has a reason and who is answerable for it."""
    draw.status, draw.system_share = "void", None
    draw.void = {"at": clock.now(session).isoformat(), **why}
    session.flush()


def require(draw: Draw, status: str) -> None:
    """Conflict unless the round stands there."""
    if draw.status != status:
        raise Conflict(f"本次抽取现为“{STATUSES[draw.status]}”，不能办理此事项，请刷新页面查看最新情况。")


def _require_two(person_id: int, other_id: int | None) -> None:
    if person_id == other_id:
        raise Refused(Problem("same_person", "抽取经办人不能兼任监督人员。", clause="N1 §二(二)；R-170"))
