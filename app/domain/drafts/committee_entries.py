"""Parameters that single committees of a draft have of their own, before those of the notice."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.domain.drafts import entries, schedule, store
from app.domain.drafts.entries import Entry, Line, Link
from app.domain.drafts.paths import COMMITTEE_PARAMETERS
from app.domain.drafts.yaml_text import dumped, mapping
from app.errors import Conflict, NotFound, Problem, Refused
from app.models.draft import NoticeDraft

Own = dict[int, dict[str, Any]]  # by the committee's number: key → entry


def grouped(own: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    """As `committee_parameters.yaml` writes them: committees with the same values of their own stand in one group."""
    groups: list[dict[str, Any]] = []
    for number, said in sorted(own.items()):
        same = next((group for group in groups if group["parameters"] == said), None)
        if same is not None:
            same["committees"].append(number)
        elif said:
            groups.append({"committees": [number], "parameters": dict(said)})
    return {f"group_{number}": group for number, group in enumerate(groups, start=1)}


def of_draft(session: Session, draft: NoticeDraft) -> Own:
    """What each committee has of its own."""
    return read(store.text_of(session, draft, COMMITTEE_PARAMETERS)[0])


def read(text: str | bytes) -> Own:
    """What the file says, as far as it can be read; a later group goes before an earlier one."""
    found: Own = {}
    for group in mapping(text).values():
        said = group.get("parameters") if isinstance(group, dict) else None
        numbers = group.get("committees") if isinstance(group, dict) else None
        if isinstance(said, dict) and isinstance(numbers, list):
            for number in (each for each in numbers if type(each) is int):
                found[number] = {**found.get(number, {}), **said}
    return found


def lines(session: Session, draft: NoticeDraft) -> list[Line]:
    """What a committee may have of its own, windows apart: those stand in the schedule."""
    every = entries.lines(session, draft)
    return [line for line in every if line.spec.scope == "committee" and line.spec.type != "window"]


def line(session: Session, draft: NoticeDraft, number: int, key: str) -> Line:
    """The parameter with the committee before the notice. NotFound for another parameter, or no such committee."""
    found = next((each for each in lines(session, draft) if each.spec.key == key), None)
    rows = schedule.rows(session, draft)[0]
    if found is None or not 1 <= number <= len(rows):
        raise NotFound("没有这个评委会，或者此参数只能由通知统一规定。")
    own = Link(rows[number - 1]["name"], of_draft(session, draft).get(number, {}).get(key), own=True)
    above = [Link(each.title, each.entry) for each in found.chain]
    return Line(found.spec, [own, *above])


def change(  # noqa: PLR0913 (what the trail says)
    session: Session, draft_id: int, number: int, key: str, entry: Entry | None,
    *, token: str | None, by: int, reason: str,
) -> None:  # fmt: skip
    """Make `entry` the committee's own; None lets the notice speak. `token` None: whatever it was before.

    Raises Refused, NotFound and Conflict as `entries.change`.
    """
    draft = store.editable(session, draft_id)
    found = line(session, draft, number, key)
    entries.require_sound(found.spec, entry, reason)
    if token is not None and entries.token_of(found.own) != token:
        raise Conflict(entries.OVERTAKEN.format(meaning=found.spec.meaning))
    own = of_draft(session, draft)
    said = {name: each for name, each in own.get(number, {}).items() if name != key}
    own[number] = said if entry is None else {**said, key: dict(entry)}
    _save(session, draft, own, by=by, reason=reason, entry=(trail_key(number, key), found.own, entry))


def take_out(session: Session, draft_id: int, number: int, *, by: int) -> None:
    """The committee has left the schedule: those behind it move up and keep what is theirs."""
    draft = store.editable(session, draft_id)
    own = of_draft(session, draft)
    if any(each >= number for each in own):
        moved = {each - (each > number): said for each, said in own.items() if each != number}
        _save(session, draft, moved, by=by, reason=f"删除第{number}号评委会")


def trail_key(number: int, key: str) -> str:
    """The name under which the trail keeps a committee's own value."""
    return f"{number}#{key}"


def numbers_of(said: str, most: int) -> list[int]:
    """The committees that `54–60、76` names. Refused for what is no such list."""
    found: list[int] = []
    for part in said.replace("，", "、").replace(",", "、").replace(" ", "、").split("、"):
        first, dash, last = part.replace("–", "-").replace("—", "-").replace("至", "-").partition("-")
        ends = [first, last] if dash else [first, first]
        if part and not all(each.isdecimal() and len(each) < 5 and 1 <= int(each) <= most for each in ends):
            raise Refused(Problem("numbers", f"评委会序号应写作“54–60、76”，在1至{most}之间。", "others"))
        if part:
            found += range(int(ends[0]), int(ends[1]) + 1)
    return list(dict.fromkeys(found))


def _save(
    session: Session, draft: NoticeDraft, own: Own, *, by: int, reason: str, entry: tuple[str, Any, Any] | None = None
) -> None:
    _, revision = store.text_of(session, draft, COMMITTEE_PARAMETERS)
    text = dumped(grouped(own))
    store.save(session, draft.id, COMMITTEE_PARAMETERS, text, revision=revision, by=by, reason=reason, entry=entry)
