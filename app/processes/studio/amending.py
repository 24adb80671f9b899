"""A draft published as a supplementary notice: what it changes of the latest version, under way too (D18a)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.domain import notices
from app.domain.amendments import Amendment, Changes
from app.domain.committee_files import COLUMNS
from app.domain.drafts import cloning, committee_entries, schedule, store
from app.domain.drafts.paths import (
    COMMITTEE_PARAMETERS,
    COMMITTEES,
    HEADING,
    KINDS,
    LANES,
    PAPERS,
    PARAMETERS,
    kind_of,
)
from app.domain.drafts.schedule import LABELS, Row
from app.domain.drafts.yaml_text import mapping
from app.domain.packages import SCENARIOS
from app.domain.parameter_values import WINDOWS
from app.errors import Conflict, NotFound, Problem, Refused
from app.models.draft import NoticeDraft
from app.processes import amendments
from app.processes.amendments import Outcome
from app.processes.studio import publishing
from app.processes.studio.publishing import Checked

Files = Mapping[str, bytes]
_LISTS = ("levels", "series", "specialties", "flags")
_FIXED = ("convening_key", "convening_name")  # of a committee: who holds the declarations does not change under way
_TAKEN = (HEADING, PARAMETERS, COMMITTEES, COMMITTEE_PARAMETERS, LANES)


def is_possible(session: Session, draft: NoticeDraft) -> bool:
    """Whether the draft was begun on the latest version of its own notice."""
    try:
        return notices.latest(session, draft.key).id == draft.based_on_version_id
    except NotFound:
        return False


def changes(session: Session, draft: NoticeDraft) -> Changes:
    """What the draft changes. Refused with everything that no supplementary notice can, and for nothing at all."""
    if draft.based_on_version_id is None or not is_possible(session, draft):
        raise Refused(Problem("overtaken", "只能修改本通知最新的版本。请以最新版为基础另建草稿。"))
    before = cloning.of_version(session, draft.based_on_version_id)[1]
    after = store.own_files(session, draft.id)
    rows = _both(before, after, COMMITTEES, lambda data: schedule.parsed(data.decode()))
    problems = [*_elsewhere(before, after), *_rows_faults(*rows)]
    if problems:
        raise Refused(*problems)
    found = Changes(
        parameters=_differing(*_both(before, after, PARAMETERS, mapping)),
        texts=_differing(*_both(before, after, HEADING, lambda data: mapping(data).get("texts") or {})),
        decisions={path.partition("/")[2]: after[path] for path in _changed(before, after) if _is_table(path)},
        committees=dict(_committees(rows, _both(before, after, COMMITTEE_PARAMETERS, committee_entries.read))),
    )
    if not (found.parameters or found.texts or found.decisions or found.committees):
        raise Refused(Problem("unchanged", "草稿与所依据的版本相同，没有要修改的内容。"))
    return found


def publish(session: Session, draft_id: int, checked: Checked, said: Amendment, *, by: int, shorten: bool) -> Outcome:
    """Publish the supplementary notice, carry it out if it is in force, and close the draft.

    Raises Conflict if the draft's files are others than those that were checked, Refused with what speaks against it.
    """
    draft = store.editable(session, draft_id)
    if store.own_files(session, draft_id) != dict(checked.files):
        raise Conflict("检查之后有人又改了草稿，请重新核对后再发布。")
    against = [each for each in publishing.reasons_against(session, draft, checked.played) if each.code != "number"]
    if against:
        raise Refused(*against)
    outcome = amendments.amend(session, draft.key, said, by=by, shorten=shorten)
    draft.published_version_id = outcome.amended.version.id
    session.flush()
    return outcome


def terms(said: Mapping[str, str], found: Changes, effective_at: datetime | None) -> Amendment:
    """The form of a supplementary notice: number, legal_basis, reason, keep_old."""
    words = {name: said.get(name, "") for name in ("number", "legal_basis", "reason", "keep_old")}
    return Amendment(changes=found, effective_at=effective_at, **words)


def _both(before: Files, after: Files, path: str, read: Callable[[bytes], Any]) -> tuple[Any, Any]:
    return read(before.get(path, b"")), read(after.get(path, b""))


def _changed(before: Files, after: Files) -> list[str]:
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def _is_table(path: str) -> bool:
    return path.startswith("decisions/")


def _elsewhere(before: Files, after: Files) -> Iterator[Problem]:
    """Files that go with a new version only; a table may be changed or taken over, not given back."""
    for path in _changed(before, after):
        if path in _TAKEN or kind_of(path) == SCENARIOS or (_is_table(path) and path in after):
            continue
        name = PAPERS.get(path) or f"{KINDS[kind_of(path)]}“{path.partition('/')[2]}”"
        message = f"{name}有改动，不能由补充通知修改，请作为新版本发布，在办的再移到新版本。"
        yield Problem("not_amendable", message, field=path)


def _rows_faults(before: list[Row], after: list[Row]) -> Iterator[Problem]:
    if len(before) != len(after):
        yield Problem("committees", "补充通知不能增减评委会，请作为新版本发布。", field=COMMITTEES)
        return
    for old, new in zip(before, after, strict=True):
        for column in (each for each in _FIXED if old[each] != new[each]):
            message = f"第{new['no']}号评委会的{LABELS[column]}不能由补充通知修改，请作为新版本发布。"
            yield Problem("committees", message, field=COMMITTEES)


def _committees(
    rows: tuple[list[Row], list[Row]], own: tuple[committee_entries.Own, committee_entries.Own]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number → columns and windows that differ, its own parameters among them."""
    for number, (old, new) in enumerate(zip(*rows, strict=True), start=1):
        columns: dict[str, Any] = {}
        for name in WINDOWS:
            if any(old[f"{name}_{end}"] != new[f"{name}_{end}"] for end in ("from", "to")):
                columns[name] = {end: at for end in ("from", "to") if (at := new[f"{name}_{end}"])} or None
        plain = [each for each in COLUMNS if each != "no" and not each.endswith(("_from", "_to"))]
        columns |= {each: _cell(each, new[each]) for each in plain if _compared(each, old) != _compared(each, new)}
        said = _differing(own[0].get(number, {}), own[1].get(number, {}))
        if said:
            columns["parameters"] = said
        if columns:
            yield number, columns


def _compared(column: str, row: Row) -> Any:
    """A form may give the codes of a list in another order."""
    return set(row[column].split()) if column in _LISTS else row[column]


def _cell(column: str, said: str) -> Any:
    return said.split() if column in _LISTS else said


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """What is other or new, None for what is gone."""
    return {key: new.get(key) for key in {**old, **new} if old.get(key) != new.get(key)}
