"""Who may open an uploaded file: whoever may look at what it belongs to."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import organisations, permissions
from app.domain.permissions import Grants
from app.errors import NotAllowed
from app.models.attachment import Attachment
from app.models.process import Task
from app.models.recommendation import Objection, Publicity, QuotaFiling, UnitBatch

RECOMMENDERS = frozenset({"unit_clerk", "unit_head", "agency"})


def require_see(session: Session, grants: Grants, attachment: Attachment) -> None:
    """NotAllowed unless the person uploaded the file, or may look at the declaration, objection or publicity of it."""
    about = attachment.declaration_id
    if attachment.uploaded_by == grants.person_id or grants.sees_all:
        return
    if about is None and any(attachment.id in of(session, grants) for of in _WITHOUT_DECLARATION):
        return
    if about is None or not permissions.may_see_declaration(session, grants, about):
        raise NotAllowed(f"您当前身份为{grants.title}，不能查看这份附件。如需办理，请切换身份或联系办理机构。")


def _objection_evidence(session: Session, grants: Grants) -> set[int]:
    """Uploads to the objections that the person verifies or has verified; never to those about himself."""
    tasks = select(Task.instance_id).where(permissions.visible_tasks(grants), Task.role != "applicant")
    own = permissions.own_declarations(grants)
    wanted = select(Objection.evidence).where(Objection.instance_id.in_(tasks), Objection.declaration_id.not_in(own))
    return {each for evidence in session.scalars(wanted) for each in evidence}


def _publicity_evidence(session: Session, grants: Grants) -> set[int]:
    """Photographs and proofs of the publicities that the person's own body has held."""
    bodies = [grant.organisation_id for grant in grants.held if grant.role in RECOMMENDERS]
    wanted = select(Publicity.proof, Publicity.photo).join(UnitBatch, UnitBatch.id == Publicity.batch_id)
    own = UnitBatch.organisation_id.in_(organisations.answered_by(bodies))
    rows = session.execute(wanted.where(own)) if bodies else ()
    return {each for proof, photo in rows for each in (*proof, *photo)}


def _sealed_forms(session: Session, grants: Grants) -> set[int]:
    """The sealed pages of form 7 that the person's own body has filed."""
    bodies = [grant.organisation_id for grant in grants.held if grant.role in RECOMMENDERS]
    wanted = select(QuotaFiling.values).where(QuotaFiling.organisation_id.in_(organisations.answered_by(bodies)))
    rows = session.scalars(wanted) if bodies else ()
    return {each for values in rows for each in values.get("sealed_page") or ()}


_WITHOUT_DECLARATION = (_objection_evidence, _publicity_evidence, _sealed_forms)
