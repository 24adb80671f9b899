"""A made-up notice of a few files, for tests that need running processes and no printed notice."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.domain import notices
from app.domain.packages import Package
from app.domain.parameter_values import ParameterSpec
from app.models.notice import NoticeVersion

DECISION = {
    "type": "radio",
    "id": "decision",
    "key": "decision",
    "label": "决定",
    "values": [{"label": "审核通过", "value": "pass"}, {"label": "退回", "value": "return"}],
    "validate": {"required": True},
}
NOTE = {"type": "textfield", "id": "note", "key": "note", "label": "说明"}


def form(*components: dict[str, Any]) -> bytes:
    return json.dumps({"type": "default", "id": "form", "components": list(components)}).encode()


def publish(
    session: Session,
    diagrams: Mapping[str, bytes],
    *,
    forms: Mapping[str, bytes] | None = None,
    decisions: Mapping[str, bytes] | None = None,
    parameters: Mapping[str, dict[str, Any]] | None = None,
    vocabulary: Mapping[str, ParameterSpec] | None = None,
) -> NoticeVersion:
    own = {"diagrams": dict(diagrams), "forms": dict(forms or {}), "decisions": dict(decisions or {})}
    package = Package(
        key="made_up",
        title="虚构通知",
        number="虚构〔2023〕1号",
        issuer="虚构市职改办",
        year=2023,
        in_force_from=date(2023, 1, 1),
        vocabulary=dict(vocabulary or {}),
        parameters=dict(parameters or {}),
        shared={"diagrams": {}, "decisions": {}, "forms": {}},
        own=own,
    )
    return notices.publish(session, package, by=None, note="测试")
