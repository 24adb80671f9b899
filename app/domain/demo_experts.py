"""The demo's two registered committees and their pools: 120 fictional experts, the same every time."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum.cn import ric

from app import clock
from app.domain import organisations, review_committees
from app.models.expert import Expert, PoolEntry, ReviewCommittee
from app.models.people import IDENTITY_COLUMN, MOBILE_COLUMN, Organisation, Person
from app.models.types import blind

COUNT = 120
TERM = (date(2021, 9, 1), date(2024, 8, 31))
SENIOR = "重庆市工程技术大数据智能化专业高级职称评审委员会"
DISTRICT = "重庆市工程技术中级职称大渡口区评审委员会"
KNOWN = ("chair", "deputy.chair", "member", "reserve")  # accounts of the demo that are experts besides
_SURNAMES = "云江河岳川林枫松柏兰竹梅石泉溪谷凌霄晏裴宁褚卫蒋"
_GIVEN = ("若谷", "知微", "行远", "思齐", "怀瑾", "清晏", "望舒", "景明", "守拙", "致中", "承志", "含章")
_SPECIALTIES = ("big_data", "artificial_intelligence", "internet_of_things", "software", "communications")
_INVENTED = (  # name, district, non-public
    ("重庆云岭示范数据有限公司", None, True),
    ("重庆星河示范智能有限公司", "jiangan", True),
    ("重庆长风示范软件有限公司", None, True),
    ("巴渝示范信息工程研究所", None, False),
    ("渝州示范理工学院", None, False),
    ("山城示范通信设计院", None, False),
)
_OTHER_TERMS = {
    117: (date(2020, 12, 1), date(2023, 11, 30)),
    119: (date(2020, 9, 1), date(2023, 8, 31)),
}
_FATES = {
    116: ("out", "调离本专业技术岗位"),
    118: ("suspended", "接受组织调查，暂停参评"),
    120: ("out", "本人申请退出"),
}
_BODIES = (
    "cq_data_institute", "cq_state_enterprise", "cq_self_review_unit", "dadukou_institution", "jiangan_institution",
    "dadukou_firm", "jiangan_firm", "cq_non_local_unit",
)  # fmt: skip


_COMMITTEES: dict[tuple[str, str], dict[str, Any]] = {  # who convenes, who approves → the registration
    ("cq_bigdata_bureau", "cq_municipal_tro"): {
        "name": SENIOR,
        "levels": ["associate_senior", "intermediate", "junior"],
        "specialties": ["大数据智能化"],
        "executing_size": 13,
        "draw_method": "超员配置、随机抽取",
        "composition": {"chairs": 1, "deputies": 2, "leaders": 1},
        "approval_number": "渝职改办〔2021〕201号",
    },
    ("dadukou_tro", "dadukou_tro"): {
        "name": DISTRICT,
        "levels": ["intermediate", "junior"],
        "district": "dadukou",
        "executing_size": 11,
        "draw_method": "按核准备案的评委抽取方式随机抽取",
        "composition": {"chairs": 1, "deputies": 1, "leaders": 1},
        "approval_number": "渡职改办〔2021〕12号",
    },
}


@dataclass(frozen=True)
class Employer:
    name: str
    district: str | None
    non_public: bool
    id: int | None = None


def load(session: Session) -> None:
    """Write the committees, the experts and their terms where they are missing; needs the demo's bodies and people."""
    if session.scalar(select(ReviewCommittee.id).where(ReviewCommittee.name == SENIOR)) is not None:
        return
    senior, district = _committees(session)
    experts = _experts(session)
    session.add_all(_entry(senior, expert, number) for number, expert in enumerate(experts, 1))
    local = [expert for expert in experts if expert.district == "dadukou"]
    others = [expert for expert in experts if expert.district != "dadukou"]
    session.add_all(
        PoolEntry(
            expert_id=expert.id,
            review_committee_id=district.id,
            source="recommended" if number % 5 < 3 else "social",
            position={1: "chair", 2: "deputy_chair"}.get(number, "member"),
            term_from=TERM[0],
            term_to=TERM[1],
        )
        for number, expert in enumerate([*local, *others[10 : 65 - len(local)]], 1)
    )
    session.flush()


def _committees(session: Session) -> list[ReviewCommittee]:
    return [
        review_committees.register(
            session,
            convening_id=organisations.by_key(session, body).id,
            approving_id=organisations.by_key(session, approving).id,
            kind="specialty",
            series=["engineering"],
            approved_from=TERM[0],
            approved_to=TERM[1],
            **own,
        )
        for (body, approving), own in _COMMITTEES.items()
    ]


def _experts(session: Session) -> list[Expert]:
    found = {person.account: person for person in session.scalars(select(Person).where(Person.account.in_(KNOWN)))}
    shared = next((person.password_hash for person in found.values()), None)
    persons = [found.get(account) or _person(number, shared) for number, account in enumerate(_accounts(), 1)]
    session.add_all(person for person in persons if person.id is None)
    session.flush()
    employers = _employers(session)
    experts = [
        Expert(person_id=person.id, **_details(number, employers[number % len(employers)]))
        for number, person in enumerate(persons, 1)
    ]
    session.add_all(experts)
    session.flush()
    return experts


def _accounts() -> list[str]:
    return [*KNOWN, *(f"expert.{number:03d}" for number in range(len(KNOWN) + 1, COUNT + 1))]


def _person(number: int, password_hash: str | None) -> Person:
    born = date(1966 + number % 20, 1 + number % 12, 1 + number % 28)
    body = f"500103{born:%Y%m%d}{number:03d}"
    identity, mobile = body + ric.calc_check_digit(body + "0"), f"1390002{number:04d}"
    return Person(
        account=f"expert.{number:03d}",
        name=_SURNAMES[number % len(_SURNAMES)] + _GIVEN[number // len(_SURNAMES) * 2 % len(_GIVEN) + number % 2],
        password_hash=password_hash,
        identity_number=identity,
        identity_blind=blind(IDENTITY_COLUMN, identity),
        mobile=mobile,
        mobile_blind=blind(MOBILE_COLUMN, mobile),
        sex="male" if number % 2 else "female",
        birth=born,
    )


def _employers(session: Session) -> list[Employer]:
    bodies = session.scalars(select(Organisation).where(Organisation.key.in_(_BODIES)).order_by(Organisation.key))
    known = [Employer(body.name, body.district, body.kind == "non_public", body.id) for body in bodies]
    return [*known, *(Employer(*each) for each in _INVENTED)]


def _details(number: int, employer: Employer) -> dict[str, Any]:
    first = _SPECIALTIES[number % len(_SPECIALTIES)]
    second = _SPECIALTIES[(number // 5) % len(_SPECIALTIES)]
    return {
        "employer_id": employer.id,
        "employer_name": employer.name,
        "district": employer.district,
        "series": "engineering",
        "specialties": sorted({first, second}) if number % 3 == 0 else [first],
        "title": "full_senior_engineer" if number % 4 == 1 else "senior_engineer",
        "title_since": date(2005 + number % 11, 1 + number % 12, 15),
        "leader": number == 1,
        "non_public": employer.non_public,
        "front_line": number % 6 == 0,
        "quality": "high" if number % 17 == 0 else None,
    }


def _entry(committee: ReviewCommittee, expert: Expert, number: int) -> PoolEntry:
    """117 of the 120 stand in the pool: two have left, one's term is over; one is suspended, one's term ends soon."""
    term_from, term_to = _OTHER_TERMS.get(number, TERM)
    status, reason = _FATES.get(number, ("in_pool", None))
    return PoolEntry(
        expert_id=expert.id,
        review_committee_id=committee.id,
        source="designated" if number % 20 in (7, 13, 19) else "social" if number % 4 == 2 else "recommended",
        position={1: "chair", 2: "deputy_chair", 5: "deputy_chair"}.get(number, "member"),
        status=status,
        term_from=term_from,
        term_to=term_to,
        left_at=datetime(2023, 3, 1, tzinfo=clock.SHANGHAI) if status == "out" else None,
        left_reason=reason,
    )
