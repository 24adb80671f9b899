"""What a notice version brings along, ready for use: its parsed diagrams and compiled forms, cached per process."""

import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from app.domain import notices, openings
from app.domain.forms import Form, compile_form
from app.domain.openings import Opening
from app.engine.parser import Definitions, definitions
from app.errors import DiagramFault

FORM_8 = "declaration"


@dataclass(frozen=True)
class Resources:
    """The diagrams and forms of one bundle; `schema` is the form as the browser draws it."""

    digest: str
    definitions: Definitions
    schemas: dict[str, dict[str, Any]]

    def form(self, key: str) -> Form:
        """Raises DiagramFault for a form that the notice does not bring."""
        if key not in self.schemas:
            raise DiagramFault(None, None, f"the notice has no form {key!r}")
        return _form(self.digest, key, None)

    def opened(self, key: str, opening: Opening) -> tuple[dict[str, Any], Form]:
        """The schema and the form of a correction that opens parts of form 8."""
        return openings.schema(self.schemas[key], self.schemas[FORM_8], opening), _form(self.digest, key, opening)


_resources: dict[str, Resources] = {}
_guard = threading.Lock()


def of_version(session: Session, notice_version_id: int) -> Resources:
    """The resources of a published version; versions with the same content share them."""
    bundle = notices.bundle(session, notice_version_id)
    found = _resources.get(bundle.digest)
    if found is None:
        files = {**bundle.diagrams, **bundle.decisions}
        found = Resources(bundle.digest, definitions(files), dict(bundle.forms))
        with _guard:
            _resources[bundle.digest] = found
    return found


@lru_cache(maxsize=1024)
def _form(digest: str, key: str, opening: Opening | None) -> Form:
    schemas = _resources[digest].schemas
    return compile_form(openings.schema(schemas[key], schemas[FORM_8], opening) if opening else schemas[key])
