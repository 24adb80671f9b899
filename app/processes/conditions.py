"""检查条件: the conditions point by point, with the proof still missing, and what keeps from submitting."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.domain import submission, verification
from app.domain.eligibility.check import Point, check_submission, explain
from app.errors import Problem
from app.functions.rules import NoticeRules
from app.models.declaration import Declaration
from app.processes import bundles, standing

FIRST = ("target_title", "category", "highest_education", "current_title")  # without these no condition can be named


@dataclass(frozen=True)
class Compared:
    """One item of the data sharing (R-144): `missing` where evidence is still to be uploaded."""

    label: str
    finding: str
    ok: bool | None
    missing: bool


@dataclass(frozen=True)
class Conditions:
    """`unfilled` are labels of fields to fill in first: then there are no points. `problems`: why not to submit now."""

    unfilled: tuple[str, ...]
    points: tuple[Point, ...] = ()
    problems: tuple[Problem, ...] = ()
    compared: tuple[Compared, ...] = ()


def of(session: Session, declaration: Declaration) -> Conditions:
    """The conditions for what is filled in so far, drafts included."""
    record = standing.current_record(session, declaration)
    unfilled = _unfilled(session, declaration, record)
    if unfilled:
        return Conditions(unfilled)
    rules = NoticeRules(session, declaration.notice_version_id, declaration.committee_id)
    world = submission.world_of(session, declaration, record)
    problems = check_submission(record, rules, world) if declaration.submitted_at is None else []
    return Conditions((), tuple(explain(record, rules, world)), tuple(problems), _compared(declaration))


def _unfilled(session: Session, declaration: Declaration, record: Mapping[str, Any]) -> tuple[str, ...]:
    form = bundles.of_version(session, declaration.notice_version_id).form("declaration")
    return tuple(item.label for item in form.items if item.key in FIRST and not record.get(item.key))


def _compared(declaration: Declaration) -> tuple[Compared, ...]:
    return tuple(
        Compared(
            label=item["label"],
            finding=item["finding"],
            ok={verification.VERIFIED: True, verification.MANUAL: None}.get(item["result"], True),
            missing=item["result"] == verification.MANUAL and not item["evidence"],
        )
        for item in declaration.verification.values()
    )
