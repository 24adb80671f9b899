"""What the editors ask for in JSON: a file's content, saving it under its token, checks, words, who else is there."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from app.clock import local
from app.domain.drafts import presence as presences
from app.domain.drafts import store
from app.domain.drafts.paths import kind_of
from app.errors import Conflict, NotFound, Problem, Refused
from app.processes.studio import checks, words
from app.web.session import database, reading, transaction
from app.web.studio.frame import designer, sent

blueprint = Blueprint("studio_content", __name__, url_prefix="/studio/drafts/<int:draft_id>")


@blueprint.get("/content/<path:path>")
def show(draft_id: int, path: str) -> ResponseReturnValue:
    return jsonify(_present(draft_id, path))


@blueprint.put("/content/<path:path>")
def save(draft_id: int, path: str) -> ResponseReturnValue:
    """{content, revision, reason?} → {revision, saved_at}; 409 with the present content where somebody was quicker."""
    by, said = designer(), sent()
    content, revision = said.get("content"), said.get("revision")
    if not isinstance(content, str) or type(revision) is not int:
        raise Refused(Problem("content", "请求中缺少内容或版本号，请刷新页面后重试。", "content"))
    try:
        with transaction() as session:
            store.get(session, draft_id)
            row = store.save(
                session, draft_id, path, content, revision=revision, by=by, reason=str(said.get("reason") or "")
            )
            saved = {"revision": row.revision, "saved_at": _moment(row.updated_at)}
    except Conflict as overtaken:
        problem = Problem("overtaken", overtaken.message).as_dict()
        return jsonify({"problem": problem, **_present(draft_id, path)}), 409
    return jsonify(saved)


@blueprint.get("/export/<path:path>")
def export(draft_id: int, path: str) -> ResponseReturnValue:
    """The file as it stands, to take along."""
    with reading() as session:
        found = store.file(session, store.get(session, draft_id), path)
    name = path.rpartition("/")[2]
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(found.content, mimetype="application/octet-stream", headers=headers)


@blueprint.post("/lint")
def lint(draft_id: int) -> ResponseReturnValue:
    """{path, content} → {findings}: the unsaved content amid the rest of the draft."""
    said = sent()
    path, content = said.get("path"), said.get("content")
    if not isinstance(path, str) or not isinstance(content, str):
        raise Refused(Problem("content", "请求中缺少要检查的内容，请刷新页面后重试。", "content"))
    with reading() as session:
        draft = store.get(session, draft_id)
        kind_of(path)
        findings = checks.of_file(session, draft, path, content)
    return jsonify({"findings": [each.as_dict() for each in findings]})


@blueprint.get("/vocabulary")
def vocabulary(draft_id: int) -> ResponseReturnValue:
    with reading() as session:
        return jsonify(words.of_draft(session, store.get(session, draft_id)))


@blueprint.post("/presence")
def presence(draft_id: int) -> ResponseReturnValue:
    """{path} → {others}; said again every fifteen seconds by each open page."""
    by, path = designer(), str(sent().get("path") or "")[:160]
    with database().transaction() as session:
        store.get(session, draft_id)
        others = presences.here(session, draft_id, by, path)
    return jsonify({"others": [asdict(each) for each in others]})


def _present(draft_id: int, path: str) -> dict[str, Any]:
    """The file as it is now; empty at revision 0 where it has just been given up and nothing is inherited."""
    with reading() as session:
        draft = store.get(session, draft_id)
        try:
            found = store.file(session, draft, path)
        except NotFound:
            found = store.File(path, b"", 0)
    return {
        "path": found.path,
        "content": found.content.decode(),
        "revision": found.revision,
        "inherited": found.inherited,
        "by": found.by,
        "at": _moment(found.at) if found.at else None,
    }


def _moment(at: Any) -> str:
    return local(at).isoformat(timespec="seconds")
