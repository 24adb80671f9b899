"""A draw's page as data: where it stands, whose step is next, which rules the panel keeps, and who answered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import draw_access, people, permissions
from app.domain.draws import feasibility, invitations, outcomes, rounds
from app.domain.draws import plan as plans
from app.domain.draws.plan import Entry, Plan, broken
from app.domain.permissions import Grants
from app.models.draw import Draw, Invitation
from app.models.people import Person
from app.models.process import Task
from app.models.review import ReviewSession
from app.processes import draws

STAGES = (
    ("draw_rules", "名单和规则"),
    ("witness_draw", "抽取监督"),
    ("commit_draw", "封存随机数"),
    ("reveal_draw", "监督揭示"),
    ("draw", "经办揭示、抽取"),
    ("open_sealed", "启封"),
    ("confirm_draw", "确认"),
    ("replies", "参评确认"),
)
LISTED = 200


@dataclass(frozen=True)
class Row:
    """A session in the list, with its latest round."""

    review: ReviewSession
    draw: Draw | None


@dataclass(frozen=True)
class Lamp:
    """A rule, and how many the panel has; `count` empty before the result is opened."""

    text: str
    count: int | None
    kept: bool


@dataclass(frozen=True)
class Place:
    """Somebody drawn: by name for those who may read it, else only how he answered."""

    invitation: Invitation
    name: str | None
    employer: str | None


@dataclass(frozen=True)
class DrawPage:
    """`step` is the open task that the person may do now, `stage` where the draw stands in STAGES."""

    review: ReviewSession
    draw: Draw | None
    step: Task | None
    stage: int
    waiting: str
    plan: Plan | None
    chance: float | None
    lamps: list[Lamp]
    places: list[Place]
    named: bool
    past: list[Draw]
    signers: Mapping[int, str]

    @property
    def stages(self) -> tuple[tuple[str, str], ...]:
        return STAGES


def listing(session: Session, grants: Grants) -> list[Row]:
    """The sessions whose draws one may look at, the latest first; one statement."""
    last = select(Draw.session_id, func.max(Draw.id).label("id")).group_by(Draw.session_id).subquery()
    wanted = (
        select(ReviewSession, Draw)
        .outerjoin(last, last.c.session_id == ReviewSession.id)
        .outerjoin(Draw, Draw.id == last.c.id)
        .where(draw_access.visible_draws(grants))
        .order_by(ReviewSession.id.desc())
        .limit(LISTED)
    )
    return [Row(review, draw) for review, draw in session.execute(wanted)]


def build(session: Session, review: ReviewSession, grants: Grants) -> DrawPage:
    found = rounds.of_session(session, review.id)
    draw = found[0] if found else None
    open_tasks = draws.open_tasks(session, review.id)
    task = next(iter(open_tasks.values()), None)
    step = task if task is not None and permissions.may_act(session, grants.person_id, task, grants) else None
    plan = plans.of_record(draw.record) if draw is not None and draw.record else None
    named = draw is not None and draw_access.may_read_drawn(grants, draw)
    opened = draw is not None and draw.opened_at is not None
    return DrawPage(
        review=review,
        draw=draw,
        step=step,
        stage=_stage(draw, task),
        waiting="" if task is None else f"{people.ROLES[task.role]}办理“{task.name}”",
        plan=plan,
        chance=feasibility.chance(plan) if plan is not None and draw is not None and draw.status == "frozen" else None,
        lamps=[] if plan is None or draw is None else _lamps(plan, _panel(session, draw, plan) if opened else None),
        places=_places(session, draw, named=named) if draw is not None and opened else [],
        named=named,
        past=found[1:],
        signers=_signers(session, found),
    )


def exported(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def _stage(draw: Draw | None, task: Task | None) -> int:
    keys = [key for key, _ in STAGES]
    if task is not None:
        key = {"draw_exception": "draw_rules", "void_draw": "confirm_draw"}.get(task.element_id, task.element_id)
        return keys.index(key)
    return len(keys) if draw is not None and draw.status == "fixed" else keys.index("replies") if draw else 0


def _panel(session: Session, draw: Draw, plan: Plan) -> list[Entry]:
    """Who sits in the drawn panel, with those who sat already."""
    sample = outcomes.drawn(session, draw)
    return [] if sample is None else [*plan.kept, *(entry for row in sample.members for entry in row)]


def _lamps(plan: Plan, panel: list[Entry] | None) -> list[Lamp]:
    """Each rule of the frozen plan; with what the opened panel has of it."""
    found = [Lamp(f"评委{plan.size}人（单数）", None if panel is None else len(panel), kept=True)]
    for limit in plan.limits:
        count = None if panel is None else sum(limit.flag in entry.flags for entry in panel)
        found.append(Lamp(limit.words, count, count is None or limit.met_by(count)))
    if plan.per_employer is not None:
        alone = panel is None or "employer" not in broken(plan, panel)
        found.append(Lamp(f"同一单位不超过{plan.per_employer}人", None, alone))
    return found


def _places(session: Session, draw: Draw, *, named: bool) -> list[Place]:
    rows = invitations.of_draw(session, draw.id)
    known = invitations.experts(session, rows) if named else {}
    return [Place(row, *known.get(row.expert_id, (None, None))) for row in rows]


def _signers(session: Session, found: list[Draw]) -> dict[int, str]:
    """Person → name of everybody who acted in the rounds or signed under a void one."""
    ids = {key for draw in found for key in (draw.operator_id, draw.supervisor_id) if key is not None}
    ids |= {signed["person"] for draw in found for signed in (draw.void or {}).get("signed", ())}
    return {person.id: person.name for person in session.scalars(select(Person).where(Person.id.in_(ids)))}
