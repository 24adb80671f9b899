"""One tick: deliver what is pending, fire what is due; the tables are the truth, the tick only does the work (D30)."""

from app.db import Database
from app.domain import closings, history_days, publicity_samples, request_keys
from app.processes import amendments, ballots, messages, migrations, timers
from app.processes.batch import performing

ROUNDS = 200  # a tick that finds ever new work stops here; the next one goes on


def tick(database: Database) -> int:
    """Do everything that is due now, until nothing is; returns how many rows were worked on."""
    _seal(database)
    _sample(database)
    _remind(database)
    ballots.wipe(database)
    done = 0
    for _ in range(ROUNDS):
        worked = amendments.take_effect(database) + migrations.take_up(database)
        worked += _deliver(database) + _fire(database) + performing.take_up(database)
        if not worked:
            break
        done += worked
    return done


def _seal(database: Database) -> None:
    """The history's daily head, once a day is over."""
    with database.reading() as session:
        if history_days.unsealed(session) is None:
            return
    with database.transaction() as session:
        history_days.seal(session)
        request_keys.forget(session)


def _sample(database: Database) -> None:
    """What every running publicity shows, once a working day."""
    with database.reading() as session:
        if not publicity_samples.due(session):
            return
    with database.transaction() as session:
        publicity_samples.take(session, publicity_samples.due(session))


def _remind(database: Database) -> None:
    """Of the days that units have set for their own people."""
    with database.reading() as session:
        if not closings.any_due(session):
            return
    with database.transaction() as session:
        closings.remind(session)


def _deliver(database: Database) -> int:
    with database.reading() as session:
        pending = messages.deliverable(session)
    return sum(messages.deliver(database, message_id) for message_id in pending)


def _fire(database: Database) -> int:
    with database.reading() as session:
        if not timers.any_due(session):  # an idle tick must not take the writer's turn
            return 0
    with database.transaction() as session:
        leased = timers.lease(session)
    return sum(timers.fire(database, item) for item in leased)
