"""Printed documents: what each says, taken from the records, and its PDF.

`of_declaration`, `of_unit` and `of_office` gather what the templates in `documents/` set in type; `paper` turns it into
bytes, once and for all where the paper was sent to somebody.
"""

from app.processes.documents.paper import Paper, issued, pdf

__all__ = ["Paper", "issued", "pdf"]
