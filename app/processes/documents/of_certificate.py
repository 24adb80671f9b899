"""职称电子证书 as a sealed PDF with its code."""

import base64
from io import BytesIO
from pathlib import Path

import segno
from sqlalchemy.orm import Session

from app.domain import attachments, declarations, identity
from app.domain.certificates import issuing, seal
from app.models.certificate import Certificate
from app.processes.documents.paper import Paper, in_words, pdf

SEXES = {"male": "男", "female": "女"}
REASON = "职称电子证书"


def certificate(session: Session, found: Certificate, folder: Path, site: str = "") -> Paper:
    """What it says; `folder` holds the attachments, `site` is the address that its code leads to."""
    facts = found.facts
    declaration = declarations.get(session, found.declaration_id)
    number = declarations.record_of(declaration).get("id_number")
    replaced = issuing.get(session, found.replaces_id).number if found.replaces_id else None
    data = {
        **{key: facts[key] for key in ("name", "series", "title", "level", "specialty", "document", "institution")},
        "organ": facts["organ"],
        "number": found.number,
        "sex": SEXES.get(facts.get("sex") or "", ""),
        "birth": facts.get("birth") or "",
        "id_number": identity.mask_identity(number),
        "acquired_on": in_words(facts["acquired_on"]),
        "issued_on": in_words(facts["issued_on"]),
        "code": _code(f"{site}/certificates/check?c={found.payload}" if site else found.payload),
        "photo": _photo(session, found, folder),
        "replaces": replaced,
        "trial": seal.on_trial(),
    }
    name = f"{facts['name']}职称证书"
    return Paper("certificate", name, data, declaration.notice_version_id, found.issued_at, found.number)


def sealed(session: Session, paper: Paper) -> bytes:
    """The PDF under the electronic seal of the approving organ."""
    return seal.seal(pdf(session, paper), str(paper.data["organ"]), REASON, paper.at)


def _code(text: str) -> str:
    out = BytesIO()
    segno.make_qr(text, error="m").save(out, kind="svg", xmldecl=False, border=2)
    return out.getvalue().decode()


def _photo(session: Session, found: Certificate, folder: Path) -> str | None:
    """The photograph inside an SVG, which is text and so can be handed to the typesetter."""
    if found.photo_id is None:
        return None
    attachment = attachments.get(session, found.photo_id)
    content = base64.b64encode(attachments.path_of(folder, attachment).read_bytes()).decode()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="350" height="490">'
        f'<image href="data:{attachment.media_type};base64,{content}" width="350" height="490" '
        'preserveAspectRatio="xMidYMid slice"/></svg>'
    )
