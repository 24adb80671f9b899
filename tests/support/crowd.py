"""Several demo people of one unit on their way together, and many that only stand in its lists."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cli.scenarios import actions
from app.cli.scenarios.case import moment, of_dict
from app.cli.scenarios.player import Player
from app.db import Database
from app.domain import declarations, organisations, people
from app.models.declaration import Declaration
from app.models.notice import Committee, NoticeVersion
from app.models.process import ProcessInstance, Task
from app.models.recommendation import BatchEntry, UnitBatch
from tests.support.walk import N2, SCENARIOS

PEOPLE = {"zhang": "zhang.lin", "deng": "deng.ke", "li": "li.yue"}
UNIT = "cq_data_institute"
SUBMITTED: list[Mapping[str, Any]] = [{"complete": "fill_form", "of": label} for label in PEOPLE]
CHECKED: list[Mapping[str, Any]] = [
    *SUBMITTED,
    *({"complete": "unit_check", "of": label, "with": {"decision": "pass"}} for label in ("zhang", "deng")),
]
DECIDED: list[Mapping[str, Any]] = [
    *CHECKED,
    {
        "complete": "unit_merit",
        "with": {"declarations": {"all": {"recommend": "yes", "rank": 1, "reason": "业绩突出"}}},
    },
    {"at": "2023-10-10 09:00"},
]
PUBLICISED: list[Mapping[str, Any]] = [
    *DECIDED,
    {
        "complete": "unit_publicity",
        "with": {"planned_start": "2023-10-10T09:00", "place": "办公楼一楼公示栏", "reporting_method": "来电或来信"},
    },
]
OBJECTED: list[Mapping[str, Any]] = [*PUBLICISED, {"object": {"to": "deng", "text": "反映业绩不实"}}]
TO_SUBMIT: list[Mapping[str, Any]] = [
    *OBJECTED,
    {"at": "2023-10-17 09:00"},
    {
        "complete": "unit_close",
        "with": {
            "board_photograph": ["file:公示栏照片.jpg"],
            "objections_received": "no",
            "result": "公示期间未收到异议",
        },
    },
    {
        "complete": "unit_sign",
        "with": {
            "unit_opinion": "同意推荐",
            "head_name": "贺兰山",
            "signed_on": "2023-10-17",
            "signed_pages": ["file:签字盖章页.pdf"],
        },
    },
]
ACCEPTED: list[Mapping[str, Any]] = [
    *TO_SUBMIT,
    {"complete": "unit_submit", "with": {"confirmed_count": 1, "confirmed": True}},
    {"complete": "dept_check", "with": {"decision": "pass"}},
    {"at": "2023-11-06 10:00"},
    {"complete": "committee_accept", "with": {"decision": "accept"}},
]
PAYING: list[Mapping[str, Any]] = [*ACCEPTED, {"at": "2023-11-16 09:00"}]


def walk(
    database: Database, steps: Sequence[Mapping[str, Any]], declarations_by_label: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Carry the three through `steps`, on from where they stand if they are given; gives label → declaration id."""
    said = {
        "case": "crowd",
        "notice": N2,
        "clock": "2023-10-09 09:00",
        "declarations": {
            label: {"applicant": account, "base": "municipal_engineer", "committee": 1}
            for label, account in PEOPLE.items()
        },
        "steps": list(steps),
    }
    player = Player(of_dict(said, SCENARIOS / "crowd.yaml"), database)
    if declarations_by_label is None:
        player.begin()
    player.declarations.update(declarations_by_label or {})
    for step in player.case.steps:
        if step.action == "complete":
            player.complete(step)
        elif step.action == "at":
            player.advance_to(moment(step.argument))
        else:
            actions.do(player, step)
    return player.declarations


def stand(session: Session, count: int) -> UnitBatch:
    """`count` more people in the unit's collecting batch, each with an open task; no process runs behind them."""
    version = session.scalars(select(NoticeVersion).where(NoticeVersion.number == "渝大数据发〔2023〕54号")).one()
    committee = session.scalars(select(Committee).where(Committee.notice_id == version.notice_id)).first()
    assert committee is not None
    unit, now = organisations.by_key(session, UNIT), clock.now(session)
    batch = session.scalars(select(UnitBatch)).first()
    if batch is None:
        batch = UnitBatch(
            organisation_id=unit.id, notice_key=N2, notice_version_id=version.id, role="unit_clerk", created_at=now
        )
        session.add(batch)
        session.flush()
    known = session.query(Declaration).count()
    for number in range(known, known + count):
        person = people.register(session, f"crowd{number}", f"众{number}")
        data = {"specialty": "big_data", "target_title": "engineer"}
        declaration = declarations.start_declaration(session, person.id, committee.id, version.id, data)
        declaration.route = {"bodies": {"unit": unit.id}, "recommender": "unit"}
        declaration.submitted_at, declaration.status, declaration.batch_id = now, "UNIT_CHECKED", batch.id
        instance = ProcessInstance(
            process_key="declaration",
            notice_version_id=version.id,
            definition_digest="",
            declaration_id=declaration.id,
            state=b"",
            started_at=now,
        )
        session.add_all([instance, BatchEntry(batch_id=batch.id, declaration_id=declaration.id, joined_at=now)])
        session.flush()
        session.add(
            Task(
                instance_id=instance.id, engine_task_id=f"t{number}", element_id="check", process_key="check_level",
                name="单位审核", role="unit_clerk", organisation_id=unit.id, declaration_id=declaration.id,
                level="unit", form_key="unit_check", created_at=now,
            )
        )  # fmt: skip
    session.flush()
    return batch
