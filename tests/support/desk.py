"""One unit's desk for tests of pages: declarations that wait for the unit's check, then for its signature."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import declarations, demo_people, organisations, people
from app.domain.parameter_values import ParameterSpec
from app.models.declaration import Declaration
from app.models.process import Task
from app.processes import instances
from tests.engine import tiny
from tests.support import notices

UNIT = "cq_data_institute"
CLERK, HEAD, STRANGER = "clerk.institute", "head.institute", "clerk.enterprise"
OPINION = {"type": "textarea", "id": "opinion", "key": "opinion", "label": "单位审核意见", "variable": True}
PROOF = {"type": "evidence", "id": "proof", "key": "proof", "label": "佐证材料", "maxSizeMB": 1}
RECORD = notices.form(
    {"type": "textfield", "id": "name", "key": "name", "label": "姓名"},
    {"type": "idcard", "id": "id_number", "key": "id_number", "label": "身份证号"},
    {
        "type": "dynamiclist",
        "id": "awards",
        "path": "awards",
        "label": "获奖情况",
        "view": "table",
        "components": [
            {"type": "textfield", "id": "award", "key": "title", "label": "奖项"},
            {"type": "evidence", "id": "award_proof", "key": "evidence", "label": "佐证材料"},
        ],
    },
)
RULE = {"unit": "working_day", "count": 5, "convention": "after"}


def diagrams(unit_id: int) -> dict[str, bytes]:
    """check → (note "break": a failing script) → sign → end; the check has five working days."""
    unit = str(unit_id)
    check = tiny.user(
        "check", role="unit_clerk", form="check", organisation=unit, deadline="check_due", clauses="R-120"
    )
    sign = tiny.user("sign", role="unit_head", form="check", organisation=unit)
    elements = (
        tiny.start()
        + check.replace('name="check"', 'name="单位审核"')
        + tiny.gateway("sound")
        + tiny.script("broken", "x = 1 // 0")
        + sign.replace('name="sign"', 'name="单位负责人签字盖章"')
        + tiny.end("e")
        + tiny.boundary("late", "check", tiny.timer('deadline("check_due")'), interrupting=False)
        + tiny.end("told")
    )
    flows = 's>check>sound; sound>broken[opinion == "break"]; sound>sign!; broken>sign; sign>e; late>told'
    drawn = tiny.process("desk", elements, flows).replace('id="desk" isExec', 'id="desk" name="单位办理" isExec')
    return {"desk.bpmn": tiny.document(drawn)}


def open_desk(session: Session, stopped_by: Sequence[str] = ()) -> int:
    """Demo people, and the made-up notice; returns its version's id."""
    demo_people.load_demo_people(session)
    return publish(session, stopped_by)


def publish(session: Session, stopped_by: Sequence[str] = (), check: str = "单位审核") -> int:
    """A version of the made-up notice whose first step is called `check`; returns its id."""
    drawn = diagrams(organisations.by_key(session, UNIT).id)
    version = notices.publish(
        session,
        {name: content.replace("单位审核".encode(), check.encode()) for name, content in drawn.items()},
        forms={"check": notices.form(OPINION, PROOF, notices.DECISION), "declaration": RECORD},
        parameters={"check_due": {"value": RULE, "clause": "N2 §四; R-120", "stopped_by": list(stopped_by)}},
        vocabulary={"check_due": ParameterSpec("check_due", "deadline", "单位审核期限")},
    )
    return version.id


def arrive(session: Session, version_id: int, account: str = "zhang.lin", **record: Any) -> Declaration:
    """One more declaration reaches the desk."""
    person = people.by_account(session, account)
    assert person is not None
    data = {"name": person.name, "specialty": "big_data", "target_title": "engineer", **record}
    declaration = declarations.start_declaration(session, person.id, 1, version_id, data)
    instance = instances.start(session, "desk", notice_version_id=version_id, declaration_id=declaration.id)
    declaration.instance_id = instance.id
    session.flush()
    return declaration


def open_tasks(session: Session) -> list[Task]:
    return list(session.scalars(select(Task).where(Task.status == "open").order_by(Task.id)))


def begin(session: Session, version_id: int, account: str) -> None:
    """The person begins a process for his office."""
    person = people.by_account(session, account)
    assert person is not None
    instances.start(session, "desk", notice_version_id=version_id, person_id=person.id)
