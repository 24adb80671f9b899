"""Issuing a certificate for a confirmed title, what its holder registers, replacing and voiding it (R-212, R-213).

What it says comes from the confirming document; where the notice has the holder register it (N4 附件9), he adds his
photograph and confirms number and dates, which must be those of that document.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import attachments, declarations, dictionaries, document_numbers, messages, organisations, people, terms
from app.domain.certificates import code
from app.domain.results import confirmations
from app.errors import ConfigurationError, Conflict, NotFound, Problem, Refused
from app.models.certificate import Certificate, CertificateRegistration
from app.models.declaration import Declaration
from app.models.people import Organisation
from app.models.review import Confirmation

ISSUED, REPLACED, VOID = "issued", "replaced", "void"
STATUSES = {ISSUED: "有效", REPLACED: "已补办，本号不再使用", VOID: "证书已失效（职称已撤销）"}
ORGAN = "certificate_organ"  # parameter: the approving organ as the notice prints it; empty: the issuing body
PHOTO_LIMIT = 200_000  # bytes (N4 附件9 二)


def confirmation_of(session: Session, declaration: Declaration) -> Confirmation:
    """The issued document that confirms this title. Raises ConfigurationError where there is none."""
    found = confirmations.of_declaration(session, declaration.id)
    if found is None or found.number is None or found.dated is None:
        raise ConfigurationError("没有已印发的职称资格确认通知，不能办理证书。")
    return found


def organ_of(session: Session, declaration: Declaration) -> Organisation:
    """审批机关: the body that issued the confirming document."""
    return organisations.get(session, confirmation_of(session, declaration).body_id)


def registration_of(session: Session, declaration: Declaration) -> dict[str, Any]:
    """What the registration form starts with: what its holder said last, and what the confirming document says."""
    kept = session.get(CertificateRegistration, declaration.id)
    return {**_printed(session, declaration), **(kept.values if kept else {})}


def register(session: Session, declaration: Declaration, values: Mapping[str, Any]) -> None:
    """Keep what the holder registers. Refused, with every fault at once, where it is not what the document says."""
    document = confirmation_of(session, declaration)
    number = str(values.get("document_number") or "").strip()
    problems = []
    if not document_numbers.is_official(number):
        problems.append(Problem("brackets", document_numbers.BRACKETS, "document_number", "N4 附件9"))
    elif number != document.number:
        message = f"批准文号应为确认通知的文号“{document.number}”，您填写的是“{number}”。"
        problems.append(Problem("other_document", message, "document_number", "N4 附件9"))
    for key, printed, words in (
        ("issued_on", document.dated, "发证时间应为批准文件的印发日期"),
        ("acquired_on", document.passed_on, "取得时间应为批准文件中评委会评审通过的日期"),
    ):
        said = values.get(key)
        if said and date.fromisoformat(str(said)[:10]) != printed:
            problems.append(Problem("other_day", f"{words}：{printed:%Y-%m-%d}。", key, "N4 附件9"))
    problems += _faults_of_photo(session, values.get("photo") or [])
    if problems:
        raise Refused(*problems)
    kept = session.get(CertificateRegistration, declaration.id) or CertificateRegistration(
        declaration_id=declaration.id
    )
    kept.values, kept.registered_at = dict(values), clock.now(session)
    session.add(kept)
    session.flush()


def issue(session: Session, declaration: Declaration, replaces_id: int | None = None) -> Certificate:
    """A certificate with the next number of the approving organ; the one it replaces is no longer in force.

    Raises Conflict where the title has one in force already, or none to replace.
    """
    document, organ = confirmation_of(session, declaration), organ_of(session, declaration)
    before = in_force(session, declaration.id)
    if (before.id if before else None) != replaces_id:
        raise Conflict("该职称已有有效证书。" if before else "没有可以补办的有效证书。")
    now = clock.now(session)
    if before is not None:
        before.status, before.ended_at, before.reason = REPLACED, now, "补办"
        session.flush()
    number = document_numbers.issue(
        session, organ, "certificate", declaration.notice_version_id, declaration.committee_id
    )
    registered = registration_of(session, declaration)
    facts = {**_facts(session, declaration, document), "number": number, "organ": registered["organ"]}
    if registered.get("local_specialty"):
        facts["specialty"] = registered["local_specialty"]
    photo = registered.get("photo") or []
    certificate = Certificate(
        declaration_id=declaration.id,
        person_id=declaration.person_id,
        number=number,
        facts=facts,
        payload=code.sign(facts),
        photo_id=photo[0] if photo else None,
        acquired_on=document.passed_on,
        issued_on=document.dated,
        issued_at=now,
        replaces_id=replaces_id,
    )
    session.add(certificate)
    session.flush()
    return certificate


def ask_anew(session: Session, certificate: Certificate) -> None:
    """补办: start the process that puts a new number in the certificate's place. Conflict unless it is in force."""
    if certificate.status != ISSUED:
        raise Conflict("只有有效的证书可以补办。")
    declaration = declarations.get(session, certificate.declaration_id)
    messages.post_start(
        session,
        "certificate",
        notice_version_id=declaration.notice_version_id,
        declaration_id=declaration.id,
        subject={"replaces_id": certificate.id},
    )


def void(session: Session, declaration: Declaration, reason: str) -> Certificate | None:
    """证书失效 after the title was revoked; None where the title has no certificate in force."""
    certificate = in_force(session, declaration.id)
    if certificate is not None:
        certificate.status, certificate.ended_at, certificate.reason = VOID, clock.now(session), reason
        session.flush()
    return certificate


def in_force(session: Session, declaration_id: int) -> Certificate | None:
    wanted = select(Certificate).where(Certificate.declaration_id == declaration_id, Certificate.status == ISSUED)
    return session.scalars(wanted).first()


def of_person(session: Session, person_id: int) -> list[Certificate]:
    """The person's certificates, the newest first, replaced and void ones too."""
    wanted = select(Certificate).where(Certificate.person_id == person_id).order_by(Certificate.id.desc())
    return list(session.scalars(wanted))


def get(session: Session, certificate_id: int) -> Certificate:
    found = session.get(Certificate, certificate_id)
    if found is None:
        raise NotFound("没有找到该证书。")
    return found


def look_up(session: Session, number: str, name: str) -> Certificate:
    """证书查验 by number and holder's name, both of which one must know. Raises NotFound."""
    found = session.scalars(select(Certificate).where(Certificate.number == number.strip())).first()
    if found is None or found.facts["name"] != name.strip():
        raise NotFound("没有查到姓名与证书编号都相符的证书，请核对后再查。")
    return found


def revoked(session: Session) -> list[dict[str, str]]:
    """Numbers that are no longer in force, with the day and why, for whoever checks codes off line."""
    wanted = select(Certificate).where(Certificate.status != ISSUED).order_by(Certificate.id)
    return [
        {"number": each.number, "status": each.status, "since": clock.local(each.ended_at).date().isoformat()}
        for each in session.scalars(wanted)
        if each.ended_at is not None
    ]


def _printed(session: Session, declaration: Declaration) -> dict[str, Any]:
    document = confirmation_of(session, declaration)
    facts = _facts(session, declaration, document)
    assert document.dated is not None
    return {
        **{key: facts[key] for key in ("name", "series", "title", "level", "specialty", "institution", "organ")},
        "id_number": declarations.record_of(declaration).get("id_number"),
        "document_number": document.number,
        "issued_on": document.dated.isoformat(),
        "acquired_on": document.passed_on.isoformat(),
    }


def _facts(session: Session, declaration: Declaration, document: Confirmation) -> dict[str, Any]:
    person, record = people.get(session, declaration.person_id), declarations.record_of(declaration)
    committee = terms.committee(session, declaration)
    assert document.dated is not None
    return {
        "name": person.name,
        "sex": record.get("sex"),
        "birth": record.get("birth_month"),
        "series": dictionaries.label("series", declaration.series),
        "title": dictionaries.label("title", declaration.title),
        "level": dictionaries.label("level", declaration.level),
        "specialty": dictionaries.label("specialty", declaration.specialty),
        "institution": committee.name,
        "organ": _organ_name(session, declaration, document),
        "document": document.number,
        "issued_on": document.dated.isoformat(),
        "acquired_on": document.passed_on.isoformat(),
    }


def _organ_name(session: Session, declaration: Declaration, document: Confirmation) -> str:
    return str(terms.parameter(session, declaration, ORGAN) or organisations.get(session, document.body_id).name)


def _faults_of_photo(session: Session, ids: list[int]) -> list[Problem]:
    return [
        Problem(
            "photo", f"“{row.name}”应为JPG或PNG照片，不超过200KB，现为{-(-row.size // 1000)}KB。", "photo", "N4 附件9"
        )
        for row in attachments.named(session, ids).values()
        if row.media_type not in ("image/jpeg", "image/png") or row.size > PHOTO_LIMIT
    ]
