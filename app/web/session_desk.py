"""What the office does at a session's desk: signing in, presiding, sharing out files, recusals, ballots."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import clock
from app.domain import session_access, suspended
from app.domain.ballots import opening, roll
from app.domain.ballots.opening import Officer, Officers
from app.domain.reviews import agenda, assignment, openings, recusals, seats
from app.errors import NotFound, Problem, Refused
from app.models.review import AgendaItem, Panel, ReviewSession, Seat
from app.processes import voting
from app.web import sessions
from app.web.session import database, grants, transaction, visitor

blueprint = Blueprint("session_desk", __name__, url_prefix="/sessions/<int:session_id>")
OFFICE = "committee_office"
LIVE = ("preparing", "scheduled", "postponed", "open")


@blueprint.post("/seats/<int:seat_id>")
def attend(session_id: int, seat_id: int) -> ResponseReturnValue:
    """`act`: sign_in (with `phone_receipt`, `pledged`), leave, preside, or stand_in for `absent`."""
    said = request.form

    def work(session: Session, review: ReviewSession) -> str:
        found = _seat(session, review, seat_id)
        if not session_access.knows_roster(session, grants(), review, clock.now(session)):
            raise Refused(Problem("too_early", "评委名单会议当日起公开，请在会议当日办理签到。"))
        match said.get("act"):
            case "sign_in":
                receipt, pledged = said.get("phone_receipt", ""), said.get("pledged") == "yes"
                seats.sign_in(session, found, phone_receipt=receipt, pledged=pledged)
                return f"{found.number}号席已签到。"
            case "leave":
                seats.leave(session, found)
                return f"{found.number}号席已离席。"
            case "preside":
                seats.preside(session, review, found)
                return f"由{found.number}号席主持会议。"
            case "stand_in":
                absent = _seat(session, review, _number("absent"))
                seats.stand_in(session, review, found, absent)
                return f"{found.number}号席已递补{absent.number}号席。"
        raise NotFound

    return _done(session_id, work, "attendance")


@blueprint.post("/agenda")
def arrange(session_id: int) -> ResponseReturnValue:
    """`act`: refresh the agenda, group it by specialty, share it out (`anew`), or add a panel by `name`."""

    def work(session: Session, review: ReviewSession) -> str:
        _require_before_voting(review)
        match request.form.get("act"):
            case "refresh":
                count = agenda.build(session, review)
                recusals.suggest(session, review)
                return f"议程现列{count}人。"
            case "group":
                made = assignment.group(session, review)
                return f"已按专业分为{len(made)}个专业组。" if made else "议程只有一个专业，不需分组。"
            case "share" | "share_anew" as act:
                given = assignment.share(session, review, anew=act == "share_anew")
                return f"已为{given}份材料分配主审。" if given else "每份材料都已有主审。"
            case "panel":
                return f"已增加“{assignment.add(session, review, request.form.get('name', '')).name}”。"
        raise NotFound

    return _done(session_id, work, "agenda")


@blueprint.post("/items/<int:item_id>")
def place(session_id: int, item_id: int) -> ResponseReturnValue:
    """Another panel or main reader for one file, or `act=defer` with a `reason`."""

    def work(session: Session, review: ReviewSession) -> str:
        item = _item(session, review, item_id)
        if request.form.get("act") == "defer":
            return _defer(session, review, item)
        _require_before_voting(review)
        reader = _seat_or_none(session, review, _number("main_reader_id"))
        assignment.place(session, item, panel=_panel(session, review, _number("panel_id")), reader=reader)
        return f"议程第{item.place}号的分工已更改。"

    return _done(session_id, work, "agenda")


@blueprint.post("/recusals/<int:recusal_id>")
def decide(session_id: int, recusal_id: int) -> ResponseReturnValue:
    """A suggestion taken up or dismissed, by the office in the chair's name or by the chair himself."""

    def work(session: Session, review: ReviewSession) -> str:
        found = recusals.get(session, recusal_id)
        _item(session, review, found.item_id)
        recused = request.form.get("decision") == "recused"
        recusals.decide(session, found, recused=recused, reason=request.form.get("reason", ""))
        return "已确定回避。" if recused else "已确定不需回避。"

    return _done(session_id, work, "recusals", *session_access.PRESIDING)


@blueprint.post("/ballots")
def start(session_id: int) -> ResponseReturnValue:
    """开始投票 on the ticked (`item`), a panel's or all listed items; what recusals leave too few for is put off."""
    by = visitor().person_id

    def work(session: Session, review: ReviewSession) -> str:
        chosen = _chosen(session, review)
        ballot, put_off = voting.start(
            session, review, chosen, by, _officers(), paper=request.form.get("paper") == "yes"
        )
        words = f"回避后人数不足，暂缓表决{len(put_off)}人。" if put_off else ""
        if ballot is None:
            return words
        return f"{words}第{ballot.number}次投票已开始（{roll.MODES[ballot.mode]}），共{len(ballot.item_ids)}人。"

    return _done(session_id, work, "ballots")


@blueprint.post("/ballots/<int:ballot_id>")
def end(session_id: int, ballot_id: int) -> ResponseReturnValue:
    """`act`: close, for which both officers type what they typed at the opening, or void for a `reason`."""
    visitor()
    with transaction() as session:
        review = session_access.require_session(session, grants(), session_id, OFFICE)
        if roll.get(session, ballot_id).session_id != review.id:
            raise NotFound
    try:
        if request.form.get("act") == "void":
            voting.void(database(), ballot_id, request.form.get("reason", ""), visitor().person_id)
            words = "本次投票已作废，选票未计票即已销毁。"
        else:
            voting.close(database(), ballot_id, _officers())
            words = "投票已结束并计票。"
    except Refused as refused:
        return sessions.desk_page(session_id, refused.problems), 422
    flash(words, "success")
    return redirect(url_for("sessions.show", session_id=session_id, _anchor="ballots"))


def _done(
    session_id: int, work: Callable[[Session, ReviewSession], str], anchor: str, *besides: str
) -> ResponseReturnValue:
    """The work in one transaction, by the office (or the roles `besides`) of a session that is not over."""
    visitor()
    try:
        with transaction() as session:
            review = session_access.require_session(session, grants(), session_id, OFFICE, *besides)
            if review.status not in LIVE:
                raise Refused(Problem("over", "本次评审会议已经结束或者取消，不能再变更。"))
            suspended.refuse(session, review.instance_id)
            words = work(session, review)
    except Refused as refused:
        return sessions.desk_page(session_id, refused.problems), 422
    flash(words, "success")
    return redirect(url_for("sessions.show", session_id=session_id, _anchor=anchor))


def _require_before_voting(review: ReviewSession) -> None:
    if review.opened_at is not None:
        raise Refused(Problem("opened", "会议已经开始，议程和分工不再变更。"))


def _defer(session: Session, review: ReviewSession, item: AgendaItem) -> str:
    reason = request.form.get("reason", "").strip()
    if review.status != "open" or item.status != "listed":
        raise Refused(Problem("not_listed", "会议进行中，待表决的申报人才能暂缓表决。"))
    if not reason:
        raise Refused(Problem("missing", "请填写暂缓表决的原因。", "reason"))
    openings.require_no_ballot(session, review)
    agenda.defer(session, item, reason)
    return f"议程第{item.place}号暂缓表决。"


def _chosen(session: Session, review: ReviewSession) -> list[int]:
    listed = agenda.items(session, review.id, "listed")
    busy = {item for ballot in roll.running(session, review) for item in ballot.item_ids}
    listed = [item for item in listed if item.id not in busy]
    scope = request.form.get("scope", "ticked")
    if scope == "all":
        return [item.id for item in listed]
    if scope.isdecimal():
        return [item.id for item in listed if item.panel_id == int(scope)]
    ticked = {int(each) for each in request.form.getlist("item") if each.isdecimal()}
    return [item.id for item in listed if item.id in ticked]


def _officers() -> Officers:
    """Who typed what, by role; a form on paper leaves both out."""
    return {
        role: Officer(_number(role), request.form.get(f"{role}_passphrase", ""))
        for role in opening.OFFICERS
        if _number(role)
    }


def _seat(session: Session, review: ReviewSession, seat_id: int) -> Seat:
    found = seats.get(session, seat_id)
    if found.session_id != review.id:
        raise NotFound
    return found


def _seat_or_none(session: Session, review: ReviewSession, seat_id: int) -> Seat | None:
    return _seat(session, review, seat_id) if seat_id else None


def _item(session: Session, review: ReviewSession, item_id: int) -> AgendaItem:
    found = agenda.get(session, item_id)
    if found.session_id != review.id:
        raise NotFound
    return found


def _panel(session: Session, review: ReviewSession, panel_id: int) -> Panel | None:
    return next((each for each in assignment.panels(session, review.id) if each.id == panel_id), None)


def _number(key: str) -> int:
    said = request.form.get(key, "")
    return int(said) if said.isdecimal() and len(said) < 19 else 0
