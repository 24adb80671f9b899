"""处分与影响期: the register, and entering one with what it means for declarations under way."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import people, permissions
from app.domain.identity import mask_identity
from app.domain.said import day
from app.domain.wording import day_words
from app.errors import Problem, Refused
from app.models.declaration import Declaration
from app.models.people import Person, Sanction
from app.processes import status_changes
from app.web.instances import page_number
from app.web.session import grants, reading, run, visitor

blueprint = Blueprint("sanctions", __name__)

KEEPERS = ("municipal_tro", "manager", "system_admin")
KINDS = ("党纪处分", "政务处分", "行政处罚", "刑事处罚", "学术不端", "职称申报弄虚作假", "其他")
PAGE = 50
FIELDS = ("person", "kind", "from_on", "to_on", "source")


@blueprint.get("/registers/sanctions")
def index() -> ResponseReturnValue:
    return _show({}, [])


@blueprint.post("/registers/sanctions")
def add() -> ResponseReturnValue:
    """Without `confirmed` shows who it is and what it would begin; with it, enters it."""
    _keeper()
    said = {name: request.form.get(name, "").strip() for name in FIELDS}
    try:
        if request.form.get("confirmed") != "yes":
            with reading() as session:
                concerned = _preview(session, said)
            return render_template("registers/sanction_preview.html", said=said, **concerned)
        count = run(lambda session: _enter(session, said))
    except Refused as refused:
        return _show(said, refused.problems), 422
    outcome = f"已对{count}件在办申报发起申报人情况变化处理。" if count else "没有在办的申报受影响。"
    flash(f"已登记。{outcome}", "success")
    return redirect(url_for("sanctions.index"))


def _show(said: dict[str, str], problems: list[Problem]) -> str:
    _keeper()
    words, page = request.args.get("q", "").strip(), page_number()
    wanted = select(Sanction, Person.name, Person.account).join(Person, Person.id == Sanction.person_id)
    if words:
        wanted = wanted.where(Person.name.icontains(words, autoescape=True))
    with reading() as session:
        total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
        rows = session.execute(
            wanted.order_by(Sanction.from_on.desc(), Sanction.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
        ).all()
        today = clock.local(clock.now(session)).date()
    return render_template(
        "registers/sanctions.html",
        rows=rows,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        kinds=KINDS,
        said=said,
        problems=problems,
        today=today,
        q=words,
    )


def _keeper() -> None:
    visitor()
    permissions.require_role(grants(), *KEEPERS)


def _preview(session: Session, said: dict[str, str]) -> dict[str, Any]:
    person, period = _read(session, said)
    return {
        "person": person,
        "masked": mask_identity(person.identity_number),
        "period": period,
        "count": len(_live(session, person.id)) if _lasting(session, period) else 0,
    }


def _enter(session: Session, said: dict[str, str]) -> int:
    """Keep the entry; a period that is not over yet has every submitted live declaration decided on."""
    person, period = _read(session, said)
    people.register_sanction(session, person.id, said["kind"], period, said["source"])
    if not _lasting(session, period):
        return 0
    end = f"至{day_words(period[1])}止" if period[1] else "截止日期未定"
    return status_changes.concerning(session, person.id, reason=f"{said['kind']}，影响期{end}")


def _read(session: Session, said: dict[str, str]) -> tuple[Person, tuple[date, date | None]]:
    problems = []
    person = people.by_account(session, said["person"]) or people.by_identity(session, said["person"])
    if person is None:
        words = "没有找到该账号或证件号码对应的人员，请核对。" if said["person"] else "请填写人员的账号或证件号码。"
        problems.append(Problem("person", words, "person"))
    if not said["kind"]:
        problems.append(Problem("missing", "请选择类别。", "kind"))
    if not said["source"]:
        problems.append(Problem("missing", "请填写依据的文书或来源。", "source"))
    first, last = _day(said["from_on"]), _day(said["to_on"])
    if first is None:
        problems.append(Problem("missing", "请填写起始日期。", "from_on"))
    elif last is not None and last < first:
        problems.append(Problem("period", "截止日期不能早于起始日期。", "to_on"))
    if problems or person is None or first is None:
        raise Refused(*problems)
    return person, (first, last)


def _day(said: str) -> date | None:
    found = day(said)
    if said and found is None:
        raise Refused(Problem("date", "请按年月日填写日期。", "from_on"))
    return found


def _lasting(session: Session, period: tuple[date, date | None]) -> bool:
    return period[1] is None or period[1] >= clock.local(clock.now(session)).date()


def _live(session: Session, person_id: int) -> list[int]:
    """Submitted declarations of the person that have not ended."""
    living = Declaration.submitted_at.is_not(None) & Declaration.ended_as.is_(None)
    return list(session.scalars(select(Declaration.id).where(Declaration.person_id == person_id, living)))
