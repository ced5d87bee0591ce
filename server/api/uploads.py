"""Recordings and photos, sent over tus 1.0.0 (tus.io/protocols/resumable-upload): /uploads."""

from flask import Blueprint, Flask, Response, g, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.http import http_date

from server.api.answers import phone_clock
from server.api.overriding import override_methods
from server.api.pieces import forget, held, receive, staging
from server.auth import public, signed_in, viewer
from server.db import db
from server.domain import tus
from server.domain.errors import (
    BadRequest,
    Refusal,
    TooLarge,
    UseRefused,
    WrongContentType,
    WrongOffset,
    WrongTusVersion,
)
from server.domain.sent import PartKind, SentPart, read_part
from server.parts import parts
from server.receiving import PIECE_OF_FILE
from server.services import uploads
from server.services.uploads import Arriving

PREFIX = "/api/v1/uploads"
blueprint = Blueprint("api_uploads", __name__, url_prefix=PREFIX)
# Seconds after which somebody with too much under way may look again.
_LOOK_AGAIN = 300


@blueprint.route("", methods=["OPTIONS"], provide_automatic_options=False)
@blueprint.route("/<id:part_id>", methods=["OPTIONS"], provide_automatic_options=False)
@public
def options(part_id: str | None = None) -> ResponseReturnValue:
    return "", 204, {
        "Tus-Version": tus.VERSION,
        "Tus-Extension": tus.EXTENSIONS,
        "Tus-Checksum-Algorithm": ",".join(tus.CHECKSUM_ALGORITHMS),
        "Tus-Max-Size": str(parts().settings.max_recording_bytes),
    }


@blueprint.post("")
@signed_in
def create() -> ResponseReturnValue:
    _require_tus()
    has_body = bool(request.content_length or "Transfer-Encoding" in request.headers)
    if has_body and request.mimetype != PIECE_OF_FILE:
        raise WrongContentType(f"Send pieces of files as {PIECE_OF_FILE}.")
    checksum = tus.read_checksum(request.headers.get("Upload-Checksum"))
    sent = _announced()
    try:
        arriving, is_new = uploads.begin(db.session(), viewer(), sent, phone_clock(), staging(),
                                         most_unfinished=parts().settings.max_unfinished_bytes)
    except UseRefused:
        _forget_refused(sent.id)
        raise
    db.session.commit()
    if has_body and arriving.offset == 0:
        with held(arriving.part_id) as mine:
            arriving = receive(mine, checksum) if mine.offset == 0 else mine
    location = url_for("api_uploads.head", part_id=arriving.part_id)
    return _progress(arriving, 201 if is_new else 200, Location=location)


@blueprint.route("/<id:part_id>", methods=["HEAD"])
@signed_in
def head(part_id: str) -> ResponseReturnValue:
    _require_tus()
    arriving = uploads.find(db.session(), viewer(), part_id, staging())
    return _progress(arriving, 200, **{"Upload-Length": str(arriving.length), "Upload-Metadata": arriving.metadata})


@blueprint.patch("/<id:part_id>")
@signed_in
def patch(part_id: str) -> ResponseReturnValue:
    _require_tus()
    if request.mimetype != PIECE_OF_FILE:
        raise WrongContentType(f"Send pieces of files as {PIECE_OF_FILE}.")
    offset = tus.read_bytes("Upload-Offset", request.headers.get("Upload-Offset"))
    checksum = tus.read_checksum(request.headers.get("Upload-Checksum"))
    with held(part_id) as arriving:
        if offset != arriving.offset:
            raise WrongOffset
        if not arriving.is_whole:
            arriving = receive(arriving, checksum)
    return _progress(arriving, 204)


@blueprint.delete("/<id:part_id>")
@signed_in
def delete(part_id: str) -> ResponseReturnValue:
    _require_tus()
    with held(part_id) as arriving:
        forget(arriving)
    return "", 204


@blueprint.record_once
def _prepare(state: BlueprintSetupState) -> None:
    assert isinstance(state.app, Flask)
    override_methods(state.app, PREFIX)
    state.app.after_request(_say_tus)


def _say_tus(response: Response) -> Response:
    """Also in answers to addresses that are not there, and to people who are not signed in."""
    if not request.path.startswith(PREFIX):
        return response
    response.headers["Tus-Resumable"] = tus.VERSION
    response.headers["Cache-Control"] = "no-store"
    if response.status_code == 412:
        response.headers["Tus-Version"] = tus.VERSION
    if response.status_code == 413:
        response.headers["Tus-Max-Size"] = str(g.get("most_bytes", parts().settings.max_recording_bytes))
    if response.status_code == 429:
        response.headers["Retry-After"] = str(_LOOK_AGAIN)
    return response


def _require_tus() -> None:
    if request.headers.get("Tus-Resumable") != tus.VERSION:
        raise WrongTusVersion


def _announced() -> SentPart:
    """What the headers of a POST announce."""
    for name, extension in (("Upload-Defer-Length", "a length that is told later"), ("Upload-Concat", "joined files")):
        if name in request.headers:
            raise BadRequest(f"This server does not take {extension}.")
    length = tus.read_bytes("Upload-Length", request.headers.get("Upload-Length"))
    as_sent = request.headers.get("Upload-Metadata", "")
    sent = read_part(tus.read_metadata(as_sent), length, as_sent)
    settings = parts().settings
    g.most_bytes = settings.max_recording_bytes if sent.kind is not PartKind.PHOTO else settings.max_photo_bytes
    if length > g.most_bytes:
        raise TooLarge
    return sent


def _forget_refused(part_id: str) -> None:
    """Agreement may have ended while a file was on its way."""
    db.session.rollback()
    try:
        with held(part_id) as arriving:
            forget(arriving)
    except Refusal:
        return


def _progress(arriving: Arriving, status: int, **headers: str) -> Response:
    answer = Response(status=status, headers=headers)
    answer.headers["Upload-Offset"] = str(arriving.offset)
    answer.headers["Upload-Expires"] = http_date(arriving.expires_at)
    return answer
