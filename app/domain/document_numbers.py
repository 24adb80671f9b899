"""Numbers of what an authority issues: a series of its own for each kind and year, worded as the notice says.

A number is 〔year〕 in six-cornered brackets, as official papers write it: 渝职改受〔2023〕12号.
"""

import re
from dataclasses import dataclass
from string import Formatter

from sqlalchemy.orm import Session

from app import clock
from app.domain import numbers, parameters
from app.errors import ConfigurationError
from app.models.people import Organisation

PARAMETER = "document_numbers"
KINDS = {
    "acceptance": "受理编号",
    "correction": "一次性告知书",
    "refusal": "不予受理通知书",
    "recommendation": "推荐名册",
    "receipt": "收据",
    "certificate": "职称证书",
}
PARTS = {"code", "year", "number"}
BRACKETS = "文号格式：请使用六角括号，如“渝职改办〔2023〕12号”。"
_OFFICIAL = re.compile(r"[^〔〕()（）\[\]【】]+〔\d{4}〕\d+号", re.ASCII)


def is_official(number: str) -> bool:
    """Whether a number is as official papers write it, the year in 〔〕; what is not is told BRACKETS (R-213)."""
    return _OFFICIAL.fullmatch(number) is not None


@dataclass(frozen=True)
class Worded:
    """The series that counts an office's documents of a kind in a year, and how a number of it is worded."""

    series: str
    pattern: str
    code: str
    year: int

    def number(self, count: int) -> str:
        return self.pattern.format(code=self.code, year=self.year, number=count)

    def next(self, session: Session) -> str:
        """The next number; given back if the transaction is undone."""
        return self.number(numbers.next_number(session, self.series))


def worded(
    session: Session, office: Organisation, kind: str, notice_version_id: int, committee_id: int | None = None
) -> Worded:
    """ConfigurationError where the notice words no number of the kind, or not with all of PARTS."""
    pattern = parameters.lookup(session, notice_version_id, PARAMETER, committee_id).value.get(kind)
    if not pattern or {name for _, name, _, _ in Formatter().parse(pattern) if name} != PARTS:
        raise ConfigurationError(f"通知没有规定{KINDS[kind]}的编号格式，须含 code、year、number 三项。")
    year = clock.local(clock.now(session)).year
    return Worded(f"{kind}:{office.id}:{year}", str(pattern), office.document_code or office.name, year)


def issue(
    session: Session, office: Organisation, kind: str, notice_version_id: int, committee_id: int | None = None
) -> str:
    """The next number of this kind that the office issues this year, as `worded`."""
    return worded(session, office, kind, notice_version_id, committee_id).next(session)
