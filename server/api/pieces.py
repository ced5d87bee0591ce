"""The bytes of a file as they come: one sender at a time, and no transaction open while a phone sends."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import g, request
from werkzeug.exceptions import ClientDisconnected

from server.auth import viewer
from server.db import db
from server.domain.errors import CheckInterrupted, NotFound, Refusal, StorageFull, TooLarge, Unavailable, WrongOffset
from server.domain.tus import Checksum
from server.parts import parts
from server.services import arrivals, uploads
from server.services.uploads import Arriving
from server.storage.staging import Staging

# What came of a block is lost when the connection falls silent inside it, so blocks are small.
BLOCK_BYTES = 16 * 1024


def staging() -> Staging:
    """Where this installation stages files."""
    if "staging" not in g:
        g.staging = Staging(parts().settings.uploads_dir)
    found: Staging = g.staging
    return found


@contextmanager
def held(part_id: str) -> Iterator[Arriving]:
    """The caller's upload, with nobody else at work on it and no transaction open. Raises UploadBusy."""
    name = uploads.staged_as(db.session(), viewer(), part_id)
    with staging().held(name):
        arriving = uploads.find(db.session(), viewer(), part_id, staging())
        db.session.rollback()
        if arriving.staged_as != name:
            raise NotFound
        yield arriving


def receive(arriving: Arriving, checksum: Checksum | None) -> Arriving:
    """Stage what the phone sends, however little of it comes; keep the file when that was the last of it.

    Raises what `arrivals.check` and `arrivals.keep` raise, TooLarge, ChecksumMismatch, StorageFull, WrongOffset.
    """
    arriving = _append(arriving, checksum)
    if arriving.offset < arriving.length:
        return arriving
    _finish(arriving)
    return replace(arriving, offset=arriving.length, is_whole=True)


def forget(arriving: Arriving) -> None:
    """The row goes first, so that no upload ever claims bytes that are gone."""
    arrivals.drop(db.session(), arriving)
    db.session.commit()
    staging().discard(arriving.staged_as)


def _append(arriving: Arriving, checksum: Checksum | None) -> Arriving:
    left = arriving.length - arriving.offset
    if (request.content_length or 0) > left:
        raise TooLarge
    here = staging()
    here.require_room(request.content_length or 0)
    if not uploads.take_over(db.session(), arriving, here):
        raise WrongOffset
    db.session.commit()
    size = here.append(arriving.staged_as, arriving.offset, _blocks(), most=left, checksum=checksum,
                       confirm=lambda offset: _confirm(arriving, offset))
    _confirm(arriving, size)
    return replace(arriving, offset=size)


def _confirm(arriving: Arriving, offset: int) -> None:
    """Remember how much is on disk. Raises NotFound or Withdrawn for an upload that is gone, WrongOffset for one that
    goes on elsewhere."""
    goes_on = uploads.advance(db.session(), arriving, offset, staging())
    db.session.commit()
    if goes_on:
        return
    staging().discard(arriving.staged_as)
    uploads.find(db.session(), viewer(), arriving.part_id, staging())
    raise WrongOffset


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


def _finish(arriving: Arriving) -> None:
    """Check and keep a whole file. A file that is refused is forgotten: the phone still has its own."""
    try:
        checked = arrivals.check(arriving, staging())
        arrivals.keep(db.session(), viewer(), checked, staging())
        db.session.commit()
    except CheckInterrupted:
        uploads.note_interrupted(db.session(), arriving)
        db.session.commit()
        raise
    except (StorageFull, Unavailable):
        raise
    except WrongOffset:
        db.session.rollback()
        staging().discard(arriving.staged_as)
        raise
    except Refusal:
        db.session.rollback()
        forget(arriving)
        raise
