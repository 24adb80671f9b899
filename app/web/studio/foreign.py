"""A diagram as another system wrote it, put into ours for the editor; nothing is saved by this."""

from dataclasses import asdict

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from app.domain.drafts import store
from app.domain.drafts.paths import kind_of
from app.engine import foreign
from app.errors import NotFound, Problem, Refused
from app.processes.studio import surroundings
from app.web.session import reading

blueprint = Blueprint("studio_foreign", __name__, url_prefix="/studio/drafts/<int:draft_id>")


@blueprint.post("/take-over/<path:path>")
def take_over(draft_id: int, path: str) -> ResponseReturnValue:
    """The uploaded `file` as that diagram: {content, dialect, dropped: [{code, element, what, instead}], others}.

    `others`: the file's other processes; `process` asks for one of them.
    """
    sent = request.files.get("file")
    if sent is None:
        raise Refused(Problem("no_file", "没有收到流程图文件，请重新选择。", "file"))
    with reading() as session:
        draft = store.get(session, draft_id)
        if kind_of(path) != "diagrams":
            raise NotFound
        lanes = surroundings.of_draft(session, draft).lanes
    key = path.rpartition("/")[2].removesuffix(".bpmn")
    found = foreign.translate(sent.read(), key=key, process=request.form.get("process") or None, lanes=lanes)
    dropped = [asdict(each) for each in found.dropped]
    return jsonify(content=found.content.decode(), dialect=found.dialect, dropped=dropped, others=found.others)
