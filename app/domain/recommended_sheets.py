"""The sheet of recommended experts: read from Excel or CSV, checked row by row, taken whole or not at all (N0 附件)."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import identity, spreadsheets
from app.errors import Conflict, NotFound, Problem, Refused
from app.models.expert import CANDIDATE_IDENTITY_COLUMN, Candidate, RecommendedSheet
from app.models.types import blind

FIELD = "file"
HEADINGS = {
    "name": ("姓名", "专家姓名"),
    "identity": ("身份证号", "身份证号码"),
    "mobile": ("本人移动电话号码", "移动电话号码", "手机号码", "手机号", "联系电话"),
}
MOST_ROWS = 20_000
AT_ONCE = 1000  # rows checked before the page tells how far it is
AS_NUMBER = "存成了数值，末尾数字已经丢失。请把该列设为文本格式、重新填写后再导入。"
_SEARCHED = 20  # rows in which the headings are looked for
_SPACING = re.compile(r"\s")

_INVITED = (Candidate.source == "recommended") & (Candidate.status != "listed")
_TABLE = Candidate.metadata.tables["candidate"]

Row = dict[str, Any]


def take(session: Session, campaign_id: int, name: str, content: bytes, by: int | None) -> RecommendedSheet:
    """Keep the file's rows for checking; Refused for what cannot be read, lacks a heading or holds nobody."""
    found = rows(name, content)
    sheet = RecommendedSheet(
        campaign_id=campaign_id,
        name=name[-255:],
        content=json.dumps(found, ensure_ascii=False),
        total=len(found),
        taken_by=by,
        taken_at=clock.now(session),
    )
    session.add(sheet)
    session.flush()
    return sheet


def get(session: Session, sheet_id: int) -> RecommendedSheet:
    found = session.get(RecommendedSheet, sheet_id)
    if found is None:
        raise NotFound("没有找到该推荐专家基本信息表。")
    return found


def of_campaign(session: Session, campaign_id: int) -> list[RecommendedSheet]:
    """The sheets handed in for the campaign, the latest first."""
    wanted = select(RecommendedSheet).where(RecommendedSheet.campaign_id == campaign_id)
    return list(session.scalars(wanted.order_by(RecommendedSheet.id.desc()).limit(20)))


def rows(name: str, content: bytes) -> list[Row]:
    """line, name, identity, mobile of every row that says something; a cell that is a number stays one."""
    cells = spreadsheets.cells(name, content, FIELD, MOST_ROWS)
    heading, columns = _columns(name, cells)
    found = []
    for line, row in enumerate(cells[heading + 1 :], heading + 2):
        given = {key: row[column] if column < len(row) else "" for key, column in columns.items()}
        if any(str(value).strip() for value in given.values()):
            found.append({"line": line, **{key: _plain(value) for key, value in given.items()}})
    if not found:
        raise Refused(Problem("empty", f"“{name}”中没有推荐专家，请核对。", FIELD))
    return found


def check_on(session: Session, sheet: RecommendedSheet, limit: int = AT_ONCE) -> None:
    """Check the next rows; after the last, a sheet without a problem becomes candidates, any other is refused whole."""
    if sheet.status != "checking" or sheet.content is None:
        return
    everything: list[Row] = json.loads(sheet.content)
    today = clock.local(clock.now(session)).date()
    part = everything[sheet.checked : sheet.checked + limit]
    sheet.problems = [*sheet.problems, *(problem for row in part for problem in _faults(row, today))]
    sheet.checked += len(part)
    if sheet.checked < sheet.total:
        return
    if session.scalar(select(Candidate.id).where(Candidate.campaign_id == sheet.campaign_id, _INVITED).limit(1)):
        raise Conflict("推荐名单已经提交，不能再导入。")
    sheet.problems = sorted([*sheet.problems, *_repeated(everything)], key=lambda problem: problem["line"])
    sheet.content = None
    if sheet.problems:
        sheet.status = "refused"
        return
    _replace(session, sheet.campaign_id, everything)
    sheet.status = "taken"


def _replace(session: Session, campaign_id: int, people: Sequence[Row]) -> None:
    """The sheet handed in last is the list; those who applied themselves or are designated stay."""
    session.execute(
        _TABLE.delete().where(
            _TABLE.c.campaign_id == campaign_id, _TABLE.c.source == "recommended", _TABLE.c.status == "listed"
        )
    )
    now, others = clock.now(session), _others(session, campaign_id)
    fresh = []
    for row in people:
        number = _text(row["identity"]).upper()
        key = blind(CANDIDATE_IDENTITY_COLUMN, number)
        if key not in others:
            fresh.append(
                {
                    "campaign_id": campaign_id,
                    "source": "recommended",
                    "name": _text(row["name"]),
                    "identity_number": number,
                    "identity_blind": key,
                    "mobile": identity.check_mobile(_text(row["mobile"])),
                    "sheet_row": row["line"],
                    "status": "listed",
                    "position": "member",
                    "profile": {},
                    "flags": [],
                    "created_at": now,
                }
            )
    if fresh:
        session.execute(insert(_TABLE), fresh)


def _others(session: Session, campaign_id: int) -> set[str]:
    return set(session.scalars(select(Candidate.identity_blind).where(Candidate.campaign_id == campaign_id)))


def _columns(name: str, cells: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]]:
    """The row of headings and the column of each field."""
    for number, row in enumerate(cells[:_SEARCHED]):
        titles = [re.sub(r"[（(].*?[)）]|\s", "", str(cell)) for cell in row]
        found = {
            key: titles.index(word)
            for key, words in HEADINGS.items()
            if (word := next((each for each in words if each in titles), None)) is not None
        }
        if len(found) == len(HEADINGS):
            return number, found
    message = f"“{name}”中没有找到表头“姓名”“身份证号”“本人移动电话号码”，请按样表填写后再导入。"
    raise Refused(Problem("headings", message, FIELD))


def _faults(row: Mapping[str, Any], today: date) -> list[Row]:
    """Everything wrong with one row by itself."""
    line, found = row["line"], []
    if not _text(row["name"]):
        found.append(_fault(line, "name", "没有填写姓名。"))
    if isinstance(row["identity"], int | float):
        found.append(_fault(line, "identity", f"身份证号{AS_NUMBER}"))
    elif not _text(row["identity"]):
        found.append(_fault(line, "identity", "没有填写身份证号。"))
    else:
        found += _refusals(line, "identity", lambda: identity.check_resident_id(_text(row["identity"]), today))
    if not _text(row["mobile"]):
        found.append(_fault(line, "mobile", "没有填写本人移动电话号码。"))
    else:
        found += _refusals(line, "mobile", lambda: identity.check_mobile(_text(row["mobile"])))
    return found


def _refusals(line: int, field: str, check: Any) -> list[Row]:
    try:
        check()
    except Refused as refused:
        return [_fault(line, field, problem.message) for problem in refused.problems]
    return []


def _repeated(everything: Sequence[Row]) -> list[Row]:
    """Every later row that names an identity number again, or a telephone that somebody else has."""
    first: dict[tuple[str, str], int] = {}
    found = []
    words = {"identity": "身份证号", "mobile": "移动电话号码"}
    for row in everything:
        for field, label in words.items():
            value = _text(row[field]).upper()
            if not value:
                continue
            known = first.setdefault((field, value), row["line"])
            if known != row["line"]:
                found.append(_fault(row["line"], field, f"{label}与第{known}行重复。"))
    return found


def summary(problems: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many problems each column has."""
    return dict(Counter(str(problem["field"]) for problem in problems))


def _fault(line: int, field: str, text: str) -> Row:
    return {"line": line, "field": field, "text": text}


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float) else str(value)


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _SPACING.sub("", str(value)).removeprefix("'")
