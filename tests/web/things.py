"""One thing of each kind that an address can name, for the walk through every door of the website."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import ROOT
from app.domain import notices, organisations, people
from app.domain.drafts import cloning, recordings, store
from app.domain.drafts.heading import Heading
from app.domain.intake import files
from app.models.attachment import Attachment
from app.models.batch_action import BatchAction
from app.models.cashier import CashierList
from app.models.declaration import Declaration
from app.models.desk import BulkRun, Phrase
from app.models.migration import Migration
from app.models.office import CorrectionNotice, Payment, RefusalNotice
from app.models.people import BindingRequest, RoleGrant
from app.models.process import Incident, Task
from app.models.recommendation import Publicity
from app.processes.studio.seasons import Asked
from tests.support import reviews
from tests.support.walk import N2

_COMPARED = {"old": "version:1", "new": "draft:1"}
_OWN = {"instance_id": 1, "deadline_id": 1, "datum": "mobile", "clock": "hold"}  # of the declaration's own process
_OF_COMMITTEE = tuple(f"studio_committee_parameters.{each}" for each in ("choose", "show", "save"))
_FEE = {"number": 1, "key": "fee"}
_REGISTER = {"kind": "organisations"}
# where a door calls something else by the name that others use, or asks for more than its address holds
PARTICULAR: dict[str, dict[str, Any]] = {
    "studio_parameters.show": {"key": "correction_acceptance"},
    **{f"dictionaries.{act}": {"name": "specialty"} for act in ("show", "add", "entry", "change")},
    "interventions.form": {"act": "suspend"},
    "interventions.carry_out": {"act": "suspend"},
    **dict.fromkeys(("adjustments.clock_form", "adjustments.set_clock"), _OWN),
    **dict.fromkeys(("adjustments.datum_form", "adjustments.set_datum"), _OWN),
    "studio_committees.show": {"number": 0},
    **dict.fromkeys(_OF_COMMITTEE, _FEE),
    **dict.fromkeys(("intake.index", "intake.take", "intake.show", "intake.apply"), _REGISTER),
    "intake.passwords": {"file_id": 2},
    "studio_comparison.show": _COMPARED,
    "studio_comparison.diagram": {**_COMPARED, "path": "diagrams/payment.bpmn"},
}
# the first of each, whether the walk has one or not
FIRSTS = (
    *("letter_id", "committee_id", "campaign_id", "sheet_id", "entry_id", "substitute_id", "delivery_id"),
    *("certificate_id", "view_id", "complaint_id", "confirmation_id", "recheck_id", "asked_id", "person_id", "file_id"),
)


def arguments(session: Session, declaration_id: int) -> dict[str, Any]:
    """What stands in an address: things of the case, each of a kind that its page accepts."""
    declaration = session.get_one(Declaration, declaration_id)
    task = session.scalars(select(Task).where(Task.status == "open").order_by(Task.id.desc())).first()
    incident = Incident(
        instance_id=declaration.instance_id, kind="script", reason="试验", at=declaration.created_at, element_id="x"
    )
    assert task is not None
    binding = _registration(session, declaration)
    session.add_all([incident, binding])
    session.flush()
    return {
        "declaration_id": declaration_id,
        **_OWN,
        "instance_id": task.instance_id,
        "batch_id": declaration.batch_id,
        "task_id": task.id,
        **_desk_things(session, task),
        "incident_id": incident.id,
        "request_id": binding.id,
        "publicity_id": session.scalars(select(Publicity.id)).one(),
        "attachment_id": session.scalars(
            select(Attachment.id).where(Attachment.declaration_id == declaration_id).limit(1)
        ).one(),
        "notice_id": _papers(session, declaration),
        "list_id": _money(session, declaration),
        "organisation_id": organisations.by_key(session, "cq_industry_department").id,
        "grant_id": session.scalars(select(RoleGrant.id).limit(1)).one(),
        "key": N2,
        "process": "declaration",
        "place": "三",
        "level": "unit",
        "number": 1,
        "kind": "form8",
        "step": "witness_draw",
        "template": "accepted",
        **reviews.doors(session, declaration),
        "filename": "none",
        **dict.fromkeys(FIRSTS, 1),
    }


def _desk_things(session: Session, task: Task) -> dict[str, Any]:
    """A run and a batch action of the unit's clerk, and a phrase that all of his unit share."""
    clerk = people.by_account(session, "clerk.institute")
    assert clerk is not None
    run = BulkRun(person_id=clerk.id, notice_key=N2, level="unit", planned_at=task.created_at)
    unit = organisations.by_key(session, "cq_data_institute").id
    phrase = Phrase(organisation_id=unit, kind="opinion", text="同意推荐", changed_at=task.created_at)
    batch = BatchAction(action="remind", person_id=clerk.id, found=0, planned_at=task.created_at)
    session.add_all([run, phrase, batch])
    session.flush()
    _register_files(session, clerk.id)
    return {"run_id": run.id, "phrase_id": phrase.id, "action_id": batch.id, **_studio_things(session, clerk.id)}


def _register_files(session: Session, person_id: int) -> None:
    """The first file that was handed in is of bodies, the second of accounts."""
    texts = {"organisations": "名称,类别,代号\n甲所,事业单位,a\n", "accounts": "账号,姓名\nwalker,过路人\n"}
    for kind, text in texts.items():
        files.take(session, kind, "名单.csv", text.encode(), person_id)


def _studio_things(session: Session, person_id: int) -> dict[str, Any]:
    """A draft of a notice with a schedule, whoever began it, and a file that it inherits."""
    said = Heading("walk_2024", "试验通知", "1号", "试验机关", 2024, "2024-01-01", "n1_2022_general")
    draft = cloning.begin(session, said, {}, by=person_id)
    rows = (ROOT / "notices" / N2 / "committees.csv").read_text(encoding="utf-8")
    store.save(session, draft.id, "committees.csv", rows, revision=0, by=person_id, reason="试验")
    version = notices.latest(session, N2).id
    moved = Migration(notice_version_id=version, person_id=person_id, reason="改图", planned_at=draft.created_at)
    session.add(moved)
    session.flush()
    told = recordings.begun("walk", {"title": "试验", "notice": said.key, "clock": "2024-01-01 09:00"})
    store.save(session, draft.id, "scenarios/walk.yaml", told, revision=0, by=person_id, reason="试验")
    migration = {"name": "walk", "version_id": version, "migration_id": moved.id, "act": "stop"}
    return {
        "draft_id": draft.id,
        "role": "unit_clerk",
        "code": "software",
        "folder": "diagrams",
        "path": "diagrams/payment.bpmn",
        **migration,
    }


def rehearse(data: Path, draft_id: int) -> None:
    """The draft was once rehearsed, and nothing was found."""
    run = data / "rehearsals" / str(draft_id) / "1"
    run.mkdir(parents=True)
    asked = Asked(1, 1, "试验", "2024-01-01 09:00")
    told: dict[str, Any] = {"applicants": 1, "seed": 1, "from": "", "until": "", "stopped": False, "machine": {}}
    told |= {key: [] for key in ("ends", "missed", "loads", "waits", "refusals", "unreached", "findings")}
    (run / "progress").touch()
    (run / "run.json").write_text(json.dumps(asdict(asked)))
    (run / "report.json").write_text(json.dumps(told))


def _registration(session: Session, declaration: Declaration) -> BindingRequest:
    """A new unit asks the department to register it."""
    asking = people.by_account(session, "zhou.wen")
    assert asking is not None
    return BindingRequest(
        person_id=asking.id,
        role="unit_clerk",
        credit_code="91500000MA5U000006",
        name="新设单位",
        kind="institution",
        parent_id=organisations.by_key(session, "cq_industry_department").id,
        certificate_id=1,
        contact_name="周雯",
        contact_phone="023-55550199",
        requested_at=declaration.created_at,
    )


def _papers(session: Session, declaration: Declaration) -> int:
    """A notice of correction and one of refusal under the same id."""
    office = organisations.by_key(session, "cq_bigdata_bureau").id
    about = {"declaration_id": declaration.id, "organisation_id": office, "sent_at": declaration.created_at}
    correction = session.scalars(select(CorrectionNotice)).first()
    if correction is None:
        correction = CorrectionNotice(level="acceptance", number="walk-1", **about)
        session.add(correction)
        session.flush()
    session.add(RefusalNotice(id=correction.id, number="walk-2", reason="试验", **about))
    return correction.id


def _money(session: Session, declaration: Declaration) -> int:
    """A booked fee, and a cashier's list of the convening office."""
    office, finance = organisations.by_key(session, "cq_bigdata_bureau").id, people.by_account(session, "finance")
    assert finance is not None
    taken = CashierList(
        organisation_id=office, digest="0" * 64, name="清单.xlsx", taken_by=finance.id, taken_at=declaration.created_at
    )
    session.add_all([taken, Payment(declaration_id=declaration.id, status="paid", amount=240, at=taken.taken_at)])
    session.flush()
    return taken.id
