"""职称评审诚信档案: what was found against persons, bodies and committees; entries are only ever added (R-239)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.errors import Problem, Refused
from app.models.expert import IntegrityEntry, ReviewCommittee
from app.models.people import Organisation, Person

SUBJECTS = {"person": "个人", "organisation": "单位", "review_committee": "评委会"}
KINDS = {
    "false_declaration": "申报弄虚作假",
    "title_revoked": "职称撤销",
    "expert_removed": "取消评审专家资格",
    "blacklisted": "列入评审专家黑名单",
    "review_discipline": "违反评审纪律",
    "unit_negligence": "审核推荐不严",
    "committee_suspended": "暂停评审工作",
    "committee_restored": "恢复评审工作",
    "committee_cancelled": "取消评审权",
    "other": "其他",
}


_TABLES: dict[str, Any] = {
    "person": Person,
    "organisation": Organisation,
    "review_committee": ReviewCommittee,
}
PAGE = 50


def enter(  # noqa: PLR0913 what makes an entry: about whom, what, on what basis, from which case, by whom
    session: Session,
    subject_kind: str,
    subject_id: int,
    kind: str,
    text: str,
    basis: str,
    source: Mapping[str, Any],
    by: int | None,
    until: date | None = None,
) -> IntegrityEntry:
    """Add an entry about a person, a body or a committee; `source` holds the ids of the case it comes from.

    Refused without words, without the basis, and for a subject or kind that the archive does not know.
    """
    problems = []
    if subject_kind not in SUBJECTS:
        problems.append(Problem("subject", "请选择记录对象。", "subject"))
    if kind not in KINDS:
        problems.append(Problem("kind", "请选择记录类别。", "kind"))
    if not text.strip():
        problems.append(Problem("missing", "请填写事实情况。", "text"))
    if not basis.strip():
        problems.append(Problem("missing", "请填写依据的文书或条款。", "basis"))
    if problems:
        raise Refused(*problems)
    entry = IntegrityEntry(
        subject_kind=subject_kind,
        subject_id=subject_id,
        kind=kind,
        text=text.strip(),
        basis=basis.strip(),
        source=dict(source),
        entered_at=clock.now(session),
        entered_by=by,
        until=until,
    )
    session.add(entry)
    session.flush()
    return entry


def of_subject(session: Session, subject_kind: str, subject_id: int) -> list[IntegrityEntry]:
    """Everything on record about the subject, the latest first."""
    wanted = select(IntegrityEntry).where(
        IntegrityEntry.subject_kind == subject_kind, IntegrityEntry.subject_id == subject_id
    )
    return list(session.scalars(wanted.order_by(IntegrityEntry.id.desc())))


def page(session: Session, words: str, kind: str, number: int) -> tuple[list[tuple[IntegrityEntry, str]], int]:
    """Entries with their subjects' names, the latest first, narrowed by a name and a kind; and how many there are."""
    name = func.coalesce(Person.name, Organisation.name, ReviewCommittee.name)
    wanted = select(IntegrityEntry, name)
    for subject, table in _TABLES.items():
        about = (IntegrityEntry.subject_kind == subject) & (IntegrityEntry.subject_id == table.id)
        wanted = wanted.outerjoin(table, about)
    if words:
        wanted = wanted.where(name.icontains(words, autoescape=True))
    if kind:
        wanted = wanted.where(IntegrityEntry.kind == kind)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.execute(wanted.order_by(IntegrityEntry.id.desc()).limit(PAGE).offset((number - 1) * PAGE)).all()
    return [(entry, found or "") for entry, found in rows], total
