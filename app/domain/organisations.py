"""Bodies of the hierarchy: creating, finding and naming them, and who may be asked to stand on a route."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app import kept
from app.domain import identity
from app.errors import NotFound, Problem, Refused
from app.models.people import Organisation

KINDS = {
    "institution": "事业单位",
    "state_enterprise": "国有企业",
    "non_public": "非公单位",
    "department": "主管部门",
    "agency": "人事代理机构",
    "district_tro": "区县人力社保（职改）部门",
    "municipal_tro": "市职改办",
    "non_local_unit": "驻渝单位",
    "local_top_body": "单位驻重庆最高管理机构",
    "entrusting_unit": "委托单位",
    "convening_organisation": "评委会组建单位",
    "self_review_unit": "自主评审单位",
    "hr_authority": "人力资源社会保障行政部门",
    "industry_authority": "行业主管部门",
    "discipline": "抽取单位纪检监督部门",
}

STEPS = {  # what a body may be asked for, each with a contact of its own where it names one
    "unit": "单位审核",
    "agency": "人事代理机构审核推荐",
    "department": "主管部门审核推荐",
    "top_body": "驻渝最高管理机构审核",
    "district": "区县职改部门审核",
    "acceptance": "受理",
    "payment": "缴费",
}
STEPS_OF = {  # kind → its steps; every other kind is a unit
    "department": ("department",),
    "agency": ("agency",),
    "district_tro": ("district", "acceptance", "payment"),
    "local_top_body": ("top_body",),
    "convening_organisation": ("acceptance", "payment"),
    "self_review_unit": ("unit", "acceptance", "payment"),
    "municipal_tro": ("acceptance",),
}


@dataclass(frozen=True)
class Contact:
    """Whom to ask at a body for one step."""

    organisation: str
    name: str
    phone: str

    @property
    def reachable(self) -> bool:
        return bool(self.name and self.phone)

    def __str__(self) -> str:
        return f"{self.organisation}{self.phone}"


def create(
    session: Session, key: str, name: str, kind: str, parent_id: int | None = None, **details: Any
) -> Organisation:
    """A new body under `parent_id`; `details` are further columns (credit_code, district, contact_name, …).

    Refused for an unknown kind, a taken key or credit code, a wrong credit code or phone.
    """
    _check_new(session, key, name, kind, details)
    parent = None if parent_id is None else get(session, parent_id)
    organisation = Organisation(key=key, name=name.strip(), kind=kind, parent_id=parent_id, path="", **details)
    session.add(organisation)
    session.flush()
    organisation.path = f"{parent.path if parent else '/'}{organisation.id}/"
    session.flush()
    return organisation


def get(session: Session, organisation_id: int) -> Organisation:
    found = kept.get(session, Organisation, organisation_id)
    if found is None:
        raise NotFound("没有找到该机构。")
    return found


def known(session: Session, ids: Iterable[int]) -> list[Organisation]:
    """Those of the ids that are bodies, merged ones as they were."""
    found = (kept.get(session, Organisation, each) for each in sorted(set(ids)))
    return [body for body in found if body is not None]


def by_key(session: Session, key: str) -> Organisation:
    found = kept.find(session, Organisation, "key", key)
    if found is None:
        raise NotFound(f"没有找到代号为“{key}”的机构。")
    return resolve(session, found.id)


def by_credit_code(session: Session, code: str) -> Organisation | None:
    checked = identity.check_credit_code(code)
    found = session.scalar(select(Organisation.id).where(Organisation.credit_code == checked))
    return None if found is None else resolve(session, found)


def resolve(session: Session, organisation_id: int) -> Organisation:
    """The body that answers today for `organisation_id`: itself, or what it was merged into."""
    found = get(session, organisation_id)
    while found.merged_into_id is not None:
        found = get(session, found.merged_into_id)
    return found


def successors(session: Session, ids: Iterable[Any]) -> dict[Any, int]:
    """Of those of the ids that are bodies: the body that answers for each today."""
    today = func.coalesce(Organisation.merged_into_id, Organisation.id)
    return dict(session.execute(select(Organisation.id, today).where(Organisation.id.in_(list(ids)))).all())


def find(session: Session, words: str = "", kinds: Iterable[str] = (), limit: int = 20) -> list[Organisation]:
    """Living bodies whose present or former name holds `words`; only of `kinds` where given."""
    query = select(Organisation).where(Organisation.merged_into_id.is_(None))
    wanted = list(kinds)
    if wanted:
        query = query.where(Organisation.kind.in_(wanted))
    if words.strip():
        query = query.where(called(words))
    return list(session.scalars(query.order_by(Organisation.name, Organisation.id).limit(limit)))


def called(words: str) -> ColumnElement[bool]:
    """SQL predicate: the body's present or former name holds `words`, or they are its key or credit code."""
    said = words.strip()
    return or_(
        Organisation.name.icontains(said, autoescape=True),
        cast(Organisation.former_names, String).icontains(said, autoescape=True),
        func.lower(Organisation.credit_code) == said.lower(),
        Organisation.key == said,
    )


def answered_by(ids: Iterable[int | None]) -> Select[int]:
    """The ids of the bodies and of all that were merged into them: what those did, their successors look after."""
    bodies = [each for each in ids if each is not None]
    return select(Organisation.id).where(or_(Organisation.id.in_(bodies), Organisation.merged_into_id.in_(bodies)))


def within(column: InstrumentedAttribute[Any] | ColumnElement[Any], paths: Iterable[str]) -> ColumnElement[bool]:
    """SQL predicate: the organisation id in `column` lies in the subtree of one of `paths` (`Organisation.path`)."""
    prefixes = [Organisation.path.like(f"{path}%") for path in paths]
    return column.in_(select(Organisation.id).where(or_(*prefixes)))


def ancestors(session: Session, organisation_id: int) -> list[Organisation]:
    """The bodies from the root down to `organisation_id` itself."""
    ids = [int(part) for part in get(session, organisation_id).path.strip("/").split("/")]
    found = {body.id: body for body in session.scalars(select(Organisation).where(Organisation.id.in_(ids)))}
    return [found[each] for each in ids]


def contact_of(body: Organisation, step: str | None = None) -> Contact:
    """Whom to ask at the body for the step: its own contact where it named one, else the body's."""
    own = body.contacts.get(step or "", {})
    return Contact(body.name, own.get("name") or body.contact_name or "", own.get("phone") or body.contact_phone or "")


def steps_of(body: Organisation) -> dict[str, str]:
    """The steps that a body of this kind may be asked for, with their names."""
    return {step: STEPS[step] for step in STEPS_OF.get(body.kind, ("unit",))}


def set_document_code(session: Session, organisation_id: int, code: str) -> None:
    """机关代字, which begins the numbers of the body's documents; Refused for one that another body bears."""
    body, wanted = get(session, organisation_id), code.strip()
    other = session.scalar(select(Organisation).where(Organisation.document_code == wanted, Organisation.id != body.id))
    if wanted and other is not None:
        raise Refused(Problem("taken", f"机关代字“{wanted}”已由“{other.name}”使用。", "document_code"))
    body.document_code = wanted[:20] or None
    session.flush()


def set_contact(session: Session, organisation_id: int, name: str, phone: str, step: str | None = None) -> None:
    """Write the body's contact, or that of one `step` (a level's key)."""
    body = get(session, organisation_id)
    checked = identity.check_phone(phone)
    if not name.strip():
        raise Refused(Problem("no_contact", "请填写联系人姓名。", "contact_name"))
    if step is None:
        body.contact_name, body.contact_phone = name.strip(), checked
    else:
        body.contacts = {**body.contacts, step: {"name": name.strip(), "phone": checked}}
    session.flush()


def clear_contact(session: Session, organisation_id: int, step: str) -> None:
    """The step has no contact of its own any more: the body's answers for it."""
    body = get(session, organisation_id)
    body.contacts = {key: contact for key, contact in body.contacts.items() if key != step}


def rename(session: Session, organisation_id: int, name: str) -> None:
    """Give the body a new name; the old one stays on record, and every (role, organisation) stays as it was."""
    body = get(session, organisation_id)
    if not name.strip():
        raise Refused(Problem("no_name", "请填写机构名称。", "name"))
    if name.strip() != body.name:
        body.former_names, body.name = [*body.former_names, body.name], name.strip()
        session.flush()


def _check_new(session: Session, key: str, name: str, kind: str, details: dict[str, Any]) -> None:
    if kind not in KINDS:
        raise Refused(Problem("kind", f"没有“{kind}”这一机构类别。", "kind"))
    if not name.strip():
        raise Refused(Problem("no_name", "请填写机构名称。", "name"))
    if details.get("contact_phone"):
        details["contact_phone"] = identity.check_phone(details["contact_phone"])
    if details.get("credit_code"):
        details["credit_code"] = identity.check_credit_code(details["credit_code"])
    refuse_taken(session, key, details.get("credit_code"))


def refuse_taken(session: Session, key: str, credit_code: str | None) -> None:
    """Refused where another body has the key or the credit code, in its checked form."""
    if session.scalar(select(Organisation.id).where(Organisation.key == key)):
        raise Refused(Problem("taken", f"机构代号“{key}”已被使用。", "key"))
    if credit_code:
        taken = session.scalar(select(Organisation).where(Organisation.credit_code == credit_code))
        if taken is not None:
            raise Refused(Problem("taken", f"该统一社会信用代码已由“{taken.name}”注册。", "credit_code"))
