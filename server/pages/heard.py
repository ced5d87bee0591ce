"""What somebody has listened to, told by the players of the story's page and of the editor."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from server.auth import signed_in, viewer
from server.db import db
from server.domain import heard as rules
from server.domain.errors import Invalid
from server.domain.ids import checked_id
from server.pages.asked import sent_object
from server.pages.editable import editable
from server.services import heard
from server.services.clearing import Words
from server.services.heard import Report

blueprint = Blueprint("heard", __name__)


@blueprint.post("/recordings/<id:recording_id>/heard")
@signed_in
def listened(recording_id: str) -> ResponseReturnValue:
    """Note what was played, and say what has been heard by now and which excerpts may be quoted since."""
    session = db.session()
    story, _ = editable(recording_id, Words.NONE)
    sent = sent_object(request)
    version = sent.get("version")
    if type(version) is not int:
        raise Invalid(fields={"version": "Send the version of the words that the page shows."})
    report = Report(checked_id(sent.get("transcript"), "transcript"), version,
                    heard.opened_at(session, viewer(), recording_id, story.id), rules.checked(sent.get("stretches")))
    found = heard.listened(session, viewer(), recording_id, report)
    return jsonify(heard=found.heard, quotable=found.quotable)
