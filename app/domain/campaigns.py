"""Solicitations (征选): the list that is recommended, who is designated, the deliberation, and the pool it ends in."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import candidates, composition, experts, messages, notices, required
from app.domain.candidates import Named
from app.domain.composition import Lamp, Member
from app.domain.parameters import lookup
from app.domain.wording import day_words
from app.errors import Problem, Refused
from app.models.expert import Campaign, Candidate, ReviewCommittee
from app.models.process import Task

PROCESS = "expert_selection"
NOTICE = "n0_2021_experts"
ADMIT, DECLINE = "admit", "decline"
DECISIONS = {ADMIT: "入库", DECLINE: "不入库"}
RECOMMENDING, DELIBERATING = "recommend_experts", "deliberate"  # forms of the tasks that open these pages


def get(session: Session, campaign_id: int | None) -> Campaign:
    return required.row(session, Campaign, campaign_id, "没有找到该次专家征选。")


def committee_of(session: Session, campaign: Campaign) -> ReviewCommittee:
    return session.get_one(ReviewCommittee, campaign.review_committee_id)


def begin(session: Session, registered: ReviewCommittee, notice_key: str, plan: Mapping[str, Any]) -> Campaign:
    """Open a solicitation for the committee under the notice; `plan`: executing, many, term_from (ISO day).

    Refused while the committee has another one that has not come to its pool.
    """
    unfinished = select(Campaign.id).where(Campaign.review_committee_id == registered.id, Campaign.closed_at.is_(None))
    if session.scalar(unfinished) is not None:
        raise Refused(Problem("open", f"“{registered.name}”的专家征选正在进行，不能重复开始。"))
    version = notices.current(session, notice_key)
    campaign = Campaign(
        review_committee_id=registered.id,
        notice_key=notice_key,
        notice_version_id=version.id,
        plan=dict(plan),
        opened_at=clock.now(session),
    )
    session.add(campaign)
    session.flush()
    messages.post_start(session, PROCESS, notice_version_id=version.id, subject={"campaign_id": campaign.id})
    return campaign


def standards(session: Session, campaign: Campaign) -> composition.Standards:
    return composition.standards(lambda key: lookup(session, campaign.notice_version_id, key).value)


def asked_of(session: Session, campaign: Campaign) -> composition.Committee:
    registered = committee_of(session, campaign)
    return composition.Committee(
        kind=registered.kind,
        executing=int(campaign.plan.get("executing") or registered.executing_size),
        many=bool(campaign.plan.get("many")),
        district=registered.district,
        non_public_facing=registered.non_public_facing,
    )


def of_campaign(session: Session, campaign_id: int, *statuses: str) -> list[Candidate]:
    wanted = select(Candidate).where(Candidate.campaign_id == campaign_id)
    wanted = wanted.where(Candidate.status.in_(statuses)) if statuses else wanted
    return list(session.scalars(wanted.order_by(Candidate.id)))


def counts(session: Session, campaign_id: int) -> dict[str, int]:
    """How many of the solicitation stand in each state."""
    wanted = select(Candidate.status, func.count(Candidate.id)).where(Candidate.campaign_id == campaign_id)
    return dict(session.execute(wanted.group_by(Candidate.status)).all())


def recommended_lamp(session: Session, campaign: Campaign) -> Lamp:
    """Whether the list holds as many as the notice asks of the convening organisation (R-155)."""
    count = sum(each.source == "recommended" for each in of_campaign(session, campaign.id))
    return composition.recommended(count, asked_of(session, campaign), standards(session, campaign))


def invite_listed(session: Session, campaign: Campaign) -> int:
    """Start the application of everybody on the list; each is invited in an instance of his own."""
    listed = of_campaign(session, campaign.id, "listed")
    _start(session, campaign, listed)
    return len(listed)


def designate(session: Session, campaign: Campaign, values: Mapping[str, Any]) -> int:
    """核准部门认定: only once nobody recommended or applying is undecided, and at most the cap of the pool (R-157)."""
    waiting = candidates.pending(session, campaign.id, "recommended", "social")
    if waiting:
        message = f"组建单位推荐和社会遴选尚有{waiting}人未审核受理，完成后再认定。"
        raise Refused(Problem("pending", message, clause="N0 §四(三)"))
    rows = values.get("experts") or []
    asked, accepted = standards(session, campaign), of_campaign(session, campaign.id, "accepted")
    lamp = composition.designated(len(rows), len(accepted) + len(rows), asked)
    if lamp.state == "error":
        raise Refused(Problem("designated", f"认定{lamp.value}，{lamp.limit}。", "experts", lamp.clause))
    campaign.plan = {
        **campaign.plan,
        "designation": {"login": values.get("login_days"), "checks": values.get("check_days")},
    }
    named = [Named(str(row["name"]), str(row["id_number"]), str(row["mobile"])) for row in rows]
    added, problems = [], []
    for place, each in enumerate(named):
        try:
            added.append(candidates.add(session, campaign, "designated", each))
        except Refused as refused:
            problems += [Problem(p.code, f"第{place + 1}行：{p.message}", f"experts.{place}") for p in refused.problems]
    if problems:
        raise Refused(*problems)
    _start(session, campaign, added)
    return len(added)


def step(session: Session, campaign: Campaign) -> str | None:
    """The form of the task that the solicitation waits for now; None while it waits for time or is over."""
    waiting = (Task.instance_id == campaign.instance_id) & (Task.status == "open")
    return session.scalar(select(Task.form_key).where(waiting).limit(1))


def require_step(session: Session, campaign: Campaign, wanted: str) -> None:
    """Refused unless the solicitation stands where this may be changed."""
    if step(session, campaign) != wanted:
        message = "推荐名单已经提交，不能再更改。" if wanted == RECOMMENDING else "现不在审议环节，不能更改审议意见。"
        raise Refused(Problem("step", message))


def apply(session: Session, campaign: Campaign, person_id: int, named: Named) -> Candidate:
    """社会遴选: a person applies by himself within the window (R-164); Refused before and after it."""
    closed = campaign.closed_at is not None
    shown = lookup(session, campaign.notice_version_id, "declare_window").value
    state = shown.state(clock.now(session)) if shown is not None else "open"
    if closed or state == "closed":
        message = "个人自愿申请的时间已经截止，本次不能申报。"
        raise Refused(Problem("window_closed", message, clause="N0 §四(二)"))
    if state == "before":
        opens = day_words(clock.local(shown.opens))
        message = f"个人自愿申请自{opens}起，现尚未开始。"
        raise Refused(Problem("not_open", message, clause="N0 §四(二)"))
    candidate = candidates.add(session, campaign, "social", named, person_id)
    _start(session, campaign, [candidate])
    return candidate


def decide(session: Session, campaign: Campaign, said: Iterable[Mapping[str, Any]]) -> None:
    """What the deliberation says of candidates: rows id, decision (admit, decline), position, reason.

    Refused for who is not accepted, and for a refusal without its reason.
    """
    require_step(session, campaign, DELIBERATING)
    known = {each.id: each for each in of_campaign(session, campaign.id, "accepted")}
    problems = []
    for row in said:
        candidate = known.get(int(row["id"]))
        reason = str(row.get("reason") or "").strip()
        if candidate is None:
            problems.append(Problem("not_accepted", "名单中有未审核受理的人员，请刷新后再办。"))
            continue
        if row["decision"] == DECLINE and not reason:
            problems.append(Problem("missing", f"{candidate.name}不入库，请填写理由。", "reason"))
            continue
        candidate.decision, candidate.decision_reason = str(row["decision"]), reason or None
        candidate.position = str(row.get("position") or candidate.position)
    if problems:
        raise Refused(*problems)


def lamps(session: Session, campaign: Campaign) -> list[Lamp]:
    """The make-up of the pool as deliberated so far."""
    chosen = [each for each in of_campaign(session, campaign.id, "accepted") if each.decision == ADMIT]
    members = _members(session, campaign, chosen)
    return composition.examine(members, asked_of(session, campaign), standards(session, campaign))


def check(session: Session, campaign: Campaign) -> None:
    """Close the deliberation: Refused while somebody is undecided and for what is never allowed."""
    problems = []
    waiting = candidates.pending(session, campaign.id)
    if waiting:
        problems.append(Problem("pending", f"尚有{waiting}人未审核受理，三种来源均结束后方可审议。", clause="N0 §六"))
    open_ones = sum(each.decision is None for each in of_campaign(session, campaign.id, "accepted"))
    if open_ones:
        problems.append(Problem("undecided", f"尚有{open_ones}人没有审议意见。", clause="N0 §六"))
    for lamp in lamps(session, campaign):
        if lamp.state == "error":
            problems.append(Problem(lamp.key, f"{lamp.label}{lamp.value}，{lamp.limit}。", clause=lamp.clause))
    if problems:
        raise Refused(*problems)


def flagged(session: Session, campaign: Campaign) -> list[Lamp]:
    """What holds only in principle and is not met: to be explained and agreed to."""
    people = [each for each in of_campaign(session, campaign.id, "accepted") if each.decision == ADMIT]
    personal = [
        Lamp(f"candidate_{each.id}", each.name, flag["text"], "原则上", "flag", flag["rule"], "N0 §二、§三")
        for each in people
        for flag in each.flags
    ]
    return [*(lamp for lamp in lamps(session, campaign) if lamp.state == "flag"), *personal]


def explained(found: Sequence[Lamp]) -> dict[str, str]:
    """What has to be explained, as the form of the explanation shows it."""
    rules = "；".join(dict.fromkeys(lamp.rule for lamp in found))
    return {
        "rule": rules[:40],
        "value": "；".join(f"{lamp.label}{lamp.value}" for lamp in found)[:120],
        "limit": "；".join(dict.fromkeys(lamp.limit for lamp in found))[:120],
    }


def _members(session: Session, campaign: Campaign, chosen: Sequence[Candidate]) -> list[Member]:
    on = clock.local(clock.now(session)).date()
    most = lookup(session, campaign.notice_version_id, "young_expert_age").value
    return [_member(session, each, on, most) for each in chosen]


def _member(session: Session, candidate: Candidate, on: date, most: int) -> Member:
    profile, details = candidate.profile, experts.details(session, candidate)
    gone = experts.retired(profile, on) and not profile.get("retirement_exception")
    return Member(
        source=candidate.source,
        position=candidate.position,
        leader=details["leader"],
        barred_in_principle=details["civil_servant"] or gone,
        non_public=details["non_public"],
        front_line=details["front_line"],
        young=experts.young(candidate.identity_number, on, most),
        district=details["district"],
    )


def _start(session: Session, campaign: Campaign, named: Iterable[Candidate]) -> None:
    for candidate in named:
        messages.post_start(
            session,
            candidates.PROCESS,
            notice_version_id=campaign.notice_version_id,
            subject={"candidate_id": candidate.id, "campaign_id": campaign.id},
            sender_id=campaign.instance_id,
        )
