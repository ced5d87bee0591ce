"""What each kind of work does: read what is needed, have a child decode it, write the result while consent holds."""

import json
import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from io import SEEK_END
from typing import BinaryIO

from sqlalchemy.orm import Session

from server.domain.errors import HashMismatch, MediaMissing, StorageFull, StoreUnavailable
from server.domain.work import FenceLost, Kind
from server.isolation.supervision import nameless_file
from server.jobs.attempt import Attempt, Task
from server.jobs.speech import check_redaction, suggest_speakers, transcribe, translate
from server.services import (
    demo_evidence,
    derivatives,
    embeddings,
    erasures,
    indexing,
    joining,
    narrowings,
    restriction_log,
    storing,
    withdrawals,
    work,
)
from server.services.derivatives import Made, Picture, Sound
from server.storage.staging import Staging
from server.storage.store import blocks_of, measured
from server.writing_down import write

log = logging.getLogger(__name__)


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


def playback(attempt: Attempt) -> None:
    wanted = derivatives.playback_source(attempt.session, attempt.subject_id)
    if wanted is None:
        return _give_up(attempt)
    with _files(attempt, wanted.sha256) as (source, sink), _clean_copy(attempt, source, wanted, "withheld") as clean:
        answer = attempt.in_child({"withheld": wanted.withheld}, source, sink)
        made = _put(attempt, sink)
        _keep(attempt, [made, clean], lambda session: derivatives.store_playback(
            session, attempt.parts.store, attempt.subject_id, made, int(answer["duration_ms"]), attempt.held,
            wanted.withheld, clean))


def join(attempt: Attempt) -> None:
    """The segments go to the child as one file, end to end, and each is decoded by itself."""
    sources = joining.sources(attempt.session, attempt.subject_id)
    if sources is None:
        return _cancel(attempt)
    folder = attempt.parts.settings.data_dir
    with nameless_file(folder) as end_to_end, nameless_file(folder) as sink:
        attempt.session.commit()
        with attempt.going_on():
            for source in sources:
                with attempt.parts.store.open(source.sha256) as segment:
                    shutil.copyfileobj(segment, end_to_end)
            end_to_end.flush()
        answer = attempt.in_child({"sizes": [source.size for source in sources]}, end_to_end, sink)
        made = _put(attempt, sink)
        joined = joining.Joined(made, sink.seek(0, SEEK_END), answer["lengths_ms"])
        _keep(attempt, [made], lambda session: joining.settle(
            session, attempt.parts.store, attempt.subject_id, joined, attempt.held))


def photo(attempt: Attempt) -> None:
    wanted = derivatives.photo_source(attempt.session, attempt.subject_id)
    if wanted is None:
        return _give_up(attempt)
    with _files(attempt, wanted.sha256) as (source, sink), _clean_copy(attempt, source, wanted, "regions") as clean:
        answer = attempt.in_child({"regions": wanted.regions}, source, sink)
        made, size = _put(attempt, sink), (int(answer["width"]), int(answer["height"]))
        _keep(attempt, [made, clean], lambda session: derivatives.store_photo(
            session, attempt.parts.store, attempt.subject_id, made, size, attempt.held, wanted.regions, clean))


def clip(attempt: Attempt) -> None:
    passage = derivatives.clip_source(attempt.session, attempt.subject_id)
    if passage is None:
        return _give_up(attempt)
    details = {"start_ms": passage.start_ms, "end_ms": passage.end_ms, "withheld": passage.withheld}
    with _files(attempt, passage.sha256) as (source, sink):
        attempt.in_child(details, source, sink)
        made = _put(attempt, sink)
        _keep(attempt, [made], lambda session: derivatives.store_clip(
            session, attempt.parts.store, attempt.subject_id, made, attempt.held, passage.withheld))


def erase(attempt: Attempt) -> None:
    _ = attempt.subject_id in attempt.parts.store  # a store that does not answer is waited for with no lock held
    erasures.erase(attempt.session, attempt.parts.store, attempt.subject_id)
    attempt.write(lambda session: work.forget(session, attempt.held))


def scrub(attempt: Attempt) -> None:
    staging = Staging(attempt.parts.settings.uploads_dir)
    for name in withdrawals.list_refused(attempt.session, attempt.subject_id):
        staging.discard(name)
    _write_down(attempt)
    erasures.scrub(attempt.session)
    attempt.write(lambda session: work.forget(session, attempt.held))


def _write_down(attempt: Attempt) -> None:
    """Where the store does not answer, the sweep makes up for it: the words need not wait."""
    try:
        with attempt.going_on():
            write(attempt.session, attempt.parts.store, attempt.subject_id)
    except (StoreUnavailable, StorageFull) as refusal:
        log.warning("%s: the withdrawal could not be written down yet: %s", attempt.held.job_id, refusal.code)


def note(attempt: Attempt) -> None:
    answer = narrowings.find(attempt.session, attempt.subject_id)
    restriction = restriction_log.find(attempt.session, attempt.subject_id)
    attempt.session.commit()
    if answer is not None:
        narrowings.write_down(attempt.parts.store, answer)
    if restriction is not None:
        attempt.parts.store.write_note(restriction.name, restriction.to_bytes())
    attempt.write(lambda session: work.finish(session, attempt.held))


def index(attempt: Attempt) -> None:
    attempt.write(lambda session: indexing.settle(session, attempt.subject_id, attempt.held))


def demo(attempt: Attempt) -> None:
    attempt.write(lambda session: demo_evidence.complete(session, attempt.subject_id, attempt.held))


def embed(attempt: Attempt) -> None:
    """A child gets the passages as they are shown, and gives their vectors."""
    story_id = attempt.subject_id
    sources = embeddings.wanted(attempt.session, story_id)
    texts = [passage.text for source in sources for passage in source.passages]
    vectors = b""
    if texts:
        folder = attempt.parts.settings.data_dir
        with nameless_file(folder) as given, nameless_file(folder) as sink:
            given.write(json.dumps(texts).encode())
            given.seek(0)
            attempt.in_child({}, given, sink)
            sink.seek(0)
            vectors = sink.read()
    attempt.write(lambda session: embeddings.store(session, story_id, sources, vectors, attempt.held))


TASKS: dict[Kind, Task] = {
    Kind.STORE: store, Kind.JOIN: join, Kind.TRANSCRIBE: transcribe, Kind.PLAYBACK: playback, Kind.PHOTO: photo,
    Kind.CLIP: clip, Kind.SPEAKERS: suggest_speakers, Kind.TRANSLATE: translate, Kind.ERASE: erase, Kind.SCRUB: scrub,
    Kind.NOTE: note, Kind.INDEX: index, Kind.DEMO: demo, Kind.CHECK_REDACTION: check_redaction,
    Kind.EMBED: embed,
}


def _cancel(attempt: Attempt) -> None:
    attempt.write(lambda session: work.cancel(session, attempt.held))


def _give_up(attempt: Attempt) -> None:
    attempt.write(lambda session: derivatives.give_up(session, attempt.kind, attempt.subject_id, attempt.held))


@contextmanager
def _files(attempt: Attempt, sha256: str) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """The original to read, and a nameless file to write into."""
    with attempt.parts.store.open(sha256) as source, nameless_file(attempt.parts.settings.data_dir) as sink:
        yield source, sink


@contextmanager
def _clean_copy(attempt: Attempt, source: BinaryIO, wanted: Sound | Picture, withheld: str) -> Iterator[Made | None]:
    """A copy from which nothing is withheld, in the store, where one is to be made too; for as long as its file is
    open. `withheld` is what a child calls what it leaves out."""
    if not wanted.lacks_clean:
        yield None
        return
    with nameless_file(attempt.parts.settings.data_dir) as sink:
        attempt.in_child({withheld: []}, source, sink)
        yield _put(attempt, sink)


def _put(attempt: Attempt, sink: BinaryIO) -> Made:
    """What the child made, in the store. It is expected there, and so erased if this attempt comes to nothing."""
    sink.seek(0)
    made = Made(sink, measured(blocks_of(sink)).sha256)
    attempt.write(lambda session: derivatives.expect(session, made))
    with attempt.going_on():
        derivatives.put(attempt.parts.store, made)
    return made


def _keep(attempt: Attempt, mades: Sequence[Made | None], result: Callable[[Session], None]) -> None:
    try:
        attempt.write(result)
    except FenceLost:
        attempt.session.rollback()
        for made in filter(None, mades):
            attempt.write(partial(derivatives.abandon, made=made))
        raise
