"""Papers of a result: its publicity, the confirming document, the reply to entrusting units, the record of numbers."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import dictionaries, organisations, review_committees
from app.domain.certificates import issuing
from app.domain.results import bodies, names, publicities
from app.domain.results.names import Name
from app.domain.reviews import sessions
from app.domain.wording import day_words, short_day_words
from app.errors import NotFound
from app.models.certificate import Certificate
from app.models.review import Confirmation, ResultPublicity, ReviewSession
from app.processes.documents.paper import Paper

RESULTS = {True: "通过", False: "未通过", None: "未表决"}
REPLY, FILING = "reply", "filing"


def publicity_list(session: Session, shown: ResultPublicity) -> Paper:
    """评审结果公示 as frozen, with the days it is shown."""
    review = sessions.get(session, shown.session_id)
    period = publicities.periods(session, [(shown, review)])[shown.id]
    office = organisations.get(session, review_committees.get(session, review.review_committee_id).convening_id).name
    offices = {"office": office, "approving": bodies.approving(session, review).name}
    title = f"{review.title.removesuffix('会议')}结果公示"
    data = {
        "title": title,
        "committee": review_committees.get(session, review.review_committee_id).name,
        "first_day": day_words(period.first_day),
        "last_day": day_words(period.last_day),
        "days": period.total,
        "not_counted": [short_day_words(day) for day, _ in period.skipped],
        "method": shown.reporting_method or "",
        "channels": [
            {"kind": publicities.CHANNELS[each["kind"]], "office": offices[each["kind"]], **_contact(each)}
            for each in shown.channels
        ],
        "people": [
            {"name": each.name, "unit": each.unit, "specialty": each.specialty, "title": each.title}
            for each in publicities.content(session, shown)
        ],
        "office": office,
        "date": day_words(period.first_day),
    }
    return Paper("result_list", title, data, review.notice_version_id, shown.starts_at)


def confirmation(session: Session, made: Confirmation, own: int | None = None) -> Paper:
    """职称资格确认通知, or the reply to the entrusting units; until it is issued, the draft.

    A reply tells who failed: an applicant (`own`, his person's id) gets the line about himself alone.
    """
    review = sessions.get(session, made.session_id)
    listed = _listed(session, made)
    if made.kind == REPLY:
        return _reply(session, review, made, [name for name in listed if own in (None, name.declaration.person_id)])
    committee = review_committees.get(session, review.review_committee_id).name
    heading = f"关于确认{review.year}年{committee}评审通过人员职称资格的通知"
    data = {
        **_head(session, made, heading, committee),
        "draft": made.issued_at is None,
        "people": _people(session, listed),
    }
    at = made.issued_at or made.drafted_at
    return Paper("confirmation", heading, data, review.notice_version_id, at, made.number or "")


def number_record(session: Session, made: Confirmation) -> Paper:
    """证书办理编号记录 of a self-review unit's own confirmation. NotFound for any other document (R-206)."""
    if made.kind != FILING or made.issued_at is None:
        raise NotFound("只有自主评审单位印发的确认文件需要报送证书办理编号记录。")
    review = sessions.get(session, made.session_id)
    listed = _listed(session, made)
    wanted = select(Certificate.declaration_id, Certificate.number).where(
        Certificate.declaration_id.in_([name.declaration.id for name in listed]), Certificate.status == issuing.ISSUED
    )
    numbers = {key: number for key, number in session.execute(wanted)}  # noqa: C416 (rows are no pairs to mypy)
    committee = review_committees.get(session, review.review_committee_id).name
    title = f"{review.year}年{committee}职称证书办理编号记录"
    data = {
        **_head(session, made, title, committee),
        "title": title,
        "people": [
            {**person, "certificate": numbers.get(name.declaration.id, "")}
            for name, person in zip(listed, _people(session, listed), strict=True)
        ],
    }
    return Paper("number_record", title, data, review.notice_version_id, clock.now(session), made.number or "")


def _reply(session: Session, review: ReviewSession, made: Confirmation, listed: list[Name]) -> Paper:
    """A letter to each entrusting unit with the list of its own people behind it."""
    committee = review_committees.get(session, review.review_committee_id).name
    heading = f"关于{review.year}年{committee}委托评审人员评审结果的函"
    entrusting = names.units(session, listed, "entrusting_unit_id")
    by_unit: dict[str, list[Name]] = {}
    for name in listed:
        by_unit.setdefault(entrusting[name.declaration.id], []).append(name)
    data = {
        **_head(session, made, heading, committee),
        "units": [
            {
                "name": unit,
                "people": _people(session, found),
                "passed": sum(name.passed for name in found),
                "failed": sum(not name.passed for name in found),
            }
            for unit, found in by_unit.items()
        ],
    }
    return Paper("reply", heading, data, review.notice_version_id, made.issued_at or made.drafted_at, made.number or "")


def _listed(session: Session, made: Confirmation) -> list[Name]:
    return [name for name in names.of_session(session, made.session_id) if name.item.confirmation_id == made.id]


def _head(session: Session, made: Confirmation, heading: str, committee: str) -> dict[str, Any]:
    return {
        "number": made.number or "",
        "heading": heading,
        "committee": committee,
        "passed_on": day_words(made.passed_on),
        "body": organisations.get(session, made.body_id).name,
        "date": day_words(made.dated) if made.dated else "",
    }


def _people(session: Session, listed: Iterable[Name]) -> list[dict[str, str]]:
    found = list(listed)
    units = names.units(session, found)
    return [
        {
            "name": name.applicant,
            "unit": units[name.declaration.id],
            "specialty": dictionaries.label("specialty", name.declaration.specialty),
            "title": dictionaries.label("title", name.declaration.title),
            "result": RESULTS[name.item.passed],
        }
        for name in found
    ]


def _contact(channel: dict[str, Any]) -> dict[str, str]:
    return {"name": channel["name"], "phone": channel["phone"]}
