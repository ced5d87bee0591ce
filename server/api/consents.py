"""PUT /consents/{id}: a phone sends a consent."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from server import catching_up
from server.api.answers import phone_clock, received
from server.api.bodies import read_json
from server.auth import signed_in, viewer
from server.db import db
from server.domain.sent import read_consent
from server.services import pushes

blueprint = Blueprint("api_consents", __name__, url_prefix="/api/v1/consents")


@blueprint.put("/<id:consent_id>")
@signed_in
def put(consent_id: str) -> ResponseReturnValue:
    body, content = read_json()
    clock = phone_clock()
    session, sent = db.session(), read_consent(content, consent_id)
    receipt, is_new = pushes.push_consent(session, viewer(), sent, body, clock)
    catching_up.go_on_with_story(session, sent.story_id)
    return received(receipt, clock, is_new=is_new)
