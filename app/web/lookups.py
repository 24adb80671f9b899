"""Short lists that a field asks for while somebody types."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from app.domain import organisations
from app.web.session import reading, visitor

blueprint = Blueprint("lookups", __name__)

SHOWN = 50


@blueprint.get("/lookups/organisations")
def organisation() -> ResponseReturnValue:
    """Registered bodies whose name holds `q`, of the `kind`s where given: [{id, name, kind}]."""
    visitor()
    with reading() as session:
        found = organisations.find(session, request.args.get("q", ""), request.args.getlist("kind"), SHOWN)
    return jsonify([{"id": row.id, "name": row.name, "kind": row.kind} for row in found if row.registered])
