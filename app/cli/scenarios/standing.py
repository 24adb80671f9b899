"""Where a case stands after its last step: who is asked for what, what comes next by itself, which way it went."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cli.scenarios import people, run
from app.cli.scenarios.case import Case
from app.cli.scenarios.player import Player, next_due
from app.cli.scenarios.reached import passed
from app.cli.scenarios.world import Worlds
from app.domain import statuses
from app.domain.forms.schema import Field
from app.errors import DiagramFault
from app.models.declaration import Declaration
from app.models.people import Person
from app.models.process import ProcessInstance, Task
from app.processes import bundles, sheets

_SHOWN = 40  # fields of a form that are named


def standing(case: Case, worlds: Worlds) -> dict[str, Any]:
    """The case played as far as it goes, as plain data: see the keys below."""
    with worlds.fresh() as database:
        player, tally = Player(case, database), run.Tally()
        failed = run.go(player, tally)
        with database.reading() as session:
            now, due = clock.now(session), next_due(session)
            return {
                "now": clock.local(now).strftime("%Y-%m-%d %H:%M"),
                "due": clock.local(due).strftime("%Y-%m-%d %H:%M:%S") if due is not None and due > now else None,
                "failures": [*tally.failures, *failed],
                "declarations": [_declaration(session, label, key) for label, key in player.declarations.items()],
                "waiting": _waiting(session, player),
                "passed": passed(session),
                "active": _active(session),
            }


def _declaration(session: Session, label: str, declaration_id: int) -> dict[str, Any]:
    found = session.get_one(Declaration, declaration_id)
    name = session.get_one(Person, found.person_id).name
    code = found.ended_as or found.status
    return {
        "label": label,
        "applicant": name,
        "status": code,
        "words": statuses.label(code),
        "ended": bool(found.ended_as),
    }


def _waiting(session: Session, player: Player) -> list[dict[str, Any]]:
    labels = {key: label for label, key in player.declarations.items()}
    rows = session.scalars(select(Task).where(Task.status == "open").order_by(Task.id)).all()
    return [_task(session, task, labels.get(task.declaration_id or 0)) for task in rows]


def _task(session: Session, task: Task, label: str | None) -> dict[str, Any]:
    instance = session.get_one(ProcessInstance, task.instance_id)
    found: dict[str, Any] = {
        "element": task.element_id,
        "name": task.name,
        "process": task.process_key,
        "holder": people.holder(session, task),
        "of": label,
        "decisions": [],
        "fields": [],
    }
    try:
        form = sheets.form_of(session, task, instance)
        schema = bundles.of_version(session, instance.notice_version_id).schemas.get(task.form_key or "", {})
    except DiagramFault as fault:  # a form that the draft does not have: the linter names it
        return {**found, "fault": str(fault)}
    if form is None:
        return found
    labels = {each.get("value"): each.get("label") for each in _options(schema)}
    found["decisions"] = [
        {"value": each.value, "label": labels.get(each.value) or each.value} for each in form.decisions
    ]
    fields = [each for each in form.items if isinstance(each, Field) and not each.readonly and each.key != "decision"]
    found["fields"] = [{"key": each.key, "label": each.component.get("label", "")} for each in fields[:_SHOWN]]
    return found


def _options(schema: dict[str, Any]) -> list[dict[str, Any]]:
    components = [each for each in schema.get("components", []) if each.get("key") == "decision"]
    return components[0].get("values", []) if components else []


def _active(session: Session) -> list[str]:
    rows = session.scalars(select(ProcessInstance).where(ProcessInstance.status != "ended"))
    return list(dict.fromkeys(element for row in rows for _, element in (row.waits or {}).get("active", ())))
