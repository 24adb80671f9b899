"""What two versions, or a draft and its base, differ in: lists in words, and the two states of a diagram."""

from dataclasses import asdict

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain.drafts import entries
from app.domain.drafts.paths import KINDS, kind_of
from app.domain.parameter_values import ParameterSpec
from app.engine.differences import of_diagrams
from app.errors import NotFound
from app.processes.studio import differences
from app.processes.studio.differences import EntryChange, Side
from app.web.session import reading
from app.web.studio.entry_boxes import said

blueprint = Blueprint("studio_comparison", __name__, url_prefix="/studio/compare")

KIND_WORDS = {"added": "增加", "removed": "删去", "changed": "更改", "moved": "移动"}


@blueprint.get("")
def show() -> ResponseReturnValue:
    """`old` and `new` are `version:ID` or `draft:ID`."""
    with reading() as session:
        old, new = _sides(session)
        specs = entries.declared(None, b"")
    found = differences.compare(old, new)
    return render_template(
        "studio/comparison.html",
        old=old,
        new=new,
        found=found,
        entries=[_entry(each, specs) for each in found.entries],
        kinds=KIND_WORDS,
        file_kinds=KINDS,
        kind_of=kind_of,
        asked={name: request.args[name] for name in ("old", "new")},
    )


@blueprint.get("/diagram")
def diagram() -> ResponseReturnValue:
    """One diagram in both states, what differs in colour and as a list."""
    path = request.args.get("path", "")
    with reading() as session:
        old, new = _sides(session)
    if path not in old.files or path not in new.files or kind_of(path) != "diagrams":
        raise NotFound
    changes = of_diagrams(old.files[path], new.files[path])
    state = {
        "old": old.files[path].decode(),
        "new": new.files[path].decode(),
        "changes": [asdict(each) for each in changes],
    }
    return render_template(
        "studio/comparison_diagram.html",
        old=old,
        new=new,
        path=path,
        changes=changes,
        state=state,
        kinds=KIND_WORDS,
        asked={name: request.args[name] for name in ("old", "new")},
    )


def _sides(session: Session) -> tuple[Side, Side]:
    asked = [request.args.get(name, "") for name in ("old", "new")]
    old, new = (differences.side(session, which) for which in asked)
    return old, new


def _entry(change: EntryChange, specs: dict[str, ParameterSpec]) -> dict[str, str]:
    """A parameter's change in words; `why` what differs when the value is the same."""
    spec = specs.get(change.key)
    meanings = {key: each.meaning for key, each in specs.items()}
    before, after = (said(spec, each, meanings) if spec else str(each or "") for each in (change.old, change.new))
    clauses = [str((each or {}).get("clause", "")) for each in (change.old, change.new)]
    return {
        "meaning": spec.meaning if spec else change.key,
        "key": change.key,
        "old": before or "没有写",
        "new": after or "没有写",
        "clause": "" if clauses[0] == clauses[1] else f"{clauses[0] or '无'} → {clauses[1] or '无'}",
    }
