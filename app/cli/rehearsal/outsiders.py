"""What reaches a case from outside: objections, complaints, withdrawals, retirement, rechecks of a result."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cli.rehearsal.applicants import Applicant
from app.cli.rehearsal.chance import Chance
from app.cli.rehearsal.profile import Profile
from app.db import Database
from app.domain import complaints, declarations, objections, rechecks
from app.domain.complaints import Reported
from app.domain.rechecks import Asked
from app.errors import AppError
from app.models.declaration import Declaration
from app.models.recommendation import BatchEntry, Publicity
from app.processes import instances, status_changes

Doing = Callable[[Session, Declaration], object]
WITHIN = {"complaint": (20, 90), "withdrawal": (3, 60), "retirement": (10, 60)}  # working days after the draft
OBJECTION, RECHECK = "objection", "recheck"
_SOON = timedelta(days=3)


class Outsiders:
    """Does what was planned for a declaration; what the declaration's state does not allow is counted and left."""

    def __init__(self, database: Database, profile: Profile, chance: Chance) -> None:
        self._database, self._shares, self._chance = database, profile.outsiders, chance
        self._publicity = self._ended = 0
        self.counts: Counter[str] = Counter()

    def fates(self, applicant: Applicant) -> list[tuple[str, int]]:
        """What befalls this applicant, and how many working days after he begins."""
        found = []
        for what, (fewest, most) in WITHIN.items():
            stream = self._chance.of(what, applicant.number)
            if stream.random() < self._shares[what]:
                found.append((what, stream.randint(fewest, most)))
        return found

    def shown(self, session: Session) -> list[int]:
        """Names publicised since the last look, as declarations, to which somebody will object."""
        wanted = (
            select(Publicity.id, BatchEntry.declaration_id)
            .join(BatchEntry, BatchEntry.batch_id == Publicity.batch_id)
            .where(Publicity.id > self._publicity, BatchEntry.recommended.is_(True), BatchEntry.left_at.is_(None))
            .order_by(Publicity.id, BatchEntry.id)
        )
        rows = session.execute(wanted).all()
        self._publicity = max((row[0] for row in rows), default=self._publicity)
        return [declaration_id for _, declaration_id in rows]

    def unhappy(self, session: Session, applicants: dict[int, Applicant], settled: set[int]) -> list[int]:
        """Declarations that have got their result and will ask for a recheck; each is asked once."""
        ended = select(Declaration.id).where(Declaration.ended_as.in_(rechecks.VOTED_ENDS)).order_by(Declaration.id)
        fresh = [each for each in session.scalars(ended) if each not in settled]
        settled.update(fresh)
        return [each for each in fresh if self.wants(RECHECK, applicants.get(each))]

    def wants(self, what: str, applicant: Applicant | None) -> bool:
        return applicant is not None and self._chance.of(what, applicant.number).random() < self._shares[what]

    def do(self, what: str, declaration_id: int) -> None:
        """Let it happen now."""
        doing = _DOINGS[what]
        try:
            with self._database.transaction() as session:
                doing(session, declarations.get(session, declaration_id))
        except AppError:
            self.counts[f"{what}_turned_away"] += 1
        else:
            self.counts[what] += 1


def _object(session: Session, declaration: Declaration) -> None:
    wanted = select(Publicity).join(BatchEntry, BatchEntry.batch_id == Publicity.batch_id)
    shown = session.scalars(
        wanted.where(BatchEntry.declaration_id == declaration.id).order_by(Publicity.id.desc()).limit(1)
    ).one()
    objections.raise_objection(session, shown, objections.Raised(declaration.id, "预演：反映业绩不实"))


def _retire(session: Session, declaration: Declaration) -> None:
    status_changes.retired(session, declaration, clock.local(clock.now(session)).date())


_DOINGS: dict[str, Doing] = {
    OBJECTION: _object,
    "complaint": lambda session, about: complaints.register(session, about, Reported("预演：反映业绩不实")),
    "withdrawal": lambda session, about: instances.withdraw(session, about, about.person_id),
    "retirement": _retire,
    RECHECK: lambda session, about: rechecks.file(
        session, about, Asked("procedure", "预演：申请复查"), about.person_id
    ),
}
