"""Recordings and photos, sent over tus 1.0.0 (tus.io/protocols/resumable-upload): /uploads."""

from flask import Blueprint, Response, g, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.http import http_date

from server.api.answers import phone_clock
from server.api.pieces import append, finish, forget, held, staging
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

blueprint = Blueprint("api_uploads", __name__, url_prefix="/api/v1/uploads")


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
    sent = _announced()
    try:
        arriving, is_new = uploads.begin(db.session(), viewer(), sent, phone_clock(), staging())
    except UseRefused:
        _forget_refused(sent.id)
        raise
    db.session.commit()
    if arriving.is_whole and not arriving.is_stored:
        with held(arriving.part_id) as mine:
            finish(mine)
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
            arriving = append(arriving, checksum)
        if arriving.is_whole and not arriving.is_stored:
            finish(arriving)
    return _progress(arriving, 204)


@blueprint.delete("/<id:part_id>")
@signed_in
def delete(part_id: str) -> ResponseReturnValue:
    _require_tus()
    with held(part_id) as arriving:
        forget(arriving)
    return "", 204


@blueprint.post("/<id:part_id>")
@signed_in
def override(part_id: str) -> ResponseReturnValue:
    """For clients behind something that lets only GET and POST through."""
    views = {"HEAD": head, "PATCH": patch, "DELETE": delete}
    method = request.headers.get("X-HTTP-Method-Override", "").upper()
    if method not in views:
        raise MethodNotAllowed(["HEAD", "PATCH", "DELETE", "OPTIONS"])
    return views[method](part_id)


@blueprint.after_request
def _say_tus(response: Response) -> Response:
    response.headers["Tus-Resumable"] = tus.VERSION
    if response.status_code == 412:
        response.headers["Tus-Version"] = tus.VERSION
    if response.status_code == 413:
        response.headers["Tus-Max-Size"] = str(g.get("most_bytes", parts().settings.max_recording_bytes))
    return response


def _require_tus() -> None:
    if request.headers.get("Tus-Resumable") != tus.VERSION:
        raise WrongTusVersion


def _announced() -> SentPart:
    """What the headers of a POST announce."""
    if "Upload-Length" not in request.headers and "Upload-Defer-Length" in request.headers:
        raise BadRequest("Say how long the file is: its length cannot be told later.")
    length = tus.read_bytes("Upload-Length", request.headers.get("Upload-Length"))
    as_sent = request.headers.get("Upload-Metadata", "")
    sent = read_part(tus.read_metadata(as_sent), length, as_sent)
    settings = parts().settings
    g.most_bytes = settings.max_recording_bytes if sent.kind is PartKind.RECORDING else settings.max_photo_bytes
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
    answer.headers["Cache-Control"] = "no-store"
    return answer
