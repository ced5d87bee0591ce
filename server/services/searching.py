"""Searching the stories of a project: what the words are in, for whom it is cleared, and the filter, in one query.

So a hit, how many there are, and the words around it are of what this person may have, and of nothing else. Hits come
newest first: the place of each is fixed, so a page that is turned begins where the one before it ended.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, browses_as, require
from server.domain.cleared import ClearedExcerpt, ClearedPart, ClearedPhoto, ClearedQuote, ClearedStory, ClearedTheme
from server.domain.consent import Content
from server.domain.search_query import HitTurn, Piece, Query, marked, parse, shortened
from server.domain.story_filter import StoryFilter
from server.domain.transcript import Segment
from server.models.search import SearchPassage
from server.models.story import Photo
from server.models.theme import Excerpt
from server.services import clearing, story_list, transcript_rows, withholding
from server.services.clearances import ANYTHING, Asked, asked_for, may_have
from server.services.indexing import ALONE, EXCERPT, PHOTO, QUOTE, SAID, scope_of
from server.services.search_index import Found, index_of
from server.services.turning import COUNTED, ON_A_PAGE

_SHOWN_LETTERS = 320


@dataclass(frozen=True)
class Hit:
    """Words that were found, with the story that they are in as this person may have it, in pieces with what was looked
    for apart. `part` is the excerpt, quote or photo; None for what is said, which has its recording and the
    milliseconds at which the first of the words, and the segment it is in, begin. `themes` are those on it, or on
    excerpts of it."""

    kind: str
    story: ClearedStory
    part: ClearedPart | None
    pieces: tuple[Piece, ...]
    themes: tuple[ClearedTheme, ...]
    recording_id: str | None = None
    at_ms: int = 0
    starts_ms: int = 0


@dataclass(frozen=True)
class Counted:
    """How many passages were found, and in how many stories; None is more than anybody counts."""

    passages: int | None
    stories: int | None


@dataclass(frozen=True)
class HitPage:
    """One page of what was found. `newer` and `older` lead to the pages beside it. `unfiltered` is how many there are
    with no filter; it is `found` where there is none."""

    hits: list[Hit]
    newer: int | None
    older: int | None
    found: Counted
    unfiltered: Counted


NOTHING = HitPage([], None, None, Counted(0, 0), Counted(0, 0))


def search(session: Session, viewer: Viewer, project_id: str, text: str, only: StoryFilter, to: HitTurn) -> HitPage:
    """A page of what this person may find. Nothing is found where nothing is looked for. Raises NotFound."""
    require(viewer, Permission.SEARCH, project_id)
    asked, query = asked_for(viewer, project_id, browses_as(viewer, project_id)), parse(text)
    if query.is_empty:
        return NOTHING
    found = index_of(session).find(query, scope_of(project_id, is_for_team=not asked.is_for_others))
    # The project is asked for as the word that stands for it: SQLite would take its index, and read every story.
    every = [found.words, *may_find(asked)]
    passing = [found.words, *story_list.passes(session, only, asked, project_id), *may_find(asked)]
    tables = found.tables if only == StoryFilter() else found.with_stories
    rows, newer, older = _turn(session, found, tables, passing, to)
    counted = _count(session, tables, passing, rows if newer is older is None else None)
    return HitPage(
        hits=list(_hits(session, viewer, project_id, query, rows)), newer=newer, older=older, found=counted,
        unfiltered=counted if only == StoryFilter() else _count(session, found.tables, every))


def may_find(asked: Asked) -> list[ColumnElement[bool]]:
    """SQL: the passage is of something that whoever asks may have. Whoever may not hear a recording reads none of its
    transcript, and finds the excerpts of it."""
    def cleared(content: Content) -> ColumnElement[bool]:
        return may_have(SearchPassage.story_id, asked, content)

    kind, words = SearchPassage.kind, cleared(Content.WORDS)
    photo = and_(kind == PHOTO, cleared(Content.PHOTO), exists().where(
        Photo.id == SearchPassage.part_id, Photo.derivative_sha256.is_not(None)))
    if asked.is_for_others:
        quotable = exists().where(Excerpt.id == SearchPassage.part_id, Excerpt.quotable_at.is_not(None))
        passages = [and_(kind.in_((EXCERPT, ALONE)), words, quotable)]
    else:
        heard = cleared(Content.AUDIO)
        passages = [and_(kind == SAID, words, heard), and_(kind == ALONE, words),
                    and_(kind == EXCERPT, words, not_(heard))]
    return [cleared(ANYTHING), or_(kind == QUOTE, *passages, photo)]


def _turn(session: Session, found: Found, tables: FromClause, which: Sequence[ColumnElement[bool]],
          to: HitTurn) -> tuple[list[Any], int | None, int | None]:
    """The rows of the page asked for, and the ids that lead to those beside it; the newest where nothing is left."""
    def read(*more: ColumnElement[bool], newest_first: bool = True) -> list[Any]:
        query = select(found.id.label("id"), SearchPassage.story_id, SearchPassage.kind, SearchPassage.part_id,
                       SearchPassage.segment_id).select_from(tables).where(*which, *more)
        order = found.id.desc() if newest_first else found.id
        return list(session.execute(query.order_by(order).limit(ON_A_PAGE + 1)))

    if to.beside is not None and to.is_newer:
        rows = read(found.id > to.beside, newest_first=False)
        if len(rows) > ON_A_PAGE:
            page = rows[ON_A_PAGE - 1::-1]
            return page, page[0].id, page[-1].id
    elif to.beside is not None:
        rows = read(found.id < to.beside)
        if rows:
            return rows[:ON_A_PAGE], rows[0].id, _last_of(rows)
    rows = read()
    return rows[:ON_A_PAGE], None, _last_of(rows)


def _last_of(rows: Sequence[Any]) -> int | None:
    return rows[ON_A_PAGE - 1].id if len(rows) > ON_A_PAGE else None


def _count(session: Session, tables: FromClause, which: Sequence[ColumnElement[bool]],
           all_of_them: Sequence[Any] | None = None) -> Counted:
    """How many there are; all of them, where they are known."""
    if all_of_them is not None:
        return Counted(len(all_of_them), len({row.story_id for row in all_of_them}))
    some = select(SearchPassage.story_id).select_from(tables).where(*which).limit(COUNTED + 1).subquery()
    passages, stories = session.execute(select(func.count(), func.count(some.c.story_id.distinct()))
                                        .select_from(some)).one()
    return Counted(passages, stories) if passages <= COUNTED else Counted(None, None)


def _hits(session: Session, viewer: Viewer, project_id: str, query: Query, rows: Sequence[Any]) -> Iterator[Hit]:
    """What is shown of them is read anew from the stories, cleared, and not from the index."""
    ids = list(dict.fromkeys(row.story_id for row in rows))
    found = clearing.list_stories(session, viewer, project_id, browses_as(viewer, project_id), ids, clearing.Words.NONE)
    stories = {story.id: story for story in found}
    said = transcript_rows.shown_segments(
        session, [row.segment_id for row in rows if row.kind == SAID],
        [recording.id for story in found for recording in story.recordings], withholding.of_stories(session, ids))
    for row in rows:
        story = stories.get(row.story_id)
        if story is None:
            continue
        if row.kind == SAID and row.segment_id in said:
            yield _said(story, row.part_id, said[row.segment_id], query)
        for part in story.parts:
            if part.id == row.part_id:
                yield Hit(row.kind, story, part, _pieces(_text_of(part), query), part.themes)


def _said(story: ClearedStory, recording_id: str, segment: Segment, query: Query) -> Hit:
    pieces = marked(segment.text, query)
    at = sum(len(piece.text) for piece in _until(pieces, lambda piece: piece.is_found))
    themes = {theme.id: theme for excerpt in story.excerpts if excerpt.recording_id == recording_id
              and excerpt.start_ms < segment.end_ms and excerpt.end_ms > segment.start_ms for theme in excerpt.themes}
    return Hit(SAID, story, None, shortened(pieces, _SHOWN_LETTERS), tuple(themes.values()), recording_id,
               _moment(segment, at), segment.start_ms)


def _moment(segment: Segment, letter: int) -> int:
    """When the word is said that this letter of a segment is in; where it begins, where nobody knows."""
    place = -(len(segment.text) - len(segment.text.lstrip()))
    for word in segment.words:
        place += len(word.text)
        if place > letter:
            return word.start_ms
    return segment.start_ms


def _until(pieces: Sequence[Piece], is_it: Callable[[Piece], bool]) -> Iterator[Piece]:
    for piece in pieces:
        if is_it(piece):
            return
        yield piece


def _text_of(part: ClearedPart) -> str:
    match part:
        case ClearedExcerpt() | ClearedQuote():
            return part.text
        case ClearedPhoto():
            return part.description


def _pieces(text: str, query: Query) -> tuple[Piece, ...]:
    return shortened(marked(text, query), _SHOWN_LETTERS)
