"""补充通知 of a draft: what it changes, which cases and deadlines that concerns and who is told, then publishing it."""

from datetime import datetime

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain.amendments import Amendment
from app.domain.deadline_rules import opening
from app.domain.drafts import cloning, entries, store, texts
from app.domain.drafts.schedule import LABELS
from app.domain.said import day
from app.domain.schedules import WINDOW_NAMES
from app.errors import Conflict, Problem, Refused
from app.processes import amendments
from app.processes.amendments import Outlook
from app.processes.rehearsal import rehearse
from app.processes.studio import amending, scenarios
from app.processes.studio.publishing import Checked
from app.web.errors import status_of
from app.web.session import database, reading, transaction
from app.web.studio import versions
from app.web.studio.frame import designer, draft_page

blueprint = Blueprint("studio_amending", __name__, url_prefix="/studio/drafts/<int:draft_id>/amendment")

FIELDS = ("number", "legal_basis", "reason", "keep_old", "amends_from")


@blueprint.post("/preview")
def preview(draft_id: int) -> ResponseReturnValue:
    """What it would do, found by doing it and undoing it; nothing is published."""
    by, said = designer(), _said()
    try:
        outlook = rehearse(database(), lambda session: _outlook(session, draft_id, said, by))
    except (Refused, Conflict) as problem:
        return versions.page(draft_id, said, problem.problems), status_of(problem)
    with reading() as session:
        draft = store.get(session, draft_id)
        changed = _in_words(session, draft_id)
    kept = versions.KEPT[said["keep_old"]]
    shown = {"said": said, "changed": changed, "kept": kept, "outlook": outlook, "effects": outlook.effects}
    return draft_page("studio/amendment.html", draft, "versions", **shown)


@blueprint.post("")
def publish(draft_id: int) -> ResponseReturnValue:
    """Play the draft's scenarios, check everything, publish and carry out; refused with every reason."""
    by, said = designer(), _said()
    with reading() as session:
        draft = store.get(session, draft_id)
        checked = Checked(store.own_files(session, draft_id), [])
        around = cloning.beside_each_other(session, draft)
    try:
        checked = Checked(checked.files, scenarios.play(draft.key, around))
        with transaction() as session:
            amendment = _amendment(session, draft_id, said)
            shorten = request.form.get("shorten") == "yes"
            outcome = amending.publish(session, draft_id, checked, amendment, by=by, shorten=shorten)
            moved, told = outcome.amended.moved, len(outcome.told)
            words = f"补充通知{said['number']}已发布，在办{moved}件改按新规定，已通知{told}人。"
    except (Refused, Conflict) as problem:
        return versions.page(draft_id, said, problem.problems), status_of(problem)
    flash(words, "success")
    return redirect(url_for("studio_versions.of_draft", draft_id=draft_id))


def _said() -> dict[str, str]:
    return {name: request.form.get(name, "").strip() for name in FIELDS}


def _outlook(session: Session, draft_id: int, said: dict[str, str], by: int) -> Outlook:
    key = store.editable(session, draft_id).key
    return amendments.outlook(session, amendments.amend(session, key, _amendment(session, draft_id, said), by=by))


def _amendment(session: Session, draft_id: int, said: dict[str, str]) -> Amendment:
    found = amending.changes(session, store.get(session, draft_id))
    return amending.terms(said, found, _from(said["amends_from"]))


def _from(said: str) -> datetime | None:
    first = day(said)
    if said and first is None:
        raise Refused(Problem("date", "请按年月日填写施行日期。", "amends_from"))
    return opening(first) if first else None


def _in_words(session: Session, draft_id: int) -> list[tuple[str, list[str]]]:
    """What is changed, by kind."""
    draft = store.get(session, draft_id)
    found = amending.changes(session, draft)
    meanings = {line.spec.key: line.spec.meaning for line in entries.lines(session, draft)}
    names = texts.names()
    return [
        ("参数", [meanings.get(key, key) for key in found.parameters]),
        ("评委会", [f"第{number}号（{'、'.join(_columns(said))}）" for number, said in found.committees.items()]),
        ("决策表", list(found.decisions)),
        ("文字", [names.get(key, key) for key in found.texts]),
    ]


def _columns(said: object) -> list[str]:
    labels = {**LABELS, **WINDOW_NAMES, "parameters": "另定的参数"}
    return [labels.get(str(name), str(name)) for name in (said if isinstance(said, dict) else ())]
