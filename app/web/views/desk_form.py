"""What the form island reads for a form that is filled at a desk and not in a task."""

from typing import Any

from flask import request
from sqlalchemy.orm import Session

from app import clock
from app.domain import attachments
from app.errors import Problem, Refused
from app.processes import desk_forms
from app.web.views import papers
from app.web.views.task_page import FormPart


def part(session: Session, notice_version_id: int, key: str, values: dict[str, Any]) -> FormPart:
    schema = desk_forms.schema(session, notice_version_id, key)
    files = attachments.named(session, papers.evidence_ids(schema, values))
    entries = {str(each): papers.file_entry(row) for each, row in files.items()}
    now = clock.local(clock.now(session))
    context = {"organisations": [], "attachments": entries}
    return FormPart(schema, values, context, None, now.date().isoformat(), now.isoformat(), saved=False)


def said() -> dict[str, Any]:
    """The values that the island sent; Refused for anything else."""
    body = request.get_json(silent=True)
    values = body.get("values") if isinstance(body, dict) else None
    if not isinstance(values, dict):
        raise Refused(Problem("no_values", "提交的内容无法识别，请刷新页面后重试。您填写的内容还在本页。"))
    return values
