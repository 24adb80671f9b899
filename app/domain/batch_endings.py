"""A unit's batch that is given up before its names have gone up."""

from sqlalchemy.orm import Session

from app.domain import batches, declarations, publicity_rounds
from app.errors import Problem, Refused
from app.models.recommendation import UnitBatch


def dissolve(session: Session, batch: UnitBatch) -> None:
    """Close the batch; names that have not gone up wait, checked as they are, in the body's next batch.

    Refused while its publicity runs and while an objection is open: both are owed their end.
    """
    shown = publicity_rounds.present(session, batch.id)
    if shown is not None and shown.closed_at is None:
        raise Refused(
            Problem("publicised", "本批正在公示，不能终止。请先更正公示内容，或者等公示结束。", None, "R-124")
        )
    if batches.open_objection_count(session, batch.id):
        raise Refused(Problem("objection_open", "本批还有公示异议没有核实办结，不能终止。", None, "R-126"))
    staying = [line for line in batches.lines(session, batch.id) if line.entry.gone_up_at is None]
    batch.phase = "closed"
    session.flush()  # the next batch may collect only where this one does not
    declarations.set_status_of(session, [line.declaration.id for line in staying], "UNIT_CHECKED")
    batches.postpone(session, staying)
