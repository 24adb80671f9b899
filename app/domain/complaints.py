"""Closing complaints: what the investigation of one has found (R-193, R-202)."""

from sqlalchemy.orm import Session

from app import clock
from app.errors import ConfigurationError, NotFound
from app.models.complaint import Complaint

FINDINGS = ("founded", "unfounded")


def get(session: Session, complaint_id: int | None) -> Complaint:
    found = None if complaint_id is None else session.get(Complaint, complaint_id)
    if found is None:
        raise NotFound("没有找到该投诉举报。")
    return found


def close(session: Session, complaint: Complaint, finding: str) -> None:
    """Its writer reads the finding under his receipt code from now on. ConfigurationError for an unknown finding."""
    if finding not in FINDINGS:
        raise ConfigurationError(f"投诉举报没有“{finding}”这一核实结论。")
    complaint.finding, complaint.closed_at = finding, clock.now(session)
