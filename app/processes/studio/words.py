"""What an editor offers to choose from: functions, parameters, forms, roles, levels, processes, decisions, clauses."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from app import functions
from app.domain import organisations, people
from app.domain.clause_files import CLAUSES_FILE
from app.domain.drafts import store
from app.domain.drafts.paths import PARAMETERS, is_stem, path_of
from app.domain.drafts.yaml_text import mapping
from app.domain.forms.choices import form_choices
from app.domain.forms.schema import DECISION, every_component
from app.domain.notice_content import entries, latest_content
from app.domain.parameter_words import CHOICES
from app.engine.catalogue import catalogue
from app.errors import NotFound
from app.models.draft import NoticeDraft
from app.processes.studio import surroundings
from app.processes.studio.surroundings import DECLARATION, Surroundings


def of_draft(session: Session, draft: NoticeDraft) -> dict[str, Any]:
    """The JSON of `…/vocabulary`."""
    around = surroundings.of_draft(session, draft)
    found = catalogue(around.drawn())
    handed_on = {key: _handed_on(data) for key, data in sorted(around.forms().items())}
    return {
        "functions": [
            {"name": each.name, "signature": each.call, "text": each.text, "group": each.topic}
            for each in functions.manual()
        ],
        "parameters": _parameters(session, draft, around),
        "forms": [
            {"key": key, "title": found.forms.get(key) or key, "decisions": values.get(DECISION, {}).get("values", [])}
            for key, values in handed_on.items()
        ],
        "roles": [{"code": code, "label": label} for code, label in people.ROLES.items()],
        "lanes": [{"label": label, "roles": roles} for label, roles in around.lanes.items()],
        "levels": [{"code": code, "label": CHOICES.get(code, code)} for code in around.specs["route_levels"].choices],
        "processes": [{"id": key, "name": name} for key, name in sorted(found.processes.items())],
        "decisions": [asdict(each) for each in found.decisions],
        "documents": sorted(path for path in around.files if path.startswith("documents/")),
        "clauses": _clauses(around),
        "deadline_keys": sorted(key for key, spec in around.specs.items() if spec.type == "deadline"),
        "variables": _variables(found.variables, handed_on.values()),
        "organisation_kinds": [{"code": code, "label": label} for code, label in organisations.KINDS.items()],
    }


def choices(session: Session, draft: NoticeDraft) -> dict[str, dict[str, str]]:
    """Field → value → words of every option in the draft's forms: what the codes in a decision table stand for."""
    found: dict[str, dict[str, str]] = {}
    for content in surroundings.of_draft(session, draft).forms().values():
        for key, options in form_choices(content):
            found.setdefault(key, {}).update(options)
    return found


def declared(session: Session, draft: NoticeDraft) -> dict[str, dict[str, str]]:
    """The same of the declaration alone."""
    try:
        return dict(form_choices(store.file(session, draft, DECLARATION).content))
    except NotFound:
        return {}


def titles(session: Session, draft: NoticeDraft, kind: str) -> dict[str, str]:
    """Path → what people call a file: a diagram and a table by their names, a form by the first task that shows it."""
    found = catalogue(surroundings.of_draft(session, draft).drawn())
    names = {
        "diagrams": found.processes,
        "decisions": {each.id: each.name for each in found.decisions},
        "forms": found.forms,
    }
    return {path_of(kind, key): name for key, name in names.get(kind, {}).items() if name != key and is_stem(key)}


def _parameters(session: Session, draft: NoticeDraft, around: Surroundings) -> list[dict[str, Any]]:
    """Every parameter that may be named, with the value and clause in force: the draft's, else of the notices above."""
    given = {**entries(latest_content(session, draft.parent_key)), **mapping(around.files.get(PARAMETERS, b""))}
    return [
        {
            "key": key,
            "meaning": spec.meaning,
            "type": spec.type,
            "unit": spec.unit,
            "value": _part(given.get(key), "value"),
            "clause": _part(given.get(key), "clause") or spec.clause,
        }
        for key, spec in around.specs.items()
    ]


def _handed_on(data: bytes) -> dict[str, dict[str, Any]]:
    """Key → {name, text, values} of the fields that the form hands on to the process; none of an unsound form."""
    try:
        fields = [each for each, _ in every_component(json.loads(data)["components"])]
        handed = [each for each in fields if each.get("key") == DECISION or each.get("variable") is True]
        return {
            each["key"]: {
                "name": each["key"],
                "text": each.get("label", ""),
                "values": [{"value": said["value"], "label": said["label"]} for said in each.get("values", [])],
            }
            for each in handed
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _variables(drawn: Iterable[str], handed_on: Iterable[dict[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """What scripts, tables and messages set, and what forms hand on with the values it may take."""
    found: dict[str, dict[str, Any]] = {name: {"name": name, "text": "", "values": []} for name in drawn}
    for field in (field for fields in handed_on for field in fields.values()):
        known = found.setdefault(field["name"], {"name": field["name"], "text": "", "values": []})
        known["text"] = known["text"] or field["text"]
        known["values"] += [each for each in field["values"] if each not in known["values"]]
    return [found[name] for name in sorted(found)]


def _clauses(around: Surroundings) -> list[dict[str, Any]]:
    marked = mapping(around.files.get(CLAUSES_FILE, b""))
    return [{"id": str(key), "heading": _part(said, "heading") or ""} for key, said in marked.items()]


def _part(entry: Any, name: str) -> Any:
    return entry.get(name) if isinstance(entry, dict) else None
