"""Registering a body by credit code and certificate, which makes the asker its administrator (R-105, N0 §五(一))."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import identity, organisations, people, permissions
from app.domain.people import LiveRoutes
from app.domain.permissions import Grants
from app.errors import Conflict, NotAllowed, NotFound, Problem, Refused
from app.models.people import BindingRequest, Organisation


@dataclass(frozen=True)
class Registration:
    """What the person in charge of titles fills in; `certificate_id` is an attachment."""

    role: str
    name: str
    kind: str
    credit_code: str
    certificate_id: int
    contact_name: str
    contact_phone: str
    parent_id: int | None = None


def request_binding(session: Session, person_id: int, filled: Registration, live_routes: LiveRoutes) -> BindingRequest:
    """Ask to register the body, or to be bound to it where it is registered already.

    Refused with all faults at once, and while the body stands on a route of the person's own live declaration (R-106).
    """
    code, phone = _check(filled)
    body = organisations.by_credit_code(session, code)
    if body is not None:
        people.refuse_own_route(session, person_id, filled.role, body, live_routes)
    waiting = (BindingRequest.person_id == person_id) & (BindingRequest.credit_code == code)
    if session.scalar(select(BindingRequest.id).where(waiting, BindingRequest.status == "pending")):
        raise Refused(Problem("pending", "您已提交该单位的注册申请，请等待上级机构办理。", "credit_code"))
    found = BindingRequest(
        person_id=person_id,
        role=filled.role,
        credit_code=code,
        name=body.name if body else filled.name.strip(),
        kind=body.kind if body else filled.kind,
        parent_id=body.parent_id if body else filled.parent_id,
        certificate_id=filled.certificate_id,
        contact_name=filled.contact_name.strip(),
        contact_phone=phone,
        requested_at=clock.now(session),
    )
    session.add(found)
    session.flush()
    return found


def approve(session: Session, grants: Grants, request_id: int, live_routes: LiveRoutes) -> Organisation:
    """Create the body where it is missing, mark it registered, bind the asker; only its superior may."""
    request = _pending(session, grants, request_id)
    body = organisations.by_credit_code(session, request.credit_code)
    if body is None:
        body = organisations.create(
            session,
            request.credit_code,
            request.name,
            request.kind,
            request.parent_id,
            credit_code=request.credit_code,
            contact_name=request.contact_name,
            contact_phone=request.contact_phone,
        )
    people.bind(session, request.person_id, request.role, body.id, live_routes)
    body.registered = True
    request.organisation_id = body.id
    _decide(session, request, grants, "approved", None)
    return body


def refuse(session: Session, grants: Grants, request_id: int, note: str) -> None:
    """Send the request back with a reason; the asker may file a new one."""
    request = _pending(session, grants, request_id)
    if not note.strip():
        raise Refused(Problem("no_reason", "请填写原因，并告知如何更正。", "note"))
    _decide(session, request, grants, "refused", note.strip())


def decidable(grants: Grants) -> ColumnElement[bool]:
    """SQL predicate: pending requests that these grants may decide."""
    return (BindingRequest.status == "pending") & permissions.decidable_bindings(grants)


def _check(filled: Registration) -> tuple[str, str]:
    problems: list[Problem] = []
    checked: list[str] = []
    for check, value in (
        (identity.check_credit_code, filled.credit_code),
        (identity.check_phone, filled.contact_phone),
    ):
        try:
            checked.append(check(value))
        except Refused as refused:
            problems += refused.problems
    if filled.role not in people.ADMINISTRATOR_ROLES:
        problems.append(Problem("role", "只能申请绑定机构的职称管理员权限。", "role"))
    if filled.kind not in organisations.KINDS:
        problems.append(Problem("kind", "请选择机构类别。", "kind"))
    for field, label in (("name", "单位名称"), ("contact_name", "联系人")):
        if not getattr(filled, field).strip():
            problems.append(Problem("missing", f"请填写{label}。", field))
    if problems:
        raise Refused(*problems)
    return checked[0], checked[1]


def _pending(session: Session, grants: Grants, request_id: int) -> BindingRequest:
    request = session.get(BindingRequest, request_id, with_for_update=True)
    if request is None:
        raise NotFound
    if request.status != "pending":
        raise Conflict
    query = select(BindingRequest.id).where(BindingRequest.id == request_id, decidable(grants))
    if session.scalar(query) is None:
        raise NotAllowed("单位注册申请由其上级机构办理，您当前的身份不能办理。")
    return request


def _decide(session: Session, request: BindingRequest, grants: Grants, status: str, note: str | None) -> None:
    request.status, request.note = status, note
    request.decided_by, request.decided_at = grants.person_id, clock.now(session)
    session.flush()
