"""The shipped notices with fictional bodies and people, for tests of one declaration's way through them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import batches, declarations, levels, notices, organisations, people
from app.domain.offices import Actor
from app.domain.packages import Package, read_all
from app.functions.case import Case
from app.functions.rules import NoticeRules
from app.models.attachment import Attachment
from app.models.declaration import Declaration
from app.models.notice import Committee, NoticeVersion
from app.models.process import ProcessInstance
from app.models.recommendation import UnitBatch

N1, N2, N4 = "n1_2022_general", "n2_2023_bigdata", "n4_2022_dadukou"
NUMBERS = ("11010119900307803X", "110101199003070396", "11010119900307088X", "110101199003070257")
BODIES = {
    "bureau": ("虚构市经信委", "department", None),
    "institute": ("虚构数据研究院", "institution", "bureau"),
    "company": ("虚构云计算有限公司", "non_public", None),
    "agency": ("虚构人才服务中心", "agency", None),
    "dadukou_tro": ("虚构区职改办", "district_tro", None),
    "cq_bigdata_bureau": ("虚构市大数据局", "convening_organisation", None),
    "municipal_tro": ("虚构市职改办", "municipal_tro", None),
}


@dataclass
class Season:
    """A session of the database with one notice published under N1; `body` and `person` give ids by key."""

    session: Session
    version: NoticeVersion
    committee: Committee
    bodies: dict[str, int]
    people: dict[str, int]

    def actor(self, person: str, body: str | None = None) -> Actor:
        return Actor(self.people[person], self.bodies[body] if body else None)

    def rules(self, declaration: Declaration) -> NoticeRules:
        return NoticeRules(self.session, declaration.notice_version_id, declaration.committee_id)


def season(session: Session, notice: str = N2, committee_no: int = 1) -> Season:
    for key in (N1, notice):
        version = notices.publish(session, _package(key), by=None, note="测试")
    wanted = select(Committee).where(Committee.notice_id == version.notice_id, Committee.no == committee_no)
    bodies: dict[str, int] = {}
    for key, (name, kind, parent) in BODIES.items():
        contact = {"contact_name": "联络员", "contact_phone": "023-67890000", "registered": True}
        bodies[key] = organisations.create(session, key, name, kind, bodies[parent] if parent else None, **contact).id
    found = {
        account: people.register(session, account, name, identity_number=number).id
        for (account, name), number in zip(
            (("jia", "张一"), ("yi", "李二"), ("bing", "王三"), ("clerk", "赵经办")), NUMBERS, strict=True
        )
    }
    people.grant(session, found["clerk"], "unit_clerk", bodies["institute"])
    return Season(session, version, session.scalars(wanted).one(), bodies, found)


def record(season: Season, person: str = "jia", **more: Any) -> dict[str, Any]:
    """A complete engineer's record of the city's institute; `more` replaces fields."""
    number = people.get(season.session, season.people[person]).identity_number
    return {
        "name": "张一",
        "sex": "male",
        "birth_month": "1990-03",
        "id_type": "resident_id",
        "id_number": number,
        "mobile": "13800000000",
        "personnel_category": "institution_established",
        "work_start": "2012-07",
        "series": "engineering",
        "specialty": "big_data",
        "target_title": "engineer",
        "current_title": "assistant_engineer",
        "current_title_date": "2017-06-01",
        "category": "city_public",
        "work_place": "chongqing",
        "archive_place": "chongqing",
        "unit_id": season.bodies["institute"],
        "insured_unit_id": season.bodies["institute"],
        "department_id": season.bodies["bureau"],
        "highest_education": "bachelor",
        "insurance_months": 120,
        "ce_hours": 500,
        "channel": "normal",
        "profile": "newest",
        "undertaking": True,
        "education": [{"_id": "e1", "graduated": "2012-06", "school": "虚构大学", "degree": "本科/学士"}],
        "achievements": [
            {"_id": "a1", "period": "2020-01/2021-12", "content": "数据平台", "evidence": []},
            {"_id": "a2", "period": "2022-01/2022-12", "content": "模型上线", "evidence": []},
        ],
        **more,
    }


def draft(season: Season, person: str = "jia", **more: Any) -> Declaration:
    """A draft with an instance that messages can reach."""
    session = season.session
    declaration = declarations.start_declaration(
        session, season.people[person], season.committee.id, season.version.id, record(season, person, **more)
    )
    declaration.instance_id = instance(season, "declaration", declaration_id=declaration.id).id
    session.flush()
    return declaration


def submitted(season: Season, person: str = "jia", **more: Any) -> Declaration:
    """A declaration on its way from its unit to its department, without the checks of submission."""
    declaration = draft(season, person, **more)
    bodies = {"unit": season.bodies["institute"], "department": season.bodies["bureau"]}
    declaration.route = {
        "levels": {"unit": "unit_id", "department": "department_id"},
        "bodies": bodies,
        "acceptance": "committee",
        "recommender": "unit",
        "requirements": {},
    }
    declaration.submitted_at, declaration.year_slot = clock.now(season.session), declaration.year
    declarations.set_status(season.session, declaration, "SUBMITTED")
    return declaration


def instance(season: Season, process_key: str, **about: Any) -> ProcessInstance:
    made = ProcessInstance(
        process_key=process_key,
        notice_version_id=season.version.id,
        definition_digest="0" * 64,
        state=b"",
        started_at=clock.now(season.session),
        **about,
    )
    season.session.add(made)
    season.session.flush()
    return made


def batch_of(season: Season, *names: Declaration) -> UnitBatch:
    """The names in one batch, with the instance that works on it."""
    for name in names:
        batch = batches.join(season.session, name)
    if batch.instance_id is None:
        batch.instance_id = instance(season, "unit_recommendation", subject={"batch_id": batch.id}).id
        season.session.flush()
    return batch


def recommended(season: Season, *names: Declaration) -> UnitBatch:
    """A batch whose names are all recommended."""
    batch = batch_of(season, *names)
    rows = [{"_id": str(name.id), "recommend": "yes", "rank": n, "reason": "合格"} for n, name in enumerate(names, 1)]
    batches.decide_merit(season.session, batch, rows)
    return batch


def upload(season: Season, name: str, digest: str, person: str = "jia") -> int:
    """An attachment row whose bytes have the given hash."""
    made = Attachment(
        digest=digest,
        name=name,
        media_type="application/pdf",
        size=1,
        uploaded_by=season.people[person],
        uploaded_at=clock.now(season.session),
    )
    season.session.add(made)
    season.session.flush()
    return made.id


def case(
    season: Season,
    about: Declaration | None = None,
    *,
    process: str = "declaration",
    who: Actor | None = None,
    values: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    subject: Mapping[str, Any] | None = None,
) -> Case:
    """A case as the engine hands it to a function: of the declaration's own instance, or of one made for `subject`."""
    session = season.session
    if about is not None and subject is None:
        of = session.get_one(ProcessInstance, about.instance_id)
    else:
        of = instance(season, process, declaration_id=about.id if about else None, subject=dict(subject or {}))
    found = Case(session, of, values=values or {}, element="element", data=data or {})
    if who is not None:
        found.person_id, found.organisation_id = who.person_id, who.organisation_id
    return found


def pass_level(season: Season, declaration: Declaration, level: str, who: Actor) -> None:
    levels.record_check(season.session, declaration, level, who, {"decision": "pass", "signed_by": "赵经办"})


@cache
def _package(key: str) -> Package:
    """The shipped package with its tables and without its diagrams and forms, which these tests do not run."""
    package = next(package for package in read_all(Path(__file__).parents[2]) if package.key == key)
    shared, own = package.shared, package.own
    return replace(
        package,
        shared={"diagrams": {}, "forms": {}, "decisions": shared["decisions"]},
        own={"diagrams": {}, "forms": {}, "decisions": own["decisions"]},
    )
