"""Complaints, for diagrams."""

from app.domain import complaints
from app.functions.case import Case
from app.functions.registry import diagram_function


@diagram_function
def close_complaint(case: Case, finding: str) -> None:
    """办结投诉举报：登记核实结论，finding 为 "founded"（查证属实）或 "unfounded"（查无实据）；反映人凭回执码可查。"""
    about = complaints.get(case.session, case.instance.subject.get("complaint_id"))
    complaints.close(case.session, about, finding)
