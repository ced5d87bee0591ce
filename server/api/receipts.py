"""GET /receipts/{id}: what the server holds, so that a phone can let go of its own copy."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from server.api.answers import receipt_json
from server.auth import signed_in, viewer
from server.db import db
from server.domain.sync import Standing
from server.services import receipts

blueprint = Blueprint("api_receipts", __name__, url_prefix="/api/v1/receipts")

# Seconds until it is worth asking again: a copy is soon made, and what is held waits for another request.
LOOK_AGAIN = {Standing.BEING_STORED: 1, Standing.HELD: 60}


@blueprint.get("/<id:part_id>")
@signed_in
def get(part_id: str) -> ResponseReturnValue:
    found = receipts.find(db.session(), viewer(), part_id)
    if found.standing is Standing.KEPT:
        return jsonify(receipt_json(found))
    state = {"id": found.id, "kind": found.kind, "state": found.standing}
    return jsonify(state), 202, {"Retry-After": str(LOOK_AGAIN[found.standing])}
