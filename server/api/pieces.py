"""The bytes of a file as they come: one sender at a time, and no transaction open while a phone sends."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import request
from werkzeug.exceptions import ClientDisconnected

from server.auth import viewer
from server.db import db
from server.domain.errors import NotFound, Refusal, StorageFull, TooLarge
from server.domain.tus import Checksum
from server.parts import parts
from server.services import arrivals, uploads
from server.services.uploads import Arriving
from server.storage.staging import Staging

# What came of a block is lost when the connection falls silent inside it, so blocks are small.
BLOCK_BYTES = 16 * 1024


def staging() -> Staging:
    """Where this installation stages files."""
    return Staging(parts().settings.uploads_dir)


@contextmanager
def held(part_id: str) -> Iterator[Arriving]:
    """The caller's upload, with nobody else at work on it and no transaction open. Raises UploadBusy."""
    found = uploads.find(db.session(), viewer(), part_id, staging())
    with staging().held(found.staged_as):
        arriving = uploads.find(db.session(), viewer(), part_id, staging())
        db.session.rollback()
        if arriving.staged_as != found.staged_as:
            raise NotFound
        yield arriving


def append(arriving: Arriving, checksum: Checksum | None) -> Arriving:
    """Stage what the phone sends, however little of it comes, and remember how far that is."""
    left = arriving.length - arriving.offset
    if (request.content_length or 0) > left:
        raise TooLarge
    offset = staging().append(arriving.staged_as, arriving.offset, _blocks(), most=left, checksum=checksum)
    if not uploads.advance(db.session(), arriving, offset):
        staging().discard(arriving.staged_as)
        raise NotFound
    db.session.commit()
    return replace(arriving, offset=offset)


def _blocks() -> Iterator[bytes]:
    """The body as it comes, up to its end or to where the connection broke or fell silent."""
    while True:
        try:
            block = request.stream.read(BLOCK_BYTES)
        except (ClientDisconnected, OSError):
            return
        if not block:
            return
        yield block


def finish(arriving: Arriving) -> None:
    """Check, store and keep a whole file. A file that is refused is forgotten: the phone still has its own."""
    try:
        checked = arrivals.check(arriving, staging())
        arrivals.keep(db.session(), viewer(), checked, staging(), parts().store)
        db.session.commit()
    except StorageFull:
        raise
    except Refusal:
        db.session.rollback()
        forget(arriving)
        raise
    staging().discard(arriving.staged_as)


def forget(arriving: Arriving) -> None:
    """The row goes first, so that no upload ever claims bytes that are gone."""
    uploads.drop(db.session(), arriving)
    db.session.commit()
    staging().discard(arriving.staged_as)
