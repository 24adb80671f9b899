"""Two states of a notice compared: parameters, committees, forms, tables and texts in words, diagrams by element."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from app.domain import notices
from app.domain.drafts import cloning, inherited, schedule, store, texts
from app.domain.drafts.paths import COMMITTEES, FOLDERS, HEADING, PARAMETERS
from app.domain.drafts.yaml_text import mapping
from app.domain.notice_content import content, entries, latest_content
from app.engine.differences import ADDED, CHANGED, REMOVED, Change, of_diagrams, of_tables
from app.errors import NotFound
from app.models.notice import Notice, NoticeVersion


@dataclass(frozen=True)
class Side:
    """One state: every file it runs on, and which are its `own`; `entries` are the parameters in force."""

    label: str
    files: Mapping[str, bytes]
    entries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    own: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FileChanges:
    """One file that differs; `kind` added, removed or changed. `own` where one of the two has it of its own."""

    path: str
    kind: str
    changes: list[Change]
    own: bool


@dataclass(frozen=True)
class EntryChange:
    key: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None


@dataclass(frozen=True)
class Differences:
    files: list[FileChanges]
    entries: list[EntryChange]
    committees: list[Change]
    texts: list[Change]

    @property
    def none(self) -> bool:
        return not (self.files or self.entries or self.committees or self.texts)


def side(session: Session, which: str) -> Side:
    """`draft:ID` or `version:ID`. NotFound for anything else."""
    kind, _, number = which.partition(":")
    if not number.isdecimal() or kind not in ("draft", "version"):
        raise NotFound
    return _draft(session, int(number)) if kind == "draft" else _version(session, int(number))


def compare(old: Side, new: Side) -> Differences:
    paths = sorted({path for each in (old, new) for path in each.files if path.partition("/")[0] in FOLDERS})
    files = [found for path in paths if (found := _file(path, old, new))]
    keys = [key for key in {**old.entries, **new.entries} if old.entries.get(key) != new.entries.get(key)]
    entries = [EntryChange(key, old.entries.get(key), new.entries.get(key)) for key in keys]
    return Differences(files, entries, _committees(old, new), _texts(old, new))


def _draft(session: Session, draft_id: int) -> Side:
    draft = store.get(session, draft_id)
    own = store.own_files(session, draft_id)
    shared = {path: each.content for path, each in inherited.of_parent(session, draft.parent_key).items()}
    # the shared templates of documents come with the product: no version keeps them
    files = {path: data for path, data in shared.items() if not path.startswith("documents/")} | own
    given = {**entries(latest_content(session, draft.parent_key)), **mapping(files.get(PARAMETERS, b""))}
    return Side(f"草稿《{draft.title}》", files, given, frozenset(own))


def _version(session: Session, version_id: int) -> Side:
    _, own = cloning.of_version(session, version_id)
    version = session.get_one(NoticeVersion, version_id)
    notice = session.get_one(Notice, version.notice_id)
    bundle = notices.bundle(session, version_id)
    drawn = {f"diagrams/{name}": data for name, data in bundle.diagrams.items()}
    drawn |= {f"decisions/{name}": data for name, data in bundle.decisions.items()}
    drawn |= {f"forms/{key}.json": json.dumps(form).encode() for key, form in bundle.forms.items()}
    drawn |= {f"documents/{name}": data for name, data in bundle.documents.items()}
    heading = f"title: {json.dumps(notice.title)}\nnumber: {json.dumps(version.number)}\n".encode()
    own[HEADING] = heading + own.get(HEADING, b"")
    given = entries(content(session, version_id))
    return Side(f"《{notice.title}》第{version.ordinal}版", {**drawn, **own}, given, frozenset(own))


def _file(path: str, before: Side, after: Side) -> FileChanges | None:
    kind = path.partition("/")[0]
    old, new, own = before.files.get(path), after.files.get(path), path in before.own | after.own
    if old is None or new is None:
        return FileChanges(path, ADDED if old is None else REMOVED, [], own)
    if old == new or (kind == "forms" and _loaded(old) == _loaded(new)):
        return None
    compared = {"diagrams": of_diagrams, "decisions": of_tables, "forms": _forms}.get(kind)
    changes = compared(old, new) if compared else []
    return FileChanges(path, CHANGED, changes, own) if changes or compared is None else None


def _forms(old: bytes, new: bytes) -> list[Change]:
    before, after = (_fields(_loaded(each)) for each in (old, new))
    return list(_by_key(before, after, lambda said: str(said.get("label") or said.get("key") or said.get("type"))))


def _fields(form: Any) -> dict[str, dict[str, Any]]:
    """Every component by its id, tables' own among them; their place in the layout left out."""
    found: dict[str, dict[str, Any]] = {}
    for component in _components(form):
        key = str(component.get("id") or component.get("key") or component.get("path"))
        found[key] = {name: said for name, said in component.items() if name not in ("components", "layout", "id")}
    return found


def _components(form: Any) -> Iterator[dict[str, Any]]:
    for component in form.get("components", []) if isinstance(form, dict) else []:
        if isinstance(component, dict):
            yield component
            yield from _components(component)


def _committees(old: Side, new: Side) -> list[Change]:
    before, after = (
        {row["name"]: {schedule.LABELS[c]: cell for c, cell in row.items() if c != "no"} for row in rows}
        for rows in (schedule.parsed(each.files.get(COMMITTEES, b"").decode()) for each in (old, new))
    )
    return list(_by_key(before, after, lambda row: row["评委会名称"]))


def _texts(old: Side, new: Side) -> list[Change]:
    before, after = ({key: {"文字": said} for key, said in _flat(each)} for each in (old, new))
    names = {"title": "通知名称", "number": "文号", **texts.names()}
    return [replace(each, name=names.get(each.element, each.element)) for each in _by_key(before, after, lambda _: "")]


def _flat(each: Side) -> Iterable[tuple[str, str]]:
    said = mapping(each.files.get(HEADING, b""))
    yield from ((key, str(value)) for key, value in said.items() if key in ("title", "number"))
    yield from ((key, str(value)) for key, value in (said.get("texts") or {}).items())


def _by_key(before: Mapping[str, Any], after: Mapping[str, Any], name: Any) -> Iterator[Change]:
    for key, said in after.items():
        if key not in before:
            yield Change(ADDED, key, name(said))
        elif before[key] != said:
            parts = [part for part in {**before[key], **said} if before[key].get(part) != said.get(part)]
            words = tuple(f"{part}：{_words(before[key].get(part))} → {_words(said.get(part))}" for part in parts)
            yield Change(CHANGED, key, name(said), words)
    yield from (Change(REMOVED, key, name(said)) for key, said in before.items() if key not in after)


def _words(value: Any) -> str:
    if value in (None, "", [], {}):
        return "无"
    return f"“{value}”" if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _loaded(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return {}
