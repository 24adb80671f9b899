"""投诉举报: registered under a receipt code, answered both ways, its reporter kept apart (R-202, §4.6)."""

from app.domain.complaints.registering import KINDS, Reported, by_receipt, get, register
from app.domain.complaints.stages import STAGES, stage_of

__all__ = ["KINDS", "STAGES", "Reported", "by_receipt", "get", "register", "stage_of"]
