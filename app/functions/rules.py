"""A notice as the rules of one case: its parameters, and its decision tables parsed once per bundle."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.domain import notices, parameters
from app.domain.notice_content import content
from app.domain.parameter_values import Parameter
from app.engine.decisions import Decision
from app.errors import DiagramFault

_tables: dict[tuple[str, str], Decision] = {}
_guard = threading.Lock()


@dataclass(frozen=True)
class NoticeRules:
    """What a notice version says to one committee's cases."""

    session: Session
    notice_version_id: int
    committee_id: int | None = None

    @property
    def notice_key(self) -> str:
        return content(self.session, self.notice_version_id).notice_key

    @property
    def year(self) -> int:
        return content(self.session, self.notice_version_id).year

    def parameter(self, key: str) -> Any:
        """The value the committee, the notice or a notice above it gives; ConfigurationError where none does."""
        return parameters.lookup(self.session, self.notice_version_id, key, self.committee_id).value

    def find(self, key: str) -> Parameter | None:
        """The same with the clause it rests on; None where none does."""
        return parameters.find(self.session, self.notice_version_id, key, self.committee_id)

    def decide(self, table: str, inputs: Mapping[str, Any]) -> Any:
        """The answer of the table; DiagramFault where no rule matches or the notice brings no such table."""
        try:
            return self._table(table).decide(inputs)
        except DiagramFault as fault:
            fault.kind = "decision"
            raise

    def _table(self, key: str) -> Decision:
        bundle = notices.bundle(self.session, self.notice_version_id)
        found = _tables.get((bundle.digest, key))
        if found is None:
            content = bundle.decisions.get(f"{key}.dmn")
            if content is None:
                raise DiagramFault(key, None, f"the notice brings no decision table {key!r}")
            found = Decision.parse(content)
            with _guard:
                _tables[(bundle.digest, key)] = found
        return found
