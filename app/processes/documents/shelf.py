"""Which documents of a declaration there are to take along, for the pages that offer them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import local
from app.domain import rechecks, revocations
from app.domain.results import confirmations
from app.domain.wording import day_words
from app.models.declaration import Declaration
from app.models.office import CorrectionNotice, RefusalNotice
from app.models.process import Task
from app.processes.documents.of_declaration import EXCEPTIONAL

_ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Entry:
    """`kind` as the address has it; `id` is the declaration's, for a sent notice or a recheck its own."""

    kind: str
    id: int
    label: str


def of(session: Session, declaration: Declaration) -> list[Entry]:
    """The printed forms that concern it and the notices sent to its applicant; five statements."""
    found = [Entry("form8", declaration.id, "附件8 综合情况（公示）表")]
    asked = select(Task.id).where(Task.declaration_id == declaration.id, Task.form_key == EXCEPTIONAL)
    if session.scalar(asked.limit(1)) is not None:
        found.append(Entry("form4", declaration.id, "附件4 破格申报表"))
    if declaration.data.get("archive_place") == _ELSEWHERE:
        found.append(Entry("form5", declaration.id, "附件5 查档情况"))
    found.append(Entry("form6", declaration.id, "附件6 继续教育登记卡"))
    issued = confirmations.of_declaration(session, declaration.id)
    if issued is not None:
        found.append(Entry("review_form", declaration.id, "职称申报评审表"))
        found.append(Entry("confirmation", issued.id, f"职称资格确认通知（{issued.number}）"))
    for recheck in rechecks.of_declaration(session, declaration.id):
        day = day_words(local(recheck.filed_at).date())
        found.append(Entry("recheck_form", recheck.id, f"复查申请书（{day}）"))
        if recheck.ended_at is not None:
            found.append(Entry("recheck_reply", recheck.id, f"复查答复（{rechecks.STATUSES[recheck.status]}）"))
    if declaration.ended_as == revocations.REVOKED:
        found.append(Entry("revocation", declaration.id, "撤销职称决定书"))
    for kind, table, name in (
        ("correction", CorrectionNotice, "一次性告知书"),
        ("refusal", RefusalNotice, "不予受理（退回）告知书"),
    ):
        sent = select(table.id, table.number).where(table.declaration_id == declaration.id).order_by(table.id)
        found += [Entry(kind, key, f"{name}（{number}）") for key, number in session.execute(sent)]
    return found
