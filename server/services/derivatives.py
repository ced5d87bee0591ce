"""Copies made from what was sent: a recording that every browser plays, a photo without its metadata, an excerpt's
own seconds. Each is put into the store, and then named in one transaction, while the consent for it holds.

Nothing that is withheld is in a copy that is shown. Where something is, a clean copy with all of it is kept beside it,
for whoever withholds words and regions; where nothing is, the copy that is shown is that.

A store can be far away, so nothing is put while a transaction is open, but for one case: bytes that were erased between
being put and being named are put again under the lock that keeps erasures out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.domain.consent import Use, may_keep_photo, may_keep_recording, may_transcribe
from server.domain.work import Held, Kind
from server.models.redaction import PhotoRegion, Redaction
from server.models.segment import RecordingSegment
from server.models.story import Photo, Recording, Story
from server.models.theme import Excerpt
from server.services import consents, erasures, indexing, locks, making, work
from server.storage.store import MediaStore

# By then no copy can still be on its way into the store.
_PUT_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class Made:
    """A finished copy: an open file and the SHA-256 of what is in it."""

    file: BinaryIO
    sha256: str


@dataclass(frozen=True)
class Sound:
    """A recording to copy, and the stretches of it that are withheld, each [start_ms, end_ms, how]. `lacks_clean`: a
    clean copy is to be made too."""

    sha256: str
    withheld: Sequence[Any] = ()
    lacks_clean: bool = False


@dataclass(frozen=True)
class Picture:
    """A photo to copy, and the regions of it that are withheld, each [left, top, width, height] in thousandths.
    `lacks_clean`: a clean copy is to be made too."""

    sha256: str
    regions: Sequence[Any] = ()
    lacks_clean: bool = False


@dataclass(frozen=True)
class Passage:
    """The sound an excerpt is cut from, and where. `withheld` are the stretches of it that are in the passage, at
    their times in that sound; they may begin before it."""

    sha256: str
    start_ms: int
    end_ms: int
    withheld: Sequence[Any] = ()


def playback_source(session: Session, recording_id: str) -> Sound | None:
    """The recording to copy; None when it is gone or nobody agrees to it any more."""
    row = session.get(Recording, recording_id, populate_existing=True)
    if row is None or not row.sha256 or not _agreed(session, row.story_id, may_keep_recording):
        return None
    return Sound(row.sha256, row.withheld, bool(row.withheld) and row.clean_sha256 is None)


def photo_source(session: Session, photo_id: str) -> Picture | None:
    """The photo to copy; None when it is gone or nobody agrees to it any more."""
    row = session.get(Photo, photo_id, populate_existing=True)
    if row is None or not _agreed(session, row.story_id, may_keep_photo):
        return None
    regions = regions_of(session, photo_id)
    return Picture(row.sha256, regions, bool(regions) and row.clean_sha256 is None)


def clip_source(session: Session, excerpt_id: str) -> Passage | None:
    """What to cut an excerpt's sound from; None when it is gone or nobody agrees to it any more."""
    row = session.get(Excerpt, excerpt_id, populate_existing=True)
    if row is None or not _agreed(session, row.story_id, may_transcribe):
        return None
    return _where_it_was_said(session, row)


def regions_of(session: Session, photo_id: str) -> list[list[int]]:
    """What is withheld of a photo."""
    rows = session.scalars(select(PhotoRegion).where(PhotoRegion.photo_id == photo_id).order_by(PhotoRegion.id))
    return [[row.left, row.top, row.width, row.height] for row in rows]


def _where_it_was_said(session: Session, row: Excerpt) -> Passage | None:
    """In the segment as it came, where a recording was joined and the passage is within one: less was lost there. None
    where there is no sound any more."""
    recording = session.get_one(Recording, row.recording_id, populate_existing=True)
    if not recording.sha256:
        return None
    within = tuple(stretch for stretch in recording.withheld if stretch[0] < row.end_ms and row.start_ms < stretch[1])
    segment = session.scalar(select(RecordingSegment).where(
        RecordingSegment.recording_id == row.recording_id, RecordingSegment.start_ms <= row.start_ms,
        RecordingSegment.start_ms + RecordingSegment.duration_ms >= row.end_ms))
    if segment is None or segment.start_ms is None:
        return Passage(recording.sha256, row.start_ms, row.end_ms, within)
    begins = segment.start_ms
    return Passage(segment.sha256, row.start_ms - begins, row.end_ms - begins,
                   tuple([start_ms - begins, end_ms - begins, how] for start_ms, end_ms, how in within))


def make_again(session: Session, recording_id: str) -> None:
    """Have a recording's copy and its excerpts' clips be made anew, since what is withheld of it has changed.

    From this transaction on nothing can be played that holds what is withheld now. The copy with everything in it is
    kept as the clean one, or, where nothing is withheld any more, is the copy again.
    """
    row = session.get_one(Recording, recording_id)
    locks.take_story(session, row.story_id)
    gone = _changed_places(row, "playback_sha256", is_withheld=bool(row.withheld))
    project_id = session.scalars(select(Story.project_id).where(Story.id == row.story_id)).one()
    excerpts = session.execute(select(Excerpt.id, Excerpt.clip_sha256)
                               .where(Excerpt.recording_id == recording_id)).all()
    session.execute(update(Excerpt).where(Excerpt.recording_id == recording_id).values(clip_sha256=None))
    _forget_what_was_heard(session, row)
    if row.playback_sha256 is None:
        _ask_anew(session, Kind.PLAYBACK, row.id, row.story_id, project_id)
    for excerpt_id, _ in excerpts:
        _ask_anew(session, Kind.CLIP, excerpt_id, row.story_id, project_id)
    session.flush()
    erasures.ask(session, filter(None, [gone, *(clip for _, clip in excerpts)]), project_id)


def make_photo_again(session: Session, photo_id: str) -> None:
    """Have a photo's copy be made anew, since what is withheld of it has changed; as `make_again`."""
    row = session.get_one(Photo, photo_id)
    locks.take_story(session, row.story_id)
    gone = _changed_places(row, "derivative_sha256", is_withheld=bool(regions_of(session, photo_id)))
    project_id = session.scalars(select(Story.project_id).where(Story.id == row.story_id)).one()
    if row.derivative_sha256 is None:
        _ask_anew(session, Kind.PHOTO, row.id, row.story_id, project_id)
    session.flush()
    erasures.ask(session, filter(None, [gone]), project_id)


def _changed_places(row: Recording | Photo, shown: str, *, is_withheld: bool) -> str | None:
    """Take away the copy that is shown, or put the clean one in its place. Returns the hash of what nobody has use for
    any more, if anything."""
    copy, clean = getattr(row, shown), row.clean_sha256
    if not is_withheld:
        setattr(row, shown, clean or copy)
        row.clean_sha256 = None
        return copy if clean else None
    setattr(row, shown, None)
    # A copy without a clean one beside it was made when nothing was withheld.
    row.clean_sha256 = clean or copy
    return copy if clean else None


def _forget_what_was_heard(session: Session, row: Recording) -> None:
    """Nobody has listened to the copy that is to be made."""
    work.drop(session, row.id, Kind.CHECK_REDACTION)
    row.listened = {}
    found = {which for _, _, which in row.withheld_words}
    session.execute(update(Redaction).where(Redaction.id.in_(found)).values(is_gone=None, checked_at=None))


def _ask_anew(session: Session, kind: Kind, subject_id: str, story_id: str, project_id: str) -> None:
    """Whatever is being made now is of what was withheld before, and will not be kept."""
    work.drop(session, subject_id, kind)
    work.request(session, kind=kind, subject_id=subject_id, story_id=story_id, project_id=project_id)


def expect(session: Session, made: Made) -> None:
    """Say that these bytes are about to be put. Commit it first, so that they go if they come to nothing."""
    erasures.expect(session, made.sha256, until=datetime.now(UTC) + _PUT_WITHIN)


def put(store: MediaStore, made: Made) -> None:
    """Raises StorageFull, StoreUnavailable."""
    made.file.seek(0)
    store.put(made.file)


def abandon(session: Session, made: Made) -> None:
    """Nobody wants these bytes any more."""
    erasures.ask(session, [made.sha256], project_id=None)


def store_playback(session: Session, store: MediaStore, recording_id: str, made: Made, duration_ms: int,
                   held: Held, withheld: Sequence[Any] = (), clean: Made | None = None) -> None:
    """Name a recording's copy, which was put, and finish the job. Where other stretches are withheld by now than
    `withheld`, with which it was made, it is done again. Raises FenceLost, StorageFull, StoreUnavailable."""
    if not _goes_on(session, Kind.PLAYBACK, recording_id, held):
        return _abandon_all(session, made, clean)
    row = session.get_one(Recording, recording_id)
    if list(withheld) != row.withheld or (row.withheld and not (clean or row.clean_sha256)):
        _abandon_all(session, made, clean)
        return work.release(session, held)
    replaced = row.playback_sha256
    row.playback_sha256, row.duration_ms = kept(session, store, made), duration_ms
    if clean is not None:
        row.clean_sha256 = kept(session, store, clean)
    making.measured(session, row, duration_ms)
    session.flush()
    erasures.ask(session, filter(None, [replaced]), project_id=None)
    if row.withheld:
        work.request_again(session, kind=Kind.CHECK_REDACTION, subject_id=row.id, story_id=row.story_id,
                           project_id=session.get_one(Story, row.story_id).project_id)
    work.finish(session, held)


def store_photo(session: Session, store: MediaStore, photo_id: str, made: Made, size: tuple[int, int],
                held: Held, regions: Sequence[Any] = (), clean: Made | None = None) -> None:
    """Name a photo's copy, `size` its width and height in pixels, and finish the job. Where other `regions` are
    withheld by now, it is done again. Raises as `store_playback`."""
    if not _goes_on(session, Kind.PHOTO, photo_id, held):
        return _abandon_all(session, made, clean)
    row, now = session.get_one(Photo, photo_id), regions_of(session, photo_id)
    if list(regions) != now or (now and not (clean or row.clean_sha256)):
        _abandon_all(session, made, clean)
        return work.release(session, held)
    replaced = row.derivative_sha256
    row.derivative_sha256 = kept(session, store, made)
    if clean is not None:
        row.clean_sha256 = kept(session, store, clean)
    row.width, row.height = size
    indexing.ask(session, row.story_id)
    erasures.ask(session, filter(None, [replaced]), project_id=None)
    work.finish(session, held)


def store_clip(session: Session, store: MediaStore, excerpt_id: str, made: Made, held: Held,
               withheld: Sequence[Any] = ()) -> None:
    """Name an excerpt's sound and finish the job. Where other stretches are withheld by now, it is done again. Raises
    as `store_playback`."""
    if not _goes_on(session, Kind.CLIP, excerpt_id, held):
        return abandon(session, made)
    passage = clip_source(session, excerpt_id)
    if passage is None or list(withheld) != list(passage.withheld):
        abandon(session, made)
        return work.release(session, held)
    session.get_one(Excerpt, excerpt_id).clip_sha256 = kept(session, store, made)
    work.finish(session, held)


def kept(session: Session, store: MediaStore, made: Made) -> str:
    """The name of these bytes, which some row is given in this transaction. Raises StorageFull, StoreUnavailable."""
    erasures.keep(session, made.sha256)
    if made.sha256 not in store:
        put(store, made)
    return made.sha256


def _abandon_all(session: Session, *mades: Made | None) -> None:
    for made in filter(None, mades):
        abandon(session, made)


def give_up(session: Session, kind: Kind, subject_id: str, held: Held) -> None:
    """Nobody agrees to a copy any more, as it seemed: its job is cancelled. Where somebody has agreed meanwhile, it
    waits for its turn again. Raises FenceLost."""
    if _goes_on(session, kind, subject_id, held):
        work.release(session, held)


def _goes_on(session: Session, kind: Kind, subject_id: str, held: Held) -> bool:
    """With the story's lock, whether there still is agreement; where not, the job is cancelled. Raises FenceLost."""
    owner, source = _COPIES[kind]
    story_id = session.scalar(select(owner.story_id).where(owner.id == subject_id))
    work.hold(session, held, story_id)
    if source(session, subject_id) is not None:
        return True
    work.cancel(session, held)
    return False


_COPIES: dict[Kind, tuple[type[Recording | Photo | Excerpt], Callable[[Session, str], object | None]]] = {
    Kind.PLAYBACK: (Recording, playback_source), Kind.PHOTO: (Photo, photo_source), Kind.CLIP: (Excerpt, clip_source)}


def _agreed(session: Session, story_id: str, allows: Callable[[frozenset[Use]], bool]) -> bool:
    return allows(consents.agreed_uses(session, story_id))
