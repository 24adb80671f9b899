"""One task seen to by its holder: he opens it, fills it in, decides, and corrects what is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.cli.rehearsal import known, mending
from app.cli.rehearsal.applicants import Applicant
from app.cli.rehearsal.bodies import Bodies
from app.cli.rehearsal.chance import Chance, shares_of, weighted
from app.cli.rehearsal.filling import Filler, fill
from app.cli.rehearsal.known import Situation
from app.cli.rehearsal.mending import Lesson
from app.cli.rehearsal.pace import Pace
from app.cli.rehearsal.profile import Profile
from app.cli.scenarios import values as scenarios
from app.db import Database
from app.domain import people, permissions, session_access
from app.domain.forms import Form
from app.domain.forms.schema import DECISION
from app.domain.permissions import Grants
from app.domain.reviews import seats, sessions
from app.errors import AppError, Conflict, DiagramFault, InvalidForm, NotFound, Problem, Refused
from app.models.process import ProcessInstance, Task
from app.processes import incidents, sheets, tasks

RECORD = "declaration"  # what it says are facts: nobody changes them to please a check
TRIES = 5  # corrections of one form in one sitting
TIRED = 6  # so often at the same step, a person decides as most do


@dataclass
class Turn:
    """An open task in somebody's mind: `who` is whose affair it is, `round` how often he has met the step."""

    task_id: int
    who: str
    element: str
    round: int
    tries: int = 0


@dataclass(frozen=True)
class Verdict:
    """`outcome`: done, gone (somebody or time was faster), nobody (holds the post), refused, fault."""

    outcome: str
    problems: tuple[Problem, ...] = ()


class _Gone(Exception):
    pass


class _Nobody(Exception):
    pass


@dataclass
class _Sitting:
    """What one person knows while he corrects one form."""

    lesson: Lesson = field(default_factory=Lesson)
    avoided: set[str] = field(default_factory=set)
    form: Form | None = None
    sent: Mapping[str, Any] = field(default_factory=dict)
    record: str | None = None
    early: bool = False  # the day of the meeting has not come


class Acting:
    """Everybody's hands."""

    def __init__(self, database: Database, bodies: Bodies, profile: Profile, chance: Chance, pace: Pace) -> None:
        self._database, self._bodies, self._profile = database, bodies, profile
        self._chance, self._pace = chance, pace
        self.applicants: dict[int, Applicant] = {}  # by declaration
        self._holders: dict[tuple[str, int | None], int] = {}
        self._grants: dict[int, Grants] = {}
        self._uploads: dict[tuple[int, str], int] = {}

    def perform(self, turn: Turn) -> Verdict:
        """See to the task; what a diagram does wrong on the way is kept as an incident."""
        problems: tuple[Problem, ...] = ()
        sitting = _Sitting()
        for _ in range(TRIES):
            try:
                incidents.run(
                    self._database, lambda session: self._attempt(session, turn, sitting), task_id=turn.task_id
                )
            except Refused as refused:
                problems = tuple(refused.problems)
                if not self._mends(sitting, refused, turn):
                    break
            except _Nobody:
                return Verdict("nobody")
            except (_Gone, Conflict, NotFound):
                return Verdict("gone")
            except DiagramFault:
                return Verdict("fault")
            except AppError as error:
                return Verdict("refused", tuple(error.problems))
            else:
                return Verdict("done")
        return Verdict("refused", problems)

    def _attempt(self, session: Session, turn: Turn, sitting: _Sitting) -> None:
        task = session.get(Task, turn.task_id)
        if task is None or task.status != "open":
            raise _Gone
        clock.now(session)
        instance = session.get_one(ProcessInstance, task.instance_id)
        person_id, grants = self._holder(session, task, instance)
        form = sheets.form_of(session, task, instance)
        fresh: dict[tuple[int, str], int] = {}
        sitting.form, sitting.record, sitting.early = form, task.record, _too_early(session, instance)
        if form is not None:
            shown = sheets.current(session, task, instance)
            by = self._filler(session, turn, sitting, (task, instance, person_id, fresh), _listed(shown))
            known_better = {key: value for key, value in shown.items() if key not in sitting.lesson.says}
            sitting.sent = fill(form, known_better, by, sitting.lesson.insist)
            self._confirm(session, task, sitting.sent)
        tasks.complete(session, task.id, tasks.Actor(person_id, grants), sitting.sent)
        self._uploads |= fresh

    def _filler(
        self,
        session: Session,
        turn: Turn,
        sitting: _Sitting,
        about: tuple[Task, ProcessInstance, int, dict[Any, int]],
        listed: int | None,
    ) -> Filler:
        task, instance, person_id, fresh = about
        stream = self._chance.of("fills", turn.who, turn.element, turn.round)
        name = people.get(session, person_id).name
        declared = self.applicants.get(task.declaration_id or 0) if task.role == "applicant" else None
        assert sitting.form is not None
        situation = Situation(task, instance, sitting.form.fields, name, self._pace, self._profile, stream)
        says: dict[str, Any] = {**self._profile.everybody, **known.says(session, situation)}
        if listed is not None:
            says["confirmed_count"] = listed
        says |= {**(declared.says if declared else {}), **sitting.lesson.says}
        decision = self._decision(sitting.form, task, turn, sitting.avoided)
        if decision is not None:
            says[DECISION] = decision
            _insist(sitting, decision)
        unit = declared.unit if declared else None

        def body(kinds: Any) -> int | None:
            home = unit or self._bodies.known.get(task.organisation_id or 0) or next(iter(self._bodies.known.values()))
            return self._bodies.nearest(home, kinds)

        def upload(accept: str) -> int:
            key = (person_id, accept.split(",")[0].strip())
            if key not in self._uploads and key not in fresh:
                fresh[key] = scenarios.row_alone(session, f"预演{key[1]}", person_id).id
            return self._uploads.get(key) or fresh[key]

        today = clock.local(clock.now(session)).date()
        return Filler(stream, today, self._profile, says, body, upload, declared.identity if declared else {})

    def _decision(self, form: Form, task: Task, turn: Turn, avoided: set[str]) -> str | None:
        options = [each.value for each in form.decisions if each.value not in avoided]
        if not options:
            return None
        shares = shares_of(options, self._profile.shares_of(turn.element, task.form_key))
        if turn.round >= TIRED:
            return max(options, key=lambda each: shares[each])
        return weighted(self._chance.of("decides", turn.who, turn.element, turn.round), shares)

    def _confirm(self, session: Session, task: Task, sent: Mapping[str, Any]) -> None:
        """Before somebody first hands in his record, the other authorities know of him what is true."""
        applicant = self.applicants.get(task.declaration_id or 0)
        if applicant is None or applicant.registered or task.record != RECORD or task.role != "applicant":
            return
        stream: Random = self._chance.of("registers", applicant.number)
        gaps = ("education", "insured_unit", "continuing_education")
        unknown: dict[str, Any] = {each: {} for each in gaps if stream.random() < self._profile.unverified / len(gaps)}
        person = people.get(session, applicant.person_id)
        scenarios.store_shared_records(session, person, sent, unknown)
        applicant.registered = True

    def _mends(self, sitting: _Sitting, refused: Refused, turn: Turn) -> bool:
        """Whether there is something to try: another value, or (another day) another decision."""
        if sitting.form is None:
            return False
        facts = sitting.record == RECORD
        if mending.learn(sitting.lesson, sitting.form, sitting.sent, refused.problems, facts=facts):
            return True
        chosen = sitting.sent.get(DECISION)
        shares = self._profile.shares_of(turn.element, None)
        others = [each.value for each in sitting.form.decisions if each.value not in (*sitting.avoided, chosen)]
        left = [each for each in others if shares.get(each, 1) > 0]
        if isinstance(refused, InvalidForm) or sitting.early or not turn.tries or not left or chosen is None:
            return False
        sitting.avoided.add(chosen)
        return True

    def _holder(self, session: Session, task: Task, instance: ProcessInstance) -> tuple[int, Grants]:
        """Who does it: its own person, whoever presides, else the first who holds the post."""
        person_id = task.person_id
        if person_id is None and task.role in session_access.PRESIDING:
            person_id = _presiding(session, instance)
            if person_id is not None:
                return person_id, permissions.grants_of(session, person_id)
        if person_id is None:
            person_id = self._post(session, task.role, task.organisation_id)
        if person_id not in self._grants:
            self._grants[person_id] = permissions.grants_of(session, person_id)
        return person_id, self._grants[person_id]

    def _post(self, session: Session, role: str, organisation_id: int | None) -> int:
        post = (role, organisation_id)
        if post not in self._holders:
            found = people.holders(session, role, organisation_id, clock.now(session))
            if not found:
                raise _Nobody
            self._holders[post] = found[0].person_id
        return self._holders[post]


def _insist(sitting: _Sitting, decision: str) -> None:
    """What the button asks for beyond the form has to be filled in."""
    assert sitting.form is not None
    for key in next(each.requires for each in sitting.form.decisions if each.value == decision):
        sitting.lesson.insist.setdefault(key, 1)


def _listed(shown: Mapping[str, Any]) -> int | None:
    """How many rows the page shows: what a number to confirm is about."""
    lists = [rows for rows in shown.values() if isinstance(rows, list) and rows and isinstance(rows[0], Mapping)]
    return len(lists[0]) if lists else None


def _presiding(session: Session, instance: ProcessInstance) -> int | None:
    review_id = instance.subject.get("session_id")
    line = seats.presiding(session, sessions.get(session, review_id)) if review_id else None
    return line.expert.person_id if line else None


def _too_early(session: Session, instance: ProcessInstance) -> bool:
    review_id = instance.subject.get("session_id")
    begins = sessions.get(session, review_id).planned_from if review_id else None
    return begins is not None and clock.now(session) < begins
