"""The case for which a diagram asks: whose instance, who acts, and which element is asking right now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.errors import NotFound
from app.functions.rules import NoticeRules
from app.models.declaration import Declaration
from app.models.process import ProcessInstance
from app.models.review import ReviewSession


@dataclass
class Case:
    """Handed to every diagram function as its first parameter; designers never write it.

    `values` are the checked form values of the user task being completed, empty for timers and messages; `element`,
    `task` (the engine's task id) and `data` are set by the engine before each script and expression.
    """

    session: Session
    instance: ProcessInstance
    person_id: int | None = None
    organisation_id: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    element: str = ""
    task: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    def asked_by(self, element: str, task: str, data: Mapping[str, Any]) -> None:
        """The engine says which element asks next."""
        self.element, self.task, self.data = element, task, data

    @property
    def declaration(self) -> Declaration:
        """The declaration this instance is about. Raises NotFound for an instance that is about none."""
        found = self.session.get(Declaration, self.instance.declaration_id) if self.instance.declaration_id else None
        if found is None:
            raise NotFound
        return found

    @property
    def rules(self) -> NoticeRules:
        """What the instance's notice says, to the committee of its declaration or review session where there is one."""
        return NoticeRules(self.session, self.instance.notice_version_id, self._committee_id())

    def _committee_id(self) -> int | None:
        if self.instance.declaration_id is not None:
            return self.declaration.committee_id
        review = self.instance.subject.get("session_id")
        return self.session.get_one(ReviewSession, review).committee_id if review is not None else None
