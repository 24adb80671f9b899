"""What comes of a round: its sealed result opened, made void by two signatures or by an unrevealed share, exported."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import people
from app.domain.draws import plan as plans
from app.domain.draws import rounds, sampling, stream
from app.domain.draws.sampling import Sample
from app.domain.offices import Actor, require_text
from app.errors import Problem, Refused
from app.models.draw import Draw, DrawAttempt


def witness_or_return(session: Session, draw: Draw, actor: Actor, values: Mapping[str, Any]) -> None:
    """监督确认, or 退回 with a reason: pool and rules are to be set anew and this round ends without a draw."""
    if values.get("decision") == "witness":
        rounds.witness(session, draw, actor, str(values.get("commitment") or ""))
        return
    rounds.require(draw, "frozen")
    reason = require_text(values, "reason", "请写明退回的理由。")
    rounds.void(
        session, draw, {"reason": f"监督人员退回：{reason}", "signed": [_signature(session, "supervisor", actor)]}
    )


def open_sealed(session: Session, draw: Draw, actor: Actor) -> None:
    """启封: the supervisor opens the sealed result; only now are there names to read (S2)."""
    rounds.require(draw, "drawn")
    _require_supervisor(draw, actor)
    draw.status, draw.opened_at = "opened", clock.now(session)
    session.flush()


def propose_void(session: Session, draw: Draw, actor: Actor, values: Mapping[str, Any]) -> None:
    """The supervisor's signature under a redraw, with his reason; it takes the operator's to make the round void."""
    rounds.require(draw, "opened")
    _require_supervisor(draw, actor)
    reason = require_text(values, "reason", "请写明作废重抽的理由。")
    draw.void = {"reason": reason, "signed": [_signature(session, "supervisor", actor)]}
    session.flush()


def countersign_void(session: Session, draw: Draw, actor: Actor, *, agreed: bool, reason: str = "") -> None:
    """The operator's signature makes the round void; his refusal leaves it as it was, on record."""
    rounds.require(draw, "opened")
    if draw.void is None or actor.person == draw.supervisor_id:
        raise Refused(Problem("one_signature", "作废重抽须由监督人员和经办人两人签字。", clause="N1 §二(二)；R-170"))
    signed = [*draw.void["signed"], _signature(session, "office", actor)]
    if agreed:
        rounds.void(session, draw, {**draw.void, "signed": signed})
        return
    draw.void = None
    session.flush()


def forfeit(session: Session, draw: Draw, party: str) -> Draw:
    """A share that its owner has not revealed voids the round with his name; gives the next, of the same record."""
    rounds.require(draw, "committed")
    owner = people.get(session, getattr(draw, rounds.OWNED[party]))
    reason = f"{stream.PARTIES[party]}{owner.name}未揭示已封存的随机数"
    rounds.void(session, draw, {"reason": reason, "party": party, "person": owner.id})
    record = {**draw.record, "about": {**draw.record["about"], "number": draw.number + 1}}
    assert draw.operator_id is not None
    return rounds.begin(session, draw.session_id, record, draw.operator_id, draw.instance_id)


def drawn(session: Session, draw: Draw) -> Sample | None:
    """What the round drew, read from its kept sample; None where it drew nobody."""
    if draw.drawn_at is None:
        return None
    last = session.get_one(DrawAttempt, (draw.id, draw.attempts))
    return None if last.broken else sampling.of_ids(plans.of_record(draw.record), last.sample)


def attempts(session: Session, draw: Draw) -> list[DrawAttempt]:
    """Every sample in its order, the rejected ones with the rules that they break."""
    wanted = select(DrawAttempt).where(DrawAttempt.draw_id == draw.id)
    return list(session.scalars(wanted.order_by(DrawAttempt.number)))


def export(session: Session, draw: Draw) -> dict[str, Any]:
    """The round as `tools/verify_draw.py` runs it again. Refused before its names may be read."""
    found = drawn(session, draw)
    if found is None or draw.opened_at is None:
        raise Refused(Problem("sealed", "抽取结果尚未启封，不能导出。"))
    groups = zip(found.members, found.reserves, strict=True)
    return {
        "record": draw.record,
        "digest": draw.digest,
        "commitments": draw.commitments,
        "reveals": draw.reveals,
        "seed": draw.seed,
        "attempts": draw.attempts,
        "drawn": [{"members": [e.id for e in m], "reserves": [e.id for e in r]} for m, r in groups],
    }


def _signature(session: Session, party: str, actor: Actor) -> dict[str, Any]:
    return {"party": party, "person": actor.person, "at": clock.now(session).isoformat()}


def _require_supervisor(draw: Draw, actor: Actor) -> None:
    if actor.person != draw.supervisor_id:
        raise Refused(Problem("not_supervisor", "抽取结果须由在场监督并确认的监督人员本人启封。", clause="R-170"))
