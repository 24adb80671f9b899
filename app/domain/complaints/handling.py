"""What an office does with a complaint: asks others, hears the person, closes it with a finding (R-193, R-202)."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import levels, organisations
from app.domain.complaints.registering import KINDS, get
from app.domain.complaints.stages import STAGES
from app.domain.wording import moment_words
from app.errors import ConfigurationError, Problem, Refused
from app.models.complaint import Complaint
from app.models.declaration import Declaration
from app.models.office import DecisionRecord
from app.models.people import Organisation
from app.models.process import ProcessInstance, Task

FINDINGS = {"founded": "查证属实", "unfounded": "查无实据", "elsewhere": "不属本单位处理"}
VERIFY, HEARING = "lead_verify", "hearing"
# whom the office may ask to help, from below → the post that works there
HELPERS = {"unit": "unit_clerk", "department": "dept_admin", "district": "district_tro"}
HELPER_NAMES = {"unit": "所在单位", "department": "单位主管部门", "district": "区县职改部门"}


def hold_reason(complaint: Complaint) -> str:
    """Why the declaration waits: each complaint holds it by itself, and lifts its own hold alone."""
    return f"complaint:{complaint.id}"


def close(session: Session, complaint: Complaint, finding: str, reply: str | None = None) -> None:
    """Its writer reads finding and reply from now on. ConfigurationError for an unknown finding."""
    if finding not in FINDINGS:
        raise ConfigurationError(f"投诉举报没有“{finding}”这一核实结论。")
    complaint.finding, complaint.closed_at = finding, clock.now(session)
    complaint.reply = (reply or "").strip() or None


def helper(session: Session, declaration: Declaration, level: str) -> Organisation | None:
    """The unit, department or district on the declaration's route; None where its route has none."""
    return organisations.resolve(session, levels.body(declaration, level)) if has_helper(declaration, level) else None


def has_helper(declaration: Declaration, level: str) -> bool:
    return level in HELPERS and levels.has_body(declaration, level)


def require_helpers(declaration: Declaration | None, asked: Collection[str]) -> None:
    """Refused for an empty request, and for bodies that the declaration's route does not pass."""
    if not asked:
        raise Refused(Problem("missing", "请选择协助核实的单位。", "cooperate_with"))
    missing = [HELPER_NAMES[each] for each in asked if declaration is None or not has_helper(declaration, each)]
    if missing:
        words = f"本件的申报渠道上没有{'、'.join(missing)}，请重新选择协助核实的单位。"
        raise Refused(Problem("helper", words, "cooperate_with"))


def load(session: Session, _task: Task, instance: ProcessInstance, wanted: Collection[str]) -> dict[str, Any]:
    """What the forms show; who helps or is heard reads the office's request and never what was reported."""
    complaint = get(session, instance.subject["complaint_id"])
    found: dict[str, Any] = {"reported": complaint.text, "subject": subject_words(complaint), "about": complaint.about}
    if {"request", "heard", "proved"} & set(wanted):
        records = _records(session, instance.id)
        asked = [each for each in records if each.element_id == VERIFY]
        found["request"] = asked[-1].values.get("request") if asked and "heard" not in wanted else None
        found["proved"] = asked[-1].values.get("finding") if asked else None
        found["heard"] = "\n".join(_line(each) for each in records if each.element_id != VERIFY) or None
    return {key: value for key, value in found.items() if key in wanted}


def _records(session: Session, instance_id: int) -> list[DecisionRecord]:
    wanted = select(DecisionRecord).where(DecisionRecord.instance_id == instance_id)
    return list(session.scalars(wanted.order_by(DecisionRecord.id)))


def subject_words(complaint: Complaint, who: str | None = None) -> str:
    """What the complaint is about, in one line: `申报人：张林（2023…）（评审会议前）`."""
    name, stage = who or complaint.about, STAGES.get(complaint.stage or "", "")
    return f"{KINDS[complaint.kind]}{f'：{name}' if name else ''}{f'（{stage}）' if stage else ''}"


def _line(record: DecisionRecord) -> str:
    said: Mapping[str, Any] = record.values
    level = record.element_id.removeprefix("cooperate_")
    who = "本人陈述申辩" if record.element_id == HEARING else HELPER_NAMES.get(level, "协助核实")
    return f"{who}（{moment_words(record.at)}）：{said.get('statement') or said.get('finding') or ''}"
