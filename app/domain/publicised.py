"""What a publicity showed of a record, and what a later correction may still bring (R-140).

Form 8 and its evidence are publicised; papers of procedure (entrustment letter, archive record, tax record) are not.
After publicity a row, a file or a heading may be mended where an office asked for it; nothing may be added.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.snapshots import digest_of
from app.errors import Problem

TABLES = {
    "education": "学历学位情况",
    "training": "进修或培训经历",
    "experience": "主要工作经历",
    "achievements": "取得现职称以来的主要业绩",
    "workload": "取得现职称以来完成基本工作量情况",
    "patents": "专利情况",
    "works": "著（译）作情况",
    "papers": "论文情况",
    "reports": "学术技术报告情况",
    "research": "科研情况",
    "awards": "获奖情况",
}
HEADINGS = {
    "name": "姓名",
    "sex": "性别",
    "birth_month": "出生年月",
    "personnel_category": "人员类别",
    "work_start": "参加工作时间",
    "id_type": "身份证件类别",
    "highest_education": "最高学历（学位）",
    "series": "系列",
    "specialty": "专业",
    "target_title": "申报职称名称",
    "current_title": "何时取得何职称",
    "current_title_date": "何时取得何职称",
    "engaged_title": "何时聘用何职称",
    "engaged_month": "何时聘用何职称",
    "current_work": "现从事何专业技术工作",
    "unit_and_post": "现任工作单位及职务",
    "societies": "学术（社会）团体任职",
    "ce_hours": "继续教育学时（分）",
    "ce_note": "继续教育学时（分）",
}
EVIDENCE = "evidence"
SENTENCE = "未经公示的材料：“{material}”未经公示，不得补报。其余补正材料已保存，可继续提交。"
CLAUSE = "N1 §一(四)；N2 §四(二)3(3)；R-140"


# papers of procedure: asked for by the route, no part of form 8, so they may be handed in later
PROCEDURE = {
    "entrustment_letter": "委托评审函",
    "archive_record": "查档情况",
    "tax_evidence": "个人纳税申报记录",
    "insurance_evidence": "社保缴费记录",
}


@dataclass(frozen=True)
class Asked:
    """What an office asked to be mended, by the `target` of its items: table and heading names or keys, row ids.

    `anything` where a target names none of them: then every row that was shown may be mended.
    """

    targets: frozenset[str] = frozenset()
    anything: bool = False
    names: Mapping[int, str] = field(default_factory=dict)  # attachment id → file name, for the sentence

    def covers(self, *places: str) -> bool:
        return self.anything or not self.targets.isdisjoint(places)


def asked_for(items: Iterable[Mapping[str, Any]], names: Mapping[int, str]) -> Asked:
    """From the items of a completion request or correction notice, and the names of the files in question."""
    targets = {str(item.get("target") or "").strip() for item in items}
    known = {*TABLES, *TABLES.values(), *HEADINGS, *HEADINGS.values(), *PROCEDURE, *PROCEDURE.values()}
    rows = {target for target in targets if target.startswith("row:")}
    return Asked(frozenset(targets), bool(targets - known - rows), names)


def is_procedural(target: str) -> bool:
    """Whether a correction item asks for a paper of procedure."""
    return target.strip() in {*PROCEDURE, *PROCEDURE.values()}


def files_in(record: Mapping[str, Any]) -> set[int]:
    """Ids of every attachment that the publicised part of the record names."""
    return {file for table in TABLES for row in record.get(table) or [] for file in row.get(EVIDENCE) or []}


def content(record: Mapping[str, Any], digests: Mapping[int, str]) -> dict[str, Any]:
    """Form 8 of one record as it is frozen: headings, rows, and the hash of every file; `digests` by attachment id."""
    tables = {
        table: [
            {**row, EVIDENCE: [digests[file] for file in row.get(EVIDENCE) or [] if file in digests]} for row in rows
        ]
        for table in TABLES
        if (rows := record.get(table))
    }
    return {"headings": {key: record[key] for key in HEADINGS if record.get(key) is not None}, "tables": tables}


def unpublicised(
    frozen: Mapping[str, Any], record: Mapping[str, Any], digests: Mapping[int, str], asked: Asked
) -> list[Problem]:
    """Sentence 22 for each row, file or heading that was not publicised and may not be brought now."""
    problems = []
    for key, name in HEADINGS.items():
        if record.get(key) != frozen["headings"].get(key) and not asked.covers(key, name):
            problems.append(_problem(name, key))
    for table, name in TABLES.items():
        before = {row["_id"]: row for row in frozen["tables"].get(table, [])}
        for number, row in enumerate(record.get(table) or [], 1):
            place, where = f"{table}.{number - 1}", f"{name}第{number}行"
            shown = before.get(row.get("_id"))
            covered = asked.covers(table, name, f"row:{row.get('_id')}")
            if shown is None or (not covered and _text(shown) != _text(row)):
                problems.append(_problem(where, place))
            else:
                problems += _new_files(shown, row, digests, asked if covered else None, (place, asked.names))
    return problems


def unpublicised_replies(
    frozen: Mapping[str, Any], replies: Iterable[Mapping[str, Any]], files: Mapping[int, tuple[str, str]]
) -> list[Problem]:
    """Sentence 22 for each file in the replies to a correction notice whose bytes were not shown.

    `files` is attachment id → (name, hash). What answers an item about a paper of procedure is free.
    """
    shown = {digest for rows in frozen["tables"].values() for row in rows for digest in row[EVIDENCE]}
    problems = []
    for number, reply in enumerate(replies):
        for file in reply.get(EVIDENCE) or []:
            name, digest = files.get(file, ("佐证材料", ""))
            if digest not in shown and not is_procedural(str(reply.get("target") or "")):
                problems.append(_problem(name, f"correction_items.{number}.{EVIDENCE}"))
    return problems


def _new_files(
    shown: Mapping[str, Any],
    row: Mapping[str, Any],
    digests: Mapping[int, str],
    asked: Asked | None,
    speech: tuple[str, Mapping[int, str]],
) -> list[Problem]:
    """Files whose bytes were not shown; a row that was asked for may replace its files, never have more of them."""
    place, names = speech
    files = row.get(EVIDENCE) or []
    new = [file for file in files if digests.get(file) not in shown[EVIDENCE]]
    if asked is not None and len(files) <= len(shown[EVIDENCE]):
        return []
    return [_problem(names.get(file, "佐证材料"), f"{place}.{EVIDENCE}") for file in new]


def _text(row: Mapping[str, Any]) -> str:
    """A row without its files: empty cells are the same as cells left out."""
    return digest_of({key: value for key, value in row.items() if key != EVIDENCE and value not in (None, "", [])})


def _problem(material: str, place: str) -> Problem:
    return Problem("unpublicised", SENTENCE.format(material=material), place, CLAUSE)
