"""Who acts on a task, and for whom."""

from dataclasses import dataclass

from app.domain import substitutes
from app.domain.permissions import Grants
from app.models.process import Task


@dataclass(frozen=True)
class Actor:
    """Who acts, with the rights he holds right now; `key` is the page's idempotency key."""

    person_id: int
    grants: Grants
    key: str | None = None


def absent(grants: Grants, task: Task) -> int | None:
    """For whom a substitute acts; nobody where the person holds the role himself."""
    return substitutes.absent_of(grants, task.role, task.organisation_id)
