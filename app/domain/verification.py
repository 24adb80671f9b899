"""R-144: five items compared with other authorities' registers; what is not confirmed is examined by hand.

The registers are the table `shared_record` (person, item → result), which stands for the data-sharing platform.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app import ahead
from app.domain import declarations
from app.errors import Problem, Refused
from app.models.declaration import Declaration, SharedRecord
from app.models.people import IDENTITY_COLUMN, Person
from app.models.types import blind

Record = Mapping[str, Any]
VERIFIED, MANUAL, NOT_ASKED = "verified", "manual", "not_asked"
RESULTS = {VERIFIED: "自动比对通过", MANUAL: "需人工审核", NOT_ASKED: "无需比对"}
_SAID = select(SharedRecord.item, SharedRecord.result).where(SharedRecord.identity_blind == bindparam("identity"))
REGISTERED = (  # what is said of a person himself, whose number the record mostly names
    select(Person.identity_blind, SharedRecord.item, SharedRecord.result)
    .outerjoin(SharedRecord, SharedRecord.identity_blind == Person.identity_blind)
    .where(Person.id == bindparam("person"))
)
INSTITUTION = ("institution_established", "institution_contract")


@dataclass(frozen=True)
class Item:
    """One thing compared: `fields` of the record are locked once it is verified; `applies` where it is asked at all."""

    label: str
    fields: tuple[str, ...]
    applies: Callable[[Record], bool]
    agrees: Callable[[Record, Record], bool]


def _same(*keys: str) -> Callable[[Record, Record], bool]:
    """The register has the keys and says of each what the record says."""
    return lambda found, record: all(found.get(key) is not None and found[key] == record.get(key) for key in keys)


ITEMS = {
    "education": Item("学历学位", ("highest_education",), lambda _: True, _same("highest_education")),
    "insured_unit": Item(
        "参保单位",
        ("insured_unit_id",),
        lambda record: bool(record.get("insured_unit_id")),
        _same("insured_unit_id"),
    ),
    "archive_institution": Item("存档机构", ("archive_place",), lambda _: True, _same("archive_place")),
    "continuing_education": Item(
        "继续教育公需科目",
        ("ce_hours",),
        lambda _: True,
        lambda found, record: bool(found.get("completed")) and found.get("ce_hours") == record.get("ce_hours"),
    ),
    "post_vacancy": Item(
        "单位岗位空缺",
        (),
        lambda record: record.get("personnel_category") in INSTITUTION,
        lambda found, _: int(found.get("vacant") or 0) > 0,
    ),
}


def compare(session: Session, declaration: Declaration) -> dict[str, dict[str, Any]]:
    """Compare every item and keep the results on the declaration: item → {result, label, fields, evidence, note}.

    Evidence given before for an item that still needs it is kept.
    """
    record = declarations.record_of(declaration)
    found = _registers(session, declaration.person_id, record.get("id_number"))
    before = declaration.verification
    results = {}
    for key, item in ITEMS.items():
        result = _result(item, found.get(key), record)
        results[key] = {
            "result": result,
            "label": item.label,
            "fields": list(item.fields) if result == VERIFIED else [],
            "evidence": before.get(key, {}).get("evidence", []) if result == MANUAL else [],
            "finding": _finding(result, found.get(key)),
            "note": before.get(key, {}).get("note"),
        }
    declaration.verification = results
    return results


def complete(declaration: Declaration) -> bool:
    """Every item is verified, not asked, or has evidence to be examined by hand."""
    items = declaration.verification.values()
    return bool(items) and all(item["result"] != MANUAL or item["evidence"] for item in items)


def open_items(declaration: Declaration) -> list[dict[str, Any]]:
    """Rows of the evidence form: the items that need evidence, with what was found."""
    return [
        {"_id": key, "item": item["label"], "finding": item["finding"], "evidence": item["evidence"]}
        for key, item in declaration.verification.items()
        if item["result"] == MANUAL
    ]


def attach_evidence(session: Session, declaration: Declaration, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the uploads for items that were not verified: rows {_id: item, evidence, note}."""
    results = dict(declaration.verification)
    problems = []
    for number, row in enumerate(rows):
        key = str(row.get("_id"))
        if key not in results or results[key]["result"] != MANUAL:
            problems.append(Problem("item", "此项无需上传佐证材料，请刷新后再办。", f"items.{number}"))
        elif not row.get("evidence"):
            message = f"“{results[key]['label']}”尚未上传佐证材料，请上传后再提交。"
            problems.append(Problem("missing_evidence", message, f"items.{number}.evidence", "R-144"))
        else:
            results[key] = {**results[key], "evidence": list(row["evidence"]), "note": row.get("note")}
    if problems:
        raise Refused(*problems)
    declaration.verification = results


def share(session: Session, identity_number: str, item: str, result: Mapping[str, Any]) -> None:
    """Enter what a register says of a person (demo, scenarios, tests); replaces what it said before."""
    key = blind(IDENTITY_COLUMN, identity_number)
    wanted = select(SharedRecord).where(SharedRecord.identity_blind == key, SharedRecord.item == item)
    found = session.scalar(wanted)
    if found is None:
        session.add(SharedRecord(identity_blind=key, item=item, result=dict(result)))
    else:
        found.result = dict(result)
    session.flush()


def _registers(session: Session, person_id: int, identity_number: str | None) -> dict[str, Record]:
    if not identity_number:
        return {}
    key = blind(IDENTITY_COLUMN, identity_number)
    own = ahead.taken(session, REGISTERED, {"person": person_id})
    if own and own[0][0] == key:
        return {item: result for _, item, result in own if item is not None}
    with session.no_autoflush:
        return {row.item: row.result for row in session.execute(_SAID, {"identity": key})}


def _result(item: Item, found: Record | None, record: Record) -> str:
    if not item.applies(record):
        return NOT_ASKED
    return VERIFIED if found is not None and item.agrees(found, record) else MANUAL


def _finding(result: str, found: Record | None) -> str:
    if result != MANUAL:
        return RESULTS[result]
    return "未查询到共享数据，需人工审核" if found is None else "共享数据与填写内容不一致，需人工审核"
