"""Form values as scenarios write them, made real: samples, `@organisation` keys, `file:` uploads, ticked points."""

import hashlib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cli import demo_drafts
from app.cli.scenarios import people
from app.cli.scenarios.case import Case
from app.config import ROOT
from app.domain import attachments, dictionaries, notices, packages, verification
from app.domain.attachments import Upload
from app.domain.forms.schema import Table
from app.errors import ConfigurationError
from app.models.attachment import Attachment
from app.models.declaration import Declaration
from app.models.people import Person
from app.models.process import ProcessInstance, Task
from app.processes import sheets

FILE = "file:"
TYPES = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".png": "image/png"}
OPINION = "符合要求，同意。"
ALL = "all"  # in a table of prefilled rows: what is said of every row
UPLOAD_SIZE = 120_000  # bytes; a photograph may have 200,000


@dataclass(frozen=True)
class Filler:
    """Who fills a form, and the case's label of each declaration by its id."""

    person_id: int
    labels: Mapping[str, str]


class Resolver:
    """Turns what a file says into what a form holds; uploads get a content where `files` says into which folder."""

    def __init__(self, case: Case, files: Path | None = None) -> None:
        self._case, self._files = case, files

    def record(self, session: Session, said: Mapping[str, Any], person: Person) -> dict[str, Any]:
        """The full record of a declaration: its sample, what the case sets, and who the person is."""
        base = said.get("base")
        if base is not None and base not in self._case.samples:
            raise ConfigurationError(f"samples.yaml 中没有名为“{base}”的样例。")
        sample = deepcopy(dict(self._case.samples[base])) if base else {}
        merged = {**people.identity(person), **sample, **(said.get("set") or {})}
        without = said.get("without") or ()
        kept = {key: value for key, value in merged.items() if key not in without}
        found: dict[str, Any] = self.real(session, kept, person.id)
        return found

    def filled(
        self, session: Session, task: Task, shown: Mapping[str, Any], given: Mapping[str, Any], by: Filler
    ) -> dict[str, Any]:
        """What the page would send: prefilled values, what the step says, and every unmentioned point in order."""
        instance = session.get_one(ProcessInstance, task.instance_id)
        form = sheets.form_of(session, task, instance)
        said = self.real(session, dict(given), by.person_id)
        values = {**shown, **said}
        if form is None:
            return values
        signature = {"opinion": OPINION, "signed_by": session.get_one(Person, by.person_id).name}
        for item in form.items:
            if isinstance(item, Table):
                if isinstance(said.get(item.key), Mapping):
                    values[item.key] = _rows(shown.get(item.key) or [], said[item.key], by.labels)
            elif item.kind == "checkpoints" and item.key not in given:
                values[item.key] = {point["value"]: {"ok": True} for point in item.component["points"]}
            elif item.key in signature and not values.get(item.key):
                values[item.key] = signature[item.key]
        if form.decisions and "decision" not in values and len(form.decisions) == 1:
            values["decision"] = form.decisions[0].value
        return values

    def real(self, session: Session, value: Any, person_id: int) -> Any:
        """`@key` becomes an organisation's id, `file:name` an uploaded attachment's."""
        if isinstance(value, Mapping):
            return {key: self.real(session, item, person_id) for key, item in value.items()}
        if isinstance(value, list):
            return [self.real(session, item, person_id) for item in value]
        if isinstance(value, str) and value.startswith("@"):
            return people.body(session, value[1:]).id
        if isinstance(value, str) and value.startswith(FILE):
            return self._attachment(session, value[len(FILE) :], person_id)
        return value

    def _attachment(self, session: Session, name: str, person_id: int) -> int:
        """The person's upload of this name; with a folder for files one that can be opened, else a row alone."""
        wanted = select(Attachment).where(Attachment.name == name, Attachment.uploaded_by == person_id)
        found = session.scalars(wanted).first()
        if found is None and self._files is not None:
            found = attachments.store(session, self._files, Upload(name, demo_drafts.content(name)), person_id)
        return (found or row_alone(session, name, person_id)).id


def adopt_files(session: Session, declaration: Declaration) -> None:
    """The uploads made for a record belong to its declaration."""
    rows = session.scalars(
        select(Attachment).where(Attachment.uploaded_by == declaration.person_id, Attachment.declaration_id.is_(None))
    )
    for row in rows:
        row.declaration_id = declaration.id


def publish_own_notices(session: Session, case: Case) -> None:
    """Notices that stand beside the case, as folders named in it."""
    for name in case.notices:
        folder = (case.folder / name).resolve()
        notices.publish(session, packages.read(folder, ROOT), by=None, note="情景用通知")


def store_shared_records(session: Session, person: Person, record: Mapping[str, Any], own: Mapping[str, Any]) -> None:
    """The data-sharing platform confirms what `record` says, but for the items that the case words itself (`own`)."""
    confirmed = {
        "education": {"highest_education": record.get("highest_education")},
        "insured_unit": {"insured_unit_id": record.get("insured_unit_id")},
        "archive_institution": {"archive_place": record.get("archive_place")},
        "continuing_education": {"completed": True, "ce_hours": record.get("ce_hours")},
        "post_vacancy": {"vacant": 3},
    }
    for item, result in ({**confirmed, **own} if record else own).items():
        verification.share(session, person.identity_number or "", item, result)


def level(title: str) -> str:
    return dictionaries.level_of(title)


def _rows(shown: list[Any], said: Mapping[str, Any], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Prefilled rows with what the step says of `all` of them, then of one by its declaration's label or its own id."""
    known = {ALL, *(str(row["_id"]) for row in shown), *(labels.get(str(row["_id"]), "") for row in shown)}
    if unknown := set(said) - known:
        raise ConfigurationError(f"表中没有这些行：{', '.join(sorted(unknown))}。")
    found = []
    for row in shown:
        own = said.get(labels.get(str(row["_id"]), "")) or said.get(str(row["_id"])) or {}
        found.append({**row, **(said.get(ALL) or {}), **own})
    return found


def row_alone(session: Session, name: str, person_id: int) -> Attachment:
    """An upload of that name without its content, which nobody opens."""
    made = Attachment(
        digest=hashlib.sha256(name.encode()).hexdigest(),
        name=name,
        media_type=TYPES.get(Path(name).suffix, "application/pdf"),
        size=UPLOAD_SIZE,
        uploaded_by=person_id,
        uploaded_at=clock.now(session),
    )
    session.add(made)
    session.flush()
    return made
