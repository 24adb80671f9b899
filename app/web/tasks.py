"""One task: its page, its draft, 认领 and 放回, and completing it (the story of D5 from the browser's side)."""

from contextlib import suppress
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import clock
from app.domain import attachment_access, attachments, evidence, permissions
from app.domain.inbox import lists, titles
from app.domain.inbox.filters import Filters
from app.errors import AppError, NotAllowed, NotFound, Problem, Refused, Suspended
from app.models.process import ProcessInstance, Task
from app.processes import claims, copies, incidents, tasks
from app.processes.incidents import Attempt
from app.processes.tasks import Actor
from app.web import clauses
from app.web.inbox import filters_of_request
from app.web.promptness import deliver_soon, note_reading
from app.web.session import database, grants, keep_answer, reading, run, transaction, visitor
from app.web.views import corrections, handing, task_page, verbs
from app.web.views.handing import NOTHING, Back

blueprint = Blueprint("task", __name__)

KEY_LENGTH = 64
MOST_HANDLED = 9999


@blueprint.get("/tasks/<int:task_id>")
def show(task_id: int) -> ResponseReturnValue:
    visitor()
    elsewhere = _other_page(task_id)
    return redirect(elsewhere) if elsewhere is not None else page_of(task_id)


def _other_page(task_id: int) -> str | None:
    """A share of chance is made by the browser on the draw's own page; whoever may not open the task gets nowhere."""
    with reading() as session:
        task = tasks.get(session, task_id)
        if task.record != "draw_share" or not permissions.may_see_task(session, grants(), task):
            return None
        return url_for(
            "draws.show", session_id=session.get_one(ProcessInstance, task.instance_id).subject["session_id"]
        )


def page_of(task_id: int, back: Back = NOTHING) -> str:
    """The task's page; `back` where the dialog of a refused verb comes back."""
    who, filters, handled = grants(), filters_of_request(), _handled()
    with reading() as session:
        page = task_page.build(session, task_id, who, filters)
        _cite(session, page.task)
        of_return = back if back.verb == "return" else NOTHING
        more = verbs.of(session, page.task, who, page.acting, of_return.said, of_return.problems)
        asked = handing.of(session, page.task, who, page.acting, back)
        workspace = corrections.of_task(session, page.task, page.acting)
    if page.acting and page.task.role == "applicant":
        note_reading(page.task)
    if any(each.row.to_person_id == who.person_id and each.row.read_at is None for each in asked.readers):
        with transaction() as session:
            copies.mark_read(session, task_id, who.person_id)
    beside = {"before": page.before, "after": page.after}
    links = {name: _address(key, filters, handled) for name, key in beside.items() if key is not None}
    in_queue = {**filters.kept, **_kept_handled(handled)}
    return render_template(
        "task.html",
        page=page,
        verbs=more,
        handing=asked,
        workspace=workspace,
        links=links,
        kept=filters.kept,
        in_queue=in_queue,
        handled=handled,
        person_id=who.person_id,
    )


@blueprint.get("/tasks/<int:task_id>/diagram")
def diagram(task_id: int) -> ResponseReturnValue:
    """The whole diagram of one process around the task; `process` chooses it."""
    visitor()
    who = grants()
    with reading() as session:
        task = tasks.get(session, task_id)
        if not permissions.may_see_task(session, who, task):
            permissions.require_act(session, who.person_id, task, who)
        if permissions.is_applicant(session, who, task):
            raise NotFound  # the applicant has his course in plain words
        picture = task_page.picture(session, task, request.args.get("process"))
        title = titles.title_of(session, task)
    return render_template("diagram.html", task=task, title=title, picture=picture)


@blueprint.post("/tasks/<int:task_id>/draft")
def draft(task_id: int) -> ResponseReturnValue:
    """{values, token} → {token, saved_at}; 409 where another window or person saved in between."""
    actor, said = _actor(), _json()

    def save(session: Session) -> dict[str, str]:
        token = tasks.save_draft(session, task_id, actor, _values(said), said.get("token"))
        answer = {"token": token, "saved_at": clock.local(clock.now(session)).isoformat()}
        keep_answer(session, **answer)
        return answer

    return jsonify(run(save))


@blueprint.post("/tasks/<int:task_id>/claim")
def claim(task_id: int) -> ResponseReturnValue:
    return _hold(task_id, claimed=True)


@blueprint.post("/tasks/<int:task_id>/unclaim")
def unclaim(task_id: int) -> ResponseReturnValue:
    return _hold(task_id, claimed=False)


@blueprint.post("/tasks/hold")
def hold() -> ResponseReturnValue:
    """认领 or 放回 (`act`) of every ticked `task` of the list; what others took meanwhile is counted, not touched."""
    actor = _actor()
    ids = {int(each) for each in request.form.getlist("task") if each.isdecimal()}
    if not ids:
        raise Refused(Problem("nothing_ticked", "请先勾选要办理的事项。"))
    released = request.form.get("act") == "unclaim"
    with transaction() as session:
        done = (claims.release_all if released else claims.claim_all)(session, ids, actor)
    words = f"已{'放回' if released else '认领'}{len(done)}件。"
    if left := len(ids) - len(done):
        words += f"其余{left}件{'不是您认领的' if released else '已由他人认领或者办理'}，没有变动。"
    flash(words, "success" if done else "error")
    return redirect(url_for("tasks.inbox", **filters_of_request().kept, **_page()))


@blueprint.post("/tasks/<int:task_id>/evidence/<int:attachment_id>")
def look(task_id: int, attachment_id: int) -> ResponseReturnValue:
    """已看, and with {checked} 原件已核对 of one file of the record; kept with the task for whoever goes on with it."""
    actor, said = _actor(), _json()

    def keep(session: Session) -> dict[str, bool]:
        task = tasks.get(session, task_id)
        permissions.require_act(session, actor.person_id, task, actor.grants)
        attachment_access.require_see(session, actor.grants, attachments.get(session, attachment_id))
        mark = evidence.look(session, task.id, attachment_id, actor.person_id, said.get("checked"))
        return {"seen": True, "checked": mark.checked_at is not None}

    return jsonify(run(keep))


@blueprint.post("/tasks/<int:task_id>/complete")
def complete(task_id: int) -> ResponseReturnValue:
    """{values, token} with an idempotency key → {location}: the next task of the same kind, else the inbox."""
    said, filters = _json(), filters_of_request()
    actor = _actor(_key(said))
    with reading() as session:
        instance_id = tasks.get(session, task_id).instance_id
    about = {"task_id": task_id, "instance_id": instance_id}
    attempt = Attempt(actor.person_id, _values(said), actor.key)
    try:
        done = incidents.run(
            database(), lambda session: tasks.complete(session, task_id, actor, attempt.values), attempt, **about
        )
    except Suspended:
        _keep(task_id, actor, said)
        raise
    except Refused:
        with reading() as session:
            _cite(session, tasks.get(session, task_id))
        raise
    _solve(task_id)
    deliver_soon()
    with reading() as session:
        title = titles.title_of(session, done)
    flash(f"已办理：{title}" if done.status != "open" else f"已提交，待加签人员同意后生效：{title}", "success")
    return jsonify(location=next_of(done, filters))


def _hold(task_id: int, *, claimed: bool) -> ResponseReturnValue:
    actor = _actor()
    with transaction() as session:
        if claimed:
            tasks.claim(session, task_id, actor)
        else:
            _require_office(session, task_id)
            tasks.unclaim(session, task_id, actor)
    flash("已认领，此事项由您办理。" if claimed else "已放回，本岗位其他人员可以认领。", "success")
    return redirect(_way_back(task_id))


def _require_office(session: Session, task_id: int) -> None:
    """What is a person's own stays with him."""
    task = tasks.get(session, task_id)
    if permissions.is_personal(task):
        raise NotAllowed(f"此事项由{'申报人' if task.role == 'applicant' else ''}本人办理，不能放回。")


def _way_back(task_id: int) -> str:
    """The list or the task's page, whichever the button stood on; the filters come along in the address."""
    filters = filters_of_request()
    if request.form.get("back") == "inbox":
        return url_for("tasks.inbox", **filters.kept, **_page(), _anchor=f"task-{task_id}")
    return _address(task_id, filters, _handled())


def _cite(session: Session, task: Task) -> None:
    """Clauses on this answer are those of the notice that the task's case runs under."""
    clauses.under(session, session.get_one(ProcessInstance, task.instance_id).notice_version_id)


def _keep(task_id: int, actor: Actor, said: dict[str, Any]) -> None:
    """What he wanted to submit is his draft; another window's newer draft, or one that says less, stays."""
    with suppress(AppError), transaction() as session:
        tasks.save_draft(session, task_id, actor, _values(said), said.get("token"))


def _solve(task_id: int) -> None:
    """Incidents of earlier attempts are over; hardly ever is there one, so look before writing."""
    with reading() as session:
        if not incidents.open_of_task(session, task_id):
            return
    with transaction() as session:
        tasks.solved(session, task_id)


def next_of(done: Task, filters: Filters) -> str:
    """Where to go after a task: the next of the same kind, counted on, else the inbox."""
    who, handled = grants(), _handled() + 1
    with reading() as session:
        waiting = lists.queue_after(session, who, filters, done)
    return url_for("tasks.inbox", **filters.kept) if waiting is None else _address(waiting, filters, handled)


def _address(task_id: int, filters: Filters, handled: int = 0) -> str:
    return url_for("task.show", task_id=task_id, **filters.kept, **_kept_handled(handled))


def _handled() -> int:
    """How many of the queue were handled in a row: the next is the 12th of 45, not the first of 34."""
    said = request.args.get("handled", "")
    return min(int(said), MOST_HANDLED) if said.isascii() and said.isdecimal() else 0


def _kept_handled(handled: int) -> dict[str, Any]:
    return {"handled": handled} if handled else {}


def _page() -> dict[str, Any]:
    """The page of the list that the button stood on."""
    said = request.args.get("page", "")
    return {"page": said} if said.isdecimal() else {}


def _actor(key: str | None = None) -> Actor:
    return Actor(visitor().person_id, grants(), key)


def _json() -> dict[str, Any]:
    said = request.get_json(silent=True)
    if not isinstance(said, dict):
        raise Refused(Problem("not_json", "提交的内容无法识别，请刷新页面后重试。您填写的内容已保存在本页。"))
    return said


def _values(said: dict[str, Any]) -> dict[str, Any]:
    values = said.get("values")
    if not isinstance(values, dict):
        raise Refused(Problem("no_values", "提交的内容无法识别，请刷新页面后重试。您填写的内容已保存在本页。"))
    return values


def _key(said: dict[str, Any]) -> str | None:
    """The page's idempotency key, from the header or the body."""
    key = request.headers.get("Idempotency-Key") or said.get("idempotency_key")
    if key is not None and (not isinstance(key, str) or not 0 < len(key) <= KEY_LENGTH):
        raise Refused(Problem("bad_key", "提交的内容无法识别，请刷新页面后重试。您填写的内容已保存在本页。"))
    return key
