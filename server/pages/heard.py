"""What somebody has listened to, told by the players of the story's page and of the editor."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from server.auth import signed_in, viewer
from server.db import db
from server.domain import heard as rules
from server.domain.ids import checked_id
from server.pages.asked import sent_object
from server.pages.editable import editable
from server.services import heard
from server.services.clearing import Words

blueprint = Blueprint("heard", __name__)


@blueprint.post("/recordings/<id:recording_id>/heard")
@signed_in
def listened(recording_id: str) -> ResponseReturnValue:
    """Note what was played, and say what has been heard by now and which excerpts may be quoted since."""
    editable(recording_id, Words.NONE)
    sent = sent_object(request)
    found = heard.listened(db.session(), viewer(), recording_id, checked_id(sent.get("transcript"), "transcript"),
                           rules.checked(sent.get("stretches")))
    return jsonify(heard=found.heard, quotable=found.quotable)
