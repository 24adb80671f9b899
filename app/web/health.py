"""Is the process alive, and can it work? For load balancers and service managers."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.web import session

blueprint = Blueprint("health", __name__)


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
