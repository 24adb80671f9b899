"""What the notice says for one declaration: its committee's row, windows, parameters, who convenes."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.domain import committees, organisations, parameters
from app.domain.calendar import calendar_of
from app.domain.deadline_rules import DeadlineRule, due, spoken
from app.domain.parameter_values import Window
from app.models.declaration import Declaration
from app.models.notice import Committee
from app.models.people import Organisation


def committee(session: Session, declaration: Declaration) -> Committee:
    """The committee's row as the declaration's notice version pins it."""
    return committees.at_version(session, declaration.notice_version_id, declaration.committee_id)


def convening_organisation(session: Session, declaration: Declaration) -> Organisation:
    """The body that convenes the declaration's committee (评委会组建单位)."""
    return organisations.by_key(session, committee(session, declaration).convening_key)


def parameter(session: Session, declaration: Declaration, key: str) -> Any:
    """The value in force; ConfigurationError where nobody gives one."""
    return parameters.lookup(session, declaration.notice_version_id, key, declaration.committee_id).value


def window(session: Session, declaration: Declaration, name: str) -> Window | None:
    """The declare, check, corrections, pay or paper window; None where nobody prints one."""
    return parameters.window(session, declaration.notice_version_id, name, declaration.committee_id)


def deadline_rule(session: Session, declaration: Declaration, key: str) -> DeadlineRule:
    """The deadline rule of parameter `key` as it binds this declaration."""
    return parameters.deadline_rule(session, declaration.notice_version_id, key, declaration.committee_id)


def spoken_due(
    session: Session, declaration: Declaration, key: str, days: int | None = None, since: datetime | None = None
) -> str:
    """The end of a deadline in words for a notification; empty where the notice names no such deadline."""
    if key not in parameters.keys(session, declaration.notice_version_id):
        return ""
    rule = deadline_rule(session, declaration, key)
    rule = rule.lasting(days) if days else rule
    return spoken(due(rule, since or clock.now(session), calendar_of(session)).due_at)
