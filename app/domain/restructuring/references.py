"""Every column that names a body, and what becomes of it when the body is merged into another.

What is under way goes over, what is over stays under the old name. A test compares this table with the models.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import aliased

from app import clock
from app.domain.restructuring.touched import under_way
from app.models.cashier import CashierList
from app.models.complaint import Complaint
from app.models.desk import ClosingDay, Phrase
from app.models.expert import Candidate, Expert, ReviewCommittee
from app.models.people import BindingRequest, Organisation, RoleGrant, Substitute
from app.models.process import Task
from app.models.recommendation import QuotaFiling, UnitBatch
from app.models.review import Confirmation
from app.models.saved_view import SavedView

Rows = Callable[[datetime], ColumnElement[bool]]


@dataclass(frozen=True)
class Moves:
    """Rows that go over: `rows` those that do at an instant, `beside` the columns that are unique with the body's.

    A row beside which the other body has one of the same stays where it is.
    """

    what: str
    model: type[Any]
    column: str
    rows: Rows = lambda _at: true()
    beside: tuple[str, ...] = ()

    def wanted(self, source_id: int, target_id: int, at: datetime) -> ColumnElement[bool]:
        """SQL predicate: the rows of the source that go over to the target."""
        mine = (getattr(self.model, self.column) == source_id) & self.rows(at)
        if not self.beside:
            return mine
        theirs = aliased(self.model)
        same = [getattr(theirs, each) == getattr(self.model, each) for each in self.beside]
        there = select(theirs.id).where(getattr(theirs, self.column) == target_id, *same).correlate(self.model)
        return mine & ~there.exists()


def _running(model: type[RoleGrant] | type[Substitute]) -> Rows:
    def rows(at: datetime) -> ColumnElement[bool]:
        begun = or_(model.to_at.is_(None), model.to_at > at)
        return begun & RoleGrant.revoked_at.is_(None) if model is RoleGrant else begun

    return rows


def _of_this_year(at: datetime) -> ColumnElement[bool]:
    return QuotaFiling.year >= clock.local(at).year


MOVES = (
    Moves("待办任务", Task, "organisation_id", lambda _at: Task.status == "open"),
    Moves("任职", RoleGrant, "organisation_id", _running(RoleGrant)),
    Moves("代办安排", Substitute, "organisation_id", _running(Substitute)),
    Moves("在办的推荐批次", UnitBatch, "organisation_id", lambda _at: under_way()),
    Moves("申报数量备案", QuotaFiling, "organisation_id", _of_this_year, ("year",)),
    Moves("本单位截止日期", ClosingDay, "organisation_id", beside=("notice_key",)),
    Moves("待办理的注册申请", BindingRequest, "parent_id", lambda _at: BindingRequest.status == "pending"),
    Moves("组建的评委会", ReviewCommittee, "convening_id"),
    Moves("核准的评委会", ReviewCommittee, "approving_id"),
    Moves("在职的评审专家", Expert, "employer_id"),
    Moves("征选中的拟入库专家（所在单位）", Candidate, "unit_id", lambda _at: Candidate.ended_at.is_(None)),
    Moves("征选中的拟入库专家（主管部门）", Candidate, "department_id", lambda _at: Candidate.ended_at.is_(None)),
    Moves("征选中的拟入库专家（区县）", Candidate, "district_tro_id", lambda _at: Candidate.ended_at.is_(None)),
    Moves("核实中的投诉举报", Complaint, "office_id", lambda _at: Complaint.closed_at.is_(None)),
    Moves("核实中的投诉举报（所涉单位）", Complaint, "unit_id", lambda _at: Complaint.closed_at.is_(None)),
    Moves("未印发的确认文件", Confirmation, "body_id", lambda _at: Confirmation.issued_at.is_(None)),
    Moves("缴费清单", CashierList, "organisation_id", beside=("digest",)),
    Moves("本机构的常用语", Phrase, "organisation_id"),
    Moves("本机构共用的常用筛选", SavedView, "organisation_id"),
    Moves("下级机构", Organisation, "parent_id"),
    Moves("已并入的机构", Organisation, "merged_into_id"),
)

STAYS = {  # table.column → why it keeps the old name
    "check_record.organisation_id": "who examined",
    "completion_request.organisation_id": "who asked",
    "correction_notice.organisation_id": "who sent it; the successor answers for it",
    "acceptance_register.organisation_id": "a numbered line of the old body's register",
    "refusal_notice.organisation_id": "who refused",
    "opinion.organisation_id": "who gave it",
    "override_record.approver_id": "who granted it",
    "decision_record.organisation_id": "who decided",
    "route_extension.organisation_id": "who let it climb",
    "entrustment_letter.entrusting_id": "who sealed the letter",
    "result_publicity.mirrored_by": "who showed the list",
    "binding_request.organisation_id": "which body was registered",
    "event.organisation_id": "the history is append-only",
    "work_time.organisation_id": "whose time it was",
    "task_figure.organisation_id": "whose time it was",
    "standing_figure.organisation_id": "counted anew by itself",
    "integrity_entry.subject_id": "against whom it was found",
    "committee.convening_key": "`organisations.by_key` leads to the successor",
}
