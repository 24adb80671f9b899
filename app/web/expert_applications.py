"""职称评审专家申报: a person's own applications to be a review expert, and beginning one (N0 §四(二))."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.domain import assessments, campaigns, candidates, composition, people
from app.domain.candidates import Named
from app.errors import NotAllowed, Problem, Refused
from app.models.expert import Campaign, Candidate, Expert, ReviewCommittee
from app.models.process import Task
from app.processes.tick import tick
from app.web.session import database, grants, reading, run, visitor

blueprint = Blueprint("expert_applications", __name__)


@blueprint.get("/expert-applications")
def index() -> ResponseReturnValue:
    return _show([])


@blueprint.post("/expert-applications")
def begin() -> ResponseReturnValue:
    """新增申报: the person applies for one committee's pool; the form to fill is the first task."""
    person_id = _himself()

    def work(session: Session) -> None:
        number = request.form.get("campaign", "")
        campaign = campaigns.get(session, int(number) if number.isdecimal() else None)
        person = people.get(session, person_id)
        missing = [
            Problem("missing", f"请先在个人中心登记{label}。", field)
            for field, label, value in (
                ("identity", "身份证号", person.identity_number),
                ("mobile", "手机号码", person.mobile),
            )
            if not value
        ]
        if missing:
            raise Refused(*missing)
        named = Named(person.name, person.identity_number or "", person.mobile or "")
        campaigns.apply(session, campaign, person_id, named)

    try:
        run(work)
    except Refused as refused:
        return _show(refused.problems), 422
    tick(database())
    flash("已新增申报，请补充完善个人信息后提交。", "success")
    return redirect(url_for("expert_applications.index"))


def _show(problems: list[Problem]) -> str:
    person_id = _himself()
    with reading() as session:
        mine = session.execute(
            select(Candidate, ReviewCommittee.name, Task.id)
            .join(Campaign, Campaign.id == Candidate.campaign_id)
            .join(ReviewCommittee, ReviewCommittee.id == Campaign.review_committee_id)
            .outerjoin(
                Task,
                and_(Task.instance_id == Candidate.instance_id, Task.status == "open", Task.person_id == person_id),
            )
            .where(Candidate.person_id == person_id)
            .order_by(Candidate.id.desc())
        ).all()
        known = [candidate.campaign_id for candidate, _, _ in mine]
        open_ones = session.execute(
            select(Campaign.id, ReviewCommittee.name)
            .join(ReviewCommittee, ReviewCommittee.id == Campaign.review_committee_id)
            .where(Campaign.closed_at.is_(None), Campaign.id.not_in(known))
            .order_by(ReviewCommittee.name)
        ).all()
        expert = session.scalar(select(Expert.id).where(Expert.person_id == person_id))
        past = {
            "expert": expert,
            "assessed": assessments.of_expert(session, expert) if expert else [],
            "sat": assessments.sat(session, expert) if expert else [],
            "quality": assessments.MARKS,
        }
    return render_template(
        "pools/applications.html",
        **past,
        mine=mine,
        open_ones=open_ones,
        statuses=candidates.STATUSES,
        sources=composition.SOURCES,
        problems=problems,
    )


def _himself() -> int:
    visitor()
    who = grants()
    if not who.personal:
        raise NotAllowed("评审专家申报由本人办理，请先切换到个人身份。")
    return who.person_id
