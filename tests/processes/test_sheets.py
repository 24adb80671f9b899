"""The form of a task in its surroundings: prefilled from the record, checked by what it may name, written back."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import declarations, organisations, people
from app.errors import DiagramFault, InvalidForm
from app.models.attachment import Attachment
from app.models.declaration import Declaration
from app.models.process import ProcessInstance, Task
from app.processes import instances, sheets, tasks
from tests.engine import tiny
from tests.support import clockwork, desk, notices

FILL = notices.form(
    {"type": "textfield", "id": "name", "key": "name", "label": "姓名", "validate": {"required": True}},
    {"type": "textfield", "id": "note", "key": "ce_note", "label": "继续教育说明"},
    {"type": "checkbox", "id": "undertaking", "key": "undertaking", "label": "承诺属实"},
    {"type": "organisation", "id": "unit", "key": "unit_id", "label": "所在单位", "kinds": ["institution"]},
    {"type": "evidence", "id": "proof", "key": "proof", "label": "佐证材料", "maxSizeMB": 1},
)


@pytest.fixture
def filling(database: Database, freeze: Callable[[Session, str], datetime]) -> tuple[Database, int, int]:
    """A declaration whose applicant fills its form; the ids of declaration and task."""
    user = tiny.user("fill", role="applicant", form="declaration", record="declaration")
    odd = tiny.user("odd", role="unit_clerk", organisation="1", form="nowhere")
    fill = tiny.process("fill_in", tiny.start() + user + tiny.end(), "s>fill>e")
    lost = tiny.process("lost", tiny.start("ls") + odd + tiny.end("le"), "ls>odd>le")
    with database.transaction() as session:
        freeze(session, clockwork.MONDAY)
        desk.demo_people.load_demo_people(session)
        version = notices.publish(
            session,
            {"fill_in.bpmn": tiny.document(fill), "lost.bpmn": tiny.document(lost)},
            forms={"declaration": FILL},
        )
        person = people.by_account(session, clockwork.APPLICANT)
        assert person is not None
        declaration = declarations.start_declaration(session, person.id, 1, version.id, {"name": "张林"})
        for process in ("fill_in", "lost"):
            instances.start(session, process, notice_version_id=version.id, declaration_id=declaration.id)
        return database, declaration.id, session.scalars(select(Task.id).where(Task.element_id == "fill")).one()


def at_task(session: Session, task_id: int) -> tuple[Task, ProcessInstance]:
    task = session.get_one(Task, task_id)
    return task, session.get_one(ProcessInstance, task.instance_id)


def complete(database: Database, task_id: int, **values: object) -> None:
    with database.transaction() as session:
        tasks.complete(session, task_id, clockwork.actor(session, clockwork.APPLICANT), values)


def test_record_fills_the_fields_that_the_form_has(filling: tuple[Database, int, int]) -> None:
    database, _, task_id = filling
    with database.reading() as session:
        assert sheets.current(session, *at_task(session, task_id)) == {"name": "张林"}


def test_form_is_checked_on_the_notices_day(filling: tuple[Database, int, int]) -> None:
    database, _, task_id = filling
    with database.reading() as session:
        context = sheets.context(session, *at_task(session, task_id), 1, {})
    assert context.today == date(2023, 10, 9)


def test_completed_values_are_written_to_the_record(filling: tuple[Database, int, int]) -> None:
    database, declaration_id, task_id = filling
    complete(database, task_id, name="张林", ce_note="已学满九十学时", undertaking=True)
    with database.reading() as session:
        data = declarations.record_of(session.get_one(Declaration, declaration_id))
        assert (data["name"], data["ce_note"]) == ("张林", "已学满九十学时")


def test_record_is_rewritten_only_by_a_form_with_the_undertaking() -> None:
    """Who writes the record signs for its truth (R-030); the shipped forms that do are these."""
    folder = Path(__file__).parents[2] / "forms"
    signing = [path.stem for path in sorted(folder.glob("*.json")) if '"key": "undertaking"' in path.read_text("utf-8")]
    assert signing == ["declaration", "unit_completion"]


def test_body_of_another_kind_is_refused(filling: tuple[Database, int, int]) -> None:
    database, _, task_id = filling
    with database.reading() as session:
        bureau = organisations.by_key(session, "cq_bigdata_bureau").id
    with pytest.raises(InvalidForm) as refused:
        complete(database, task_id, name="张林", unit_id=bureau)
    assert [problem.field for problem in refused.value.problems] == ["unit_id"]


def test_file_of_a_stranger_is_refused_and_ones_own_is_taken(filling: tuple[Database, int, int]) -> None:
    database, _, task_id = filling
    with database.transaction() as session:
        own, other = (people.by_account(session, account) for account in (clockwork.APPLICANT, "li.yue"))
        assert own is not None
        assert other is not None
        rows = [
            Attachment(digest=f"{n}" * 64, name="证书.pdf", media_type="application/pdf", size=9, uploaded_by=person.id,
                       uploaded_at=clock.now(session))
            for n, person in enumerate((own, other))
        ]  # fmt: skip
        session.add_all(rows)
        session.flush()
        mine, foreign = rows[0].id, rows[1].id
    with pytest.raises(InvalidForm) as refused:
        complete(database, task_id, name="张林", proof=[foreign])
    assert [str(problem.field).split(".")[0] for problem in refused.value.problems] == ["proof"]
    complete(database, task_id, name="张林", proof=[mine])
    with database.reading() as session:
        assert session.get_one(Task, task_id).status == "completed"


def test_form_that_the_notice_does_not_bring_is_the_diagrams_fault(filling: tuple[Database, int, int]) -> None:
    database, _, _ = filling
    with database.reading() as session:
        odd = session.scalars(select(Task.id).where(Task.element_id == "odd")).one()
        with pytest.raises(DiagramFault, match="nowhere"):
            sheets.current(session, *at_task(session, odd))
