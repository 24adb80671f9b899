"""What lies behind a figure: the element with its line and clauses, the parameter with its value and clause."""

from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from app.domain import organisations, parameter_words, parameters
from app.domain.people import ROLES
from app.engine.parser import Definitions
from app.errors import AppError
from app.processes import bundles

Described = dict[str, Any]


class Causes:
    """Looks things up in the version that was rehearsed."""

    def __init__(self, session: Session, version_id: int) -> None:
        self._session, self._version = session, version_id

    @cached_property
    def definitions(self) -> Definitions:
        return bundles.of_version(self._session, self._version).definitions

    def element(self, element_id: str | None, name: str | None = None) -> Described:
        """`element`, `name`, `process` (its name), `process_key`, `line` and `clauses`, as far as they are known."""
        drawn = self.definitions.elements.get(element_id or "")
        if drawn is None:
            return {"element": element_id, "name": name or element_id or ""}
        process = self.definitions.names.get(drawn.process, drawn.process)
        found: Described = {"element": drawn.id, "name": name or drawn.name}
        found |= {"process": process, "process_key": drawn.process, "line": drawn.line}
        clauses = drawn.properties.get("clauses")
        return {**found, "clauses": clauses} if clauses else found

    def parameter(self, key: str) -> Described:
        """`key`, `meaning`, `value` in words, `clause` and the notice that says it (`source`)."""
        spec = parameters.keys(self._session, self._version).get(key)
        if spec is None:
            return {"key": key, "meaning": key}
        found: Described = {"key": key, "meaning": spec.meaning}
        try:
            chain = parameters.chain(self._session, self._version, key)
        except AppError:
            return found
        said = next((link for link in chain if link.entry is not None), None)
        if said is None or said.entry is None or "value" not in said.entry:
            return found
        clause = said.entry.get("clause") or spec.clause
        found |= {"value": parameter_words.words_of(spec, said.entry["value"]), "source": said.source}
        return {**found, "clause": clause} if clause else found

    def office(self, role: str, organisation_id: int | None) -> str:
        """`渝州区教育局 单位主管部门`; the post alone where it belongs to no body."""
        post = ROLES.get(role, role)
        if organisation_id is None:
            return post
        return f"{organisations.get(self._session, organisation_id).name} {post}"
