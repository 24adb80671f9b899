"""Acceptance: register, number, the one-time correction notice, refusal, 改报 (R-135…R-140)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import ahead, clock
from app.domain import (
    attachments,
    committees,
    declarations,
    document_numbers,
    levels,
    numbers,
    openings,
    organisations,
    publicised,
    register,
    terms,
)
from app.domain.eligibility.windows import Window, check_arrival
from app.domain.offices import Actor, require_text
from app.domain.openings import Opening
from app.domain.wording import day_words
from app.errors import ConfigurationError, Problem, Refused
from app.models.declaration import Declaration
from app.models.notice import Committee
from app.models.office import CorrectionNotice, RefusalNotice, RegisterEntry
from app.models.people import Organisation
from app.models.process import Deadline
from app.rows import first

_INSTANT = timedelta(microseconds=1)
_NOTICES = select(CorrectionNotice).order_by(CorrectionNotice.id.desc()).limit(1)
LAST_NOTICE = _NOTICES.where(CorrectionNotice.declaration_id == bindparam("declaration"))


def accept(session: Session, declaration: Declaration, actor: Actor) -> RegisterEntry:
    """Enter the acceptance in the acting body's register; the first one gives number and instant, and keeps the year.

    Refused with sentence 3 where the window binds arrival and the file arrived when only corrections are taken.
    """
    office = _office(session, declaration, actor)
    line = None
    if declaration.acceptance_no is None:
        _check_arrival(session, declaration)
        declaration.acceptance_no, line = _entered(session, declaration, office, "acceptance")
        declaration.accepted_at = clock.now(session)
    declarations.release(session, declaration, "overdue")
    declarations.set_status(session, declaration, "ACCEPTED")
    number = declaration.acceptance_no
    return register.enter(session, declaration, actor, office, "accepted", line, document=number)


def issue_correction(
    session: Session, declaration: Declaration, level: str, actor: Actor, values: Mapping[str, Any]
) -> CorrectionNotice:
    """Send the one-time notice of everything to correct (`correction_items`, `correction_days`).

    Once sent its list is sealed: the same items may be returned again before its deadline, anything else is Refused
    with sentence 21 (R-138). The unique index decides, also for two clerks at once.
    """
    items = openings.placed(levels.read_items(values, "correction_items"), declarations.record_of(declaration))
    ahead.drop(session, LAST_NOTICE)
    office = _office(session, declaration, actor)
    earlier = _earlier(session, declaration.id, level, office)
    if earlier is not None:
        return _return_again(session, earlier, actor, items)
    notice = CorrectionNotice(
        declaration_id=declaration.id,
        level=level,
        organisation_id=office.id,
        person_id=actor.person_id,
        number=_worded(session, declaration, office, "correction").next(session),
        items=items,
        returns=[],
        days=levels.read_days(values, "correction_days"),
        sent_at=clock.now(session),
    )
    try:
        with session.begin_nested():
            session.add(notice)
    except IntegrityError:
        earlier = _earlier(session, declaration.id, level, office)
        assert earlier is not None
        return _return_again(session, earlier, actor, items)
    register.enter(session, declaration, actor, office, "correction", document=notice.number)
    return notice


def notice_of(session: Session, declaration_id: int) -> CorrectionNotice | None:
    """The latest correction notice, of whatever level."""
    return first(session, LAST_NOTICE, {"declaration": declaration_id}, CorrectionNotice)


def _earlier(session: Session, declaration_id: int, level: str, office: Organisation) -> CorrectionNotice | None:
    its = _NOTICES.where(CorrectionNotice.declaration_id == declaration_id, CorrectionNotice.level == level)
    return session.scalar(its.where(CorrectionNotice.organisation_id.in_(organisations.answered_by([office.id]))))


def check_correction(session: Session, declaration: Declaration, values: Mapping[str, Any]) -> None:
    """Take the applicant's replies to the notice; Refused with sentence 22 for what was not publicised (R-140).

    The record has the corrected fields and rows already.
    """
    notice, replies = notice_of(session, declaration.id), [dict(row) for row in values.get("correction_items") or []]
    if notice is None:
        raise Refused(Problem("no_correction", "没有需要补正的一次性告知，请刷新后再办。"))
    frozen = levels.publicised_content(session, declaration.id)
    if frozen is not None:
        corrected = openings.values(declarations.record_of(declaration), opening(session, declaration, notice))
        replied = {file for row in replies for file in row.get(publicised.EVIDENCE) or []}
        named = attachments.named(session, replied | publicised.files_in(corrected))
        files = {key: (file.name, file.digest) for key, file in named.items()}
        targets = {item["_id"]: item.get("target") for item in notice.items}
        replies = [{**row, "target": targets.get(row.get("_id"))} for row in replies]
        problems = publicised.unpublicised_replies(frozen, replies, files)
        asked = publicised.Asked(anything=True, names={key: file.name for key, file in named.items()})
        digests = {key: file.digest for key, file in named.items()}
        problems += publicised.unpublicised(frozen, corrected, digests, asked)
        if problems:
            raise Refused(*problems)
    notice.replies, notice.answered_at = replies, clock.now(session)
    session.flush()


def opening(session: Session, declaration: Declaration, notice: CorrectionNotice | None = None) -> Opening:
    """What the notice (given, or the latest) opens of the record."""
    notice, record = notice or notice_of(session, declaration.id), declarations.record_of(declaration)
    publicised_once = levels.publicised_content(session, declaration.id) is not None
    locked = declarations.locked_fields(declaration)
    return openings.of(notice.items if notice else [], record, publicised=publicised_once, locked=locked)


def refuse(session: Session, declaration: Declaration, actor: Actor, values: Mapping[str, Any]) -> RefusalNotice:
    """A numbered 不予受理 notice with its reason (R-137); Refused while no reason is given."""
    key = "refusal_reason" if values.get("refusal_reason") or not values.get("return_reason") else "return_reason"
    reason = require_text(values, key, "请填写不予受理的理由和依据。")
    office = _office(session, declaration, actor)
    number, line = _entered(session, declaration, office, "refusal")
    notice = RefusalNotice(
        declaration_id=declaration.id,
        organisation_id=office.id,
        person_id=actor.person_id,
        number=number,
        reason=reason,
        clause="N2 §四(二)3(3)；N4 §三(二)3(3)；R-137",
        sent_at=clock.now(session),
    )
    session.add(notice)
    outcome = "refused" if key == "refusal_reason" else "returned"
    register.enter(session, declaration, actor, office, outcome, line, document=number, note=reason)
    return notice


def redirect(session: Session, declaration: Declaration, actor: Actor, values: Mapping[str, Any]) -> Committee:
    """改报: the same data and the same year go to `target_committee` (its number, id or name) of the notice (G3)."""
    reason = require_text(values, "redirect_reason", "请填写改报理由。")
    target = _target(session, declaration, str(values.get("target_committee") or "").strip())
    office = _office(session, declaration, actor)
    register.enter(session, declaration, actor, office, "redirected", note=f"改报{target.name}：{reason}")
    declaration.committee_id = target.id
    session.flush()
    return target


def due_at(session: Session, notice: CorrectionNotice) -> datetime | None:
    """When the notice's deadline is over: the row that its diagram made, counting from the sending."""
    wanted = select(Deadline.due_at).where(
        Deadline.declaration_id == notice.declaration_id, Deadline.starts_at == notice.sent_at
    )
    return session.scalar(wanted.order_by(Deadline.id.desc()).limit(1))


def _check_arrival(session: Session, declaration: Declaration) -> None:
    row = terms.committee(session, declaration)
    arrived = levels.arrived_at(session, declaration) or clock.now(session)
    try:
        governs = terms.parameter(session, declaration, "window_governs")
    except ConfigurationError as undecided:  # whoever accepts can have it decided; the file waits with him
        raise Refused(Problem("undecided", undecided.message)) from None
    problem = check_arrival(governs, arrived, _window(row, "declare"), _window(row, "corrections"))
    if problem is not None:
        raise Refused(problem)


def _return_again(
    session: Session, notice: CorrectionNotice, actor: Actor, items: list[levels.Item]
) -> CorrectionNotice:
    known = {(str(item.get("target") or "").strip(), item["text"].strip()) for item in notice.items}
    ids = {str(item["_id"]) for item in notice.items}
    added = [
        item
        for item in items
        if (str(item.get("target") or "").strip(), item["text"].strip()) not in known and str(item["_id"]) not in ids
    ]
    end = due_at(session, notice)
    if added or (end is not None and clock.now(session) >= end):
        raise Refused(_sealed(notice, end))
    entry = {
        "items": [item["_id"] for item in items],
        "at": clock.now(session).isoformat(),
        "person_id": actor.person_id,
    }
    notice.returns = [*notice.returns, entry]
    notice.answered_at = None
    session.flush()
    return notice


def _sealed(notice: CorrectionNotice, end: datetime | None) -> Problem:
    sent = day_words(clock.local(notice.sent_at))
    last = day_words(clock.local(end - _INSTANT)) if end else "补正期限届满"
    message = (
        f"本级已于{sent}一次性告知。补正内容以告知书所列为限，不能增加新的项目；"
        f"所列项目未完成的，可在{last}前再次退回。"
    )
    return Problem("second_notice", message, "correction_items", "N1 §一(四)；N2 §四(二)3(3)；R-138")


def _target(session: Session, declaration: Declaration, named: str) -> Committee:
    rows = committees.of_version(session, declaration.notice_version_id)
    found = [row for row in rows if named and named in (str(row.no), f"第{row.no}号", row.name)]
    if not found:
        raise Refused(
            Problem("committee", f"没有找到“{named}”，请填写日程安排中的评委会序号或全称。", "target_committee")
        )
    target = found[0]
    if target.id == declaration.committee_id:
        raise Refused(Problem("committee", "改报的评委会与现在的相同，请核对。", "target_committee"))
    if declaration.level not in target.levels or declaration.series not in target.series:
        raise Refused(Problem("committee", f"“{target.name}”不评审该系列和级别，请核对。", "target_committee"))
    return target


def _entered(session: Session, declaration: Declaration, office: Organisation, kind: str) -> tuple[str, int]:
    """The number of a document, and of the register's line that will name it."""
    worded = _worded(session, declaration, office, kind)
    line = register.series(declaration, office)
    drawn = numbers.next_numbers(session, worded.series, line)
    return worded.number(drawn[worded.series]), drawn[line]


def _worded(session: Session, declaration: Declaration, office: Organisation, kind: str) -> document_numbers.Worded:
    return document_numbers.worded(session, office, kind, declaration.notice_version_id, declaration.committee_id)


def _office(session: Session, declaration: Declaration, actor: Actor) -> Organisation:
    if actor.organisation_id is not None:
        return organisations.get(session, actor.organisation_id)
    return terms.convening_organisation(session, declaration)


def _window(committee: Committee, name: str) -> Window | None:
    found = committees.window(committee, name)
    return None if found is None or found.opens is None or found.closes is None else Window(found.opens, found.closes)
