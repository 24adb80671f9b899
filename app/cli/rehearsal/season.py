"""The season: who acts when, from the first draft until nobody has anything left to do."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from app import clock
from app.cli.rehearsal import figures, mending
from app.cli.rehearsal.acting import RECORD, Acting, Turn, Verdict
from app.cli.rehearsal.applicants import Applicant, Crowd
from app.cli.rehearsal.chance import Chance
from app.cli.rehearsal.outsiders import OBJECTION, RECHECK, Outsiders
from app.cli.rehearsal.pace import Pace
from app.cli.rehearsal.profile import Profile
from app.cli.rehearsal.sessions import Desk
from app.cli.rehearsal.world import World
from app.cli.scenarios import world as clocks
from app.cli.scenarios.player import next_due
from app.domain.calendar import calendar_of
from app.domain.deadline_rules import midnight_after, opening
from app.models.declaration import Declaration
from app.models.process import Deadline, ProcessInstance, Task
from app.processes.tick import tick

PATIENCE = 3  # sittings over a task that is refused, each a working day later
_LOOKS = 20  # steps between two reports of progress
Action = Callable[[], None]
Tell = Callable[[datetime, int, float], None]


@dataclass(frozen=True)
class How:
    """How much is played: `until` is the last day on the notices' wall clock, without zone; None for the whole."""

    applicants: int
    seed: int
    until: datetime | None = None


class Season:
    """One notice's season among so many applicants; `run` may be stopped by KeyboardInterrupt at any time."""

    def __init__(self, world: World, profile: Profile, how: How) -> None:
        self.world, self.profile, self.how = world, profile, how
        chance = Chance(how.seed)
        with world.database.reading() as session:
            pace = Pace(calendar_of(session))
        self.pace, self._chance = pace, chance
        self.crowd = Crowd(world, profile, chance, pace)
        self.acting = Acting(world.database, world.bodies, profile, chance, pace)
        self.outsiders = Outsiders(world.database, profile, chance)
        self.desk = Desk(world, profile, chance, pace, self.acting)
        self.now = world.begins
        self.idle: Counter[str] = Counter()
        self.refused: dict[int, Verdict] = {}  # by task: what its holder has given up
        longest = world.begins + timedelta(days=31 * profile.months)
        self._horizon = min(longest, midnight_after(how.until.date())) if how.until else longest
        self._plan: list[tuple[datetime, int, Action]] = []
        self._order = self._seen = 0
        self._met: Counter[tuple[str, str]] = Counter()
        self._settled: set[int] = set()

    def run(self, tell: Tell) -> None:
        """Play to the end; `tell` hears now and then of the day, how many have their result, and how far all have come
        together (0 to 1).
        """
        for number in range(1, self.how.applicants + 1):
            applicant = self.crowd.applicant(number)
            self._at(applicant.begins, partial(self._arrive, applicant))
        self._at(self.pace.later(self.now, 1, self._chance.of("desk")), self._look_after_sessions)
        steps = 0
        while (moment := self._next()) is not None and moment <= self._horizon:
            self._stand(moment)
            while self._plan and self._plan[0][0] <= moment:
                heapq.heappop(self._plan)[2]()
            tick(self.world.database)
            self._notice()
            steps += 1
            if steps % _LOOKS == 0:
                self._tell(tell)
        self._tell(tell)

    def _tell(self, tell: Tell) -> None:
        with self.world.database.reading() as session:
            tell(self.now, *figures.way(session, self.how.applicants))

    def _at(self, moment: datetime, action: Action) -> None:
        self._order += 1
        heapq.heappush(self._plan, (moment, self._order, action))

    def _next(self) -> datetime | None:
        """When something happens next: somebody acts, or time itself does something."""
        with self.world.database.reading() as session:
            due = next_due(session)
        planned = [self._plan[0][0]] if self._plan else []
        return min([*planned, *([due] if due is not None and due > self.now else [])], default=None)

    def _stand(self, moment: datetime) -> None:
        self.now = max(moment, self.now)
        with self.world.database.transaction() as session:
            clocks.freeze(session, self.now)
        if self.now == moment:
            tick(self.world.database)  # what falls due at this instant comes before what people do at it

    def _arrive(self, applicant: Applicant) -> None:
        with self.world.database.transaction() as session:
            declaration_id = self.crowd.arrive(session, applicant)
        self.acting.applicants[declaration_id] = applicant
        for what, days in self.outsiders.fates(applicant):
            self._outside(what, declaration_id, days, applicant)

    def _outside(self, what: str, declaration_id: int, days: int, applicant: Applicant) -> None:
        when = self.pace.later(self.now, days, self._chance.of("when", what, applicant.number))
        self._at(when, lambda: self.outsiders.do(what, declaration_id))

    def _look_after_sessions(self) -> None:
        """Call what sessions are due, meet those whose result is out, and come back later."""
        self.desk.call()
        with self.world.database.reading() as session:
            asking = self.outsiders.unhappy(session, self.acting.applicants, self._settled)
        for each in asking:
            self._outside(RECHECK, each, self._chance.of("asks", each).randint(3, 30), self.acting.applicants[each])
        if self._plan or self._running():
            days = int(self.profile.sessions["every"])
            self._at(self.pace.later(self.now, days, self._chance.of("desk", self.now)), self._look_after_sessions)

    def _running(self) -> bool:
        """Whether anything may still happen without anybody's plan."""
        with self.world.database.reading() as session:
            due = next_due(session)
            ready = select(Declaration.id).where(
                Declaration.ended_as.is_(None), Declaration.status.in_(("READY", "DEFERRED", "REOPENED"))
            )
            return (due is not None and due > self.now) or session.scalar(ready.limit(1)) is not None

    def _notice(self) -> None:
        """Everybody sees what is new: tasks in their inboxes, names on the boards."""
        for row in self._new_tasks():
            self._seen = row.id
            self._take_up(row)
        with self.world.database.reading() as session:
            shown = self.outsiders.shown(session)
        for each in shown:
            applicant = self.acting.applicants.get(each)
            if applicant is not None and self.outsiders.wants(OBJECTION, applicant):
                self._outside(OBJECTION, each, self._chance.of("objects", each).randint(0, 3), applicant)

    def _new_tasks(self) -> Iterable[Any]:
        wanted = (
            select(
                Task.id, Task.element_id, Task.form_key, Task.role, Task.organisation_id, Task.person_id, Task.record
            )
            .add_columns(Task.declaration_id, Deadline.due_at, ProcessInstance.subject)
            .join(ProcessInstance, ProcessInstance.id == Task.instance_id)
            .outerjoin(Deadline, Deadline.id == Task.deadline_id)
            .where(Task.id > self._seen, Task.status == "open")
            .order_by(Task.id)
        )
        with self.world.database.reading() as session:
            return session.execute(wanted).all()

    def _take_up(self, row: Any) -> None:
        """Plan when the holder of a new task sees to it, if ever."""
        applicant = self.acting.applicants.get(row.declaration_id or 0)
        who = applicant.key if applicant else f"o{row.organisation_id or ''}"
        self._met[who, row.element_id] += 1
        turn = Turn(row.id, who, row.element_id, self._met[who, row.element_id])
        stream = self._chance.of("acts", who, row.element_id, turn.round)
        names = (row.element_id, row.form_key, row.role)
        if stream.random() < self.profile.idle_of(*names):
            self.idle[row.element_id] += 1
            return
        first = row.record == RECORD and row.role == "applicant" and turn.round == 1 and row.due_at is None
        due = applicant.closes if first and applicant else row.due_at
        when = self.pace.later(self.now, stream.randint(*self.profile.days_of(*names)), stream)
        if due is not None and stream.random() < self.profile.late:
            when = max(when, self.pace.later(due, stream.randint(*self.profile.late_days), stream))
        elif due is not None and when >= due > self.now:
            when = self.pace.before(due, self.now) or self.now + (due - self.now) / 2  # at once, where hours are given
        session_id = (row.subject or {}).get("session_id")
        self._at(when, lambda: self._act(turn, session_id))

    def _act(self, turn: Turn, session_id: int | None) -> None:
        if session_id is not None:
            self.desk.attend(session_id)
        verdict = self.acting.perform(turn)
        if verdict.outcome == "done":
            self.refused.pop(turn.task_id, None)
        elif verdict.outcome in ("refused", "nobody", "fault"):
            self.refused.setdefault(turn.task_id, verdict)  # why at first: later the window may be over besides
            self._again(turn, session_id, verdict)

    def _again(self, turn: Turn, session_id: int | None, verdict: Verdict) -> None:
        """A meeting is waited for; otherwise he comes back on a few of the following days and then gives up."""
        begins = self.desk.begins(session_id) if session_id is not None else None
        if begins is not None:
            self._at(begins, lambda: self._act(turn, session_id))
            return
        named = mending.day_named(verdict.problems)
        if named is not None and named >= clock.local(self.now).date():
            stream = self._chance.of("after", turn.who, turn.element, turn.round)
            self._at(self.pace.later(opening(named), 1, stream), lambda: self._act(turn, session_id))
            return
        turn.tries += 1
        if verdict.outcome == "refused" and turn.tries < PATIENCE:
            stream = self._chance.of("again", turn.who, turn.element, turn.round, turn.tries)
            self._at(self.pace.later(self.now, 1, stream), lambda: self._act(turn, session_id))
