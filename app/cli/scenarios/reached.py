"""Which elements of the diagrams a played case has passed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.process import Event


def passed(session: Session) -> list[str]:
    """Ids of the elements that any instance has passed, each once, in their order."""
    payloads = session.scalars(select(Event.payload).where(Event.kind == "passed").order_by(Event.id))
    found = (element for payload in payloads for _, element in (payload or {}).get("elements", ()))
    return list(dict.fromkeys(found))
