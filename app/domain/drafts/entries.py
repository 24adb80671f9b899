"""The parameters of a draft one by one: where each value comes from, who changed it and why, changing it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import ROOT
from app.domain.drafts import store
from app.domain.drafts.paths import PARAMETERS
from app.domain.drafts.yaml_text import mapping, with_entry, without_entry
from app.domain.notice_content import Content, latest_content, lineage
from app.domain.packages import VOCABULARY_FILE
from app.domain.parameter_entries import fault_of, read_vocabulary, spec_of
from app.domain.parameter_values import TYPES, ParameterSpec
from app.errors import Conflict, NotFound, Problem, Refused
from app.models.draft import DraftChange, NoticeDraft
from app.models.people import Person

OVERTAKEN = "“{meaning}”刚刚由他人改过。您填写的内容仍在本页，请对照现在的值后再保存。"
Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Link:
    """One place that a value may come from, the draft itself first; `entry` None where it says nothing."""

    title: str
    entry: Entry | None
    own: bool = False


@dataclass(frozen=True)
class Line:
    """One parameter: its declaration and every place that was asked for it, nearest first."""

    spec: ParameterSpec
    chain: list[Link]

    @property
    def link(self) -> Link | None:
        """The place that the value is taken from."""
        return next((each for each in self.chain if each.entry is not None), None)

    @property
    def own(self) -> Entry | None:
        return self.chain[0].entry

    @property
    def state(self) -> str:
        """own, above, undecided (somebody has to decide), missing (must be given), or silent."""
        if self.link is None or self.link.entry is None:
            return "missing" if self.spec.required else "silent"
        if "undecided" in self.link.entry:
            return "undecided"
        return "own" if self.link.own else "above"


@dataclass(frozen=True)
class Change:
    """A line of the trail."""

    by: str
    at: datetime
    reason: str
    old: Entry | None
    new: Entry | None


def lines(session: Session, draft: NoticeDraft) -> list[Line]:
    """Every parameter that the notice may give, in the order of the vocabulary."""
    above = latest_content(session, draft.parent_key)
    said = mapping(store.text_of(session, draft, PARAMETERS)[0])
    words = declared(above, store.text_of(session, draft, VOCABULARY_FILE)[0])
    return [_line(spec, said, draft, lineage(above)) for spec in words.values()]


def line(session: Session, draft: NoticeDraft, key: str) -> Line:
    """One of them. NotFound for a word that nobody declares."""
    found = next((each for each in lines(session, draft) if each.spec.key == key), None)
    if found is None:
        raise NotFound("参数词表中没有这一项。")
    return found


def declared(above: Content | None, own: bytes | str) -> dict[str, ParameterSpec]:
    """What may be named: the shared words, those of the notices above, and `own` as far as they can be read."""
    mine = {
        key: spec_of(key, {name: said[name] for name in _DECLARATION if name in said})
        for key, said in mapping(own).items()
        if isinstance(said, dict) and said.get("type") in TYPES and isinstance(said.get("meaning"), str)
    }
    shared = read_vocabulary(ROOT / "notices" / VOCABULARY_FILE)
    return {**shared, **(above.vocabulary if above else {}), **mine}


def token_of(entry: Entry | None) -> str:
    """A name for an entry as it was shown; saving brings it, so that two who change one parameter meet."""
    return hashlib.sha256(orjson.dumps(entry, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def change(  # noqa: PLR0913 (what the trail says)
    session: Session, draft_id: int, key: str, entry: Entry | None, *, token: str, by: int, reason: str
) -> None:
    """Make `entry` the draft's own; None lets the notice above speak again.

    Raises Refused for an entry that the package's reader would refuse and where no reason is given, Conflict where
    somebody changed this very parameter since `token` was given out; other parameters may have changed meanwhile.
    """
    draft = store.editable(session, draft_id)
    found = line(session, draft, key)
    require_sound(found.spec, entry, reason)
    if token_of(found.own) != token:
        raise Conflict(OVERTAKEN.format(meaning=found.spec.meaning))
    text, revision = store.text_of(session, draft, PARAMETERS)
    new = without_entry(text, key) if entry is None else with_entry(text, key, dict(entry))
    store.save(
        session, draft_id, PARAMETERS, new, revision=revision, by=by, reason=reason, entry=(key, found.own, entry)
    )


def require_sound(spec: ParameterSpec, entry: Entry | None, reason: str) -> None:
    """Refused for an entry that the package's reader would refuse, and for a change without a reason."""
    if not reason.strip():
        raise Refused(Problem("reason", "请写明修改的原因，以备查考。", "reason"))
    fault = fault_of(spec, entry) if entry is not None else None
    if fault:
        raise Refused(Problem(fault[0], f"{_PARTS.get(fault[0], fault[0])}：{fault[1]}。", fault[0]))


def trail(session: Session, draft_id: int, key: str | None = None) -> list[tuple[str | None, Change]]:
    """Who changed which parameter and why, the latest first; of all of them without `key`."""
    query = (
        select(DraftChange, Person.name)
        .join(Person, Person.id == DraftChange.by)
        .where(DraftChange.draft_id == draft_id, DraftChange.key.is_not(None))
        .order_by(DraftChange.id.desc())
        .limit(200)
    )
    rows = session.execute(query if key is None else query.where(DraftChange.key == key))
    return [(row.key, Change(name, row.at, row.reason, row.old, row.new)) for row, name in rows]


_DECLARATION = ("type", "meaning", "unit", "scope", "clause", "choices", "required")
_PARTS = {
    "value": "值",
    "clause": "条款",
    "decided_by": "由谁决定",
    "note": "说明",
    "undecided": "待谁决定",
    "unit": "单位",
    "stopped_by": "中止事由",
    "kind": "依据",
}


def _line(spec: ParameterSpec, own: Mapping[str, Any], draft: NoticeDraft, lineage: list[Content]) -> Line:
    entry = own.get(spec.key)
    here = Link(draft.title, entry if isinstance(entry, dict) else None, own=True)
    return Line(spec, [here, *(Link(said.title, said.parameters.get(spec.key)) for said in lineage)])
