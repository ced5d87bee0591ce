"""Bringing in a file that a phone saved, for the page and the command: entry by entry, each in a transaction of its
own, as a phone sends them. Nothing of a file is taken in before all of it was read and found whole.
"""

import hashlib
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import BinaryIO

from server.db import db
from server.domain.access import Viewer
from server.domain.errors import (
    CheckInterrupted,
    ItemOfAnotherProject,
    Refusal,
    StorageFull,
    TooLarge,
    TooMuchUnfinished,
    Unavailable,
    UploadBusy,
    WrongOffset,
)
from server.domain.item import Became, ItemEntry, Outcome
from server.domain.sent import PartKind, SentPart
from server.domain.sync import PhoneClock
from server.parts import parts
from server.sealing.item_file import ItemFile, OpenedFile
from server.services import arrivals, item_imports, receipts, rescue_keys, uploads
from server.services.uploads import BY_HAND, Arriving
from server.storage.staging import Staging
from server.storage.store import blocks_of
from server.writing_down import write_down

log = logging.getLogger(__name__)

# Why something cannot be taken in at this moment, to whoever holds the file and not the phone. Bringing the same file
# in again is all there is to do.
LATER: Mapping[str, str] = {
    StorageFull.code: "The server has no room left.",
    Unavailable.code: "The server is busy.",
    UploadBusy.code: "Its phone is sending it at this moment.",
    WrongOffset.code: "It is still arriving at another machine.",
    TooMuchUnfinished.code: "Too many files of whoever saved it wait to be stored already.",
}


def bring_in(source: BinaryIO, project_id: str, viewer: Viewer | None) -> list[Outcome]:
    """What became of each entry, in the order in which they were taken in. `viewer` is nobody for an operator.

    Raises NotFound, NotAnItem, ItemOfAnotherServer, ItemDamaged, ItemOfNobodyHere: then nothing was taken in.
    """
    session = db.session()
    if viewer is not None:
        item_imports.require_may_import(viewer, project_id)
    saved = ItemFile(source, _find_key)
    sha256 = _hash_of(source)
    sender = item_imports.sender_of(session, viewer, project_id, saved.item)
    # Before anything comes in, so that an import that is cut off leaves its trace.
    item_imports.note_begun(session, viewer, project_id, saved.item, sha256)
    session.commit()
    clock = item_imports.clock_of(saved.item, datetime.now(UTC))
    importing = _Import(sender, project_id, clock, Staging(parts().settings.uploads_dir))
    outcomes = [importing.take_in(entry) for entry in item_imports.in_order(saved.item)]
    outcomes += [importing.take_in_file(opened) for opened in saved.files()]
    item_imports.note(session, viewer, project_id, saved.item, sha256, outcomes)
    session.commit()
    return outcomes


def _find_key(key_id: str) -> bytes | None:
    """The installation's key. No transaction stays open after it: reading a long file would keep everybody waiting."""
    try:
        return rescue_keys.find_private(db.session(), key_id)
    finally:
        db.session.rollback()


class _Import:
    """One file being brought in, in the name of whoever saved it."""

    def __init__(self, sender: Viewer, project_id: str, clock: PhoneClock, here: Staging) -> None:
        self._sender, self._project_id, self._clock, self._here = sender, project_id, clock, here
        self._store_answers = True

    def take_in(self, entry: ItemEntry) -> Outcome:
        session = db.session()
        try:
            outcome = item_imports.push(session, self._sender, self._project_id, entry, self._clock)
            session.commit()
        except Refusal as refusal:
            session.rollback()
            return _refused(entry, refusal)
        if entry.kind == "withdrawal" and self._store_answers:
            self._store_answers = write_down(entry.story_id)
        return outcome

    def take_in_file(self, opened: OpenedFile) -> Outcome:
        """Stage, check and keep a file, unless it is here. One that is refused is forgotten: the phone has its own."""
        session, entry = db.session(), opened.entry
        try:
            sent = item_imports.announced(entry)
            _require_fitting(sent)
            item_imports.require_of_project(session, self._project_id, sent.story_id)
            arriving, is_begun_here = uploads.begin(session, self._sender, sent, self._clock, self._here,
                                                    most_unfinished=parts().settings.max_unfinished_bytes)
            session.commit()
            is_new = False
            if not arriving.is_whole:
                with self._here.held(arriving.staged_as):
                    is_new = self._keep(opened, is_begun_here=is_begun_here)
            receipt = receipts.find(session, self._sender, entry.id)
            return item_imports.outcome_of(entry, receipt, is_new=is_new)
        except Refusal as refusal:
            return _refused(entry, refusal)
        finally:
            session.rollback()  # what is left of the file is passed over with no transaction open

    def _keep(self, opened: OpenedFile, *, is_begun_here: bool) -> bool:
        """Whether it came in now. The caller holds the upload. A phone may have begun to send it, and it is staged
        anew from the start; where the phone has ended just now, what it sent stays untouched."""
        session = db.session()
        arriving = uploads.find(session, self._sender, opened.entry.id, self._here, BY_HAND)
        if arriving.is_whole:
            return False
        if not uploads.take_over(session, arriving, self._here):
            raise UploadBusy
        session.commit()
        try:
            self._here.require_room(arriving.length)
            self._here.append(arriving.staged_as, 0, opened.blocks, most=arriving.length)
            arrivals.keep(session, self._sender, arrivals.check(arriving, self._here), self._here)
            session.commit()
        except Refusal as refusal:
            session.rollback()
            self._let_go(arriving, refusal, is_begun_here=is_begun_here)
            raise
        return True

    def _let_go(self, arriving: Arriving, refusal: Refusal, *, is_begun_here: bool) -> None:
        """Forget what was refused. Where its phone goes on with it, or its check was interrupted, which is counted, it
        comes again from the start."""
        if isinstance(refusal, CheckInterrupted):
            uploads.note_interrupted(db.session(), arriving)
            db.session.commit()
        elif is_begun_here or refusal.code not in LATER:
            return self._forget(arriving)
        self._here.discard(arriving.staged_as)

    def _forget(self, arriving: Arriving) -> None:
        """The row goes first, so that no upload ever claims bytes that are gone."""
        arrivals.drop(db.session(), arriving)
        db.session.commit()
        self._here.discard(arriving.staged_as)


def _require_fitting(sent: SentPart) -> None:
    """Raises TooLarge, as for a file that a phone announces."""
    settings = parts().settings
    if sent.length > (settings.max_photo_bytes if sent.kind is PartKind.PHOTO else settings.max_recording_bytes):
        raise TooLarge


def _refused(entry: ItemEntry, refusal: Refusal) -> Outcome:
    log.info("a %s from a file was refused: %s", entry.kind, refusal.code)
    if isinstance(refusal, ItemOfAnotherProject):
        return Outcome(entry.kind, entry.id, Became.NOT_OF_HERE, refusal.message)
    became = Became.LATER if refusal.code in LATER else Became.REFUSED
    return Outcome(entry.kind, entry.id, became, LATER.get(refusal.code, refusal.message))


def _hash_of(source: BinaryIO) -> str:
    source.seek(0)
    digest = hashlib.sha256()
    for block in blocks_of(source):
        digest.update(block)
    return digest.hexdigest()
