"""Steps about drawing experts: a session that draws, its pool, shares of chance, replies."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.cli.scenarios import people
from app.cli.scenarios.case import Step, moment
from app.cli.scenarios.player import Failed, Player
from app.domain import committees, messages, notices, permissions, pools, review_committees
from app.domain.draws import rounds, stream
from app.domain.reviews import sessions
from app.models.draw import Draw, Invitation
from app.models.expert import Expert, PoolEntry, ReviewCommittee
from app.models.process import Task
from app.models.review import ReviewSession
from app.processes import draws, incidents, tasks

REPLY = "expert_reply"
DECLINING = {"decision": "decline", "reason": "出差"}
COMMITTING = ("witness_draw", "commit_draw")
PARTIES = {"witness_draw": "supervisor", "reveal_draw": "supervisor", "commit_draw": "office", "draw": "office"}


def begin(player: Player, step: Step) -> None:
    """`draw: {committee: no}`: a session of the committee begins to draw its experts."""
    with player.database.transaction() as session:
        version = notices.current(session, player.case.notice)
        row = next(row for row in committees.of_version(session, version.id) if row.no == step.argument["committee"])
        registered = review_committees.of_row(session, row)
        if registered is None:
            raise Failed(f"{step}：评委会没有核准备案")
        review = sessions.create(session, version.id, row, registered)
        planned = moment(step.argument["planned"]) if "planned" in step.argument else None
        review.planned_from, review.planned_until = planned, planned and planned + timedelta(hours=9)
        about = {"session_id": review.id}
        messages.post_start(session, draws.PROCESS, notice_version_id=version.id, subject=about)


def change_pool(player: Player, step: Step) -> None:
    """`pool: {committee: no, external: n, leaders: n, back: n, approved_to: day}`: its pool or approval changes.

    Only the first `external` experts of other districts stay; the first `leaders` members are leaders, nobody else is;
    `back: n` of those who left return. Chairs and deputies stay as they are.
    """
    said: Mapping[str, Any] = step.argument
    with player.database.transaction() as session:
        registered = _registered(session, player, said)
        if "approved_to" in said:
            registered.approved_to = moment(said["approved_to"]).date()
        everybody = pools.drawable(session, registered.id, clock.local(clock.now(session)).date())
        members = [person for person in everybody if person.position == "member"]
        entries = update(PoolEntry).where(PoolEntry.review_committee_id == registered.id)
        if "external" in said:
            strangers = [person.expert_id for person in everybody if person.district != registered.district]
            gone = entries.where(PoolEntry.expert_id.in_(strangers[said["external"] :]))
            session.execute(gone.values(status="out"))
        if "back" in said:
            left = select(PoolEntry.id).where(
                PoolEntry.review_committee_id == registered.id, PoolEntry.status == "out", PoolEntry.left_at.is_(None)
            )
            session.execute(entries.where(PoolEntry.id.in_(left.limit(said["back"]))).values(status="in_pool"))
        if "leaders" in said:
            session.execute(update(Expert).values(leader=False))
            leading = [person.expert_id for person in members[: said["leaders"]]]
            session.execute(update(Expert).where(Expert.id.in_(leading)).values(leader=True))


def last_year(player: Player, step: Step) -> None:
    """`last_year: {committee: no, members: n}`: the first n of the pool sat a year ago."""
    with player.database.transaction() as session:
        registered = _registered(session, player, step.argument)
        version = notices.current(session, player.case.notice)
        row = next(row for row in committees.of_version(session, version.id) if row.no == step.argument["committee"])
        review = sessions.create(session, version.id, row, registered)
        review.year, review.status = review.year - 1, "ended"
        people_then = pools.drawable(session, registered.id, clock.local(clock.now(session)).date())
        then = people_then[: step.argument["members"]]
        now = clock.now(session) - timedelta(days=365)
        draw = Draw(session_id=review.id, number=1, status="fixed", record={}, digest="0" * 64, frozen_at=now)
        session.add(draw)
        session.flush()
        session.add_all(
            Invitation(draw_id=draw.id, expert_id=each.expert_id, place=place, kind="member", status="accepted")
            for place, each in enumerate(then, 1)
        )


def share(player: Player, step: Step) -> None:
    """`share: element`: its holder commits to his share of chance, or shows it; `with` is what else he says."""
    element = str(step.argument)
    with player.database.transaction() as session:
        review = of_case(session)
        task = draws.require_task(session, review.id, element)
        actor = people.actor(session, task, player.account(str(step.details["as"])) if "as" in step.details else None)
        given = _given(rounds.latest(session, review.id), element) | dict(step.details.get("with") or {})
    incidents.run(
        player.database,
        lambda session: draws.act(session, review.id, element, actor, given),
        task_id=task.id,
    )


def reply(player: Player, step: Step) -> None:
    """`reply: {accept: n, decline: n, decline_last: n}` in drawn order; `accept: all` is everybody still asked."""
    said: Mapping[str, Any] = step.argument
    with player.database.reading() as session:
        wanted = select(Task).where(Task.status == "open", Task.element_id == REPLY).order_by(Task.id)
        asked = list(session.scalars(wanted))
    for task in asked[len(asked) - said.get("decline_last", 0) :]:
        _answer(player, task, DECLINING)
    asked = asked[: len(asked) - said.get("decline_last", 0)]
    answers = ["decline"] * said.get("decline", 0)
    accepting = said.get("accept", 0)
    answers += ["accept"] * (len(asked) - len(answers) if accepting == "all" else accepting)
    if len(answers) > len(asked):
        raise Failed(f"{step}：只有{len(asked)}件参评确认")
    for task, answer in zip(asked, answers, strict=False):
        _answer(player, task, DECLINING if answer == "decline" else {"decision": "accept", "secrecy": True})


def _answer(player: Player, task: Task, values: Mapping[str, Any]) -> None:
    with player.database.transaction() as session:
        assert task.person_id is not None
        actor = tasks.Actor(task.person_id, permissions.grants_of(session, task.person_id, clock.now(session)))
    incidents.run(player.database, lambda session: tasks.complete(session, task.id, actor, values), task_id=task.id)


def _given(draw: Draw, element: str) -> dict[str, Any]:
    """A share made of the round and its party, so that the same person finds it again."""
    party = PARTIES.get(element)
    if party is None:
        return {}
    secret = hashlib.sha256(f"{draw.number}:{party}".encode()).hexdigest()
    if element in COMMITTING:
        said = {"decision": "witness"} if element == "witness_draw" else {}
        return {**said, "commitment": stream.commitment(draw.digest, party, secret)}
    return {"share": secret, "decision": "draw" if element == "draw" else "reveal"}


def of_case(session: Session) -> ReviewSession:
    """The session that draws: the last one."""
    found = session.scalars(select(ReviewSession).order_by(ReviewSession.id.desc())).first()
    if found is None:
        raise Failed("还没有评审会议")
    return found


def _registered(session: Session, player: Player, said: Mapping[str, Any]) -> ReviewCommittee:
    version = notices.current(session, player.case.notice)
    row = next(row for row in committees.of_version(session, version.id) if row.no == said["committee"])
    found = review_committees.of_row(session, row)
    if found is None:
        raise Failed(f"“{row.name}”没有核准备案")
    return found


ACTIONS = {"draw": begin, "pool": change_pool, "last_year": last_year, "share": share, "reply": reply}
