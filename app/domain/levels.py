"""The levels of a route: what each examined and asked for, and what may be completed (R-120…R-129)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, bindparam, cast, func, null, or_, select, union_all
from sqlalchemy.orm import Session

from app import ahead, clock
from app.domain import attachments, declarations, publicised, snapshots
from app.domain.offices import Actor
from app.errors import ConfigurationError, Problem, Refused
from app.models.declaration import Declaration
from app.models.office import CheckRecord, CompletionRequest, CorrectionNotice
from app.models.recommendation import BatchEntry, Publicity
from app.models.types import Id

Item = dict[str, Any]
COMMITTEE, ACCEPTS = "committee", "_accept"  # district_accept: the district level in its part as the accepting body


def on_route(declaration: Declaration, level: str) -> bool:
    """Whether `level` checks on the route frozen at submission.

    The level that accepts (N4: the district office) does not check as well: it answers to `district_accept`.
    """
    accepting = declaration.route.get("acceptance")
    if level.endswith(ACCEPTS):
        return level == f"{accepting}{ACCEPTS}" and bool(_bodies(declaration).get(str(accepting)))
    return level != accepting and bool(_bodies(declaration).get(level))


def has_body(declaration: Declaration, level: str) -> bool:
    """Whether the route names a body for the level, checking or accepting."""
    return bool(_bodies(declaration).get(level))


def body(declaration: Declaration, level: str) -> int:
    """The body that holds `level` on the declaration's route; ConfigurationError where the level is not on it."""
    found = _bodies(declaration).get(level.removesuffix(ACCEPTS))
    if not found:
        raise ConfigurationError(f"本件的申报渠道上没有“{level}”这一级。")
    return int(found)


def record_check(
    session: Session, declaration: Declaration, level: str, actor: Actor, values: Mapping[str, Any]
) -> CheckRecord:
    """Keep who examined and what: `decision`, `opinion`, `signed_by`, `checks` {point: {ok, note}}, `originals`."""
    now = clock.now(session)
    signed = {"person_id": actor.person, "at": now.isoformat()}
    record = CheckRecord(
        declaration_id=declaration.id,
        level=level,
        organisation_id=actor.organisation_id,
        person_id=actor.person,
        decision=values.get("decision") or "pass",
        opinion=values.get("opinion") or None,
        signed_by=values.get("signed_by") or None,
        checks=[{"key": key, **answer, **signed} for key, answer in (values.get("checks") or {}).items()],
        originals=[{"row": row, **signed} for row in values.get("originals") or []],
        at=now,
    )
    session.add(record)
    return record


def level_status(session: Session, declaration_id: int, level: str) -> str | None:
    """The decision that the level took last, None while it has taken none."""
    wanted = select(CheckRecord.decision).where(
        CheckRecord.declaration_id == declaration_id, CheckRecord.level == level
    )
    return session.scalar(wanted.order_by(CheckRecord.id.desc()).limit(1))


def read_items(values: Mapping[str, Any], key: str) -> list[Item]:
    """The form's list of what is to be mended ({_id, target, text}); Refused for none and for an empty text."""
    items = [dict(item) for item in values.get(key) or []]
    if not items:
        raise Refused(Problem("missing", "请逐项列明需要补充完善的内容。", key))
    for number, item in enumerate(items):
        if not str(item.get("text") or "").strip():
            raise Refused(Problem("missing", f"第{number + 1}项没有写明内容，请补充。", f"{key}.{number}.text"))
        item.setdefault("_id", str(number + 1))
    return items


def read_days(values: Mapping[str, Any], key: str) -> int | None:
    """The working days that the office sets, None for the notice's own; Refused for less than one."""
    days = values.get(key)
    if days is not None and int(days) < 1:
        raise Refused(Problem("days", "期限不能少于1个工作日。", key))
    return None if days is None else int(days)


def send_back(
    session: Session, declaration: Declaration, level: str, actor: Actor, values: Mapping[str, Any]
) -> CompletionRequest:
    """Ask the applicant to complete: `return_items`, within `return_days` working days; a new round each (R-121)."""
    items, days = read_items(values, "return_items"), read_days(values, "return_days")
    earlier = (
        select(func.count())
        .select_from(CompletionRequest)
        .where(CompletionRequest.declaration_id == declaration.id, CompletionRequest.level == level)
    )
    request = CompletionRequest(
        declaration_id=declaration.id,
        level=level,
        round=(session.scalar(earlier) or 0) + 1,
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        items=items,
        days=days,
        sent_at=clock.now(session),
    )
    session.add(request)
    session.flush()
    return request


def last_request(session: Session, declaration_id: int, level: str | None = None) -> CompletionRequest | None:
    """The latest request for completion, of one level where given."""
    wanted = select(CompletionRequest).where(CompletionRequest.declaration_id == declaration_id)
    if level is not None:
        wanted = wanted.where(CompletionRequest.level == level)
    return session.scalar(wanted.order_by(CompletionRequest.id.desc()).limit(1))


def check_completion(
    session: Session, declaration: Declaration, level: str, values: Mapping[str, Any] | None = None
) -> None:
    """Take the applicant's answer; Refused with sentence 22 for what was not publicised (nothing before publicity).

    `values` are what is being submitted, where the record has not been saved yet.
    """
    request = last_request(session, declaration.id, level)
    record = {**declarations.record_of(declaration), **(values or {})}
    require_publicised(session, declaration, record, request.items if request else [])
    if request is not None:
        request.answered_at = clock.now(session)
        session.flush()


def require_publicised(
    session: Session, declaration: Declaration, record: Mapping[str, Any], items: Sequence[Item]
) -> None:
    """Refused for what the last publicity did not show and `items` did not ask for: rows, files, headings (R-140)."""
    frozen = publicised_content(session, declaration.id, binding=True)
    if frozen is None:
        return
    files = attachments.named(session, publicised.files_in(record))
    asked = publicised.asked_for(items, {key: file.name for key, file in files.items()})
    problems = publicised.unpublicised(frozen, record, {key: file.digest for key, file in files.items()}, asked)
    if problems:
        raise Refused(*problems)


def publicised_content(session: Session, declaration_id: int, *, binding: bool = False) -> dict[str, Any] | None:
    """What the last publicity showed of the declaration ({headings, tables}); None before any.

    `binding`: what forbids to supplement; a round that was superseded does not, everything will be shown anew.
    """
    found = session.execute(
        select(Publicity.snapshot_digest, Publicity.superseded_at)
        .join(BatchEntry, BatchEntry.batch_id == Publicity.batch_id)
        .where(BatchEntry.declaration_id == declaration_id)
        .order_by(Publicity.id.desc())
        .limit(1)
    ).first()
    if found is None or (binding and found.superseded_at is not None):
        return None
    digest = found.snapshot_digest
    shown: dict[str, Any] | None = snapshots.read(session, digest)["declarations"].get(str(declaration_id))
    return shown


def arrived_at(session: Session, declaration: Declaration) -> datetime | None:
    """When the file reached the accepting body: the last step that sent it up, before any correction was asked for."""
    above = (declaration.route.get("acceptance") or "", COMMITTEE)
    steps = ahead.answered(session, SENT_UP, {"declaration": declaration.id})
    return max((at for level, at in steps if at is not None and level not in above), default=None)


def _sent_up() -> Select[Any]:
    """Level → its last check before any correction was asked for; no level → the last recommendation."""
    its = bindparam("declaration", type_=Id)
    asked = select(func.min(CorrectionNotice.sent_at)).where(CorrectionNotice.declaration_id == its).scalar_subquery()
    checked = (
        select(CheckRecord.level.label("level"), func.max(CheckRecord.at).label("at"))
        .where(CheckRecord.declaration_id == its, or_(asked.is_(None), CheckRecord.at <= asked))
        .group_by(CheckRecord.level)
    )
    recommended = select(cast(null(), String), func.max(BatchEntry.gone_up_at)).where(BatchEntry.declaration_id == its)
    return select(*union_all(checked, recommended).subquery("sent_up").c)


SENT_UP = _sent_up()


def _bodies(declaration: Declaration) -> dict[str, Any]:
    return declaration.route.get("bodies") or {}
