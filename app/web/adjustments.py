"""What a manager puts right in one case: a clock stopped or let run on, a datum of its declaration."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import explanations
from app.errors import NotFound, Problem
from app.processes import clock_holds, data_edits
from app.web import acting
from app.web.session import reading, visitor

blueprint = Blueprint("adjustments", __name__)

CLOCKS: dict[str, Callable[..., Any]] = {"hold": clock_holds.hold, "release": clock_holds.release}


@blueprint.get("/instances/<int:instance_id>/deadlines/<int:deadline_id>/<any(hold,release):clock>")
def clock_form(instance_id: int, deadline_id: int, clock: str) -> ResponseReturnValue:
    return _clock_form(instance_id, deadline_id, clock, [])


@blueprint.post("/instances/<int:instance_id>/deadlines/<int:deadline_id>/<any(hold,release):clock>")
def set_clock(instance_id: int, deadline_id: int, clock: str) -> ResponseReturnValue:
    """Stop one clock for `reason`, or let it run on."""
    person_id = visitor().person_id

    def work(session: Session) -> None:
        CLOCKS[clock](session, deadline_id, reason=acting.reason(), person_id=person_id)

    done = "已暂停计时。" if clock == "hold" else "已恢复计时，截止时间已重新计算。"
    return acting.act(
        instance_id, "hold", work, lambda problems: _clock_form(instance_id, deadline_id, clock, problems), done
    )


@blueprint.get("/instances/<int:instance_id>/data/<datum>")
def datum_form(instance_id: int, datum: str) -> ResponseReturnValue:
    return _datum_form(instance_id, datum, [])


@blueprint.post("/instances/<int:instance_id>/data/<datum>")
def set_datum(instance_id: int, datum: str) -> ResponseReturnValue:
    """Change one datum of the closed list to `value`, for `reason`."""
    person_id, value = visitor().person_id, request.form.get("value", "")

    def work(session: Session) -> None:
        data_edits.edit(session, instance_id, datum, value, reason=acting.reason(), person_id=person_id)

    return acting.act(
        instance_id,
        "edit",
        work,
        lambda problems: _datum_form(instance_id, datum, problems),
        "已更改，办理经过留有记录。",
    )


def _clock_form(instance_id: int, deadline_id: int, clock: str, problems: Sequence[Problem]) -> str:
    with reading() as session:
        instance, row = acting.instance_of(session, instance_id, "hold"), clock_holds.get(session, deadline_id)
        if row.instance_id != instance.id:
            raise NotFound("没有找到该期限。")
        context = {"clock": clock, "row": row, "why": explanations.explain(session, row, instance)}
        return acting.render(session, "clock", instance, problems, context)


def _datum_form(instance_id: int, datum: str, problems: Sequence[Problem]) -> str:
    with reading() as session:
        instance = acting.instance_of(session, instance_id, "edit")
        found = next((each for each in data_edits.offered(session, instance) if each.key == datum), None)
        if found is None:
            raise NotFound("没有找到可以更改的这项数据。")
        context = {"datum": found, "value": request.form.get("value", found.value)}
        return acting.render(session, "datum", instance, problems, context)
