"""预演: a whole season of synthetic applicants through a draft; beginning, watching, stopping, reading, comparing."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.domain import people, wording
from app.domain.drafts import store
from app.domain.said import whole_number
from app.errors import Refused
from app.models.draft import NoticeDraft
from app.processes.studio import season_differences, seasons
from app.processes.studio.seasons import Asked
from app.web.session import reading, settings, transaction
from app.web.studio.frame import designer, draft_page

blueprint = Blueprint("studio_rehearsals", __name__, url_prefix="/studio/drafts/<int:draft_id>/rehearsal")

USUAL, SEED = 200, 1
STATES = {"running": "进行中", "done": "已完成", "stopped": "中途停止", "failed": "未能进行"}
TONES = {"running": "mark-info", "done": "mark-done", "stopped": "mark-held", "failed": "mark-overdue"}


@blueprint.get("")
def index(draft_id: int) -> ResponseReturnValue:
    return _index(draft_id, {"applicants": str(USUAL), "seed": str(SEED)}, [])


@blueprint.post("")
def start(draft_id: int) -> ResponseReturnValue:
    by = designer()
    said = {name: request.form.get(name, "").strip() for name in ("applicants", "seed")}
    applicants, seed = map(whole_number, said.values())
    try:
        with transaction() as session:
            draft = store.get(session, draft_id)
            asked = Asked(applicants, seed, people.get(session, by).name, wording.moment_words(clock.now(session)))
            seasons.start(session, settings().data, draft, asked)
    except Refused as refused:
        return _index(draft_id, said, refused.problems), 422
    return redirect(url_for("studio_rehearsals.index", draft_id=draft_id))


@blueprint.get("/<int:number>")
def show(draft_id: int, number: int) -> ResponseReturnValue:
    """`compare` is the number of another run of the draft, which was before."""
    with reading() as session:
        draft = store.get(session, draft_id)
        drawn = {path for path in store.whole(session, draft) if path.startswith("diagrams/")}
    data = settings().data
    run, report = seasons.get(data, draft_id, number), seasons.report(data, draft_id, number)
    told = [each for each in seasons.listed(data, draft_id) if each.told]
    with_ = request.args.get("compare", "")
    before = seasons.report(data, draft_id, int(with_)) if with_.isdecimal() else None
    return _page(
        "studio/rehearsal.html",
        draft,
        run=run,
        report=report,
        others=[each for each in told if each.number != number],
        before=before,
        differences=season_differences.differences(before, report) if before else [],
        compared=with_,
        drawn=drawn,
    )


@blueprint.get("/<int:number>/progress")
def progress(draft_id: int, number: int) -> ResponseReturnValue:
    """The part of the page that asks for itself while the season is played."""
    with reading() as session:
        draft = store.get(session, draft_id)
    run = seasons.get(settings().data, draft_id, number)
    return render_template("studio/_rehearsal.html", draft=draft, run=run, states=STATES, tones=TONES)


@blueprint.post("/<int:number>/stop")
def stop(draft_id: int, number: int) -> ResponseReturnValue:
    with reading() as session:
        store.get(session, draft_id)
    seasons.stop(settings().data, draft_id, number)
    return redirect(url_for("studio_rehearsals.index", draft_id=draft_id))


def _index(draft_id: int, said: dict[str, str], problems: list[Any]) -> str:
    with reading() as session:
        draft = store.get(session, draft_id)
    form = {"said": said, "problems": problems, "most": seasons.MOST}
    runs = seasons.listed(settings().data, draft_id)
    return _page("studio/rehearsals.html", draft, runs=runs, **form)


def _page(template: str, draft: NoticeDraft, **shown: Any) -> str:
    return draft_page(template, draft, "rehearsal", states=STATES, tones=TONES, **shown)
