"""The steps of a scenario other than completing tasks: messages, objections, changes of notice, calendar and people."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cli.scenarios import draws, experts, handing, money, people, rechecks, results, reviews
from app.cli.scenarios.case import Step, moment
from app.cli.scenarios.player import Failed, Player
from app.domain import (
    amendments,
    calendar,
    committees,
    complaints,
    deadlines,
    declarations,
    messages,
    notices,
    objections,
    substitutes,
    verification,
)
from app.domain import people as registry
from app.domain.amendments import Amendment, Changes
from app.domain.complaints import Reported, registering
from app.errors import AppError
from app.models.people import RoleGrant
from app.models.process import ProcessInstance, Task
from app.models.recommendation import BatchEntry, Publicity
from app.processes import amendments as amending
from app.processes import instances, restarts, returns, status_changes, taking_back, tasks
from app.processes.tick import tick

Action = Callable[[Player, Step], None]


def send(player: Player, step: Step) -> None:
    """`message: {name, payload}`: what another authority's instance would tell the declaration."""
    with player.database.transaction() as session:
        declaration = player.declaration(session, step.label)
        assert declaration.instance_id is not None
        payload = step.argument.get("payload") or {}
        messages.post(session, step.argument["name"], receiver_id=declaration.instance_id, payload=payload)


def withdraw(player: Player, step: Step) -> None:
    with player.database.transaction() as session:
        declaration = player.declaration(session, str(step.argument or step.label))
        instances.withdraw(session, declaration, declaration.person_id)


def object_(player: Player, step: Step) -> None:
    """`object: {to: label, text}`: somebody objects to one name of the publicity it stands in."""

    def work(session: Session) -> int:
        declaration = player.declaration(session, step.argument.get("to", step.label))
        shown = session.scalars(
            select(Publicity)
            .join(BatchEntry, BatchEntry.batch_id == Publicity.batch_id)
            .where(BatchEntry.declaration_id == declaration.id)
            .order_by(Publicity.id.desc())
        ).first()
        if shown is None:
            raise Failed(f"{step}：该申报没有公示")
        said = objections.Raised(declaration_id=declaration.id, text=step.argument.get("text", "反映业绩不实"))
        return objections.raise_objection(session, shown, said).id

    player.once(str(step), work)


def complain(player: Player, step: Step) -> None:
    """`complain: {to: label, text}`; about others `{kind: session|expert|unit, committee: no, about: name, text}`."""
    known = ("name", "contact", "kind", "about")
    said = step.argument
    reported = Reported(said.get("text", "反映业绩不实"), **{key: said[key] for key in known if key in said})

    def work(session: Session) -> None:
        if "kind" in said:
            version = notices.current(session, player.case.notice)
            committee = next(row for row in committees.of_version(session, version.id) if row.no == said["committee"])
            registering.register_other(session, committee, version.id, reported)
        else:
            complaints.register(session, player.declaration(session, said.get("to", step.label)), reported)

    player.once(str(step)[:200], work)


def sanction(player: Player, step: Step) -> None:
    """`sanction: {person, kind, from, to}`: an entry in the register of sanctions and impact periods."""
    said = step.argument
    with player.database.transaction() as session:
        person = people.person(session, player.account(said["person"]))
        period = (_day(said["from"]), _day(said["to"]) if said.get("to") else None)
        registry.register_sanction(session, person.id, said.get("kind", "处分"), period, said.get("source", "情景"))
        status_changes.concerning(session, person.id, reason=said.get("kind", "处分"))


def retire(player: Player, step: Step) -> None:
    """`retire: {of: label, day: date}`: the retirement of a declared person is approved."""
    with player.database.transaction() as session:
        declaration = player.declaration(session, step.argument.get("of", step.label))
        status_changes.retired(session, declaration, _day(step.argument["day"]))


def amend(player: Player, step: Step) -> None:
    """`amend: {parameters, committees, number, basis, reason, …}`: a supplementary notice to the case's notice."""
    said: Mapping[str, Any] = step.argument
    changes = Changes(parameters=said.get("parameters") or {}, committees=said.get("committees") or {})
    with player.database.transaction() as session:
        amendment = Amendment(
            number=said.get("number", "补充通知〔2023〕1号"),
            legal_basis=said.get("basis", "组建单位补充通知"),
            reason=said.get("reason", "调整时间"),
            changes=changes,
            effective_at=moment(said["effective"]) if "effective" in said else None,
            keep_old=said.get("keep_old", "nobody"),
        )
        amending.amend(session, said.get("notice", player.case.notice), amendment, by=None)


def publish(player: Player, step: Step) -> None:
    """`publish: {note}`: the case's notice is published once more, with a changed text; running cases keep theirs."""
    with player.database.transaction() as session:
        current = notices.current(session, player.case.notice)
        amendments.amend(
            session,
            player.case.notice,
            Amendment(
                number="补充通知〔2023〕9号",
                legal_basis="组建单位补充通知",
                reason=str(step.argument.get("note", "新版本")),
                changes=Changes(texts={"contact": "以新版为准"}),
                keep_old="started",
            ),
            by=None,
        )
        assert notices.current(session, player.case.notice).id != current.id


def change_calendar(player: Player, step: Step) -> None:
    """`calendar: {day: working|rest, …}`: the administrator's table changes and the open deadlines follow."""
    with player.database.transaction() as session:
        for day, kind in step.argument.items():
            calendar.set_day(session, _day(day), working=kind == "working", note="调休", source="情景")
        deadlines.apply(session, deadlines.preview(session), why="工作日历调整", by=None)


def declare(player: Player, step: Step) -> None:
    """`declare: {label, applicant, base, set}`: one more draft in the middle of the case."""
    player.declare(step.argument["label"], step.argument)


def record(player: Player, step: Step) -> None:
    """`record: {person, item, result}`: the data-sharing platform answers differently from now on."""
    with player.database.transaction() as session:
        person = people.person(session, player.account(step.argument["person"]))
        verification.share(session, person.identity_number or "", step.argument["item"], step.argument["result"])


def restart(player: Player, _step: Step) -> None:
    """`restart:`: the process dies; nothing is remembered but the database."""
    player.database.dispose()


def substitute(player: Player, step: Step) -> None:
    """`substitute: {absent: role@body, by: account, from, to}`: someone stands in for an absent sole holder."""
    said = step.argument
    with player.database.transaction() as session:
        absent = people.person(session, player.account(said["absent"]))
        grant = _grant(session, absent.id, str(said["absent"]))
        term = (moment(said["from"]), moment(said["to"]))
        stand_in = people.person(session, player.account(said["by"]))
        substitutes.name(session, grant, stand_in.id, term, said.get("reason", "出差"))


def bind(player: Player, step: Step) -> None:
    """`bind: {person, to: role@body}`: somebody asks to be bound to a role of a body (R-106)."""
    role, _, key = str(step.argument["to"]).partition("@")
    with player.database.transaction() as session:
        person = people.person(session, player.account(step.argument["person"]))
        live_routes = partial(declarations.live_route_bodies, session)
        registry.bind(session, person.id, role, people.body(session, key).id, live_routes)


def unbind(player: Player, step: Step) -> None:
    """`unbind: {person, from: role@body}`: the body names another administrator; the person's role ends."""
    with player.database.transaction() as session:
        person = people.person(session, player.account(step.argument["person"]))
        registry.revoke(session, _grant(session, person.id, str(step.argument["from"])).id)


def claim(player: Player, step: Step) -> None:
    """`claim: element`: a holder takes the task out of his group's queue."""
    with player.database.transaction() as session:
        task, actor = player.task_of(session, step, str(step.argument))
        tasks.claim(session, task.id, actor)


def return_(player: Player, step: Step) -> None:
    """`return: {from: element, to: element|applicant|previous, reason, straight}`: a holder returns his task."""
    said = step.argument
    with player.database.transaction() as session:
        task, actor = player.task_of(session, step, str(said["from"]))
        found = [each for each in returns.targets(session, task) if said["to"] in (each.kind, each.task.element_id)]
        to = found[0].task.id if found else 0
        reason, straight = str(said.get("reason", "请修改后重新报送")), bool(said.get("straight", False))
        returns.give_back(session, task.id, actor, to, reason=reason, straight_back=straight)


def restart_publicity(player: Player, step: Step) -> None:
    """`restart_publicity: {names: [label], reason}`: the unit ends its publicity to show corrected content anew."""
    said = step.argument
    with player.database.transaction() as session:
        task, actor = player.task_of(session, step, restarts.FORM)
        batch_id = session.get_one(ProcessInstance, task.instance_id).subject["batch_id"]
        names = [player.declaration(session, str(label)).id for label in said.get("names", ())]
        restarts.restart(session, batch_id, actor, str(said.get("reason", "公示内容有误，须更正")), names)


def take_back(player: Player, step: Step) -> None:
    """`take_back: element`: whoever completed the element last takes it back."""
    with player.database.transaction() as session:
        wanted = select(Task).where(Task.element_id == str(step.argument), Task.status == "completed")
        about = player.declarations.get(step.label)
        done = session.scalars(
            wanted.where(Task.declaration_id == about).order_by(Task.ended_at.desc(), Task.id.desc())
        ).first()
        if done is None or done.ended_by is None:
            raise Failed(f"{step}：没有办理过“{step.argument}”")
        who = player.actor(session, step, done.ended_by)
        taking_back.take_back(session, done.id, who)


ACTIONS: dict[str, Action] = {
    "bind": bind,
    "unbind": unbind,
    "message": send,
    "withdraw": withdraw,
    "object": object_,
    "complain": complain,
    "sanction": sanction,
    "retire": retire,
    "amend": amend,
    "publish": publish,
    "calendar": change_calendar,
    "declare": declare,
    "record": record,
    "claim": claim,
    "return": return_,
    "take_back": take_back,
    "restart_publicity": restart_publicity,
    "restart": restart,
    "substitute": substitute,
    "copy": money.copy,
    "import_payments": money.import_payments,
    **experts.ACTIONS,
    "reviewed": results.reviewed,
    **reviews.ACTIONS,
    **rechecks.ACTIONS,
    **draws.ACTIONS,
    **handing.ACTIONS,
}


def do(player: Player, step: Step) -> None:
    """Carry out one such step and what follows from it at once."""
    ACTIONS[step.action](player, step)
    tick(player.database)


def refused(player: Player, step: Step) -> str:
    """Attempt a step that says `because`; gives the words of the refusal."""
    try:
        do(player, step)
    except AppError as error:
        return error.message
    raise Failed(f"{step}：本应不能办理，却办成了")


def _grant(session: Session, person_id: int, named: str) -> RoleGrant:
    """The role in force that `role@body` names, held by the person."""
    role, _, key = named.partition("@")
    held = (RoleGrant.person_id == person_id) & (RoleGrant.role == role)
    at_body = RoleGrant.organisation_id == people.body(session, key).id
    return session.scalars(
        select(RoleGrant).where(held, at_body, registry.in_force(RoleGrant, clock.now(session)))
    ).one()


def _day(said: Any) -> date:
    return said if isinstance(said, date) else date.fromisoformat(str(said))
