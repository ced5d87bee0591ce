"""PUT /stories/{id}: a phone sends a story."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from server.api.answers import phone_clock, received
from server.api.bodies import read_json
from server.auth import signed_in, viewer
from server.db import db
from server.domain.sent import read_story
from server.services import pushes

blueprint = Blueprint("api_stories", __name__, url_prefix="/api/v1/stories")


@blueprint.put("/<id:story_id>")
@signed_in
def put(story_id: str) -> ResponseReturnValue:
    body, content = read_json()
    clock = phone_clock()
    receipt, is_new = pushes.push_story(db.session(), viewer(), read_story(content, story_id), body, clock)
    return received(receipt, clock, is_new=is_new)
