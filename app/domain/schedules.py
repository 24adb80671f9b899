"""Notices and their schedules as people look them up: what is open, which windows, whom to ask, what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import committees, notices, organisations
from app.domain.deadline_rules import spoken
from app.domain.notice_content import content, lineage
from app.domain.organisations import Contact
from app.domain.parameter_values import WINDOWS, Window
from app.domain.wording import opening_words
from app.errors import NotFound
from app.models.notice import Committee, Notice, NoticeVersion

STATES = {
    "open": "申报中",
    "before": "未开始",
    "corrections_only": "仅受理补正",
    "closed": "已截止",
    "offline": "线下申报",
}
WINDOW_NAMES = {
    "declare": "网上申报",
    "check": "审核",
    "corrections": "仅受理补正",
    "pay": "缴费",
    "paper": "递交纸质材料",
}
assert WINDOW_NAMES.keys() == WINDOWS.keys()
TEXT_NAMES = {
    "platform": "申报平台",
    "scope": "申报范围",
    "schedule": "时间安排",
    "office": "办理地点",
    "contact": "咨询方式",
    "visitors": "办事提示",
}
OTHER_TEXTS = "其他说明"
DRAFTABLE = ("open", "before")  # states in which a draft may be begun (D20)


@dataclass(frozen=True)
class NoticeLine:
    """A notice in force; `state` of the committee that is furthest from closed, `counts` state → committees."""

    notice: Notice
    version: NoticeVersion
    state: str
    counts: dict[str, int]
    window: str


@dataclass(frozen=True)
class CommitteeLine:
    """One line of the schedule: `windows` (name, words) as far as they are printed; `contact` None if unregistered."""

    committee: Committee
    state: str
    windows: tuple[tuple[str, str], ...]
    contact: Contact | None

    @property
    def draftable(self) -> bool:
        return self.state in DRAFTABLE


@dataclass(frozen=True)
class Search:
    """What the address says; an empty condition does not narrow."""

    q: str = ""
    level: str = ""
    state: str = ""


def listed(session: Session) -> list[NoticeLine]:
    """The notices in force that have committees: those open first, then the newest."""
    now = clock.now(session)
    lines = []
    for notice in session.scalars(select(Notice).order_by(Notice.year.desc(), Notice.key)).all():
        version = _current(session, notice.key)
        rows = committees.of_version(session, version.id) if version else []
        if version and rows:
            lines.append(_notice_line(notice, version, rows, now))
    order = list(STATES)
    return sorted(lines, key=lambda line: order.index(line.state))


def find(session: Session, key: str) -> tuple[Notice, NoticeVersion]:
    """A notice and its version in force; NotFound."""
    notice = session.scalar(select(Notice).where(Notice.key == key))
    if notice is None:
        raise NotFound("没有找到该申报通知。")
    return notice, notices.current(session, key)


def schedule(session: Session, notice_version_id: int, search: Search | None = None) -> list[CommitteeLine]:
    """The committees that fit, by number, each with its state now."""
    now, wanted = clock.now(session), search or Search()
    lines = [line_of(session, row, now) for row in committees.of_version(session, notice_version_id)]
    return [line for line in lines if _fits(line, wanted)]


def line_of(session: Session, committee: Committee, now: datetime) -> CommitteeLine:
    found = {name: committees.window(committee, name) for name in WINDOW_NAMES}
    words = tuple((WINDOW_NAMES[name], window_words(window)) for name, window in found.items() if window)
    return CommitteeLine(committee, committees.declare_state(committee, now), words, contact_of(session, committee))


def contact_of(session: Session, committee: Committee) -> Contact | None:
    """Whom to ask at the convening organisation; None while it is not registered here."""
    try:
        body = organisations.by_key(session, committee.convening_key)
    except NotFound:
        return None
    return Contact(body.name, body.contact_name or "", body.contact_phone or "")


def texts(session: Session, notice_version_id: int) -> list[tuple[str, str]]:
    """(heading, text) of what the notice says in words, its own before those of the notices above."""
    said: dict[str, str] = {}
    for above in lineage(content(session, notice_version_id)):
        for key, text in above.texts.items():
            if "." not in key:  # with a dot it is the wording of a template
                said.setdefault(key, text)
    known = [(name, said.pop(key)) for key, name in TEXT_NAMES.items() if key in said]
    return known + [(OTHER_TEXTS, text) for text in said.values()]


def window_words(window: Window) -> str:
    """`2023年10月7日至2023年10月31日24时`; one end where only one is printed."""
    if window.opens is None:
        return f"{spoken(window.closes)}前" if window.closes else ""
    opens = opening_words(window.opens)
    return f"{opens}至{spoken(window.closes)}" if window.closes else f"{opens}起"


def _current(session: Session, key: str) -> NoticeVersion | None:
    try:
        return notices.current(session, key)
    except NotFound:
        return None


def _notice_line(notice: Notice, version: NoticeVersion, rows: Sequence[Committee], now: datetime) -> NoticeLine:
    states = [committees.declare_state(row, now) for row in rows]
    counts = {state: states.count(state) for state in STATES if state in states}
    windows = {window for row in rows if (window := committees.window(row, "declare"))}
    opens = [window.opens for window in windows if window.opens]
    closes = [window.closes for window in windows if window.closes]
    whole = Window(min(opens, default=None), max(closes, default=None))
    return NoticeLine(notice, version, next(iter(counts)), counts, window_words(whole))


def _fits(line: CommitteeLine, search: Search) -> bool:
    row = line.committee
    haystack = " ".join([f"{row.no}", row.name, row.convening_name, *row.specialties])
    return (
        all(word in haystack for word in search.q.split())
        and (not search.level or search.level in row.levels)
        and (not search.state or search.state == line.state)
    )
