"""Documents of one declaration: form 8, form 4 with its opinions, form 5 and form 6 as far as they can be set in."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import declarations, identity, organisations, people, publicity, publicity_access, publicity_rounds
from app.domain.forms import describe
from app.domain.forms.render import Row, TableView
from app.errors import NotFound
from app.models.declaration import Declaration
from app.models.process import Task
from app.models.recommendation import Publicity
from app.processes import bundles, form8, standing
from app.processes.documents.paper import Paper, in_words
from app.processes.form8 import Sheet

Said = dict[str, Any]
EXCEPTIONAL, OPINION = "exceptional", "exceptional_opinion"
_MONTH = re.compile(r"(\d{4})年(\d{1,2})月")
# level of the task that gives an opinion → its box on form 4
_BOXES = {"unit": "unit", "agency": "department", "district": "district", "municipal_tro": "municipal"}


def publicity_sheet(session: Session, declaration: Declaration) -> Paper:
    """附件8: as its publicity froze it, before any publicity as it would be shown now; its number is always masked."""
    shown = _publicity(session, declaration)
    frozen = form8.frozen(session, publicity_access.content_of(session, shown), declaration.id) if shown else None
    sheet = frozen or form8.preview(session, declaration)
    values = _headings(sheet)
    if shown is not None:
        values["publicised"] = _period(session, shown)
    tables = {view.key: [_cells(row) for row in view.rows] for view in sheet.tables}
    data = {"title": sheet.title, "values": values, "tables": tables}
    at = shown.confirmed_at if shown else clock.now(session)
    return Paper("form8", f"{sheet.name}公示表", data, declaration.notice_version_id, at)


def exceptional(session: Session, declaration: Declaration) -> Paper:
    """附件4: what the applicant declared, his recommenders, and the opinions given so far.

    NotFound where the declaration never asked for an exceptional promotion.
    """
    wanted = select(Task).where(Task.declaration_id == declaration.id, Task.form_key.in_((EXCEPTIONAL, OPINION)))
    steps = list(session.scalars(wanted.order_by(Task.id)))
    applied = [step for step in steps if step.form_key == EXCEPTIONAL and (step.values or step.draft)]
    if not applied:
        raise NotFound("这份申请书没有破格申报表。")
    said = applied[-1].values or applied[-1].draft or {}
    values, tables = _described(session, declaration, EXCEPTIONAL, {**declarations.record_of(declaration), **said})
    values |= {key: said.get(key) for key in ("document_year", "document_no", "article", "paragraph")}
    values["birth_date"] = in_words(said.get("birth_date"))
    given = [step for step in steps if step.form_key == OPINION and step.values]
    data = {
        "values": values,
        "recommenders": tables.get("recommenders", []),
        "opinions": {_box(declaration, step.level): _opinion(step.values or {}) for step in given},
    }
    at = (given or applied)[-1].ended_at or clock.now(session)
    return Paper("form4", f"{values['name']}破格申报表", data, declaration.notice_version_id, at)


def archive_record(session: Session, declaration: Declaration, own: bool) -> Paper:
    """附件5 to be filled and sealed where the archive lies; the applicant's `own` copy carries his whole number."""
    record = standing.current_record(session, declaration)
    number = str(record.get("id_number") or "")
    _, tables = _described(session, declaration, form8.FORM, record)
    degrees = [
        {
            "obtained_on": row.get("graduated"),
            "school": row.get("school"),
            "major": row.get("major"),
            "education": row.get("degree"),
            **({"mode": row["mode"]} if row.get("mode") else {}),
            "certificate_no": row.get("certificate_no"),
        }
        for row in tables.get("education", [])
    ]
    data = {
        "name": record.get("name"),
        "id_number": number if own else identity.mask_identity(number),
        "archived_since": None,
        "degrees": degrees,
        "titles": [],
        "qualifications": [],
    }
    name = f"{record.get('name') or ''}查档情况"
    return Paper("form5", name, data, declaration.notice_version_id, clock.now(session))


def education_card(session: Session, declaration: Declaration) -> Paper:
    """附件6, its courses as the declaration lists them."""
    record = standing.current_record(session, declaration)
    values, tables = _described(session, declaration, form8.FORM, record)
    data = {
        "employer": _employer(session, record),
        "name": values.get("name") or people.get(session, declaration.person_id).name,
        "sex": values.get("sex"),
        "birth_month": values.get("birth_month"),
        "title": values.get("current_title"),
        "courses": tables.get("courses", []),
    }
    name = f"{data['name']}继续教育登记卡"
    return Paper("form6", name, data, declaration.notice_version_id, clock.now(session))


def _headings(sheet: Sheet) -> Said:
    """The sheet's headings, with those put together that the printed form has in one cell."""
    said = sheet.values
    hours, note = said.get("ce_hours"), said.get("ce_note")
    return {
        **said,
        "id_number": sheet.number,
        "obtained": _held(said.get("current_title"), said.get("current_title_date")),
        "engaged": _held(said.get("engaged_title"), said.get("engaged_month")),
        "education_hours": note or (f"{hours}学时" if hours else None),
    }


def _held(title: str | None, since: str | None) -> str:
    """`助理工程师 2017.06`: the printed form has the month, the declaration may have the day in words."""
    day = _MONTH.match(since or "")
    month = f"{day[1]}.{int(day[2]):02}" if day else since or ""
    return f"{title or ''} {month}".strip()


def _publicity(session: Session, declaration: Declaration) -> Publicity | None:
    return None if declaration.batch_id is None else publicity_rounds.present(session, declaration.batch_id)


def _period(session: Session, shown: Publicity) -> str:
    """As the printed example has it: 2021.10.25-10.29."""
    period = publicity.period(session, shown)
    first, last = period.first_day, period.last_day
    until = f"{last:%m.%d}" if first.year == last.year else f"{last:%Y.%m.%d}"
    return f"{first:%Y.%m.%d}-{until}（公示{period.total}个工作日）"


def _described(session: Session, declaration: Declaration, form: str, said: Said) -> tuple[Said, dict[str, list[Said]]]:
    """The values in words by key, and the rows of the tables."""
    schema = bundles.of_version(session, declaration.notice_version_id).schemas[form]
    parts = [part for section in describe(schema, said) for part in section.parts]
    tables = {part.key: [_cells(row) for row in part.rows] for part in parts if isinstance(part, TableView)}
    return {part.key: part.text for part in parts if not isinstance(part, TableView)}, tables


def _cells(row: Row) -> Said:
    return {cell.key: cell.text for cell in (*row.cells, *row.details) if cell.kind != "evidence"}


def _opinion(said: Mapping[str, Any]) -> Said:
    return {"text": said.get("opinion"), "signed_by": said.get("signed_by"), "date": in_words(said.get("sealed_on"))}


def _box(declaration: Declaration, level: str | None) -> str:
    """Where no district office is on the route, the department is the city's and has the lower box."""
    if level == "department":
        return "department" if "district" in (declaration.route.get("bodies") or {}) else "district"
    return _BOXES.get(level or "", level or "")


def _employer(session: Session, record: Mapping[str, Any]) -> str:
    unit = record.get("unit_id")
    return organisations.get(session, unit).name if unit else str(record.get("unit_and_post") or "")
