"""What is wrong with the notice, as far as a season shows it: each finding names its element, clauses and parameter."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.cli.rehearsal.causes import Causes
from app.domain.parameter_values import WINDOWS
from app.models.declaration import Declaration
from app.models.notice import Committee
from app.models.process import Deadline, Task

Finding = dict[str, Any]
MANY = 0.2  # share of a step's tasks whose deadline passed, from which the deadline is at fault and not the people
FEWEST = 3
PAYING = "payment"  # the form by which a fee is booked
ORDER = "N2 §三；R-141"
DECLARING = WINDOWS["declare"]
KEPT = ("element", "name", "process", "process_key", "line", "clauses", "clause", "parameter", "count")


def findings(session: Session, causes: Causes, report: dict[str, Any]) -> list[Finding]:
    """All findings, the gravest first."""
    return [
        *_nobody(report),
        *_faults(report),
        *_stuck(report),
        *_paid_too_early(session, causes),
        *_beyond_the_window(session, causes),
        *_missed_by_many(report),
        *_refused_to_many(report, causes),
        *_left_waiting(report),
    ]


def _nobody(report: dict[str, Any]) -> Iterator[Finding]:
    for each in report["unheld"]:
        offices = "、".join(by["office"] for by in each["by"])
        yield _finding("nobody", f"“{each['name']}”无人可办：{offices}没有人任职。", each)


def _faults(report: dict[str, Any]) -> Iterator[Finding]:
    for each in report["incidents"]:
        if each["kind"] != "nobody":
            yield _finding("fault", f"“{each['name']}”运行出错：{each['reason']}", each)


def _stuck(report: dict[str, Any]) -> Iterator[Finding]:
    for each in report["stuck"]:
        yield _finding("stuck", f"“{each['name']}”办不下去，每次都被拒绝：{each['message']}", each)


def _paid_too_early(session: Session, causes: Causes) -> Iterator[Finding]:
    """A fee may only be asked of who has been accepted (R-141)."""
    early = or_(Declaration.accepted_at.is_(None), Declaration.accepted_at > Task.created_at)
    rows = session.execute(
        select(Task.element_id, func.min(Task.name), func.count())
        .join(Declaration, Declaration.id == Task.declaration_id)
        .where(Task.form_key == PAYING, early)
        .group_by(Task.element_id)
        .order_by(Task.element_id)
    )
    for element, name, count in rows:
        drawn = causes.element(element, name)
        words = f"“{name}”先于受理：{count}件在受理以前就进入缴费，未受理的申报不应缴费。"
        yield _finding(
            "payment_before_acceptance", words, {**drawn, "count": count, "clauses": drawn.get("clauses", ORDER)}
        )


def _beyond_the_window(session: Session, causes: Causes) -> Iterator[Finding]:
    """A deadline counted in days that ends after the time in which the file may still be examined."""
    closes = func.max(
        func.coalesce(Committee.check_until, Committee.declare_until),
        func.coalesce(Committee.corrections_until, Committee.check_until, Committee.declare_until),
    )
    rows = session.execute(
        select(Deadline.rule, Task.element_id, func.min(Task.name), func.count())
        .join(Task, Task.deadline_id == Deadline.id)
        .join(Declaration, Declaration.id == Task.declaration_id)
        .join(Committee, Committee.id == Declaration.committee_id)
        .where(Deadline.kind == "relative", Deadline.starts_at < closes, Deadline.due_at > closes)
        .where(or_(Declaration.accepted_at.is_(None), Declaration.accepted_at > Deadline.starts_at))
        .group_by(Deadline.rule, Task.element_id)
        .order_by(func.count().desc(), Deadline.rule)
    )
    for rule, element, name, count in rows:
        parameter = causes.parameter(rule)
        words = f"“{parameter['meaning']}”超出审核时间：“{name}”有{count}件在审核截止以后才期满，按期办理也来不及。"
        yield _finding(
            "deadline_beyond_window", words, {**causes.element(element, name), "count": count, "parameter": parameter}
        )


def _missed_by_many(report: dict[str, Any]) -> Iterator[Finding]:
    for each in report["missed"]:
        if each["count"] >= FEWEST and each["count"] >= MANY * each["of"]:
            words = f"“{each['name']}”{each['of']}件中有{each['count']}件错过“{each['meaning']}”，期限可能过短。"
            yield _finding("missed_by_many", words, each)


def _refused_to_many(report: dict[str, Any], causes: Causes) -> Iterator[Finding]:
    for each in report["refusals"]:
        if each["count"] >= FEWEST and each["count"] >= MANY * report["applicants"]:
            words = f"“{each['name']}”有{each['count']}人被拒绝：{each['message']}"
            window = {"parameter": causes.parameter(DECLARING)} if each["code"].startswith("window_") else {}
            yield _finding("refused_to_many", words, {**each, **window})


def _left_waiting(report: dict[str, Any]) -> Iterator[Finding]:
    """Files that wait at the end of the season for something that does not come; drafts are nobody's fault."""
    known = {each["element"] for each in (*report["unheld"], *report["stuck"])}
    for each in report["left_over"]:
        if each["element"] not in known and each["role"] != "applicant":
            yield _finding(
                "left_waiting", f"季末仍有{each['count']}件停在“{each['name']}”（{each['status']}），没有办结。", each
            )


def _finding(kind: str, words: str, about: dict[str, Any]) -> Finding:
    return {"kind": kind, "words": words, **{key: about[key] for key in KEPT if about.get(key)}}
