"""情景: recorded a step at a time on a clock of its own, played all together, with what none of them comes to."""

from pathlib import PurePosixPath
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain import demo_people
from app.domain.drafts import cloning, recordings, store
from app.domain.drafts.paths import path_of
from app.domain.drafts.yaml_text import mapping
from app.domain.said import moment, whole_number
from app.errors import Conflict, Problem, Refused
from app.processes.studio import scenarios, unreached
from app.processes.studio.scenarios import Notices
from app.processes.studio.spoken import Speaker
from app.web.session import reading, transaction
from app.web.studio import listing
from app.web.studio.frame import designer, draft_page

blueprint = Blueprint("studio_recording", __name__, url_prefix="/studio/drafts/<int:draft_id>")

KIND = "scenarios"
BEGINNING = ("title", "clock", "applicant", "base", "committee")


@blueprint.post("/recordings")
def begin(draft_id: int) -> ResponseReturnValue:
    """A new scenario: who declares to which committee, and when it begins."""
    by, name = designer(), request.form.get("name", "").strip()
    said: dict[str, Any] = {key: request.form.get(key, "").strip() for key in BEGINNING}
    try:
        path = path_of(KIND, name)
        with transaction() as session:
            draft = store.get(session, draft_id)
            store.require_new(session, draft, path)
            said |= {"notice": draft.key, "clock": _moment(said["clock"]), "committee": whole_number(said["committee"])}
            store.save(session, draft_id, path, recordings.begun(name, said), revision=0, by=by, reason="录制情景")
    except Refused as refused:
        return listing.page(draft_id, KIND, refused.problems), 422
    return redirect(url_for("studio_recording.show", draft_id=draft_id, name=name))


@blueprint.get("/recordings/<name>")
def show(draft_id: int, name: str) -> ResponseReturnValue:
    return _show(draft_id, name, [])


@blueprint.post("/recordings/<name>")
def record(draft_id: int, name: str) -> ResponseReturnValue:
    """`act`: do, at, expect, undo; `revision` is the file's that the page was made of."""
    by, path = designer(), path_of(KIND, name)
    try:
        with reading() as session:
            draft = store.get(session, draft_id)
            found = store.file(session, draft, path)
            files = cloning.beside_each_other(session, draft)
        text = _changed(found.content.decode(), draft.key, files, path)
        with transaction() as session:
            store.get(session, draft_id)
            revision = whole_number(request.form.get("revision"))
            store.save(session, draft_id, path, text, revision=revision, by=by, reason="录制情景")
    except (Refused, Conflict) as refused:
        return _show(draft_id, name, refused.problems), 422
    return redirect(url_for("studio_recording.show", draft_id=draft_id, name=name))


@blueprint.get("/played")
def played(draft_id: int) -> ResponseReturnValue:
    """Every scenario of the draft played now; and of each diagram what none of them came to."""
    with reading() as session:
        draft = store.get(session, draft_id)
        files = cloning.beside_each_other(session, draft)
        whole = store.whole(session, draft)
    found = scenarios.play(draft.key, files)
    return draft_page(
        "studio/played.html",
        draft,
        KIND,
        played=found,
        names={each.path: PurePosixPath(each.path).stem for each in found},
        diagrams=unreached.of(whole, frozenset().union(*(each.reached for each in found))) if found else [],
    )


@blueprint.get("/played/summary")
def summary(draft_id: int) -> ResponseReturnValue:
    """The part of the overview that plays all scenarios whenever a file has changed since, and says how they went."""
    with reading() as session:
        draft = store.get(session, draft_id)
        around = cloning.beside_each_other(session, draft)
    found = scenarios.play(draft.key, around)
    names = {each.path: PurePosixPath(each.path).stem for each in found}
    return render_template("studio/_played.html", draft=draft, played=found, names=names)


def _changed(text: str, key: str, files: Notices, path: str) -> str:
    said = request.form
    match said.get("act"):
        case "do":
            because = said.get("because", "").strip()
            step = recordings.done(
                said.get("element", ""), said.get("of", ""), said.get("decision", ""), said.get("rest", ""), because
            )
            return recordings.with_step(text, step)
        case "at":
            return recordings.with_step(text, {"at": _moment(said.get("at", ""))})
        case "expect":
            standing = scenarios.stand(key, files, path)
            if standing["failures"]:
                raise Refused(Problem("failed", "情景现在走不到最后一步，请先更正。"))
            return recordings.with_step(text, recordings.expected(standing))
        case "undo":
            return recordings.without_last(text)
    raise Refused(Problem("act", "请选择要录制的步骤。"))


def _show(draft_id: int, name: str, problems: list[Problem]) -> str:
    path = path_of(KIND, name)
    with reading() as session:
        draft = store.get(session, draft_id)
        found = store.file(session, draft, path)
        files = cloning.beside_each_other(session, draft)
        whole = store.whole(session, draft)
    standing = scenarios.stand(draft.key, files, path)
    here = next((each["process"] for each in standing.get("waiting", [])), "declaration")
    text, speaker = found.content.decode(), Speaker(whole)
    return draft_page(
        "studio/recording.html",
        draft,
        KIND,
        name=name,
        title=mapping(text).get("title") or name,
        file=found,
        steps=[speaker.step(step) for step in recordings.steps(text)],
        called=demo_people.called,
        standing=standing,
        picture=unreached.picture(whole, request.args.get("process") or here, standing),
        processes=unreached.processes(whole, standing),
        problems=problems,
        said=request.form,
    )


def _moment(said: str) -> str:
    """An instant as scenarios write it; Refused for what is none."""
    found = moment(said)
    if found is None:
        raise Refused(Problem("clock", "请填写日期和时间，如 2024-10-09 09:00。", "at"))
    return found.strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")
