"""Whether words that are withheld can still be heard: a computer listens to the copy that was made without them.

Where it hears some, more is taken out around them and the copy is made again, a few times; then somebody must look.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.consent import may_transcribe
from server.domain.hearing import Hints
from server.domain.redaction_check import is_heard, spans_of, wider
from server.domain.transcript import Word
from server.domain.work import Held
from server.models.redaction import Redaction
from server.models.story import Recording
from server.services import consents, redactions, transcript_rows, work

Span = tuple[int, int]


@dataclass(frozen=True)
class Wanted:
    """A copy to listen to: where, in ms, and for which words, each by the id of its redaction with the place it is
    withheld at."""

    sha256: str
    spans: tuple[Span, ...]
    places: tuple[tuple[int, int, str], ...]
    hints: Hints


def wanted(session: Session, recording_id: str) -> Wanted | None:
    """What to listen to; None when there is nothing to, or nobody agrees to a transcript any more."""
    row = session.get(Recording, recording_id, populate_existing=True)
    if row is None or row.playback_sha256 is None or not row.withheld:
        return None
    if not may_transcribe(consents.agreed_uses(session, row.story_id)):
        return None
    transcript = transcript_rows.current_of(session, recording_id)
    languages = (transcript.language,) if transcript and transcript.language else ()
    places = tuple((start, end, which) for start, end, which in row.withheld_words)
    stretches = [(start, end) for start, end, _ in row.withheld]
    # Hints on names would put them into its ears.
    return Wanted(row.playback_sha256, spans_of(stretches, row.duration_ms), places, Hints(languages))


def store(session: Session, recording_id: str, found: Wanted, said: Sequence[Sequence[Word]], held: Held) -> None:
    """Keep what was heard in each of the spans, and finish the job; where a withheld word was heard, have more taken
    out. Where the copy is another by now, it is listened to again. Raises FenceLost."""
    if not _goes_on(session, recording_id, held):
        return
    row = session.get_one(Recording, recording_id)
    if found != wanted(session, recording_id):
        return work.release(session, held)
    heard = _heard(session, found, said)
    row.listened = {"sha256": found.sha256, "heard": sorted(one.id for one in heard)}
    session.flush()
    _decide(session, row.story_id)
    work.finish(session, held)
    if widened := [one for one in heard if wider(one.widened_ms) is not None]:
        for one in widened:
            one.widened_ms = wider(one.widened_ms) or 0
        session.flush()
        redactions.settle(session, recording_id)


def give_up(session: Session, recording_id: str, held: Held) -> None:
    """There is nothing to listen to, as it seemed: the job is cancelled. Where there is by now, it waits for its turn
    again. Raises FenceLost."""
    if _goes_on(session, recording_id, held):
        work.release(session, held)


def _goes_on(session: Session, recording_id: str, held: Held) -> bool:
    work.hold(session, held, session.scalar(select(Recording.story_id).where(Recording.id == recording_id)))
    if wanted(session, recording_id) is not None:
        return True
    work.cancel(session, held)
    return False


def _heard(session: Session, found: Wanted, said: Sequence[Sequence[Word]]) -> list[Redaction]:
    """The redactions whose words were heard."""
    rows = session.scalars(select(Redaction).where(Redaction.id.in_({which for _, _, which in found.places})))
    return [row for row in rows if any(_is_heard(row, place, found, said) for place in found.places)]


def _is_heard(row: Redaction, place: tuple[int, int, str], found: Wanted, said: Sequence[Sequence[Word]]) -> bool:
    """Words that are withheld wherever they are must be nowhere near; others may be said again beside the place."""
    start, end, which = place
    if which != row.id:
        return False
    around: Iterable[Sequence[Word]] = (words for (first, last), words in zip(found.spans, said, strict=True)
                                        if first < end and start < last)
    return any(is_heard(row.words, words, None if row.recording_id is None else (start, end)) for words in around)


def _decide(session: Session, story_id: str) -> None:
    """Words are gone where they are in no copy, once all copies were listened to."""
    copies = session.scalars(select(Recording).where(Recording.story_id == story_id)).all()
    for row in session.scalars(select(Redaction).where(Redaction.story_id == story_id)):
        of_it = [one for one in copies if any(which == row.id for _, _, which in one.withheld_words)]
        listened = [one for one in of_it if one.listened and one.listened["sha256"] == one.playback_sha256]
        if any(row.id in one.listened["heard"] for one in listened):
            row.is_gone, row.checked_at = False, datetime.now(UTC)
        elif listened and len(listened) == len(of_it):
            row.is_gone, row.checked_at = True, datetime.now(UTC)
    session.flush()
