"""我的业绩库 in its surroundings: its form, saving it, taking rows from a declaration and picking rows into one."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import achievements, attachments, declarations, permissions, said
from app.domain.achievements import Row
from app.domain.forms import Attachment, Form, FormContext, compile_form
from app.domain.permissions import Grants
from app.errors import NotFound
from app.models.attachment import Attachment as Upload
from app.models.declaration import Declaration
from app.models.notice import NoticeVersion
from app.models.process import Task
from app.processes import bundles, tasks

FORM = "declaration"


def schema(session: Session) -> dict[str, Any]:
    """The library's form: the marked tables of form 8 as the newest published notice prints it. NotFound for none."""
    for version_id in session.scalars(select(NoticeVersion.id).order_by(NoticeVersion.id.desc())):
        resources = bundles.of_version(session, version_id)
        if FORM in resources.schemas:
            return achievements.schema_of(resources.schemas[FORM])
    raise NotFound("还没有发布带有申报表的通知，暂不能使用业绩库。")


def save(session: Session, person_id: int, values: Mapping[str, Any], token: str | None) -> str:
    """Keep what is filled in, checked as a draft is; gives the token that the next save must bring."""
    form = compile_form(schema(session))
    context = FormContext(clock.local(clock.now(session)).date(), attachments=_own(session, person_id, form, values))
    return achievements.save(session, person_id, form.check(values, context, partial=True), token)


def take_over(session: Session, person_id: int) -> int:
    """Add the rows of the person's latest declaration, its draft included; gives how many were new."""
    newest = select(Declaration).where(Declaration.person_id == person_id).order_by(Declaration.id.desc()).limit(1)
    declaration = session.scalar(newest)
    if declaration is None:
        raise NotFound("您还没有申请书，暂无可带入的内容。")
    record = declarations.record_of(declaration)
    draft = session.scalar(
        select(Task.draft).where(
            Task.instance_id == declaration.instance_id, Task.status == "open", Task.record == "declaration"
        )
    )
    found = {**record, **(draft or {})}
    keys = [table["path"] for table in schema(session)["components"]]
    return achievements.add(session, person_id, {key: found.get(key) or [] for key in keys})


def offered(session: Session, task: Task, table: str) -> list[dict[str, Any]]:
    """The library's rows for one table of the declaration's form: {row, years it was used in before}."""
    person_id = declarations.get(session, task.declaration_id).person_id
    used = achievements.years_used(session, person_id, task.declaration_id)
    rows = achievements.rows_of(session, person_id).get(table, [])
    return [{"row": row, "years": used.get(row["_id"], [])} for row in rows]


def pick(session: Session, task_id: int, grants: Grants, table: str, ids: Iterable[str]) -> tuple[list[Row], set[int]]:
    """Copies of the chosen rows for the declaration of an open task, and the ids of their files.

    The files become the declaration's own, so that its reviewers may open them. Raises NotAllowed for whoever may not
    do the task, NotFound for a table that its form does not have.
    """
    task = tasks.get(session, task_id)
    permissions.require_act(session, grants.person_id, task, grants)
    found = tasks.sheet(session, task_id).schema
    column_keys = _columns(found, table) if found else None
    if column_keys is None:
        raise NotFound("这张申请书没有该表格，不能从业绩库选择。")
    wanted = set(ids)
    rows = [each["row"] for each in offered(session, task, table) if each["row"]["_id"] in wanted]
    files = {each for row in rows for key in column_keys for each in _files(row.get(key))}
    copies = attachments.copied(session, files, task.declaration_id)
    picked = [{"_id": row["_id"], **{key: _with_copies(row.get(key), copies) for key in column_keys}} for row in rows]
    return picked, set(copies.values())


def _columns(form: Mapping[str, Any], table: str) -> dict[str, str] | None:
    """Column → its type; None where the form has no such library table."""
    found = next((each for each in form["components"] if each.get("path") == table), None)
    if found is None or found.get(achievements.LIBRARY) is not True:
        return None
    return {each["key"]: each["type"] for each in found["components"] if each.get("key")}


def _files(value: Any) -> list[int]:
    return [each for each in value if isinstance(each, int)] if isinstance(value, list) else []


def _with_copies(value: Any, copies: Mapping[int, int]) -> Any:
    return [copies.get(each, each) for each in value] if isinstance(value, list) else value


def _own(session: Session, person_id: int, form: Form, values: Mapping[str, Any]) -> dict[int, Attachment]:
    ids = said.ids(form.named(values, "evidence"))
    rows = session.scalars(select(Upload).where(Upload.id.in_(ids), Upload.uploaded_by == person_id)) if ids else ()
    return {row.id: Attachment(name=row.name, type=row.media_type, size=row.size) for row in rows}
