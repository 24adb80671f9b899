"""Papers of a review session: its minutes and recusals, the report, and the review form of one name."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import dictionaries, organisations, review_committees
from app.domain.ballots import guarantees
from app.domain.forms.render import TableView
from app.domain.results import confirmations, names
from app.domain.results.names import Name
from app.domain.reviews import agenda, seats, sessions
from app.domain.reviews import minutes as kept
from app.domain.reviews import recusals as deciding
from app.domain.wording import day_words, moment_words
from app.errors import NotFound
from app.models.declaration import Declaration
from app.models.office import CheckRecord
from app.models.review import ReviewSession
from app.processes import form8
from app.processes.documents.of_result import RESULTS
from app.processes.documents.paper import Paper, in_words

STATES = {"deferred": "暂缓表决", "dropped": "退出议程", "listed": "未表决"}
_BASES = {"executing_roster": "执行评委会人数", "registered": "核准备案的评委会人数"}


def minutes(session: Session, review: ReviewSession) -> Paper:
    """会议记录 as frozen, or as it stands while it is not complete."""
    said = kept.read(session, review)
    data = {
        **{key: said[key] for key in ("title", "place", "recording", "roster_size", "presiding")},
        "secrecy": "".join(said.get("secrecy") or (*guarantees.GUARANTEED, *guarantees.NOT_GUARANTEED)),
        "number": review.minutes.get("digest", "")[:16],
        "opened_at": _when(said["opened_at"]),
        "ended_at": _when(said["ended_at"]),
        "rules": _rules(said["rules"], said["rules_minuted_at"]) if said["rules"] else "",
        "attendance": [_attended(row) for row in said["attendance"]],
        "items": [_item(row) for row in said["items"]],
        "postponed": [f"{_when(row.get('at'))}：{row.get('reason') or '出席不足'}" for row in said["postponed"]],
        "discussion": said.get("discussion") or "",
        "signed_by": review.minutes.get("signed_by"),
        "complete": bool(review.minutes),
    }
    return Paper("minutes", f"{review.title}会议记录", data, review.notice_version_id, clock.now(session))


def report(session: Session, review: ReviewSession) -> Paper:
    """《评审情况报告》. NotFound before it was handed in."""
    if not review.report:
        raise NotFound("评审情况报告尚未报送。")
    voted = names.of_session(session, review.id)
    committee = review_committees.get(session, review.review_committee_id)
    data = {
        "title": review.title,
        "to": organisations.get(session, review.report["to"]).name,
        "office": organisations.get(session, committee.convening_id).name,
        "committee": committee.name,
        "reviewed": len(voted),
        "passed": sum(name.passed for name in voted),
        "levels": _levels(voted),
        "held": _span(review),
        "text": review.report.get("text") or "",
        "date": in_words(review.report["at"]),
    }
    return Paper("report", f"{review.title}评审情况报告", data, review.notice_version_id, clock.now(session))


def recusals(session: Session, review: ReviewSession) -> Paper:
    """回避情况登记表: who stands back from whom, and what was decided on each suggestion."""
    found = deciding.lines(session, review.id)
    seated = {line.seat.id: line for line in seats.lines(session, review.id)}
    applicants = {row.item.id: row.applicant for row in agenda.lines(session, review.id)}
    title = f"{review.title}回避情况登记表"
    data = {
        "title": title,
        "committee": review_committees.get(session, review.review_committee_id).name,
        "held": _span(review),
        "lines": [
            {
                "number": line.seat.number,
                "expert": seated[line.seat.id].name,
                "applicant": applicants[line.item.id],
                "basis": "；".join(deciding.BASES.get(basis, basis) for basis in line.recusal.basis),
                "status": deciding.STATUSES[line.recusal.status],
                "reason": line.recusal.reason or "",
            }
            for line in found
        ],
        "rule": _rules(review.rules, None) if review.rules else "",
    }
    return Paper("recusals", title, data, review.notice_version_id, clock.now(session))


def review_form(session: Session, declaration: Declaration) -> Paper:
    """职称申报评审表: personal and achievement pages from form 8, the opinions, and the result page.

    NotFound before the result is confirmed: until then what the committee said of it is the session's own.
    """
    item, issued = names.last_item(session, declaration.id), confirmations.of_declaration(session, declaration.id)
    if item is None or issued is None:
        raise NotFound("评审结果尚未确认，暂没有评审表。")
    review = sessions.get(session, item.session_id)
    sheet = form8.preview(session, declaration)
    row = next(each for each in kept.read(session, review)["items"] if each["place"] == item.place)
    data = {
        "title": sheet.title.replace("综合情况（公示）表", "评审表"),
        "values": {**sheet.values, "name": sheet.name, "id_number": sheet.number},
        "tables": [_table(view) for view in sheet.tables],
        "unit": names.units(session, [Name(item, declaration, sheet.name)])[declaration.id],
        "checks": _checks(session, declaration),
        "opinions": row["opinions"],
        "panel_opinion": row["panel_opinion"] or "",
        "committee": review_committees.get(session, review.review_committee_id).name,
        "result": RESULTS[item.passed],
        "tally": row.get("tally"),
        "held_on": in_words(clock.local(review.ended_at).date()) if review.ended_at else "",
        "confirmation": issued.number,
        "confirmed_on": day_words(issued.dated) if issued.dated else "",
        "body": organisations.get(session, issued.body_id).name,
    }
    return Paper("review_form", f"{sheet.name}评审表", data, declaration.notice_version_id, clock.now(session))


def _rules(rules: Mapping[str, Any], minuted: str | None) -> str:
    recused = "回避的评委仍计入出席人数" if rules["recusal_in_denominator"] else "回避的评委不计入该申报人的出席人数"
    words = (
        f"出席人数须达到{_BASES.get(rules['quorum_base'], rules['quorum_base'])}的{rules['quorum_fraction']}；"
        f"同意票达到出席人数的{rules['pass_fraction']}为通过；{recused}。"
    )
    return f"{words}（{_when(minuted)}首次投票前记入）" if minuted else words


def _attended(row: Mapping[str, Any]) -> dict[str, Any]:
    notes = ["候补递补"] if row["stands_in"] else []
    if row["left_at"]:
        notes.append(f"{_clock_time(row['left_at'])}离席")
    return {
        "number": row["number"],
        "name": row["name"],
        "employer": row["employer"],
        "position": row["position"],
        "signed_in": _clock_time(row["signed_in_at"]) or "未到会",
        "phone": row["phone_receipt"] or "",
        "pledged": "已签" if row["pledged"] else "",
        "note": "；".join(notes),
    }


def _item(row: Mapping[str, Any]) -> dict[str, Any]:
    tally = row.get("tally") or {}
    other = tally.get("other_way") or {}
    both = f"另一计法：以{other['counted']}人计，{RESULTS[other['passed']]}" if other else ""
    return {
        "place": row["place"],
        "applicant": row["applicant"],
        "acceptance_no": row["acceptance_no"] or "",
        "title": row["title"],
        "opinion": row["panel_opinion"] or "；".join(row["opinions"]),
        "votes": "{yes} / {no} / {abstain}".format(**tally) if tally else "",
        "present": tally.get("present", ""),
        "counted": tally.get("counted", ""),
        "recused": "、".join(row["recused"]),
        "result": RESULTS[row["passed"]] if row["status"] == "voted" else STATES.get(row["status"], ""),
        "note": "；".join(part for part in (row["reason"], both) if part),
    }


def _checks(session: Session, declaration: Declaration) -> dict[str, dict[str, str]]:
    """Level → the last opinion that passed the file on, and when."""
    wanted = select(CheckRecord).where(CheckRecord.declaration_id == declaration.id, CheckRecord.decision == "pass")
    found = session.scalars(wanted.order_by(CheckRecord.id))
    return {each.level: {"opinion": each.opinion or "", "on": day_words(clock.local(each.at).date())} for each in found}


def _table(view: TableView) -> dict[str, Any]:
    """Every column, those too that a screen shows below the row."""
    rows = [[value.text for value in (*row.cells, *row.details)] for row in view.rows]
    first = view.rows[0]
    return {"label": view.label, "columns": [value.label for value in (*first.cells, *first.details)], "rows": rows}


def _levels(voted: list[Name]) -> list[str]:
    found: dict[str, list[bool]] = {}
    for name in voted:
        found.setdefault(dictionaries.label("title", name.declaration.title), []).append(name.passed)
    return [f"{title}{len(passed)}人，通过{sum(passed)}人" for title, passed in found.items()]


def _span(review: ReviewSession) -> str:
    held = [moment_words(at) for at in (review.opened_at, review.ended_at) if at]
    return "至".join(held)


def _clock_time(text: str | None) -> str:
    return f"{clock.local(datetime.fromisoformat(text)):%m-%d %H:%M}" if text else ""


def _when(text: str | None) -> str:
    return moment_words(datetime.fromisoformat(text)) if text else ""
