"""Which passages of a project are like those under a theme. Nothing of them is read here but numbers and times."""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate

from sqlalchemy import ColumnElement, or_, select, union_all
from sqlalchemy.orm import Session

from server.domain.suggestion import COMPARED, overlap
from server.embedding import DIMENSIONS, MODEL
from server.models.story import Quote, Recording, Story
from server.models.suggestion import PassageVectors
from server.models.theme import Excerpt, Tagging
from server.services.clearances import ANYTHING, Asked, may_have, may_have_part

Stretch = tuple[int, int]


@dataclass(frozen=True)
class Passage:
    """A stretch of a recording, in milliseconds; a quote whole is [0, 0]."""

    source_id: str
    start_ms: int
    end_ms: int

    @property
    def stretch(self) -> Stretch:
        return self.start_ms, self.end_ms


@dataclass(frozen=True)
class Under:
    """A passage under a theme, by the excerpt or quote that it is."""

    part_id: str
    passage: Passage


@dataclass(frozen=True)
class Alike:
    """A passage, its story, and what it is most like of those under the theme."""

    passage: Passage
    story_id: str
    like: Under


def under(session: Session, asked: Asked, theme_ids: Collection[str], *which: ColumnElement[bool]) -> list[Under]:
    """The passages under these themes that these people may have, the newest first: excerpts where they were said, and
    quotes whole. A photo says nothing that could be compared. `which` says whose taggings count."""
    query = (select(Tagging.excerpt_id, Tagging.quote_id, Excerpt.recording_id, Excerpt.start_ms, Excerpt.end_ms)
             .outerjoin(Excerpt, Excerpt.id == Tagging.excerpt_id).outerjoin(Quote, Quote.id == Tagging.quote_id)
             .where(Tagging.theme_id.in_(sorted(theme_ids)), *which,
                    or_(may_have_part(Excerpt, asked), may_have_part(Quote, asked)))
             .order_by(Tagging.tagged_at.desc(), Tagging.id.desc()))
    found = {excerpt_id or quote_id or "": Passage(recording_id or quote_id or "", start or 0, end or 0)
             for excerpt_id, quote_id, recording_id, start, end in session.execute(query)}
    return [Under(part_id, passage) for part_id, passage in found.items()]


def story_of(session: Session, source_id: str) -> str:
    """The story of a recording or quote; "" where there is none."""
    of = (select(source.story_id).where(source.id == source_id) for source in (Recording, Quote))
    return session.scalar(union_all(*of)) or ""


def of_parts(ids: Collection[str]) -> ColumnElement[bool]:
    """SQL: the story has one of these excerpts and quotes."""
    of = (select(part.story_id).where(part.id.in_(sorted(ids))) for part in (Excerpt, Quote))
    return Story.id.in_(union_all(*of))


def find(session: Session, asked: Asked, project_id: str, compared: Sequence[Under], left_out: Collection[Passage],
         most: int) -> list[Alike]:
    """The passages of the project that these people may have and that are most like those compared, at most so many,
    none of which shares time with one that is left out."""
    from server.embedding.alike import most_like  # numpy, which few pages need

    every = _Every.read(session, asked, project_id)
    touched = every.touched(session, {one.passage for one in compared} | set(left_out))
    chosen = {places[0]: one for one in compared[:COMPARED] if (places := touched[one.passage])}
    if not chosen:
        return []
    out = {place for places in touched.values() for place in places}
    near = most_like(every.vectors, list(chosen), out, most)
    compared_at, found = list(chosen.values()), every.at(session, [one.number for one in near])
    return [Alike(passage, story_id, compared_at[one.like])
            for one, (passage, story_id) in zip(near, found, strict=True)]


@dataclass(frozen=True)
class _Every:
    """All vectors that these people may know of, one after another; `firsts` are the places where each source begins,
    in their order."""

    sources: tuple[str, ...]
    stories: tuple[str, ...]
    firsts: tuple[int, ...]
    vectors: bytes

    @classmethod
    def read(cls, session: Session, asked: Asked, project_id: str) -> "_Every":
        # A story of which they may have anything is in reach. What they may not have of it was let go of by the sweep,
        # and is not shown before. In no order: to sort them would be to write all vectors once more.
        rows = session.execute(
            select(PassageVectors.source_id, PassageVectors.story_id, PassageVectors.vectors)
            .where(PassageVectors.project_id == project_id, PassageVectors.model == MODEL,
                   may_have(PassageVectors.story_id, asked, ANYTHING))).all()
        lengths = accumulate((len(row.vectors) // DIMENSIONS for row in rows), initial=0)
        return cls(tuple(row.source_id for row in rows), tuple(row.story_id for row in rows), tuple(lengths)[:-1],
                   b"".join(row.vectors for row in rows))

    def touched(self, session: Session, passages: Collection[Passage]) -> dict[Passage, list[int]]:
        """For each of these passages the places of those that share time with it, the one that shares most first."""
        firsts = dict(zip(self.sources, self.firsts, strict=True))
        cut = _cut(session, {passage.source_id for passage in passages} & firsts.keys())
        found: dict[Passage, list[int]] = {}
        for passage in passages:
            shared = sorted((-length, number) for number, stretch in enumerate(cut.get(passage.source_id, ()))
                            if (length := overlap(stretch, passage.stretch)))
            found[passage] = [firsts[passage.source_id] + number for _, number in shared]
        return found

    def at(self, session: Session, places: Sequence[int]) -> list[tuple[Passage, str]]:
        """What is at these places, with the story that it is from."""
        which = [bisect_right(self.firsts, place) - 1 for place in places]
        cut = _cut(session, {self.sources[number] for number in which})
        return [(Passage(self.sources[number], *cut[self.sources[number]][place - self.firsts[number]]),
                 self.stories[number]) for number, place in zip(which, places, strict=True)]


def _cut(session: Session, source_ids: Collection[str]) -> dict[str, list[Stretch]]:
    """From when to when the passages of each of these sources go."""
    query = select(PassageVectors.source_id, PassageVectors.places).where(
        PassageVectors.source_id.in_(sorted(source_ids)))
    return {source_id: [(start, end) for start, end in places] for source_id, places in session.execute(query)}
