"""What each kind of work does: read what is needed, have a child decode it, write the result while consent holds."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from server.domain.errors import HashMismatch, MediaMissing
from server.domain.transcript import from_json
from server.domain.work import FenceLost, Kind
from server.isolation.supervision import nameless_file
from server.jobs.attempt import Attempt, Task
from server.services import demo_evidence, derivatives, erasures, storing, transcripts, withdrawals, work
from server.services.derivatives import Made
from server.storage.staging import Staging
from server.storage.store import blocks_of


def store(attempt: Attempt) -> None:
    waiting = storing.begin(attempt.session, attempt.subject_id)
    attempt.session.commit()
    if waiting is None:
        return _cancel(attempt)
    here = Staging(attempt.parts.settings.uploads_dir)
    try:
        if waiting.is_agreed:
            with attempt.going_on():
                attempt.parts.store.adopt(here.path(waiting.staged_as), waiting.sha256)
        attempt.write(lambda session: storing.settle(session, waiting, attempt.held))
    except (HashMismatch, MediaMissing):
        attempt.write(lambda session: storing.give_up(session, waiting, attempt.held))
    except FenceLost:
        attempt.session.rollback()
        attempt.write(lambda session: storing.abandoned(session, waiting))
        raise
    here.discard(waiting.staged_as)


def transcribe(attempt: Attempt) -> None:
    settings = attempt.parts.settings
    sha256 = transcripts.source(attempt.session, attempt.subject_id)
    if sha256 is None:
        return _cancel(attempt)
    details = {"model": settings.whisper_model, "weights_dir": str(settings.whisper_dir)}
    with _files(attempt, sha256) as (source, sink):
        heard = from_json(attempt.in_child(details, source, sink))
    attempt.write(lambda session: transcripts.store(session, attempt.subject_id, heard, attempt.held))


def playback(attempt: Attempt) -> None:
    sha256 = derivatives.playback_source(attempt.session, attempt.subject_id)
    if sha256 is None:
        return _cancel(attempt)
    with _files(attempt, sha256) as (source, sink):
        answer = attempt.in_child({}, source, sink)
        made = _made(attempt, sink)
        attempt.write(lambda session: derivatives.store_playback(
            session, attempt.parts.store, attempt.subject_id, made, int(answer["duration_ms"]), attempt.held))


def photo(attempt: Attempt) -> None:
    sha256 = derivatives.photo_source(attempt.session, attempt.subject_id)
    if sha256 is None:
        return _cancel(attempt)
    with _files(attempt, sha256) as (source, sink):
        answer = attempt.in_child({}, source, sink)
        made, size = _made(attempt, sink), (int(answer["width"]), int(answer["height"]))
        attempt.write(lambda session: derivatives.store_photo(
            session, attempt.parts.store, attempt.subject_id, made, size, attempt.held))


def clip(attempt: Attempt) -> None:
    passage = derivatives.clip_source(attempt.session, attempt.subject_id)
    if passage is None:
        return _cancel(attempt)
    details = {"start_ms": passage.start_ms, "end_ms": passage.end_ms}
    with _files(attempt, passage.sha256) as (source, sink):
        attempt.in_child(details, source, sink)
        made = _made(attempt, sink)
        attempt.write(lambda session: derivatives.store_clip(
            session, attempt.parts.store, attempt.subject_id, made, attempt.held))


def erase(attempt: Attempt) -> None:
    erasures.erase(attempt.session, attempt.parts.store, attempt.subject_id)
    attempt.write(lambda session: work.forget(session, attempt.held))


def scrub(attempt: Attempt) -> None:
    staging = Staging(attempt.parts.settings.uploads_dir)
    for name in withdrawals.list_refused(attempt.session, attempt.subject_id):
        staging.discard(name)
    attempt.session.commit()
    erasures.scrub(attempt.session)
    attempt.write(lambda session: work.forget(session, attempt.held))


def demo(attempt: Attempt) -> None:
    attempt.write(lambda session: demo_evidence.complete(session, attempt.subject_id, attempt.held))


TASKS: dict[Kind, Task] = {
    Kind.STORE: store, Kind.TRANSCRIBE: transcribe, Kind.PLAYBACK: playback, Kind.PHOTO: photo, Kind.CLIP: clip,
    Kind.ERASE: erase, Kind.SCRUB: scrub, Kind.DEMO: demo,
}


def _cancel(attempt: Attempt) -> None:
    attempt.write(lambda session: work.cancel(session, attempt.held))


@contextmanager
def _files(attempt: Attempt, sha256: str) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """The original to read, and a nameless file to write into."""
    with attempt.parts.store.open(sha256) as source, nameless_file(attempt.parts.settings.data_dir) as sink:
        yield source, sink


def _made(attempt: Attempt, sink: BinaryIO) -> Made:
    """What the child made. The bytes are expected, and so erased if this attempt comes to nothing."""
    sink.seek(0)
    digest = hashlib.sha256()
    for block in blocks_of(sink):
        digest.update(block)
    made = Made(sink, digest.hexdigest())
    attempt.write(lambda session: erasures.expect(session, made.sha256))
    return made
