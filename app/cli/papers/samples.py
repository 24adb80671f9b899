"""One paper of each template from a played database, written as PDF."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import organisations, typesetting
from app.errors import ConfigurationError, NotFound
from app.models.certificate import Certificate
from app.models.complaint import Complaint
from app.models.declaration import Declaration
from app.models.draw import Draw
from app.models.entrustment import EntrustmentLetter
from app.models.expert import Campaign
from app.models.office import CorrectionNotice, RefusalNotice
from app.models.recheck import Recheck
from app.models.recommendation import UnitBatch
from app.models.review import Confirmation, ResultPublicity, ReviewSession
from app.processes.documents import (
    Paper,
    of_certificate,
    of_declaration,
    of_draw,
    of_letter,
    of_office,
    of_outcome,
    of_pool,
    of_result,
    of_session,
    of_unit,
    pdf,
)

UNIT = "cq_data_institute"
SHARED = "common"  # the template that the others import
Make = Callable[[Session, Any], Paper]


def _quota(session: Session, batch: UnitBatch) -> Paper:
    unit = organisations.by_key(session, UNIT)
    return of_unit.quota_form(session, unit.id, 2023, batch.notice_version_id)


def _draw(named: bool) -> Make:
    return lambda session, draw: of_draw.record(
        session, session.get_one(ReviewSession, draw.session_id), draw, named=named
    )


# file name → the table whose first row that can gives the paper
OF_SEASON: Mapping[str, tuple[type[Any], Make]] = {
    "form3": (EntrustmentLetter, of_letter.entrustment),
    "form4": (Declaration, of_declaration.exceptional),
    "form5": (Declaration, lambda session, each: of_declaration.archive_record(session, each, own=False)),
    "form6": (Declaration, of_declaration.education_card),
    "form7": (UnitBatch, _quota),
    "form8": (Declaration, of_declaration.publicity_sheet),
    "roster": (UnitBatch, of_unit.roster),
    "correction": (CorrectionNotice, of_office.correction),
    "refusal": (RefusalNotice, of_office.refusal),
    "draw_record": (Draw, _draw(named=False)),
    "draw_record_named": (Draw, _draw(named=True)),
    "minutes": (ReviewSession, lambda session, each: of_session.minutes(session, _held(each))),
    "recusals": (ReviewSession, lambda session, each: of_session.recusals(session, _held(each))),
    "report": (ReviewSession, of_session.report),
    "result_list": (ResultPublicity, of_result.publicity_list),
    "confirmation": (Confirmation, lambda session, each: _only(of_result.confirmation(session, each), "confirmation")),
    "reply": (Confirmation, lambda session, each: _only(of_result.confirmation(session, each), "reply")),
    "number_record": (Confirmation, of_result.number_record),
    "review_form": (Declaration, of_session.review_form),
    "recheck_form": (Recheck, of_outcome.recheck_form),
    "recheck": (Recheck, of_outcome.recheck_reply),
    "complaint": (Complaint, of_outcome.complaint_reply),
    "revocation": (Declaration, of_outcome.revocation),
}
OF_SOLICITATION: Mapping[str, tuple[type[Any], Make]] = {
    "expert_sheet": (Campaign, of_pool.recommended_sheet),
    "pool_list": (Campaign, of_pool.admitted),
}


def write(database: Database, files: Path, folder: Path, wanted: Mapping[str, tuple[type[Any], Make]]) -> list[Path]:
    """A PDF of each into `folder`, with the season's a sealed certificate; `files` holds the attachments."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with database.reading() as session:
        for name, (table, make) in wanted.items():
            written.append(_keep(folder, name, pdf(session, _first(session, name, _rows(session, table), make))))
        for held in _rows(session, Certificate)[:1]:
            paper = of_certificate.certificate(session, held, files)
            written.append(_keep(folder, "certificate", of_certificate.sealed(session, paper)))
    return written


def require_every(written: Iterable[Path]) -> None:
    """ConfigurationError naming the templates of which nothing was written."""
    templates = {path.stem for path in typesetting.DOCUMENTS.glob(f"*{typesetting.ENDING}")} - {SHARED}
    missing = templates - {path.stem for path in written}
    if missing:
        raise ConfigurationError(f"下列文书没有生成：{'、'.join(sorted(missing))}。")


def _first(session: Session, name: str, rows: Sequence[Any], make: Make) -> Paper:
    for row in rows:
        try:
            return make(session, row)
        except NotFound:
            continue
    raise ConfigurationError(f"演示数据中没有可以生成“{name}”的事项。")


def _rows(session: Session, table: type[Any]) -> Sequence[Any]:
    return session.scalars(select(table).order_by(table.id)).all()


def _held(review: ReviewSession) -> ReviewSession:
    if not review.minutes:
        raise NotFound
    return review


def _only(paper: Paper, kind: str) -> Paper:
    if paper.kind != kind:
        raise NotFound
    return paper


def _keep(folder: Path, name: str, content: bytes) -> Path:
    path = folder / f"{name}.pdf"
    path.write_bytes(content)
    return path
