"""New drafts: of a published version, of a package that comes with the product, or of nothing but a heading."""

from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.clock import local
from app.config import ROOT
from app.domain import committees, notices
from app.domain.clause_files import CLAUSES_FILE, TEXT_FILE
from app.domain.committee_files import CommitteeRow, written
from app.domain.drafts import committee_entries, heading, inherited, store
from app.domain.drafts.heading import Heading
from app.domain.drafts.paths import (
    COMMITTEE_PARAMETERS,
    COMMITTEES,
    FOLDERS,
    HEADING,
    LANES,
    PAPERS,
    PARAMETERS,
    kind_of,
)
from app.domain.drafts.yaml_text import dumped, mapping, with_entry
from app.domain.notice_content import content
from app.domain.packages import SCENARIOS, VOCABULARY_FILE
from app.domain.parameter_entries import read_vocabulary, spec_as_written
from app.domain.parameter_values import WINDOWS, as_printed
from app.errors import NotFound, Problem, Refused
from app.models.draft import NoticeDraft
from app.models.notice import Committee, Notice, NoticeVersion

Files = dict[str, bytes]
_PLAIN = ("name", "convening_key", "convening_name", "address", "session", "clause", "note")


def begin(
    session: Session, said: Heading, files: Files, *, by: int, note: str = "", based_on: int | None = None
) -> NoticeDraft:
    """A draft with these files under a heading of its own; nothing else in them changes but the parameter `year`."""
    heading.check(said)
    _refuse_taken(session, said, based_on)
    draft = NoticeDraft(
        key=said.key, title=said.title, issuer=said.issuer, year=said.year, parent_key=said.parent,
        based_on_version_id=based_on, note=note, created_by=by, created_at=clock.now(session),
    )  # fmt: skip
    session.add(draft)
    session.flush()
    for path, text in renewed(said, files).items():
        store.save(session, draft.id, path, text, revision=0, by=by, reason=note)
    return draft


def renewed(said: Heading, files: Files) -> dict[str, str]:
    """The files as text, with the new heading and year."""
    texts = {path: data.decode() for path, data in files.items()}
    written_heading = texts.get(HEADING, "")
    for key, value in asdict(said).items():
        if value is not None:
            written_heading = with_entry(written_heading, key, value)
    year = {**mapping(texts.get(PARAMETERS, "")).get("year", {"clause": "标题"}), "value": said.year}
    parameters = with_entry(texts.get(PARAMETERS, ""), "year", year)
    return texts | {HEADING: written_heading, PARAMETERS: parameters}


def beside_each_other(session: Session, draft: NoticeDraft) -> dict[str, bytes]:
    """The draft's own files below its key, then below theirs those of the published notices that it stands under.

    Nearest first: a folder of notices in which the draft is read, played and rehearsed as it would stand.
    """
    files = {f"{draft.key}/{path}": data for path, data in store.own_files(session, draft.id).items()}
    seen, parent = {draft.key}, draft.parent_key
    while parent is not None and parent not in seen:
        said, above = of_version(session, notices.latest(session, parent).id)
        files |= {f"{parent}/{path}": text.encode() for path, text in renewed(said, above).items()}
        seen.add(parent)
        parent = said.parent
    return files


def of_version(session: Session, version_id: int) -> tuple[Heading, Files]:
    """Heading and files that a published version would be read from, its amendments in them. NotFound."""
    version = session.get(NoticeVersion, version_id)
    if version is None:
        raise NotFound("没有找到该通知的版本。")
    notice = session.get_one(Notice, version.notice_id)
    said = Heading(
        notice.key, notice.title, version.number, notice.issuer, notice.year,
        local(version.effective_at).date().isoformat(), notice.parent_key,
    )  # fmt: skip
    rows = [_row_of(row) for row in committees.of_version(session, version_id)]
    papers = {
        HEADING: dumped({"texts": dict(version.body["texts"])} if version.body["texts"] else {}),
        PARAMETERS: dumped(version.body["parameters"]),
        VOCABULARY_FILE: dumped(_own_words(session, version_id)),
        COMMITTEES: written(rows) if rows else "",
        COMMITTEE_PARAMETERS: dumped(committee_entries.grouped({row.no: row.parameters for row in rows})),
        TEXT_FILE: version.body.get("text", ""),
        CLAUSES_FILE: dumped(_clauses(version.body.get("clauses", {}))),
    }
    own = inherited.own_of(session, content(session, version_id))
    read = own | {path: text.encode() for path, text in papers.items() if text}
    return said, _as_drafted(session, version) | read


def _as_drafted(session: Session, version: NoticeVersion) -> Files:
    """What only the draft knows that a version was published from: its lanes and scenarios."""
    query = select(NoticeDraft).where(NoticeDraft.published_version_id == version.id)
    draft = session.scalars(query).first()
    if draft is None:
        amended = session.get(NoticeVersion, version.amends) if version.amends else None
        return _as_drafted(session, amended) if amended else {}
    own = store.own_files(session, draft.id)
    return {path: data for path, data in own.items() if path == LANES or kind_of(path) == SCENARIOS}


def of_package(key: str) -> tuple[Heading, Files]:
    """Heading and files of a package that comes with the product. NotFound."""
    folder = ROOT / "notices" / key
    if not key.isidentifier() or not (folder / HEADING).is_file():
        raise NotFound("没有找到这份随产品提供的通知。")
    paths = [folder / name for name in PAPERS]
    paths += [path for kind, ending in FOLDERS.items() for path in sorted((folder / kind).glob(f"*{ending}"))]
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if path.is_file()}
    said = mapping(files[HEADING])
    values: dict[str, Any] = {name: said.get(name) for name in Heading.__dataclass_fields__}
    return Heading(**values), files


def next_year(said: Heading) -> Heading:
    """What next year's notice would be called, for the designer to look over."""
    new = said.year + 1
    words = {name: getattr(said, name).replace(str(said.year), str(new)) for name in ("key", "title", "in_force_from")}
    if words["key"] == said.key:
        words["key"] = f"{said.key}_{new}"
    return replace(said, year=new, number="", **words)


def _refuse_taken(session: Session, said: Heading, based_on: int | None) -> None:
    """A key that is published belongs to that notice: only a draft based on a version of it may carry it on."""
    try:
        latest = notices.latest(session, said.key)
    except NotFound:
        return
    base = session.get(NoticeVersion, based_on) if based_on else None
    if base is None or base.notice_id != latest.notice_id:
        raise Refused(Problem("taken", f"代号“{said.key}”已有通知使用，请换一个。", "key"))


def _clauses(marked: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The clauses as a package writes them, without what is empty."""
    kept = ("heading", "where", "elements", "accepted")
    return {key: {name: said[name] for name in kept if said[name]} for key, said in marked.items()}


def _own_words(session: Session, version_id: int) -> dict[str, Any]:
    shared = read_vocabulary(ROOT / "notices" / VOCABULARY_FILE)
    said = content(session, version_id).vocabulary
    return {key: spec_as_written(spec) for key, spec in said.items() if key not in shared}


def _row_of(row: Committee) -> CommitteeRow:
    windows = {name: shown for name in WINDOWS if (shown := committees.window(row, name))}
    lists: dict[str, Any] = {name: tuple(getattr(row, name)) for name in ("levels", "series", "specialties", "flags")}
    return CommitteeRow(
        no=row.no,
        windows={name: as_printed(window) for name, window in windows.items()},
        parameters=row.parameters,
        **{name: getattr(row, name) for name in _PLAIN},
        **lists,
    )
