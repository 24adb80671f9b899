"""评审专家抽取记录 of one round: what proves it, and names for those alone who may read them (R-170, R-190)."""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import review_committees
from app.domain.draws import invitations, outcomes, rounds, stream
from app.domain.draws import plan as plans
from app.domain.draws.plan import Plan
from app.domain.wording import moment_words
from app.models.draw import Draw, DrawAttempt
from app.models.people import Person
from app.models.review import ReviewSession
from app.processes.documents.paper import Paper

POSITIONS = {"chair": "主任委员", "deputy_chair": "副主任委员"}
KINDS = {"member": "评审专家", "reserve": "候补评审专家"}
EMPLOYER = "employer"


def record(session: Session, review: ReviewSession, draw: Draw, *, named: bool) -> Paper:
    """One round; before it is opened it says nothing of who was drawn, and to others than `named` never who."""
    plan = plans.of_record(draw.record)
    signers = _signers(session, draw)
    data = {
        "title": f"{review.title.removesuffix('会议')}专家抽取记录",
        "committee": review_committees.get(session, review.review_committee_id).name,
        "named": named,
        "round": f"第{draw.number}轮，{rounds.STATUSES[draw.status]}",
        "operator": signers.get(draw.operator_id or 0, ""),
        "supervisor": signers.get(draw.supervisor_id or 0, "尚未确认"),
        **{
            key: _when(getattr(draw, key)) for key in ("frozen_at", "witnessed_at", "drawn_at", "opened_at", "fixed_at")
        },
        "groups": [
            {"name": group.name, "pool": len(pool), "members": group.members, "reserves": group.reserves}
            for group, pool in zip(plan.groups, plan.by_group, strict=True)
        ],
        "rules": _rules(plan),
        "excluded": _excluded(plan),
        "parties": [
            {"name": name, "commitment": draw.commitments.get(party, ""), "reveal": draw.reveals.get(party, "")}
            for party, name in stream.PARTIES.items()
        ],
        "digest": draw.digest,
        "seed": draw.seed or "",
        "attempts": [
            {"number": each.number, "words": _attempt(plan, each)} for each in outcomes.attempts(session, draw)
        ],
        "drawn": _drawn(session, draw, named=named) if draw.opened_at else [],
        "void": _void(draw, signers),
    }
    title = f"{data['title']}（第{draw.number}轮）"
    return Paper("draw_record", title, data, review.notice_version_id, clock.now(session))


def _rules(plan: Plan) -> list[str]:
    kept = [f"其中{len(plan.kept)}人不经抽取"] if plan.kept else []
    alone = [] if plan.per_employer is None else [f"同一单位不超过{plan.per_employer}人"]
    return [f"评委{plan.size}人", *kept, *(limit.words for limit in plan.limits), *alone]


def _excluded(plan: Plan) -> list[dict[str, Any]]:
    """Why people are left out, and how many: a recusal's own words would name whom it concerns."""
    reasons = Counter(reason.partition("：")[0] for _, found in plan.about.get("excluded", ()) for reason in found[:1])
    return [{"reason": reason, "count": count} for reason, count in reasons.items()]


def _attempt(plan: Plan, attempt: DrawAttempt) -> str:
    if not attempt.broken:
        return "符合全部规则，为抽取结果"
    words = {limit.flag: limit.words for limit in plan.limits} | {EMPLOYER: f"同一单位不超过{plan.per_employer}人"}
    return f"不符合“{'”“'.join(words.get(flag, flag) for flag in attempt.broken)}”，整组作废"


def _drawn(session: Session, draw: Draw, *, named: bool) -> list[dict[str, Any]]:
    rows = invitations.of_draw(session, draw.id)
    known = invitations.experts(session, rows) if named else {}
    found = []
    for row in rows:
        name, employer = known.get(row.expert_id, ("", ""))
        reason = f"：{row.reason}" if named and row.reason else ""
        stands_in = "（递补）" if row.replaces_id else ""
        found.append(
            {
                "place": row.place,
                "name": name,
                "employer": employer,
                "group": row.group or "不经抽取",
                "position": POSITIONS.get(row.position, KINDS[row.kind]) + stands_in,
                "answer": f"{invitations.STATUSES[row.status]}{reason}",
            }
        )
    return found


def _void(draw: Draw, signers: dict[int, str]) -> str:
    if not draw.void:
        return ""
    signed = [
        f"{signers[each['person']]}（{moment_words(datetime.fromisoformat(each['at']))}）"
        for each in draw.void.get("signed", ())
    ]
    return draw.void["reason"] + (f"。签字：{'、'.join(signed)}" if signed else "")


def _signers(session: Session, draw: Draw) -> dict[int, str]:
    ids = {key for key in (draw.operator_id, draw.supervisor_id) if key is not None}
    ids |= {each["person"] for each in (draw.void or {}).get("signed", ())}
    return {person.id: person.name for person in session.scalars(select(Person).where(Person.id.in_(ids)))}


def _when(at: datetime | None) -> str:
    return moment_words(at) if at else ""
