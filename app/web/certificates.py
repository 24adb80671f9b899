"""我的证书 and 证书查验: the holder's certificates, and what anybody may learn of one by number or by code."""

from typing import Any

import orjson
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain.certificates import code, issuing, seal
from app.errors import NotAllowed, NotFound, Refused
from app.models.certificate import Certificate
from app.processes.documents import issued, of_certificate
from app.processes.tick import tick
from app.web.documents import download
from app.web.session import database, grants, limiter, reading, settings, transaction, visitor

blueprint = Blueprint("certificates", __name__)

GUESSES = "20 per minute;200 per hour"
PEM = "application/x-pem-file"


@blueprint.get("/certificates")
def mine() -> ResponseReturnValue:
    with reading() as session:
        found = issuing.of_person(session, visitor().person_id)
    return render_template("certificates/mine.html", certificates=found, **_words())


@blueprint.get("/certificates/<int:certificate_id>/pdf")
def pdf(certificate_id: int) -> ResponseReturnValue:
    """The sealed PDF, the same bytes at every download."""
    with transaction() as session:
        certificate = _own(session, certificate_id)
        paper = of_certificate.certificate(session, certificate, settings().attachments, settings().site)
        content = issued(session, paper, certificate.id, of_certificate.sealed)
    return download(paper, content)


@blueprint.post("/certificates/<int:certificate_id>/reissue")
def reissue(certificate_id: int) -> ResponseReturnValue:
    """补办: a new number in the place of a certificate that was lost or has leaked."""
    with transaction() as session:
        issuing.ask_anew(session, _own(session, certificate_id))
    tick(database())
    flash("已补办，请下载新的证书。", "success")
    return redirect(url_for("certificates.mine"))


@blueprint.get("/certificates/check")
@limiter.limit(GUESSES)
def check() -> ResponseReturnValue:
    """By number and name, or by `c`, the text of the code (which a telephone's camera follows to here)."""
    number, name, text = (request.args.get(key, "").strip() for key in ("number", "name", "c"))
    said: dict[str, Any] = {"number": number, "name": name, "code": text, **_words()}
    try:
        with reading() as session:
            if text:
                facts = code.read(text)
                number, name, said["proven"] = facts["number"], facts["name"], True
            if number and name:
                said["found"] = issuing.look_up(session, number, name)
    except (NotFound, Refused) as refused:
        return render_template("certificates/check.html", **said, problem=refused.message), 404
    return render_template("certificates/check.html", **said)


@blueprint.get("/certificates/key.pem")
def key() -> Response:
    """What checks codes off line (`zhiping certificate check`)."""
    return Response(code.public_key(), mimetype=PEM)


@blueprint.get("/certificates/seal.pem")
def root() -> Response:
    """The certificate that the seals go back to."""
    return Response(seal.root_certificate(), mimetype=PEM)


@blueprint.get("/certificates/ended.json")
def ended() -> Response:
    """The numbers no longer in force, for whoever checks codes off line."""
    with reading() as session:
        return Response(orjson.dumps(issuing.revoked(session)), mimetype="application/json")


def _words() -> dict[str, Any]:
    return {"statuses": issuing.STATUSES, "trial": seal.on_trial()}


def _own(session: Session, certificate_id: int) -> Certificate:
    """NotAllowed but for its holder, acting as himself."""
    visitor()
    who, found = grants(), issuing.get(session, certificate_id)
    if not who.personal or found.person_id != who.person_id:
        raise NotAllowed("只能下载和补办本人的证书。")
    return found
