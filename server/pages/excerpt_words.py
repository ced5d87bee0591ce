"""An excerpt whose words were corrected in the transcript: take the new words, or keep the old."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from server.auth import signed_in, viewer
from server.db import db
from server.domain.consent import Audience
from server.domain.errors import Invalid
from server.pages.addresses import local_path
from server.pages.notices import redirect_with
from server.services import anchors, clearing

blueprint = Blueprint("excerpt_words", __name__)


@blueprint.post("/excerpts/<id:excerpt_id>/words")
@signed_in
def choose(excerpt_id: str) -> ResponseReturnValue:
    """Do it, and go back to where the excerpt is in the transcript. New words may make it a draft, which is said."""
    choices = {"take": anchors.take, "keep": anchors.keep}
    found = clearing.get_excerpt(db.session(), viewer(), excerpt_id, Audience.COMMISSIONERS)
    asked = request.form.get("words", "")
    choice = choices.get(asked)
    if choice is None:
        raise Invalid("Choose the new words or the old ones.")
    choice(db.session(), viewer(), excerpt_id, request.form.get("seen", ""))
    back = url_for("editing.show", recording_id=found.recording_id)
    done = clearing.get_excerpt(db.session(), viewer(), excerpt_id, Audience.COMMISSIONERS)
    draft = "_draft" if asked == "take" and done.is_draft else ""
    return redirect_with(f"excerpt_words_{asked}{draft}", local_path(request.form.get("next"), back))
