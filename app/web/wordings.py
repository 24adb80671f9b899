"""通知模板: what each notification says in each channel; changed with a preview on a real case, version by version."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import house_templates, permissions, template_preview, template_words
from app.domain.said import whole_number
from app.domain.template_words import Wording
from app.domain.templates import declared
from app.domain.templates.texts import TEXTS
from app.errors import Conflict, Problem, Refused
from app.web.errors import status_of
from app.web.session import grants, reading, settings, transaction, visitor

blueprint = Blueprint("wordings", __name__, url_prefix="/wordings")

FIELDS = (*house_templates.PARTS, "note")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Every notification; `q` narrows by words of its name, its text, when and to whom it goes."""
    _administrator()
    words = request.args.get("q", "").split()
    with reading() as session:
        changed = house_templates.all_standing(session)
    rows = [(key, TEXTS[key], declared.DECLARED[key], changed.get(key)) for key in TEXTS]
    shown = [row for row in rows if all(word in _searched(*row) for word in words)]
    return render_template(
        "wordings/index.html",
        rows=shown,
        total=len(rows),
        q=" ".join(words),
        fields=declared.fields,
        sms=settings().sms,
    )


@blueprint.get("/<template>")
def show(template: str) -> ResponseReturnValue:
    return _page(template, None, [])


@blueprint.post("/<template>")
def save(template: str) -> ResponseReturnValue:
    _administrator()
    house_templates.require(template)
    said = _said()
    seen, note = whole_number(request.form.get("seen")), said.pop("note")
    try:
        with transaction() as session:
            changed = house_templates.save(session, template, said, seen=seen, by=visitor().person_id, note=note)
    except (Refused, Conflict) as problem:
        return _page(template, {**said, "note": note}, problem.problems), status_of(problem)
    flash("已保存，此后发出的消息按新的文字。" if changed else "文字没有改动。", "success")
    return redirect(url_for("wordings.show", template=template))


@blueprint.post("/<template>/restore")
def restore(template: str) -> ResponseReturnValue:
    """Back to an earlier version `number`, 0 for the product's own wording."""
    _administrator()
    house_templates.require(template)
    number, seen = whole_number(request.form.get("number")), whole_number(request.form.get("seen"))
    try:
        with transaction() as session:
            house_templates.restore(session, template, number, seen=seen, by=visitor().person_id)
    except Conflict as problem:
        return _page(template, None, problem.problems), status_of(problem)
    flash(f"已恢复第{number}版的文字。" if number else "已恢复系统通用文字。", "success")
    return redirect(url_for("wordings.show", template=template))


@blueprint.post("/<template>/preview")
def look(template: str) -> ResponseReturnValue:
    """A part of the page: the typed wording on the chosen case, or what is wrong with it."""
    _administrator()
    house_templates.require(template)
    try:
        said = house_templates.checked(template, _said())
    except Refused as refused:
        return render_template("wordings/_look.html", look=None, problems=refused.problems)
    with reading() as session:
        return render_template("wordings/_look.html", look=_look(session, template, said, request.form), problems=[])


def _page(template: str, typed: Mapping[str, str] | None, problems: list[Problem]) -> str:
    """The form with what was typed, or with what holds."""
    _administrator()
    house_templates.require(template)
    with reading() as session:
        standing = house_templates.standing(session, template)
        own = template_words.house(session, template)
        said = typed or {part: getattr(own, part) if own else "" for part in house_templates.PARTS}
        return render_template(
            "wordings/show.html",
            template=template,
            name=TEXTS[template][0],
            declared=declared.DECLARED[template],
            facts={fact: declared.FIELDS[fact] for fact in declared.DECLARED[template].facts},
            built_in=template_words.built_in(template),
            parts=house_templates.PARTS,
            said=said,
            seen=whole_number(request.form.get("seen")) if typed else standing.number,
            latest=standing,
            versions=house_templates.versions(session, template),
            recent=template_preview.recent(session, grants(), template),
            look=_look(session, template, own or template_words.built_in(template), {}),
            problems=problems,
            sms=settings().sms,
        )


def _look(session: Session, template: str, said: Wording, chosen: Mapping[str, str]) -> template_preview.Look:
    number = chosen.get("declaration", "").strip()
    on = template_preview.case(session, grants(), template, whole_number(chosen.get("case")), number)
    return template_preview.look(session, template, said, on)


def _said() -> dict[str, str]:
    return {name: request.form.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS}


def _searched(key: str, texts: tuple[str, str], said: declared.Declared, _: Any) -> str:
    return " ".join((key, *texts, said.when, said.to, *declared.fields(key).values()))


def _administrator() -> None:
    visitor()
    permissions.require_role(grants(), "system_admin")
