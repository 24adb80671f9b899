"""What the forms about a result are prefilled with: lists of names, days, bodies, the papers handed in."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import dictionaries, organisations, publicity_days, terms
from app.domain.declarations import get as declaration_of
from app.domain.results import bodies, confirmations, names, publicities
from app.domain.results.names import Name
from app.domain.reviews import sessions
from app.domain.wording import day_words, short_day_words
from app.models.process import ProcessInstance, Task
from app.models.review import ReviewSession

Values = dict[str, Any]
LISTS: dict[str, Callable[[Name], bool]] = {
    "passed_list": lambda name: name.open,
    "to_confirm": lambda name: name.ready and not name.entrusted,
    "to_reply": lambda name: name.ready and name.entrusted,
    "held_list": lambda name: name.held,
}
CONTACTS = ("office_contact_name", "approving_contact_name")


def load(session: Session, task: Task, instance: ProcessInstance, wanted: Collection[str]) -> Values:
    """What a form about a whole session shows; read only as far as its fields ask for it."""
    review = sessions.get(session, instance.subject.get("session_id"))
    found = _lists(session, review, wanted)
    if "reviewed" in wanted:
        voted = names.of_session(session, review.id)
        found |= {"reviewed": len(voted), "passed": sum(name.passed for name in voted)}
    if "period" in wanted:
        found["period"] = _period(session, review)
    if any(key in wanted for key in CONTACTS):
        found |= _contacts(session, review)
    if "confirming" in wanted:
        found["confirming"] = bodies.confirming(session, review).name
    if "document_number" in wanted:
        made = confirmations.last_issued(session, review.id)
        found |= {"document_number": made.number, **made.documents}
    if "returned" in wanted:
        found["returned"] = _returned(session, task)
    return found


def load_archiving(session: Session, task: Task, _instance: ProcessInstance, wanted: Collection[str] = ()) -> Values:
    """The confirmation's number, how many copies are due, and where they go."""
    declaration = declaration_of(session, task.declaration_id)
    made = confirmations.of_declaration(session, declaration.id)
    found: Values = {"document_number": made.number if made is not None else None}
    if "receiver" in wanted:
        found["receiver"] = organisations.resolve(session, bodies.recommender(declaration)[1]).name
    if "copies" in wanted:
        found["copies"] = terms.parameter(session, declaration, "archive_copies")
    if "personal_copies" in wanted:
        found |= {"personal_copies": 1, "unit_copies": 1}
    return found


def _lists(session: Session, review: ReviewSession, wanted: Collection[str]) -> Values:
    keys = [key for key in (*LISTS, "drafted_list") if key in wanted]
    everybody = names.of_session(session, review.id) if keys else []
    found: Values = {}
    for key in keys:
        if key == "drafted_list":
            found[key] = _rows(session, _drafted(session, review))
        else:
            found[key] = _rows(session, [name for name in everybody if LISTS[key](name)])
    if "held_list" in found:
        found["held_list"] = found["held_list"] or None
    if "shown_list" in wanted:
        shown = publicities.content(session, publicities.of_session(session, review.id))
        found["shown_list"] = [
            {"_id": str(each.declaration_id), "applicant": each.name, "unit": each.unit, "title": each.title}
            for each in shown
        ]
    return found


def _drafted(session: Session, review: ReviewSession) -> list[Name]:
    """Of the draft that waits to be issued, else of what was issued last."""
    made = confirmations.open_draft(session, review.id)
    if made is not None:
        return confirmations.drafted(session, review, made)
    made = confirmations.last_issued(session, review.id)
    return [name for name in names.of_session(session, review.id) if name.item.confirmation_id == made.id]


def _rows(session: Session, found: Iterable[Name]) -> list[Values]:
    listed = list(found)
    units = names.units(session, listed)
    entrusting = names.units(session, listed, "entrusting_unit_id")
    return [
        {
            "_id": str(name.declaration.id),
            "applicant": name.applicant,
            "unit": units[name.declaration.id],
            "title": dictionaries.label("title", name.declaration.title),
            "result": "评审通过" if name.passed else "评审未通过",
            "entrusting_unit": entrusting[name.declaration.id],
        }
        for name in listed
    ]


def _period(session: Session, review: ReviewSession) -> str:
    """The days as they are, before the publicity begins as they would be."""
    shown = publicities.last(session, review.id)
    if shown is None:
        counted = publicities.preview(session, review)
        return period_words(publicity_days.of(counted))
    return period_words(publicities.periods(session, [(shown, review)])[shown.id])


def period_words(days: publicity_days.Period) -> str:
    """自…至…，共5个工作日（其间…不计）."""
    resting = "、".join(short_day_words(day) for day, _ in days.skipped)
    note = f"（其间{resting}不计）" if resting else ""
    return f"{day_words(days.first_day)}至{day_words(days.last_day)}，共{days.total}个工作日{note}"


def _contacts(session: Session, review: ReviewSession) -> Values:
    office, approving = sessions.convening_organisation(session, review), bodies.approving(session, review)
    return {
        "office_contact_name": office.contact_name,
        "office_contact_phone": office.contact_phone,
        "approving_contact_name": approving.contact_name,
        "approving_contact_phone": approving.contact_phone,
    }


def _returned(session: Session, task: Task) -> str | None:
    """Why the body above gave it back; empty the first time."""
    wanted = select(Task.values).where(
        Task.instance_id == task.instance_id, Task.status == "completed", Task.decision == "return"
    )
    said: Mapping[str, Any] | None = session.scalar(wanted.order_by(Task.ended_at.desc(), Task.id.desc()).limit(1))
    return (said or {}).get("opinion")
