"""Delivery of letters: make out, take one, carry it, note how it went; each step in a transaction of its own."""

from collections.abc import Mapping

import structlog

from app.db import Database
from app.domain import outbox
from app.domain.outbox import Parcel
from app.jobs.carriers import Carrier, NotTakenError, UnknownError

log = structlog.get_logger()
MOST = 100  # letters a round; the next round goes on


def deliver(database: Database, carriers: Mapping[str, Carrier], site: str = "") -> int:
    """Everything that is due now, up to MOST; returns how many letters were handed to a carrier."""
    with database.reading() as session:
        if not outbox.anything(session):
            return 0
    with database.transaction() as session:
        outbox.route(session, carriers["sms"].templates if "sms" in carriers else None)
    for count in range(MOST):
        with database.transaction() as session:
            parcel = outbox.take(session, site)
        if parcel is None:
            return count
        _carry(database, carriers[parcel.channel], parcel)
    return MOST


def _carry(database: Database, carrier: Carrier, parcel: Parcel) -> None:
    """From here to the note at the end nothing can be undone: a crash leaves the delivery `unknown`."""
    try:
        carrier.carry(parcel)
    except NotTakenError as error:
        log.warning("letter not taken", delivery=parcel.delivery_id, said=str(error))
        with database.transaction() as session:
            outbox.refused(session, parcel, str(error), for_good=error.for_good)
    except UnknownError as error:
        log.warning("letter lost on the way", delivery=parcel.delivery_id, said=str(error))
        with database.transaction() as session:
            outbox.lost(session, parcel, str(error))
    else:
        with database.transaction() as session:
            outbox.sent(session, parcel)
