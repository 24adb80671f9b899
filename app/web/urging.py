"""催办 from the unit's desk: whoever holds one of its files elsewhere is reminded, within the file's own limit."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domain import declarations, desk
from app.errors import NotFound
from app.processes import urging
from app.web.desks import own_desk
from app.web.session import reading, transaction, visitor

blueprint = Blueprint("urging", __name__)


@blueprint.post("/recommendation/<level>/<key>/urge")
def urge(level: str, key: str) -> ResponseReturnValue:
    """The file `declaration` of the desk; NotFound for one that no other office holds."""
    mine, said = own_desk(level), request.form.get("declaration", "")
    with reading() as session:
        desk.season(session, mine, key)
        known = desk.held_elsewhere(session, mine, key)
    if not said.isdecimal() or int(said) not in known:
        raise NotFound("本件现在没有等待其他机构办理。")
    with transaction() as session:
        told = urging.urge(session, declarations.get(session, int(said)), visitor().person_id)
    flash(f"已提醒{told}名办理人员。" if told else "该机构暂无办理人员，请电话联系。", "success")
    return redirect(url_for("recommendation.notice", level=level, key=key, _anchor=f"name-{said}"))
