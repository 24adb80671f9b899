"""Documents of a unit: form 7 as filed, and the roster of a batch (推荐名册)."""

from collections import Counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.clock import local
from app.domain import batches, dictionaries, notices, organisations, publicity, publicity_rounds, quotas
from app.domain.wording import day_words
from app.errors import NotFound
from app.models.notice import Notice
from app.models.people import Person
from app.models.recommendation import UnitBatch
from app.processes import bundles, form8
from app.processes.documents.paper import Paper, in_words

_DAYS = ("filled_on", "dept_opinion_on", "hr_opinion_on")
_PLAIN_TITLE = "事业单位职称评审申报数量备案表"


def quota_form(session: Session, organisation_id: int, year: int, notice_version_id: int) -> Paper:
    """附件7 of the version in force (else as it would begin), titled as the notice's text `form7_title` says."""
    filing = quotas.current(session, organisation_id, year)
    said = filing.values if filing else quotas.prefilled(session, organisation_id, year)
    unit = organisations.get(session, organisation_id).name
    title = notices.text_of(session, notice_version_id, "form7_title") or _PLAIN_TITLE
    values = {key: value for key, value in said.items() if key != "levels"}
    data = {
        "title": title,
        "unit": unit,
        "year": year,
        "values": {**values, **{key: in_words(values.get(key)) for key in _DAYS}},
        "levels": {row["level"]: _numbers(row) for row in said.get("levels") or []},
    }
    at = filing.filed_at if filing else clock.now(session)
    return Paper("form7", f"{unit}{year}年申报数量备案表", data, notice_version_id, at)


def roster(session: Session, batch: UnitBatch) -> Paper:
    """推荐名册: the names recommended in the batch, in the unit's ranking, with those held back marked.

    NotFound before anybody is recommended.
    """
    lines = [line for line in batches.lines(session, batch.id) if line.entry.recommended]
    if not lines:
        raise NotFound("本批还没有推荐人选。")
    notice = session.scalars(select(Notice).where(Notice.key == batch.notice_key)).one()
    unit = organisations.get(session, batch.organisation_id).name
    ids = {line.declaration.person_id for line in lines}
    names = {person.id: person.name for person in session.scalars(select(Person).where(Person.id.in_(ids)))}
    people = [
        {
            "name": names[line.declaration.person_id],
            **_person(session, line.declaration.notice_version_id, line.declaration.data),
            "title": dictionaries.label("title", line.declaration.title),
            "level": dictionaries.label("level", line.declaration.level),
            "number": line.declaration.number,
            "note": "公示异议核实中，暂缓上报" if line.entry.held else "",
        }
        for line in lines
    ]
    levels = Counter(line.declaration.level for line in lines)
    at = batch.submitted_at or clock.now(session)
    data = {
        "title": f"{notice.year}年职称申报推荐名册",
        "unit": unit,
        "number": batch.number or "",
        "notice": notice.number,
        "people": people,
        "counts": [
            f"{dictionaries.label('level', level)}{levels[level]}人" for level in quotas.LEVELS if level in levels
        ],
        "publicity": _publicity(session, batch),
        "date": day_words(local(at).date()),
    }
    return Paper("roster", f"{unit}{notice.year}年推荐名册", data, batch.notice_version_id, at, batch.number or "")


def _numbers(row: dict[str, Any]) -> dict[str, int]:
    return {key: row[key] for key in quotas.COUNTS if row.get(key) is not None}


def _person(session: Session, notice_version_id: int, record: dict[str, Any]) -> dict[str, str]:
    """Sex, month of birth and post in words, cut from the declaration's form."""
    wanted = ("sex", "birth_month", "unit_and_post")
    form = bundles.of_version(session, notice_version_id).schemas[form8.FORM]
    return form8.in_words(form, {key: record.get(key) for key in wanted})


def _publicity(session: Session, batch: UnitBatch) -> str:
    shown = publicity_rounds.present(session, batch.id)
    if shown is None:
        return ""
    period = publicity.period(session, shown)
    words = f"单位公示：{day_words(period.first_day)}至{day_words(period.last_day)}"
    return f"{words}。{shown.outcome or ''}"
