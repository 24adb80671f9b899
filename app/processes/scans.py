"""One scan of many signed sheets, taken apart by pages: each part becomes evidence of the task, under its person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import attachments, batches
from app.domain.attachments import Upload
from app.domain.forms import schema
from app.errors import NotFound, Problem, Refused
from app.models.attachment import Attachment
from app.models.people import Person
from app.models.process import ProcessInstance, Task
from app.processes import tasks
from app.processes.tasks import Actor

MOST = 500  # pages


@dataclass(frozen=True)
class Sheet:
    """A person whose signed sheet is somewhere in the scan."""

    declaration_id: int
    applicant: str


def field_of(session: Session, task: Task) -> tuple[str, str]:
    """(key, label) of the task's own evidence field. NotFound for a task that takes no files of a batch."""
    form = tasks.sheet(session, task.id).schema if task.record == "batch" else None
    for component, table in schema.every_component(form["components"]) if form else ():
        if component.get("type") == "evidence" and table is None:
            return component["key"], schema.label_of(component)
    raise NotFound("此任务不需要上传扫描件。")


def sheets(session: Session, task: Task) -> list[Sheet]:
    """The names that the batch recommends, in its order; two statements."""
    instance = session.get_one(ProcessInstance, task.instance_id)
    batch = batches.get(session, instance.subject.get("batch_id"))
    names = [line.declaration for line in batches.lines(session, batch.id) if line.entry.recommended]
    wanted = select(Person.id, Person.name).where(Person.id.in_([name.person_id for name in names]))
    known = {row[0]: row[1] for row in session.execute(wanted)}
    return [Sheet(name.id, known[name.person_id]) for name in names]


def pages(content: bytes) -> int:
    """How many pages a PDF has; Refused for what is none, and for too many."""
    try:
        count = len(PdfReader(BytesIO(content)).pages)
    except (PyPdfError, ValueError, KeyError, RecursionError):
        raise Refused(Problem("scan", "该文件不能按页拆分，请重新扫描为PDF（不加密）。", "file")) from None
    if not 0 < count <= MOST:
        raise Refused(Problem("scan", f"扫描件应为1至{MOST}页，该文件为{count}页。", "file"))
    return count


def suggested(people: Sequence[Sheet], count: int) -> dict[int, tuple[int, int]]:
    """Declaration → (first, last) page, by order, everybody alike; nothing for whom no page is left."""
    each = max(1, count // len(people)) if people else 1
    ranges = {sheet.declaration_id: (n * each + 1, (n + 1) * each) for n, sheet in enumerate(people)}
    return {key: place for key, place in ranges.items() if place[1] <= count}


def assign(
    session: Session, folder: Path, task: Task, actor: Actor, scan: Attachment, places: Mapping[int, tuple[int, int]]
) -> int:
    """Store each person's pages as a file of his own and put them into the task's draft; returns how many.

    Refused for pages that the scan has not, and for a page given to two people.
    """
    content = attachments.path_of(folder, scan).read_bytes()
    people = {sheet.declaration_id: sheet.applicant for sheet in sheets(session, task)}
    _check(places, people, pages(content))
    key, label = field_of(session, task)
    reader, made = PdfReader(BytesIO(content)), []
    for declaration_id, (first, last) in places.items():
        upload = Upload(f"{people[declaration_id]}{label}.pdf", _cut(reader, first, last), key)
        made.append(attachments.store(session, folder, upload, actor.person_id, declaration_id).id)
    draft = task.draft or {}
    tasks.save_draft(session, task.id, actor, {**draft, key: [*(draft.get(key) or []), *made]}, task.draft_token)
    return len(made)


def _check(places: Mapping[int, tuple[int, int]], people: Mapping[int, str], count: int) -> None:
    if not places:
        raise Refused(Problem("nothing", "请至少为一人指定页码。"))
    taken: dict[int, str] = {}
    for declaration_id, (first, last) in places.items():
        name, field = people.get(declaration_id), f"first-{declaration_id}"
        if name is None:
            raise NotFound("没有找到该申报人，请刷新名单。")
        if not 1 <= first <= last <= count:
            raise Refused(Problem("pages", f"{name}的页码应在1至{count}之间，且起页不大于止页。", field))
        for page in range(first, last + 1):
            if page in taken:
                raise Refused(Problem("pages", f"第{page}页同时指定给{taken[page]}和{name}，请更正。", field))
            taken[page] = name


def _cut(reader: PdfReader, first: int, last: int) -> bytes:
    writer, out = PdfWriter(), BytesIO()
    for page in reader.pages[first - 1 : last]:
        writer.add_page(page)
    writer.write(out)
    return out.getvalue()
