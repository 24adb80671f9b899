"""Is the process alive, and can it work? For load balancers, service managers, monitoring, and the administrator."""

from hmac import compare_digest
from ipaddress import ip_address

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.domain import permissions
from app.errors import NotFound
from app.processes import health
from app.processes.health.lamps import STATES
from app.web import session

blueprint = Blueprint("health", __name__)

SAID = ("key", "title", "state", "says", "remedy")


@blueprint.get("/healthz")
def alive() -> ResponseReturnValue:
    return jsonify(status="ok")


@blueprint.get("/readyz")
def ready() -> ResponseReturnValue:
    """503 while the database does not answer or has no tables."""
    try:
        with session.reading() as reading:
            reading.execute(text("SELECT 1 FROM person LIMIT 1"))
    except SQLAlchemyError:
        return jsonify(status="unavailable", part="database"), 503
    return jsonify(status="ok")


@blueprint.get("/administration/health")
def page() -> ResponseReturnValue:
    """运行状况."""
    permissions.require_role(session.grants(), "system_admin")
    report = health.report(session.database(), session.settings())
    return render_template("administration/health.html", report=report, states=STATES)


@blueprint.get("/health.json")
def figures() -> ResponseReturnValue:
    """The same for a monitoring system on this machine, or with the token; 503 where something is wrong."""
    if not (_has_token() or _from_this_machine()):
        raise NotFound
    report = health.report(session.database(), session.settings())
    lamps = [
        {"key": each.key, "title": each.title, "state": each.state, "says": each.says, **each.figures}
        for each in report.lamps
    ]
    return jsonify(state=report.state, lamps=lamps), 503 if report.state == "bad" else 200


def _has_token() -> bool:
    token, said = session.settings().health_token, request.headers.get("Authorization", "")
    return bool(token) and compare_digest(said.encode(), f"Bearer {token}".encode())


def _from_this_machine() -> bool:
    """What a proxy hands on comes from elsewhere, whatever the connection says."""
    handed_on = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"))
    try:
        return not handed_on and ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
