"""我的业绩库: a person's achievements with their evidence, entered once and picked into any year's declaration."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.errors import Conflict
from app.models.achievement import AchievementLibrary
from app.models.declaration import Declaration

Row = dict[str, Any]
Rows = dict[str, list[Row]]  # key of a record table → its rows
LIBRARY = "library"  # property of a record table: its rows belong into the library
OTHER_TAB = "业绩库刚刚在另一窗口保存过。您本页的内容还在，请核对最新内容后再保存。"


def schema_of(form: Mapping[str, Any]) -> dict[str, Any]:
    """Form 8's record tables that are marked `library`, as a form of their own: nothing in it is demanded."""
    tables = [deepcopy(each) for each in form["components"] if each.get(LIBRARY) is True]
    for table in tables:
        table.pop("minRows", None)
        table.pop("conditional", None)
    return {"type": "default", "components": tables}


def rows_of(session: Session, person_id: int) -> Rows:
    kept = session.get(AchievementLibrary, person_id)
    return kept.rows if kept else {}


def token_of(session: Session, person_id: int) -> str | None:
    kept = session.get(AchievementLibrary, person_id)
    return kept.token if kept else None


def save(session: Session, person_id: int, rows: Rows, token: str | None) -> str:
    """Make `rows` the library; Conflict where another window has saved since `token` was given out."""
    kept = session.get(AchievementLibrary, person_id, with_for_update=True)
    if kept is not None and kept.token != token:
        raise Conflict(OTHER_TAB)
    new = {"rows": rows, "token": str(uuid.uuid4()), "saved_at": clock.now(session)}
    if kept is None:
        session.add(AchievementLibrary(person_id=person_id, **new))
    else:
        for key, value in new.items():
            setattr(kept, key, value)
    session.flush()
    return str(new["token"])


def add(session: Session, person_id: int, found: Mapping[str, Sequence[Row]]) -> int:
    """Take over rows that the library does not hold yet; gives how many. A row keeps its `_id`, so its use shows."""
    kept = rows_of(session, person_id)
    known = {key: {_content(row) for row in rows} | {row["_id"] for row in rows} for key, rows in kept.items()}
    new = {
        key: [row for row in rows if not {_content(row), row["_id"]} & known.get(key, set())]
        for key, rows in found.items()
    }
    count = sum(map(len, new.values()))
    if count:
        merged = {key: [*kept.get(key, []), *new.get(key, [])] for key in {*kept, *new}}
        save(session, person_id, merged, token_of(session, person_id))
    return count


def years_used(session: Session, person_id: int, but: int | None = None) -> dict[str, list[int]]:
    """Row `_id` → the years of the person's submitted declarations that show it; the declaration `but` left out."""
    wanted = select(Declaration).where(Declaration.person_id == person_id, Declaration.submitted_at.is_not(None))
    years: dict[str, set[int]] = defaultdict(set)
    for declaration in session.scalars(wanted):
        for rows in declaration.data.values() if declaration.id != but else ():
            for row in rows if isinstance(rows, list) else ():
                if isinstance(row, dict) and "_id" in row:
                    years[row["_id"]].add(declaration.year)
    return {key: sorted(found) for key, found in years.items()}


def _content(row: Row) -> str:
    """What a row says, its own name and its files aside."""
    said = {key: value for key, value in row.items() if key not in ("_id", "evidence")}
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()
