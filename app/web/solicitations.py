"""评审专家征选: beginning one, the recommended sheet with its errors, who applied, and the deliberation."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import (
    campaigns,
    candidates,
    composition,
    permissions,
    pool_access,
    recommended_sheets,
    review_committees,
)
from app.domain.permissions import Grants
from app.errors import NotFound, Problem, Refused
from app.models.expert import Campaign, Candidate, RecommendedSheet, ReviewCommittee
from app.web import pool_papers
from app.web.instances import page_number
from app.web.promptness import deliver_soon
from app.web.session import grants, reading, run, transaction, visitor
from app.web.sheets import FORMATS, Sheet, download

blueprint = Blueprint("solicitations", __name__)

READERS = ("committee_office", "municipal_tro", "manager", "system_admin")
PAGE = 50
FAULTS = ("行号", "栏目", "说明")
COLUMNS = {"name": "姓名", "identity": "身份证号", "mobile": "本人移动电话号码"}


@blueprint.get("/solicitations")
def index() -> ResponseReturnValue:
    return _index([])


@blueprint.post("/solicitations")
def begin() -> ResponseReturnValue:
    """开始征选: for which committee, how many execute, from which day the next term runs."""
    who = _reader("municipal_tro")
    said = request.form

    def work(session: Session) -> int:
        number = said.get("committee", "")
        registered = review_committees.get(session, int(number) if number.isdecimal() else None)
        pool_access.require_committee(session, who, registered)
        size = said.get("executing", "")
        plan = {
            "executing": int(size) if size.isdecimal() else registered.executing_size,
            "many": said.get("many") == "yes",
            "term_from": said.get("term_from", ""),
        }
        return campaigns.begin(session, registered, campaigns.NOTICE, plan).id

    try:
        campaign_id = run(work)
    except Refused as refused:
        return _index(refused.problems), 422
    deliver_soon()
    flash("专家征选已开始，已转组建单位推荐拟入库专家。", "success")
    return redirect(url_for("solicitations.show", campaign_id=campaign_id))


@blueprint.get("/solicitations/<int:campaign_id>")
def show(campaign_id: int) -> ResponseReturnValue:
    """The solicitation as it stands: its people, its sheets, and the deliberation while that is open."""
    return _show(campaign_id, [])


@blueprint.post("/solicitations/<int:campaign_id>/sheets")
def take(campaign_id: int) -> ResponseReturnValue:
    """Take the recommended sheet; nobody is listed before every row is found right."""
    who, file = _reader("committee_office"), request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Refused(Problem("missing", "请选择要导入的推荐表文件。", "file"))
        with transaction() as session:
            campaign = _of(session, who, campaign_id)
            campaigns.require_step(session, campaign, campaigns.RECOMMENDING)
            sheet = recommended_sheets.take(session, campaign.id, file.filename, file.stream.read(), who.person_id)
            recommended_sheets.check_on(session, sheet)
            sheet_id = sheet.id
    except Refused as refused:
        return _show(campaign_id, refused.problems), 422
    return redirect(url_for("solicitations.sheet", campaign_id=campaign_id, sheet_id=sheet_id))


@blueprint.get("/solicitations/<int:campaign_id>/sheets/<int:sheet_id>")
def sheet(campaign_id: int, sheet_id: int) -> ResponseReturnValue:
    """How far the check is; then everything that is wrong in one list, to read or to take along."""
    who = _reader()
    with reading() as session:
        campaign = _of(session, who, campaign_id)
        found = _sheet(session, campaign, sheet_id)
        committee = campaigns.committee_of(session, campaign).name
    if request.args.get("format") in FORMATS:
        rows = [(each["line"], COLUMNS[each["field"]], each["text"]) for each in found.problems]
        return download(Sheet(f"{found.name} 错误清单", FAULTS, rows), request.args["format"])
    return render_template(
        "pools/sheet.html",
        sheet=found,
        campaign=campaign,
        committee=committee,
        columns=COLUMNS,
        headings=FAULTS,
        summary=recommended_sheets.summary(found.problems),
    )


@blueprint.post("/solicitations/<int:campaign_id>/sheets/<int:sheet_id>/check")
def check(campaign_id: int, sheet_id: int) -> ResponseReturnValue:
    """The next rows of a sheet that is being checked."""
    who = _reader("committee_office")

    def work(session: Session) -> None:
        campaign = _of(session, who, campaign_id)
        campaigns.require_step(session, campaign, campaigns.RECOMMENDING)
        recommended_sheets.check_on(session, _sheet(session, campaign, sheet_id))

    run(work)
    return redirect(url_for("solicitations.sheet", campaign_id=campaign_id, sheet_id=sheet_id))


@blueprint.post("/solicitations/<int:campaign_id>/decisions")
def decide(campaign_id: int) -> ResponseReturnValue:
    """审议意见 of the people on the screen."""
    who, said = _reader("committee_office", "municipal_tro"), request.form

    def work(session: Session) -> None:
        rows = [
            {
                "id": key,
                "decision": said[f"decision-{key}"],
                "position": said.get(f"position-{key}"),
                "reason": said.get(f"reason-{key}"),
            }
            for key in said.getlist("candidate")
            if key.isdecimal() and said.get(f"decision-{key}") in campaigns.DECISIONS
        ]
        campaigns.decide(session, _of(session, who, campaign_id), rows)

    try:
        run(work)
    except Refused as refused:
        return _show(campaign_id, refused.problems), 422
    flash("审议意见已保存。", "success")
    return redirect(url_for("solicitations.show", campaign_id=campaign_id, page=request.args.get("page")))


def _index(problems: list[Problem]) -> str:
    who = _reader()
    with reading() as session:
        visible = pool_access.visible_committees(who)
        committees = session.scalars(select(ReviewCommittee).where(visible).order_by(ReviewCommittee.name)).all()
        joined = select(Campaign, ReviewCommittee.name).join(
            ReviewCommittee, ReviewCommittee.id == Campaign.review_committee_id
        )
        rows = session.execute(joined.where(visible).order_by(Campaign.id.desc()).limit(PAGE)).all()
    return render_template(
        "pools/solicitations.html",
        rows=rows,
        committees=committees,
        begins=who.holds("municipal_tro"),
        problems=problems,
        said=request.form,
    )


def _show(campaign_id: int, problems: list[Problem]) -> str:
    who, page, status = _reader(), page_number(), request.args.get("status", "")
    with reading() as session:
        campaign = _of(session, who, campaign_id)
        counts = campaigns.counts(session, campaign.id)
        wanted = select(Candidate).where(Candidate.campaign_id == campaign.id)
        wanted = wanted.where(Candidate.status == status) if status else wanted
        rows = session.scalars(wanted.order_by(Candidate.id).limit(PAGE).offset((page - 1) * PAGE)).all()
        step = campaigns.step(session, campaign)
        context = {
            "lamps": campaigns.lamps(session, campaign) if step == campaigns.DELIBERATING else [],
            "sheets": recommended_sheets.of_campaign(session, campaign.id),
            "committee": campaigns.committee_of(session, campaign),
        }
    total = counts.get(status, 0) if status else sum(counts.values())
    return render_template(
        "pools/solicitation.html",
        campaign=campaign,
        rows=rows,
        counts=counts,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        status=status,
        deliberating=step == campaigns.DELIBERATING and bool(who.roles & {"committee_office", "municipal_tro"}),
        recommending=step == campaigns.RECOMMENDING and who.holds("committee_office"),
        papers=bool(who.roles & set(pool_papers.READERS)),
        problems=problems,
        **_WORDS,
        **context,
    )


_WORDS = {
    "statuses": candidates.STATUSES,
    "sources": composition.SOURCES,
    "positions": composition.POSITIONS,
    "decisions": campaigns.DECISIONS,
}


def _of(session: Session, who: Grants, campaign_id: int) -> Campaign:
    campaign = campaigns.get(session, campaign_id)
    pool_access.require_committee(session, who, campaigns.committee_of(session, campaign))
    return campaign


def _sheet(session: Session, campaign: Campaign, sheet_id: int) -> RecommendedSheet:
    found = recommended_sheets.get(session, sheet_id)
    if found.campaign_id != campaign.id:
        raise NotFound("没有找到该推荐专家基本信息表。")
    return found


def _reader(*roles: str) -> Grants:
    visitor()
    permissions.require_role(grants(), *(roles or READERS))
    return grants()
