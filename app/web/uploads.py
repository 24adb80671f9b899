"""Files sent with a form that is no task: read from the request, kept where uploads lie."""

from flask import request
from sqlalchemy.orm import Session

from app.domain import attachments
from app.domain.attachments import Upload
from app.errors import Problem, Refused
from app.web.session import settings

MOST = 5
FIELD = "evidence"


def keep(session: Session, person_id: int | None, declaration_id: int | None = None) -> tuple[int, ...]:
    """Store what came under `evidence`; ids in order. Refused for more than MOST and for what is no PDF, JPG or PNG."""
    files = [file for file in request.files.getlist(FIELD) if file.filename]
    if len(files) > MOST:
        raise Refused(Problem("files", f"有关材料最多上传{MOST}份。", FIELD))
    found = [Upload(str(file.filename), file.stream.read(), FIELD) for file in files]
    folder = settings().attachments
    return tuple(attachments.store(session, folder, each, person_id, declaration_id).id for each in found)
