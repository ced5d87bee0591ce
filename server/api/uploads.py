"""Recordings and photos, sent over tus 1.0.0 (tus.io/protocols/resumable-upload): /uploads.

No transaction is open while a phone sends, since that can take an hour and would keep everybody else waiting.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import Blueprint, Response, g, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import ClientDisconnected, MethodNotAllowed
from werkzeug.http import http_date

from server.api.answers import phone_clock
from server.auth import public, signed_in, viewer
from server.db import db
from server.domain import tus
from server.domain.errors import (
    BadRequest,
    NotFound,
    Refusal,
    StorageFull,
    TooLarge,
    UseRefused,
    WrongContentType,
    WrongOffset,
    WrongTusVersion,
)
from server.domain.sent import PartKind, SentPart, read_part
from server.parts import parts
from server.services import arrivals, uploads
from server.services.uploads import Arriving
from server.storage.staging import Staging

# What came of a block is lost when the connection falls silent inside it, so blocks are small.
BLOCK_BYTES = 16 * 1024
# A phone that fell silent for this long has lost its signal: what came is kept and the file is free again.
SILENCE_SECONDS = 30

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
        arriving, is_new = uploads.begin(db.session(), viewer(), sent, phone_clock(), _staging())
    except UseRefused:
        _forget_refused(sent.id)
        raise
    db.session.commit()
    if arriving.is_whole and not arriving.is_stored:
        with _held(arriving.part_id) as held:
            _finish(held)
    location = url_for("api_uploads.head", part_id=arriving.part_id)
    return _progress(arriving, 201 if is_new else 200, Location=location)


@blueprint.route("/<id:part_id>", methods=["HEAD"])
@signed_in
def head(part_id: str) -> ResponseReturnValue:
    _require_tus()
    arriving = uploads.find(db.session(), viewer(), part_id, _staging())
    return _progress(arriving, 200, **{"Upload-Length": str(arriving.length), "Upload-Metadata": arriving.metadata})


@blueprint.patch("/<id:part_id>")
@signed_in
def patch(part_id: str) -> ResponseReturnValue:
    _require_tus()
    if request.mimetype != "application/offset+octet-stream":
        raise WrongContentType("Send pieces of files as application/offset+octet-stream.")
    offset = tus.read_bytes("Upload-Offset", request.headers.get("Upload-Offset"))
    checksum = tus.read_checksum(request.headers.get("Upload-Checksum"))
    with _held(part_id) as arriving:
        if offset != arriving.offset:
            raise WrongOffset
        if not arriving.is_whole:
            arriving = _append(arriving, checksum)
        if arriving.is_whole and not arriving.is_stored:
            _finish(arriving)
    return _progress(arriving, 204)


@blueprint.delete("/<id:part_id>")
@signed_in
def delete(part_id: str) -> ResponseReturnValue:
    _require_tus()
    with _held(part_id) as arriving:
        _forget(arriving)
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


def _staging() -> Staging:
    return Staging(parts().settings.uploads_dir)


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


@contextmanager
def _held(part_id: str) -> Iterator[Arriving]:
    """The caller's upload, with nobody else at work on it and no transaction open. Raises UploadBusy."""
    found = uploads.find(db.session(), viewer(), part_id, _staging())
    with _staging().held(found.staged_as):
        arriving = uploads.find(db.session(), viewer(), part_id, _staging())
        db.session.rollback()
        if arriving.staged_as != found.staged_as:
            raise NotFound
        yield arriving


def _append(arriving: Arriving, checksum: tus.Checksum | None) -> Arriving:
    """Stage what the phone sends, however little of it comes, and remember how far that is."""
    left = arriving.length - arriving.offset
    if (request.content_length or 0) > left:
        raise TooLarge
    offset = _staging().append(arriving.staged_as, arriving.offset, _blocks(), most=left, checksum=checksum)
    if not uploads.advance(db.session(), arriving, offset):
        _staging().discard(arriving.staged_as)
        raise NotFound
    db.session.commit()
    return replace(arriving, offset=offset)


def _blocks() -> Iterator[bytes]:
    """The body as it comes, up to its end or to where the connection broke."""
    connection = request.environ.get("gunicorn.socket") or request.environ.get("werkzeug.socket")
    if connection is not None:
        connection.settimeout(SILENCE_SECONDS)
    while True:
        try:
            block = request.stream.read(BLOCK_BYTES)
        except (ClientDisconnected, OSError):
            return
        if not block:
            return
        yield block


def _finish(arriving: Arriving) -> None:
    """Check, store and keep a whole file. A file that is refused is forgotten: the phone still has its own."""
    try:
        checked = arrivals.check(arriving, _staging())
        arrivals.keep(db.session(), viewer(), checked, _staging(), parts().store)
        db.session.commit()
    except StorageFull:
        raise
    except Refusal:
        db.session.rollback()
        _forget(arriving)
        raise
    _staging().discard(arriving.staged_as)


def _forget(arriving: Arriving) -> None:
    """The row goes first, so that no upload ever claims bytes that are gone."""
    uploads.drop(db.session(), arriving)
    db.session.commit()
    _staging().discard(arriving.staged_as)


def _forget_refused(part_id: str) -> None:
    """Agreement may have ended while a file was on its way."""
    db.session.rollback()
    try:
        with _held(part_id) as arriving:
            _forget(arriving)
    except Refusal:
        return


def _progress(arriving: Arriving, status: int, **headers: str) -> Response:
    answer = Response(status=status, headers=headers)
    answer.headers["Upload-Offset"] = str(arriving.offset)
    answer.headers["Upload-Expires"] = http_date(arriving.expires_at)
    answer.headers["Cache-Control"] = "no-store"
    return answer
