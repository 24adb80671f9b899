"""Entrusted review: letters with their lists, who stands on one, and refusing who does not (R-096, form 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from app import clock
from app.domain import dictionaries, organisations
from app.domain.permissions import Grants
from app.errors import NotAllowed, NotFound, Problem, Refused
from app.models.declaration import Declaration
from app.models.entrustment import EntrustedName, EntrustmentLetter
from app.models.notice import Notice
from app.models.people import Organisation, Person

FORM = "form3_entrustment"
STATIONED = "non_local_unit"  # the category that is reviewed by entrustment
# who may record a letter: role → the field of the declaration that names its body
FIELDS = {"entrusting_unit": "entrusting_unit_id", "unit_clerk": "unit_id", "local_top_body": "top_body_id"}
CLAUSE = "N2 §四(一)5；N4 §三(一)4；R-096"


@dataclass(frozen=True)
class Candidate:
    """A declaration that a letter may cover; `letter` is the number of the one that covers it already."""

    declaration: Declaration
    name: str
    employer: str
    letter: str = ""
    note: str = ""


def notices_of(session: Session, grants: Grants) -> list[Notice]:
    """The notices under which people are reviewed by entrustment through one's body, the newest first."""
    keys = select(Declaration.notice_key).where(_through(grants))
    return list(session.scalars(select(Notice).where(Notice.key.in_(keys)).order_by(Notice.year.desc(), Notice.key)))


def candidates(session: Session, grants: Grants, notice_key: str) -> list[Candidate]:
    """Living declarations of stationed people through one's body under the notice; one statement."""
    employer = Declaration.data["unit_id"].as_integer()
    rows = session.execute(
        select(Declaration, Person.name, Organisation.name, EntrustmentLetter.number)
        .join(Person, Person.id == Declaration.person_id)
        .outerjoin(Organisation, Organisation.id == employer)
        .outerjoin(EntrustedName, EntrustedName.declaration_id == Declaration.id)
        .outerjoin(EntrustmentLetter, EntrustmentLetter.id == EntrustedName.letter_id)
        .where(_through(grants), Declaration.notice_key == notice_key, Declaration.ended_as.is_(None))
        .order_by(Declaration.id)
    )
    return [Candidate(declaration, name, unit or "", number or "") for declaration, name, unit, number in rows]


def letters(session: Session, grants: Grants) -> list[tuple[EntrustmentLetter, Notice, list[str]]]:
    """The letters of one's body, the newest first, with their notices and the names they cover; two statements."""
    wanted = select(EntrustmentLetter, Notice).join(Notice, Notice.key == EntrustmentLetter.notice_key)
    newest_first = wanted.where(_visible(grants)).order_by(EntrustmentLetter.id.desc())
    found = [(letter, notice) for letter, notice in session.execute(newest_first)]
    listed = names(session, [letter.id for letter, _ in found])
    return [(letter, notice, [each.name for each in listed.get(letter.id, [])]) for letter, notice in found]


def require_letter(session: Session, grants: Grants, letter_id: int) -> EntrustmentLetter:
    """The letter, for the bodies it passes through. Raises NotFound, NotAllowed."""
    if session.get(EntrustmentLetter, letter_id) is None:
        raise NotFound("没有找到该委托评审函。")
    wanted = select(EntrustmentLetter).where(EntrustmentLetter.id == letter_id, _visible(grants))
    found = session.scalars(wanted).first()
    if found is None:
        raise NotAllowed(f"您当前身份为{grants.title}，不能查看这份委托评审函。如需办理，请切换身份。")
    return found


def names(session: Session, letter_ids: Sequence[int]) -> dict[int, list[Candidate]]:
    """Letter id → its list in order."""
    employer = Declaration.data["unit_id"].as_integer()
    rows = session.execute(
        select(EntrustedName, Declaration, Person.name, Organisation.name)
        .join(Declaration, Declaration.id == EntrustedName.declaration_id)
        .join(Person, Person.id == Declaration.person_id)
        .outerjoin(Organisation, Organisation.id == employer)
        .where(EntrustedName.letter_id.in_(letter_ids))
        .order_by(EntrustedName.id)
    )
    found: dict[int, list[Candidate]] = {}
    for line, declaration, name, unit in rows:
        found.setdefault(line.letter_id, []).append(Candidate(declaration, name, unit or "", note=line.note or ""))
    return found


def record(
    session: Session, grants: Grants, notice_key: str, values: Mapping[str, Any], person_id: int
) -> EntrustmentLetter:
    """A letter from the checked form; `people` rows {_id: declaration id, listed: yes|no, note}.

    Refused for an empty list, for people of another series or level than the letter names or of different entrusting
    units, for who stands on a letter already, and for a number used before.
    """
    known = {str(each.declaration.id): each for each in candidates(session, grants, notice_key)}
    chosen = [row for row in values.get("people") or [] if row.get("listed") == "yes"]
    problems = _problems(chosen, known, values)
    entrusting = {known[row["_id"]].declaration.data.get("entrusting_unit_id") for row in chosen if row["_id"] in known}
    if not problems and (len(entrusting) != 1 or None in entrusting):
        message = "所列人员的委托单位不同或尚未选择，请按委托单位分别填写委托评审函。"
        problems.append(Problem("entrusting_units", message, "people"))
    if problems:
        raise Refused(*problems)
    body, number = entrusting.pop(), values["number"].strip()
    taken = select(EntrustmentLetter.id).where(
        EntrustmentLetter.entrusting_id == body, EntrustmentLetter.number == number
    )
    if session.scalar(taken) is not None:
        raise Refused(Problem("number_taken", f"该委托单位已有文号为“{number}”的委托评审函，请核对文号。", "number"))
    kept = ("series", "specialty", "level", "contact_name", "contact_phone", "address", "sealed_letter")
    letter = EntrustmentLetter(
        notice_key=notice_key,
        entrusting_id=body,
        number=number,
        issued_on=date.fromisoformat(values["issued_on"]),
        recorded_at=clock.now(session),
        recorded_by=person_id,
        **{key: values[key] for key in kept},
    )
    session.add(letter)
    session.flush()
    session.add_all(
        EntrustedName(letter_id=letter.id, declaration_id=int(row["_id"]), note=row.get("note")) for row in chosen
    )
    session.flush()
    return letter


def letter_of(session: Session, declaration_id: int) -> EntrustmentLetter | None:
    """The letter on whose list the declaration stands."""
    wanted = select(EntrustmentLetter).join(EntrustedName, EntrustedName.letter_id == EntrustmentLetter.id)
    return session.scalar(wanted.where(EntrustedName.declaration_id == declaration_id))


def require_on_letter(session: Session, declaration: Declaration) -> None:
    """Refused where the entrusting unit has recorded letters under the notice and the declaration stands on none.

    While it has recorded none, the letter that the applicant uploaded stands for it.
    """
    entrusting = declaration.data.get("entrusting_unit_id")
    if letter_of(session, declaration.id) is not None or entrusting is None:
        return
    recorded = select(EntrustmentLetter.number).where(
        EntrustmentLetter.entrusting_id == entrusting, EntrustmentLetter.notice_key == declaration.notice_key
    )
    numbers = session.scalars(recorded.order_by(EntrustmentLetter.id)).all()
    if numbers:
        unit = organisations.get(session, entrusting).name
        message = (
            f"申报人不在{unit}委托评审函（{'、'.join(numbers)}）所附的名单中，不能审核上报。"
            "请联系委托单位补发委托评审函并登记名单后再办。"
        )
        raise Refused(Problem("not_on_letter", message, None, CLAUSE))


def _through(grants: Grants) -> ColumnElement[bool]:
    """Declarations by entrustment that name one's body as the entrusting unit, the unit, or its top body here."""
    places = [
        Declaration.data[FIELDS[grant.role]].as_integer() == grant.organisation_id
        for grant in grants.held
        if grant.role in FIELDS and grant.organisation_id is not None
    ]
    return and_(Declaration.data["category"].as_string() == STATIONED, or_(false(), *places))


def _visible(grants: Grants) -> ColumnElement[bool]:
    """Letters that cover somebody through one's body; the manager sees all."""
    if grants.sees_all:
        return true()
    covered = select(EntrustedName.letter_id).join(Declaration, Declaration.id == EntrustedName.declaration_id)
    return EntrustmentLetter.id.in_(covered.where(_through(grants)))


def _problems(
    chosen: Sequence[Mapping[str, Any]], known: Mapping[str, Candidate], values: Mapping[str, Any]
) -> list[Problem]:
    if not chosen:
        return [Problem("nobody", "请至少列入1名委托评审人员。", "people")]
    found = []
    for number, row in enumerate(values.get("people") or []):
        one = known.get(str(row.get("_id")))
        if row.get("listed") != "yes":
            continue
        place = f"people.{number}"
        if one is None:
            found.append(Problem("unknown", f"第{number + 1}行的申报人已变动，请刷新名单后再填。", place))
        elif one.letter:
            found.append(Problem("listed_already", f"{one.name}已列入委托评审函{one.letter}。", place))
        elif one.declaration.series != values["series"] or _level(one.declaration) != values["level"]:
            title = dictionaries.label("title", one.declaration.title) or "未选择的职称"
            found.append(Problem("other_level", f"{one.name}申报{title}，与委托评审函的系列、级别不符。", place))
    return found


def _level(declaration: Declaration) -> str | None:
    return dictionaries.fee_group(declaration.level) if declaration.level else None
