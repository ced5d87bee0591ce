"""Sound and pictures. Consent is asked for each request, and a browser keeps no copy."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from server.auditing import was_shown
from server.auth import signed_in, viewer
from server.db import db
from server.domain.audit import Action
from server.domain.errors import NotFound
from server.pages.byte_ranges import ByteRange, OutOfRange, asked_range, blocks
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


@blueprint.get("/recordings/<id:recording_id>/clean-audio")
@signed_in
def clean_recording(recording_id: str) -> ResponseReturnValue:
    """A copy of a recording from which nothing is withheld, for whoever withholds words."""
    found = media.clean_recording_sound(db.session(), viewer(), recording_id)
    return _answer(found, MP3, Action.HEARD, "clean_recording", recording_id)


@blueprint.get("/photos/<id:photo_id>/clean-image")
@signed_in
def clean_photo(photo_id: str) -> ResponseReturnValue:
    """A copy of a photo of which nothing is covered, for whoever covers parts of it."""
    found = media.clean_photo_image(db.session(), viewer(), photo_id)
    return _answer(found, JPEG, Action.SEEN, "clean_photo", photo_id)


def _answer(found: Playable, content_type: str, action: Action, kind: str, part_id: str) -> Response:
    """The stored bytes or the range asked for; where the store gives links, one that soon ends. For the audit, too."""
    if found.sha256 is None:
        answer = answer_for(404, NotFound.code, _SOON)
        answer.headers["Retry-After"] = _SOON_SECONDS
        return answer
    was_shown(action, kind, part_id, found.project_id, [found.story_id])
    link = parts().store.link(found.sha256, content_type, parts().settings.s3_link_seconds)
    if link is not None:
        return Response(status=303, headers={"Location": link, "Cache-Control": "no-store"})
    return _bytes(found.sha256, content_type)


def _bytes(sha256: str, content_type: str) -> Response:
    """The file, or one range of it (RFC 9110, section 14), a block at a time."""
    store, tag = parts().store, f'"{sha256}"'
    size = store.size(sha256)
    wanted = None
    if request.method == "GET" and request.headers.get("If-Range", tag) == tag:
        try:
            wanted = asked_range(request.headers.get("Range"), size)
        except OutOfRange:
            raise RequestedRangeNotSatisfiable(size) from None
    answer = Response(status=206 if wanted else 200, mimetype=content_type)
    if wanted:
        answer.headers["Content-Range"] = wanted.of(size)
    given = wanted or ByteRange(0, size)
    if request.method == "GET":
        source = store.open(sha256)
        answer.call_on_close(source.close)
        answer.response = blocks(source, given)
    answer.content_length = given.length
    answer.headers.update({"Accept-Ranges": "bytes", "ETag": tag, "Content-Disposition": "inline",
                           "Cache-Control": "private, no-store", "Cross-Origin-Resource-Policy": "same-origin"})
    return answer
