"""附件3 《委托评审函》 with its list."""

from sqlalchemy.orm import Session

from app.domain import dictionaries, entrustments, organisations, schedules
from app.domain.wording import day_words
from app.models.entrustment import EntrustmentLetter
from app.processes.documents.paper import Paper

_LEVELS = {"junior": "初", "intermediate": "中", "senior": "高"}  # the printed form has 级 behind


def entrustment(session: Session, letter: EntrustmentLetter) -> Paper:
    """As recorded; titles and employers as the declarations have them now."""
    _, version = schedules.find(session, letter.notice_key)
    people = [
        {
            "name": each.name,
            "employer": each.employer,
            "target_title": dictionaries.label("title", each.declaration.title),
            "note": each.note,
        }
        for each in entrustments.names(session, [letter.id])[letter.id]
    ]
    unit = organisations.get(session, letter.entrusting_id).name
    data = {
        "number": letter.number,
        "series": dictionaries.label("series", letter.series),
        "specialty": letter.specialty,
        "level": _LEVELS[letter.level],
        "first_name": people[0]["name"],
        "people": people,
        "entrusting_unit": unit,
        "contact_name": letter.contact_name,
        "contact_phone": letter.contact_phone,
        "address": letter.address,
        "issued_on": day_words(letter.issued_on),
    }
    return Paper("form3", f"{unit}委托评审函", data, version.id, letter.recorded_at, letter.number)
