"""评审专家库: who stands in a committee's pool, how healthy it is, and what becomes of one expert."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import (
    assessments,
    composition,
    dictionaries,
    expert_events,
    experts,
    identity,
    integrity,
    permissions,
    pool_access,
    pool_lists,
    review_committees,
)
from app.domain.permissions import Grants
from app.domain.pool_lists import Asked, Line
from app.errors import NotFound, Problem, Refused
from app.models.expert import Expert, PoolEntry, ReviewCommittee
from app.web.instances import page_number
from app.web.promptness import deliver_soon
from app.web.session import grants, reading, run, visitor
from app.web.sheets import FORMATS, Sheet, download

blueprint = Blueprint("pools", __name__)

REGISTRARS = ("committee_office", "municipal_tro")
KEEPERS = ("committee_office", "municipal_tro", "manager", "system_admin")
HEADINGS = (
    "姓名", "身份证号", "工作单位", "专业", "职称", "来源", "职务", "任期起", "任期止", "党政领导", "非公单位",
    "状态",
)  # fmt: skip


@blueprint.get("/pools")
def index() -> ResponseReturnValue:
    """The first committee whose pool one may look at; who sees several chooses there."""
    who = _keeper()
    with reading() as session:
        first = session.scalars(_visible(who).limit(1)).first()
    if first is None:
        return render_template("pools/none.html")
    return redirect(url_for("pools.show", committee_id=first.id))


@blueprint.get("/pools/<int:committee_id>")
def show(committee_id: int) -> ResponseReturnValue:
    """The pool with its health; `q`, `state`, `source`, `specialty` narrow, `format` takes what is shown along."""
    who = _keeper()
    said = {key: request.args.get(key, "").strip() for key in ("q", "state", "source", "specialty")}
    asked, page = Asked(said["q"], said["state"], said["source"], said["specialty"]), page_number()
    with reading() as session:
        registered = review_committees.get(session, committee_id)
        pool_access.require_committee(session, who, registered)
        on = clock.local(clock.now(session)).date()
        if request.args.get("format") in FORMATS:
            rows = [_row(line) for line in pool_lists.lines(session, registered, on, asked, None)]
            return download(Sheet(f"{registered.name}专家库", HEADINGS, rows), request.args["format"])
        context = _context(session, registered, on, asked, page)
        committees = session.scalars(_visible(who)).all()
    return render_template("pools/show.html", committees=committees, said=said, page=page, **context)


@blueprint.get("/pools/<int:committee_id>/experts/<int:entry_id>")
def expert(committee_id: int, entry_id: int) -> ResponseReturnValue:
    """One expert of the pool: who he is, his terms, what is on record, and registering an event."""
    return _expert(committee_id, entry_id, [])


@blueprint.post("/pools/<int:committee_id>/experts/<int:entry_id>/events")
def register(committee_id: int, entry_id: int) -> ResponseReturnValue:
    """登记情况: the expert is suspended at once, and the convening organisation decides."""
    permissions.require_role(_keeper(), *REGISTRARS)

    def work(session: Session) -> None:
        entry = _entry(session, committee_id, entry_id)
        event, reason = request.form.get("event", ""), request.form.get("reason", "")
        expert_events.begin(session, entry, event, reason, grants().person_id)

    try:
        run(work)
    except Refused as refused:
        return _expert(committee_id, entry_id, refused.problems), 422
    deliver_soon()
    flash("已登记，已转评委会组建单位办理“评审专家情况处理”；处理期间暂停参评。", "success")
    return redirect(url_for("pools.expert", committee_id=committee_id, entry_id=entry_id))


@blueprint.post("/pools/<int:committee_id>/experts/<int:entry_id>/assessments")
def assess(committee_id: int, entry_id: int) -> ResponseReturnValue:
    """评审质量考核: a poor mark suspends him as an event does."""
    permissions.require_role(_keeper(), *REGISTRARS)
    mark, text = request.form.get("mark", ""), request.form.get("text", "")
    try:
        run(
            lambda session: (
                assessments.enter(session, _entry(session, committee_id, entry_id), mark, text, grants().person_id).id
            )
        )
    except Refused as refused:
        return _expert(committee_id, entry_id, refused.problems), 422
    deliver_soon()
    flash("已记入评审质量考核。", "success")
    return redirect(url_for("pools.expert", committee_id=committee_id, entry_id=entry_id))


def _entry(session: Session, committee_id: int, entry_id: int) -> PoolEntry:
    entry = expert_events.get(session, entry_id)
    if entry.review_committee_id != committee_id:
        raise NotFound("没有找到该评审专家。")
    pool_access.require_committee(session, grants(), expert_events.committee_of(session, entry))
    return entry


def _expert(committee_id: int, entry_id: int, problems: list[Problem]) -> str:
    who = _keeper()
    with reading() as session:
        entry = _entry(session, committee_id, entry_id)
        person, found = expert_events.person_of(session, entry), session.get_one(Expert, entry.expert_id)
        mine = select(PoolEntry).where(
            PoolEntry.expert_id == found.id, PoolEntry.review_committee_id == entry.review_committee_id
        )
        context = {
            "committee": expert_events.committee_of(session, entry),
            "terms": session.scalars(mine.order_by(PoolEntry.term_from.desc())).all(),
            "records": integrity.of_subject(session, "person", person.id),
            "assessed": assessments.of_expert(session, found.id),
            "sat": assessments.sat(session, found.id),
        }
    return render_template(
        "pools/expert.html",
        entry=entry,
        person=person,
        expert=found,
        specialties=experts.specialty_names(found.specialties),
        title=dictionaries.label("title", found.title),
        masked=identity.mask_identity(person.identity_number),
        sources=composition.SOURCES,
        positions=composition.POSITIONS,
        kinds=integrity.KINDS,
        events=expert_events.EVENTS,
        quality=assessments.MARKS,
        registers=bool(who.roles & set(REGISTRARS)) and entry.status == "in_pool",
        problems=problems,
        **context,
    )


def _context(session: Session, registered: ReviewCommittee, on: date, asked: Asked, page: int) -> dict[str, Any]:
    total = pool_lists.count(session, registered, on, asked)
    return {
        "committee": registered,
        "validity": review_committees.state(registered, on),
        "validities": review_committees.STATES,
        "lamps": pool_lists.lamps(session, registered, on),
        "lines": pool_lists.lines(session, registered, on, asked, page),
        "total": total,
        "pages": max(1, -(-total // pool_lists.PAGE)),
        "states": pool_lists.STATES,
        "marks": pool_lists.MARKS,
        "sources": composition.SOURCES,
        "positions": composition.POSITIONS,
        "specialties": dictionaries.options("specialty"),
        "masked": identity.mask_identity,
    }


def _visible(who: Grants) -> Any:
    return select(ReviewCommittee).where(pool_access.visible_committees(who)).order_by(ReviewCommittee.id)


def _keeper() -> Grants:
    visitor()
    permissions.require_role(grants(), *KEEPERS)
    return grants()


def _row(line: Line) -> list[Any]:
    entry, expert, person = line.entry, line.expert, line.person
    return [
        person.name,
        identity.mask_identity(person.identity_number),
        expert.employer_name,
        line.specialties,
        line.title,
        composition.SOURCES[entry.source],
        composition.POSITIONS[entry.position],
        entry.term_from,
        entry.term_to,
        "是" if expert.leader else "",
        "是" if expert.non_public else "",
        pool_lists.STATES[line.state],
    ]
