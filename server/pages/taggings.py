"""Which themes are on an excerpt, a quote or a photo: what was ticked when the form was made, and what is now."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from server.auth import signed_in, viewer
from server.db import db
from server.domain.ids import checked_id
from server.domain.theme import Taggable
from server.pages.addresses import local_path
from server.pages.notices import redirect_with
from server.services import taggings
from server.services.taggings import Part

blueprint = Blueprint("taggings", __name__)


@blueprint.post("/excerpts/<id:excerpt_id>/themes")
@signed_in
def excerpt(excerpt_id: str) -> ResponseReturnValue:
    """The themes of an excerpt."""
    return _put(Taggable.EXCERPT, excerpt_id)


@blueprint.post("/quotes/<id:quote_id>/themes")
@signed_in
def quote(quote_id: str) -> ResponseReturnValue:
    """The themes of a quote."""
    return _put(Taggable.QUOTE, quote_id)


@blueprint.post("/photos/<id:photo_id>/themes")
@signed_in
def photo(photo_id: str) -> ResponseReturnValue:
    """The themes of a photo."""
    return _put(Taggable.PHOTO, photo_id)


def _put(kind: Taggable, part_id: str) -> ResponseReturnValue:
    form = request.form
    seen, wanted = ([checked_id(value, "theme") for value in form.getlist(name)] for name in ("seen", "theme"))
    story_id = taggings.put(db.session(), viewer(), Part(kind, part_id), seen, wanted, form.get("new_theme", ""))
    at_story = url_for("stories.show", story_id=story_id, _anchor=f"{kind}-{part_id}")
    return redirect_with("themes_saved", local_path(form.get("next"), at_story))
