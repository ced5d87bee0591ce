"""Sound and pictures. Consent is asked for each request, and a browser keeps no copy."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import wrap_file

from server.auditing import was_shown
from server.auth import signed_in, viewer
from server.db import db
from server.domain.audit import Action
from server.domain.errors import NotFound
from server.parts import parts
from server.problems import answer_for
from server.services import media
from server.services.media import Playable

blueprint = Blueprint("media", __name__)

MP3, JPEG = "audio/mpeg", "image/jpeg"
_SOON = "The sound is being made ready. Try again in a few seconds."
_SOON_SECONDS = "5"


@blueprint.get("/recordings/<id:recording_id>/audio")
@signed_in
def recording(recording_id: str) -> ResponseReturnValue:
    """The copy of a recording that every browser can play and seek in."""
    found = media.recording_sound(db.session(), viewer(), recording_id)
    return _answer(found, MP3, Action.HEARD, "recording", recording_id)


@blueprint.get("/excerpts/<id:excerpt_id>/audio")
@signed_in
def excerpt(excerpt_id: str) -> ResponseReturnValue:
    """An excerpt's own few seconds, and nothing of the recording around them."""
    found = media.excerpt_sound(db.session(), viewer(), excerpt_id)
    return _answer(found, MP3, Action.HEARD, "excerpt", excerpt_id)


@blueprint.get("/photos/<id:photo_id>/image")
@signed_in
def photo(photo_id: str) -> ResponseReturnValue:
    """The copy of a photo without place or camera."""
    found = media.photo_image(db.session(), viewer(), photo_id)
    return _answer(found, JPEG, Action.SEEN, "photo", photo_id)


def _answer(found: Playable, content_type: str, action: Action, kind: str, part_id: str) -> Response:
    """The stored bytes or the range asked for (RFC 9110, section 14), a block at a time, once that is in the audit."""
    sha256 = found.sha256
    if sha256 is None:
        answer = answer_for(404, NotFound.code, _SOON)
        answer.headers["Retry-After"] = _SOON_SECONDS
        return answer
    was_shown(action, kind, part_id, found.project_id, [found.story_id])
    store = parts().store
    size = store.size(sha256)
    source = store.open(sha256)
    answer = Response(wrap_file(request.environ, source), mimetype=content_type, direct_passthrough=True)
    answer.call_on_close(source.close)
    answer.content_length = size
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Disposition"] = "inline"
    try:
        answer.make_conditional(request.environ, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        source.close()
        raise
    return answer
