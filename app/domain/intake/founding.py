"""Carrying out a file of bodies: founded, changed and put in their places with few statements, all in the history."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.domain.intake.bodies import Intake, Item
from app.domain.restructuring import record
from app.models.people import Organisation
from app.rows import kept_changed

PLAIN = ("name", "kind", "credit_code", "district", "contact_name", "contact_phone", "registered")


def apply(session: Session, intake: Intake, *, reason: str, by: int | None) -> None:
    """Found and change what the file says; a fixed number of statements for each depth of the hierarchy."""
    kept_changed(session)
    altered = [(item, intake.differences(item), intake.words(item)) for item in intake.items]
    founded = {item.node: _founded(item) for item in intake.items if item.body is None}
    session.add_all(founded.values())
    session.flush()
    for item, found, _ in altered:
        body = item.body or founded[item.node]
        if "name" in found and item.body is not None:
            body.former_names = [*body.former_names, body.name]
        for key in PLAIN:
            if key in found:
                setattr(body, key, bool(found[key][1]) if key == "registered" else found[key][1])
        if "parent" in found and item.parent is not None:
            body.parent_id = founded[item.parent].id if item.parent in founded else item.parent[1]
        elif "parent" in found:
            body.parent_id = None
    _write_paths([*intake.register.bodies.values(), *founded.values()])
    session.flush()
    events = [
        (kind, (item.body or founded[item.node]).id, {key: words[at][1:] for at, key in enumerate(found)})
        for item, found, words in altered
        for kind in _kinds(item, found)
    ]
    record.write_all(session, events, reason=reason, by=by)


def _founded(item: Item) -> Organisation:
    said = {key: value for key, value in item.said.items() if key != "registered"}
    key = item.row["key"] or item.said["credit_code"]
    return Organisation(key=key, path="", registered=bool(item.said.get("registered")), **said)


def _kinds(item: Item, found: Mapping[str, Any]) -> list[str]:
    """Which event a row is."""
    if item.body is None:
        return ["organisation_created"]
    if not found:
        return []
    if "name" in found:
        return ["organisation_renamed"]
    return ["organisation_moved" if set(found) == {"parent"} else "organisation_changed"]


def _write_paths(bodies: Iterable[Organisation]) -> None:
    """The path of every body whose place has changed, from the roots down."""
    below: dict[int | None, list[Organisation]] = defaultdict(list)
    for body in bodies:
        below[body.parent_id].append(body)
    waiting = [("/", body) for body in below[None]]
    while waiting:
        above, body = waiting.pop()
        path = f"{above}{body.id}/"
        if body.path != path:
            body.path = path
        waiting += [(path, each) for each in below[body.id]]
