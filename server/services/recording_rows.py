"""What clearing reads of recordings beside their sound: gaps, markers, and what has not come.

Each query is about stories that are opened, as far as they are.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session

from server.domain import manifest as rules
from server.domain.consent import Content
from server.domain.work import Kind, State
from server.models.segment import RecordingGap, RecordingManifest, RecordingMarker, RecordingSegment
from server.models.story import Recording, Story
from server.models.theme import Theme
from server.models.work import Job
from server.services import segments
from server.services.clearances import Opened

# One that a segment became by itself follows the recording that was made without it.
_STANDS_ALONE = and_(exists().where(RecordingSegment.recording_id == Recording.id).correlate(Recording),
                     ~exists().where(RecordingManifest.id == Recording.id).correlate(Recording))
IN_ORDER = (Recording.position, _STANDS_ALONE, Recording.started_at, Recording.id)


@dataclass(frozen=True)
class Unfinished:
    """A recording that cannot be played yet, or ever. Parts are numbered from 1; `count` is not known before its
    manifest has come. Parts that somebody decided to go without are not among the missing. `may_go_on`: it is made of
    what came, and there may be more."""

    id: str
    story_id: str
    count: int | None
    came: int
    missing: tuple[int, ...]
    unplayable: tuple[int, ...]
    may_go_on: bool = False


@dataclass(frozen=True)
class Stop:
    """Where a recording stopped, and of how many parts it is where somebody knows. `filled_by` is the id of the
    recording that the part became which came later."""

    gap: RecordingGap
    parts: int | None
    filled_by: str | None


def stops(session: Session, opened: Opened) -> defaultdict[str, list[Stop]]:
    """Where recordings stopped, by the recording's id."""
    query = (select(RecordingGap, RecordingManifest)
             .join(Recording, Recording.id == RecordingGap.recording_id)
             .outerjoin(RecordingManifest, RecordingManifest.id == Recording.id)
             .where(Recording.story_id.in_(opened.with_part(Recording)))
             .order_by(RecordingGap.number))
    found: defaultdict[str, list[Stop]] = defaultdict(list)
    for gap, row in session.execute(query):
        parts = None if row is None or row.is_of_what_came else _count(row)
        found[gap.recording_id].append(Stop(gap, parts, _filled_by(gap, row)))
    return found


def _filled_by(gap: RecordingGap, row: RecordingManifest | None) -> str | None:
    if row is None or gap.reason != rules.CAME_LATER:
        return None
    ids = [segment.id for segment in segments.listed(row) if segment.number == gap.segment]
    return rules.recording_of_its_own(ids[0]) if ids else None


def _count(row: RecordingManifest) -> int:
    return rules.count(segment.number for segment in segments.listed(row))


def markers(session: Session, opened: Opened) -> defaultdict[str, list[tuple[RecordingMarker, Theme | None]]]:
    """The moments that were marked, with their themes, by the recording's id. They say what was spoken of, so they go
    with the words."""
    query = (select(RecordingMarker, Theme)
             .join(RecordingManifest, RecordingManifest.id == RecordingMarker.recording_id)
             .join(Story, Story.id == RecordingManifest.story_id)
             .outerjoin(Theme, (Theme.id == RecordingMarker.theme_id) & (Theme.project_id == Story.project_id))
             .where(Story.id.in_(opened.cleared[Content.WORDS]), RecordingMarker.at_ms.is_not(None))
             .order_by(RecordingMarker.at_ms, RecordingMarker.saved_at_ms, RecordingMarker.id))
    found: defaultdict[str, list[tuple[RecordingMarker, Theme | None]]] = defaultdict(list)
    for marker, theme in session.execute(query):
        found[marker.recording_id].append((marker, theme))
    return found


def not_listened_to(session: Session, ids: Sequence[str]) -> frozenset[str]:
    """The recordings whose copy a computer has still to listen to, for words that are withheld: until then nobody can
    know that they are gone. Where it may not listen, it has not to."""
    query = select(Job.subject_id).where(Job.story_id.in_(ids), Job.kind == Kind.CHECK_REDACTION,
                                         Job.state.not_in((State.DONE, State.CANCELLED)))
    return frozenset(session.scalars(query))


def unfinished(session: Session, opened: Opened) -> defaultdict[str, list[Unfinished]]:
    """Recordings in segments that have not been made, by the id of their story."""
    ids = opened.with_part(Recording)
    manifests = session.scalars(select(RecordingManifest).where(
        RecordingManifest.story_id.in_(ids), ~exists().where(Recording.id == RecordingManifest.id)
    ).order_by(RecordingManifest.position, RecordingManifest.id)).all()
    came: defaultdict[tuple[str, str], list[RecordingSegment]] = defaultdict(list)
    for part in session.scalars(select(RecordingSegment).where(
            RecordingSegment.story_id.in_(ids), ~exists().where(Recording.id == RecordingSegment.recording_id)
    ).order_by(RecordingSegment.recording_id, RecordingSegment.number)):
        came[part.story_id, part.recording_id].append(part)
    found: defaultdict[str, list[Unfinished]] = defaultdict(list)
    for row in manifests:
        found[row.story_id].append(_listed(row, came.pop((row.story_id, row.id), [])))
    for (story_id, recording_id), parts in came.items():
        found[story_id].append(Unfinished(recording_id, story_id, None, len(parts), (), _unplayable(parts)))
    return found


def _listed(row: RecordingManifest, parts: list[RecordingSegment]) -> Unfinished:
    stored = [part for part in parts if part.stored_at is not None and part.id not in row.left_out]
    listed = segments.listed(row)
    missing = tuple(segment.number + 1 for segment in rules.missing(listed, (part.id for part in stored))
                    if segment.id not in row.left_out)
    return Unfinished(row.id, row.story_id, len(listed), len(stored), missing, _unplayable(stored),
                      may_go_on=row.is_of_what_came)


def _unplayable(parts: Iterable[RecordingSegment]) -> tuple[int, ...]:
    return tuple(part.number + 1 for part in parts if part.container is None)
