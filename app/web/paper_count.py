"""纸质选票计票: each teller enters what he read, without the other's figures; equal entries count the ballot (G8)."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import ballots, session_access
from app.domain.ballots import paper, roll
from app.domain.ballots.opening import OFFICERS
from app.domain.ballots.paper import FIELDS, Reading
from app.errors import NotFound, Problem, Refused
from app.models.ballot import Ballot
from app.models.review import ReviewSession
from app.web.session import grants, reading, transaction, visitor

blueprint = Blueprint("paper_count", __name__, url_prefix="/sessions/<int:session_id>/ballots/<int:ballot_id>")

DIFFERING = "两人录入的票数不一致，请分别重新清点：{names}。"


@blueprint.get("/paper")
def show(session_id: int, ballot_id: int) -> ResponseReturnValue:
    visitor()
    with reading() as session:
        return _page(session, *_ballot(session, session_id, ballot_id), [])


@blueprint.post("/paper")
def enter(session_id: int, ballot_id: int) -> ResponseReturnValue:
    try:
        with transaction() as session:
            _, ballot = _ballot(session, session_id, ballot_id)
            read = {each: _reading(each) for each in ballot.item_ids}
            complete = {each: found for each, found in read.items() if found is not None}
            differing = paper.enter(session, ballot, _role(), visitor().person_id, complete)
            names, counted = roll.names(session, differing), ballot.status == "counted"
    except Refused as refused:
        with reading() as session:
            return _page(session, *_ballot(session, session_id, ballot_id), refused.problems), 422
    if differing:
        flash(DIFFERING.format(names="、".join(names.values())), "error")
    else:
        flash("两人录入一致，已计票。" if counted else "已保存。另一名计票人员录入后，系统比对两次录入。", "success")
    return redirect(url_for("paper_count.show", session_id=session_id, ballot_id=ballot_id))


def _ballot(session: Session, session_id: int, ballot_id: int) -> tuple[ReviewSession, Ballot]:
    """A ballot on paper of the session, for its tellers. NotFound, NotAllowed."""
    review = session_access.require_session(session, grants(), session_id, *OFFICERS)
    ballot = ballots.get(session, ballot_id)
    if ballot.session_id != review.id or ballot.mode != "paper":
        raise NotFound("没有找到该次纸质投票。")
    return review, ballot


def _role() -> str:
    return next(role for role in OFFICERS if role in grants().roles)


def _reading(item_id: int) -> Reading | None:
    """What the form says of the item; None where a figure is missing."""
    said = [request.form.get(f"{key}.{item_id}", "").strip() for key in FIELDS]
    return Reading(*map(int, said)) if all(each.isdecimal() for each in said) else None


def _page(session: Session, review: ReviewSession, ballot: Ballot, problems: list[Problem]) -> str:
    """One's own figures, and the names on which the two differ; never what the other has entered."""
    role = _role()
    back = roll.recused(session, ballot.item_ids)
    here = len(roll.voters(session, ballot))
    return render_template(
        "sessions/paper_count.html",
        review=review,
        ballot=ballot,
        role=OFFICERS[role],
        fields=FIELDS,
        names=roll.names(session, ballot.item_ids),
        most={each: here - len(back[each]) for each in ballot.item_ids},
        mine={item: paper.reading_of(row) for item, row in paper.entries(session, ballot, role).items()},
        differing=set(paper.differing(session, ballot)),
        problems=problems,
        said=request.form,
    )
