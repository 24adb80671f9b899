"""拟入库专家: invited or applying by himself, checked level by level, accepted, then deliberated on (N0 §四, §五)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import direct_letters, experts, identity, organisations, people, required
from app.domain.deadline_rules import spoken
from app.domain.notifications import About
from app.domain.parameters import deadline_rule, lookup, window
from app.domain.wording import day_words
from app.errors import Conflict, Problem, Refused
from app.models.expert import CANDIDATE_IDENTITY_COLUMN, Campaign, Candidate, ReviewCommittee
from app.models.people import Organisation, Person
from app.models.types import blind

PROCESS = "expert_application"
STATUSES = {
    "listed": "已列入推荐表",
    "invited": "补充完善个人信息",
    "at_unit": "单位审核中",
    "at_department": "主管部门审核中",
    "at_district": "区县职改部门审核中",
    "at_tro": "待审核受理",
    "accepted": "已受理（未入库）",
    "admitted": "准予入库",
    "not_admitted": "未入库",
    "not_completed": "未完善信息",
    "lapsed": "申请书逾期失效",
    "returned": "不受理退回",
}
PENDING = ("listed", "invited", "at_unit", "at_department", "at_district", "at_tro")
ENDS = ("admitted", "not_admitted", "not_completed", "lapsed", "returned")
RULES = {  # stage → rule of those recommended or applying, of those designated
    "login": ("declare_deadline", "designation_login"),
    "checks": ("route_deadline", "designation_checks"),
}
INVITED_BY = {"recommended": "评委会组建单位", "designated": "市职改办"}


@dataclass(frozen=True)
class Named:
    """Who is named as a candidate: name, identity number, mobile number, as somebody wrote them."""

    name: str
    identity_number: str
    mobile: str


def get(session: Session, candidate_id: int | None) -> Candidate:
    return required.row(session, Candidate, candidate_id, "没有找到该评审专家申报。")


def campaign_of(session: Session, candidate: Candidate) -> Campaign:
    return session.get_one(Campaign, candidate.campaign_id)


def add(session: Session, campaign: Campaign, source: str, named: Named, person_id: int | None = None) -> Candidate:
    """A new candidate of the campaign; Refused, all faults at once, for a number that cannot be or is named twice."""
    today = clock.local(clock.now(session)).date()
    problems: list[Problem] = [] if named.name.strip() else [Problem("missing", "请填写姓名。", "name")]
    number = mobile = ""
    try:
        number = identity.check_resident_id(named.identity_number, today)
    except Refused as refused:
        problems += refused.problems
    try:
        mobile = identity.check_mobile(named.mobile)
    except Refused as refused:
        problems += refused.problems
    key = blind(CANDIDATE_IDENTITY_COLUMN, number) if number else ""
    same = (Candidate.campaign_id == campaign.id) & (Candidate.identity_blind == key)
    if key and session.scalar(select(Candidate.id).where(same)) is not None:
        problems.append(Problem("repeated", f"{named.name.strip()}已在本次征选中，不能重复申报。", "id_number"))
    if problems:
        raise Refused(*problems)
    candidate = Candidate(
        campaign_id=campaign.id,
        source=source,
        person_id=person_id,
        name=named.name.strip(),
        identity_number=number,
        identity_blind=key,
        mobile=mobile,
        status="listed",
        created_at=clock.now(session),
    )
    session.add(candidate)
    session.flush()
    return candidate


def invite(session: Session, candidate: Candidate) -> None:
    """Give the candidate his account where he has none, and send the invitation to his number (R-164)."""
    person = _person(session, candidate)
    candidate.person_id, candidate.status = person.id, "invited"
    if candidate.source == "social":
        return
    campaign = campaign_of(session, candidate)
    facts = {
        "by": INVITED_BY[candidate.source],
        "committee": session.get_one(ReviewCommittee, campaign.review_committee_id).name,
        "due": due(session, candidate, "login"),
    }
    about = About(campaign.notice_version_id, None, candidate.instance_id)
    direct_letters.send(session, person.id, "expert_invitation", facts, about)


def rule(candidate: Candidate, stage: str) -> str:
    """The deadline rule that binds the candidate at `login` or `checks`."""
    return RULES[stage][candidate.source == "designated"]


def days(session: Session, candidate: Candidate, stage: str) -> int | None:
    """The days that the approving department gave those it designates; None where the notice's rule stands."""
    said = campaign_of(session, candidate).plan.get("designation") or {}
    return said.get(stage) if candidate.source == "designated" else None


def due(session: Session, candidate: Candidate, stage: str) -> str:
    """The last moment in words; for the designated counted in working days from their text message."""
    campaign = campaign_of(session, candidate)
    asked = deadline_rule(session, campaign.notice_version_id, rule(candidate, stage))
    if asked.at is not None:
        return spoken(asked.at)
    return f"收到短信后{days(session, candidate, stage) or asked.count}个工作日"


def submit(session: Session, candidate: Candidate, values: Mapping[str, Any]) -> None:
    """Take the profile and freeze the route; Refused with every reason (R-158…R-161, R-165)."""
    campaign, on = campaign_of(session, candidate), clock.local(clock.now(session)).date()
    profile = {key: value for key, value in values.items() if key != "decision"}
    assert candidate.person_id is not None
    problems = [*_too_early(session, campaign, candidate), *barred(session, candidate, profile)]
    unit = organisations.get(session, int(profile["employer_id"]))
    department = organisations.get(session, int(profile["department_id"]))
    district = _district_tro(session, unit)
    problems += _route_problems(unit, department, district)
    route = [body.id for body in (unit, department, district) if body is not None]
    own = people.own_administrator(session, candidate.person_id, route)
    problems += [own] if own else []
    if problems:
        raise Refused(*problems)
    candidate.profile = profile
    candidate.unit_id, candidate.department_id = unit.id, department.id
    candidate.district_tro_id = district.id if district else None
    registered = session.get_one(ReviewCommittee, campaign.review_committee_id)
    years = lookup(session, campaign.notice_version_id, "expert_title_years").value
    candidate.flags = experts.flags(profile, registered.levels, candidate.source, years, on)


def barred(session: Session, candidate: Candidate, profile: Mapping[str, Any]) -> list[Problem]:
    """What bars the candidate today: what he said and what the register of sanctions holds (R-160)."""
    on = clock.local(clock.now(session)).date()
    assert candidate.person_id is not None
    running = people.sanctions_on(session, candidate.person_id, on)
    return experts.bars(profile, [sanction.kind for sanction in running])


def passed_by_unit(session: Session, candidate: Candidate) -> None:
    """Note where the unit recommends more of one specialty than the notice means (R-156)."""
    if candidate.source != "social":
        return
    campaign = campaign_of(session, candidate)
    most = lookup(session, campaign.notice_version_id, "unit_specialty_most").value
    specialty = (candidate.profile.get("specialties") or [""])[0]
    before = session.scalars(
        select(Candidate.profile).where(
            Candidate.campaign_id == campaign.id,
            Candidate.unit_id == candidate.unit_id,
            Candidate.source == "social",
            Candidate.id != candidate.id,
            Candidate.status.in_(("at_department", "at_district", "at_tro", "accepted")),
        )
    )
    count = 1 + sum(specialty in (each.get("specialties") or [])[:1] for each in before)
    if count > most:
        words = experts.specialty_names([specialty])
        text = f"所在单位推荐{words}专业第{count}人，原则上每个专业不超过{most}人"
        candidate.flags = [*candidate.flags, {"rule": "R-156", "text": text}]


def accept(session: Session, candidate: Candidate) -> None:
    """审核受理: the application is complete; it does not mean admission (R-166). Refused for whom a sanction bars."""
    problems = barred(session, candidate, candidate.profile)
    if problems:
        raise Refused(*problems)
    candidate.status = "accepted"


def end(session: Session, candidate: Candidate, status: str) -> None:
    """Conflict where the application has ended already."""
    if candidate.ended_at is not None:
        raise Conflict(f"该申报已办结：{STATUSES[candidate.status]}。")
    candidate.status, candidate.ended_at = status, clock.now(session)


def pending(session: Session, campaign_id: int, *sources: str) -> int:
    """How many of these sources (all where none is named) are not accepted yet and have not ended."""
    wanted = select(func.count(Candidate.id)).where(Candidate.campaign_id == campaign_id)
    wanted = wanted.where(Candidate.source.in_(sources)) if sources else wanted
    return session.scalar(wanted.where(Candidate.status.in_(PENDING))) or 0


def _person(session: Session, candidate: Candidate) -> Person:
    if candidate.person_id is not None:
        return people.get(session, candidate.person_id)
    found = people.by_identity(session, candidate.identity_number)
    if found is None:
        account = f"expert.{candidate.campaign_id}.{candidate.id}"
        found = people.register(session, account, candidate.name, candidate.identity_number)
    if found.mobile is None:
        people.set_mobile(session, found.id, candidate.mobile)
    return found


def _too_early(session: Session, campaign: Campaign, candidate: Candidate) -> list[Problem]:
    shown = window(session, campaign.notice_version_id, "declare")
    if candidate.source == "designated" or shown is None or shown.opens is None:
        return []
    if clock.now(session) >= shown.opens:
        return []
    day = day_words(clock.local(shown.opens))
    message = f"个人详细信息自{day}起补充完善，现尚未开始。您填写的内容可先保存。"
    return [Problem("not_open", message, clause="N0 §四(一)")]


def _district_tro(session: Session, unit: Organisation) -> Organisation | None:
    if unit.district is None:
        return None
    wanted = select(Organisation).where(Organisation.kind == "district_tro", Organisation.district == unit.district)
    return session.scalars(wanted.where(Organisation.merged_into_id.is_(None)).order_by(Organisation.id)).first()


def _route_problems(unit: Organisation, department: Organisation, district: Organisation | None) -> list[Problem]:
    """A unit that is not the city's own goes through its district's department, always (R-165)."""
    clause = "N0 §五(四)"
    if unit.district is None:
        return []
    found = []
    if department.district != unit.district:
        message = "非市属单位须经所在区县的主管部门审核，请选择所在区县的主管部门。"
        found.append(Problem("department", message, "department_id", clause))
    if district is None:
        message = f"没有找到“{unit.name}”所在区县的人力社保（职改）部门，请联系市职改办。"
        found.append(Problem("district", message, "employer_id", clause))
    return found


def office_name(session: Session, organisation_id: int | None) -> str:
    return organisations.get(session, organisation_id).name if organisation_id is not None else ""
