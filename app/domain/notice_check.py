"""The notice check: what a package would get wrong, found before it is published (D18)."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.clock import local
from app.domain import annexes, clause_coverage, clause_papers
from app.domain.calendar import Calendar, calendar_of
from app.domain.committee_files import CommitteeRow
from app.domain.notice_content import entries, latest_content
from app.domain.notice_findings import Finding
from app.domain.packages import Package
from app.domain.parameter_values import WINDOWS, Window, window_of
from app.domain.parameters import parameter_needs
from app.domain.templates import checking
from app.domain.wording import short_day_words

_WORDS = {"declare": "网上申报", "check": "审核", "corrections": "仅受理补正", "pay": "缴费", "paper": "递交纸质材料"}
OBJECTIONS = "objection_handling"  # nobody goes up while one is open
_INSTANT = timedelta(microseconds=1)


def check(session: Session, package: Package) -> list[Finding]:
    """Everything to be said against publishing `package`, errors first."""
    calendar = calendar_of(session)
    found = [
        *_parameter_findings(session, package),
        *(finding for row in package.committees for finding in _committee_findings(row, calendar)),
        *_year_findings(package, calendar),
        *_text_findings(session, package),
        *(
            Finding("error", problem.code, problem.message, problem.field or "")
            for problem in checking.notice_texts(package.texts)
        ),
    ]
    return sorted(found, key=lambda finding: finding.level)


def _parameter_findings(session: Session, package: Package) -> Iterator[Finding]:
    above = latest_content(session, package.parent)
    if package.parent and above is None:
        yield Finding("error", "parent", f"上级通知“{package.parent}”尚未发布。", "parent")
    given = {**entries(above), **package.parameters}
    for key, entry in given.items():
        if "undecided" in entry and not all(key in row.parameters for row in package.committees):
            words = f"“{package.vocabulary[key].meaning}”尚未决定，须由{entry['undecided']}决定。"
            yield Finding("warning", "undecided", words, key)
        if key == OBJECTIONS and _outlasts(entry.get("value", {}), package):
            words = "没有以审核截止为限：临近审核截止提出的异议，到核实期限届满时可能已不能上报。"
            yield Finding("warning", "outlasts", f"“{package.vocabulary[key].meaning}”{words}", key)
        if package.vocabulary[key].type == "deadline" and "value" in entry:
            for name in sorted(parameter_needs(entry["value"]) - set(WINDOWS.values()) - set(given)):
                yield Finding("error", "missing", f"期限“{key}”引用的参数“{name}”没有填写。", key)
    for key, spec in package.vocabulary.items():
        if spec.required and package.committees and key not in given:
            clause = f"（{spec.clause}）" if spec.clause else ""
            yield Finding("error", "missing", f"缺少参数“{spec.meaning}”{clause}。", key)


def _outlasts(value: Mapping[str, Any], package: Package) -> bool:
    """Whether a period that is counted may run on when the schedule's time for checking is over."""
    return (
        "count" in value
        and "check" not in value.get("cap", ())
        and any(r.windows.get("check") for r in package.committees)
    )


def _text_findings(session: Session, package: Package) -> Iterator[Finding]:
    """What the notice's own text, or that of a notice above, says otherwise."""
    papers = clause_papers.with_above(package, latest_content(session, package.parent))
    yield from clause_coverage.numbers(papers, package.vocabulary, package.parameters)
    yield from clause_coverage.windows(papers, package.committees)
    yield from annexes.findings(papers[0])


def _committee_findings(row: CommitteeRow, calendar: Calendar) -> Iterator[Finding]:
    place = f"第{row.no}号"
    shown = {name: window_of(ends) for name, ends in row.windows.items()}
    for name, window in shown.items():
        yield from _window_findings(place, name, window, calendar)
    if "declare" not in shown and "offline" not in row.flags:
        yield Finding("warning", "no_window", f"{row.name}没有网上申报时间。", place)
    for early, late in (("check", "declare"), ("pay", "declare"), ("pay", "check")):
        if early in shown and late in shown:
            yield from _order_findings(place, early, shown[early], late, shown[late])
    outer = [shown[name] for name in ("declare", "check") if name in shown]
    if "corrections" in shown and outer and not _inside(shown["corrections"], outer):
        yield Finding("warning", "corrections_outside", "仅受理补正的时间超出申报和审核时间。", place)


def _window_findings(place: str, name: str, window: Window, calendar: Calendar) -> Iterator[Finding]:
    words = _WORDS[name]
    if window.opens and window.closes and window.opens >= window.closes:
        yield Finding("error", "reversed", f"{words}时间的起止颠倒。", place)
        return
    opens = local(window.opens).date() if window.opens else None
    closes = local(window.closes - _INSTANT).date() if window.closes else None
    if opens is not None and opens == closes:
        yield Finding("warning", "one_day", f"{words}时间只有{short_day_words(opens)}一天，请核对。", place)
    if closes is not None and not calendar.is_working(closes):
        message = f"{words}截止日{short_day_words(closes)}是休息日（{calendar.why_resting(closes)}）。"
        yield Finding("warning", "rest_day", message, place)


def _order_findings(place: str, early: str, first: Window, late: str, second: Window) -> Iterator[Finding]:
    """Windows may stand in any order (the printed schedule does it all); what looks odd is said."""
    if early == "check":
        if first.closes and second.closes and first.closes < second.closes:
            yield Finding("warning", "check_shorter", "审核时间先于网上申报截止，最后提交的申报来不及审核。", place)
    elif first.opens and second.closes and first.opens < second.closes:
        yield Finding("warning", "overlap", f"{_WORDS[early]}在{_WORDS[late]}截止以前开始，时间重叠。", place)


def _inside(inner: Window, outer: list[Window]) -> bool:
    starts = [window.opens for window in outer if window.opens]
    ends = [window.closes for window in outer if window.closes]
    early = inner.opens and starts and inner.opens < min(starts)
    late = inner.closes and ends and inner.closes > max(ends)
    return not early and not late


def _year_findings(package: Package, calendar: Calendar) -> Iterator[Finding]:
    # results, confirmations and rechecks reach into the year after
    for year in (package.year, package.year + 1):
        if package.committees and not calendar.known(year):
            words = f"{year}年的放假安排尚未公布，涉及该年的期限暂按周一至周五推算，公布后重算。"
            yield Finding("warning", "year_unpublished", words, str(year))
