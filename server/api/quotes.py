"""PUT /quotes/{id}: a phone sends a quote."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from server.api.answers import phone_clock, received
from server.api.bodies import read_json
from server.auth import signed_in, viewer
from server.db import db
from server.domain.sent import read_quote
from server.services import pushes

blueprint = Blueprint("api_quotes", __name__, url_prefix="/api/v1/quotes")


@blueprint.put("/<id:quote_id>")
@signed_in
def put(quote_id: str) -> ResponseReturnValue:
    body, content = read_json()
    clock = phone_clock()
    receipt, is_new = pushes.push_quote(db.session(), viewer(), read_quote(content, quote_id), body, clock)
    return received(receipt, clock, is_new=is_new)
