"""What becomes of a confirmed declaration's paper: forwarded, printed, stamped, filed (R-210, R-211)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.domain.offices import Actor
from app.errors import ConfigurationError, Problem, Refused
from app.models.declaration import Declaration
from app.models.review import ArchiveRecord

STEPS = ("forwarded", "printed", "sealed", "result_page")  # each has a column `<step>_at`


def of_declaration(session: Session, declaration: Declaration) -> ArchiveRecord:
    """The record, begun with its first step."""
    found = session.get(ArchiveRecord, declaration.id)
    if found is None:
        found = ArchiveRecord(declaration_id=declaration.id)
        session.add(found)
    return found


def note(session: Session, declaration: Declaration, step: str) -> None:
    """One of STEPS is done now. ConfigurationError for any other word: a fault of the diagram."""
    if step not in STEPS:
        raise ConfigurationError(f"归档没有“{step}”这一步。")
    setattr(of_declaration(session, declaration), f"{step}_at", clock.now(session))


def archive(
    session: Session, declaration: Declaration, actor: Actor, values: Mapping[str, Any], copies: int
) -> ArchiveRecord:
    """归档: `personal_copies` into the personal archive, `unit_copies` into the unit's; `copies` are due in all.

    Refused for fewer, and where one of the two archives would get none.
    """
    personal, unit = int(values.get("personal_copies") or 0), int(values.get("unit_copies") or 0)
    if personal + unit < copies or not (personal and unit):
        message = f"评审表须归档{copies}份：个人档案、单位文书档案各不少于1份，请核对份数。"
        raise Refused(Problem("copies", message, "personal_copies", "N2 §四(三)4；N4 §四(四)；R-210"))
    found = of_declaration(session, declaration)
    found.personal_copies, found.unit_copies, found.place = personal, unit, values.get("place") or None
    found.archived_at, found.archived_by = clock.now(session), actor.person_id
    return found
