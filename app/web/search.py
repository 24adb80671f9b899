"""快速查找: one box for an applicant, a unit, a number; an identity number never stands in an address."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.inbox import searching, whereabouts
from app.domain.inbox.filters import Filters, plain
from app.processes import overseeing
from app.web.session import grants, reading, visitor

blueprint = Blueprint("search", __name__)

NOBODY = "没有找到该号码的办理事项，请核对；不在您权限范围内的不会列出。"


@blueprint.get("/search")
def show() -> ResponseReturnValue:
    """What `q`, or the person `applicant`, finds in 待办, in 已办 and among what the visitor may see."""
    visitor()
    who, said = grants(), Filters.of(request.args)
    filters = Filters(q=said.q, applicant=said.applicant)
    asked = bool(filters.kept) and not searching.is_secret(filters.q)
    with reading() as session:
        found = searching.of(session, who, filters) if asked else None
        now = whereabouts.of(session, [each.case for each in found.hits]) if found else {}
    context = {"most": searching.SHOWN, "overseer": bool(who.roles & set(overseeing.OVERSEERS))}
    return render_template("inbox/search.html", filters=filters, found=found, now=now, personal=who.personal, **context)


@blueprint.post("/search")
def ask() -> ResponseReturnValue:
    """Words go on in the address; whose number it is goes on as a person, and a number that is nobody's not at all."""
    visitor()
    said = plain(request.form.get("q"))
    with reading() as session:
        person = searching.person_of(session, grants(), said)
    if person is not None:
        return redirect(url_for("search.show", applicant=person))
    if searching.is_secret(said):
        flash(NOBODY, "error")
        return redirect(url_for("search.show"))
    return redirect(url_for("search.show", q=said or None))
