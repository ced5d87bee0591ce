"""Suggestions: passages like those under a theme, found by a computer and answered by a person, one at a time.

Nothing is put under a theme here but what somebody asks for. Somebody whose themes are compared with another's is shown
what is like their own alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain import excerpt as excerpt_rules
from server.domain.access import Viewer
from server.domain.cleared import ClearedExcerpt, ClearedQuote, ClearedRecording, ClearedStory
from server.domain.consent import Audience
from server.domain.errors import Invalid, NotFound
from server.domain.suggestion import LEAST, SHOWN, WHOLE, Answer
from server.domain.theme import Taggable, Theme
from server.domain.transcript import Word
from server.models.project import Project
from server.models.theme import Tagging
from server.services import alike, clearing, codebook, excerpts, locks, suggestion_answers, taggings, themes
from server.services.alike import Alike, Passage, Stretch, Under
from server.services.clearances import Asked, asked_for
from server.services.clearing import Words

_MOST_DISMISSED = 100


class State(StrEnum):
    """Whether there can be suggestions: the project wants none, the theme is not used any more, or it has too few
    passages to be compared with."""

    OFF = "off"
    RETIRED = "retired"
    FEW = "few"
    READY = "ready"


@dataclass(frozen=True)
class Suggestion:
    """A passage as it may be shown; of a quote both times are 0, and it has no recording. `like` is the one under the
    theme that it is most like."""

    source_id: str
    story_id: str
    start_ms: int
    end_ms: int
    text: str
    words: tuple[Word, ...]
    pseudonym: str
    place: str
    told_on: date
    recording: ClearedRecording | None
    like: ClearedExcerpt | ClearedQuote | None = None


@dataclass(frozen=True)
class SuggestionPage:
    """What is suggested for a theme, what is most alike first. `under` is how many passages it has to compare with."""

    theme: Theme
    state: State
    under: int
    found: tuple[Suggestion, ...] = ()


def get_page(session: Session, viewer: Viewer, theme_id: str) -> SuggestionPage:
    """What is suggested for a theme, for people who put themes on things. Raises NotFound."""
    theme = themes.get_to_change(session, viewer, theme_id)
    asked = asked_for(viewer, theme.project_id, Audience.COMMISSIONERS)
    under = _under(session, viewer, theme, asked)
    state = _state(session, theme, len(under))
    if state is not State.READY:
        return SuggestionPage(theme, state, len(under))
    near = alike.find(session, asked, theme.project_id, under, suggestion_answers.dismissed(session, theme.id), SHOWN)
    return SuggestionPage(theme, state, len(under), tuple(_shown(session, viewer, theme, near)))


def take(session: Session, viewer: Viewer, theme_id: str, passage: Passage) -> ClearedExcerpt | ClearedQuote:
    """Put the theme on the passage, as this person does with words that they chose: an excerpt is made of what a
    recording says there. What now has it. Raises NotFound, and Invalid where nothing is said there any more."""
    theme, story_id = _to_answer(session, viewer, theme_id, passage)
    suggestion_answers.put(session, viewer, theme, story_id, passage, Answer.TAKEN)
    if passage.stretch != WHOLE:
        return excerpts.make(session, viewer, excerpts.Chosen(passage.source_id, *passage.stretch), [theme.id])
    taggings.add(session, viewer, taggings.Part(Taggable.QUOTE, passage.source_id), [theme.id])
    return clearing.get_quote(session, viewer, passage.source_id, Audience.COMMISSIONERS)


def dismiss(session: Session, viewer: Viewer, theme_id: str, passage: Passage) -> None:
    """Do not suggest this passage for this theme again, to anybody. Raises NotFound."""
    theme, story_id = _to_answer(session, viewer, theme_id, passage)
    suggestion_answers.put(session, viewer, theme, story_id, passage, Answer.DISMISSED)


def list_dismissed(session: Session, viewer: Viewer, theme_id: str) -> tuple[Theme, list[Suggestion]]:
    """The passages that somebody did not want for this theme, the newest first, as they may be shown. Raises
    NotFound."""
    theme = themes.get_to_change(session, viewer, theme_id)
    passages = dict(islice(suggestion_answers.dismissed(session, theme.id).items(), _MOST_DISMISSED))
    stories = _stories(session, viewer, theme, list(passages.values()))
    return theme, [found for passage in passages if (found := _as_shown(passage, stories)) is not None]


def bring_back(session: Session, viewer: Viewer, theme_id: str, passage: Passage) -> None:
    """Let a passage be suggested again that somebody did not want. Raises NotFound."""
    theme, _ = _to_answer(session, viewer, theme_id, passage)
    suggestion_answers.take_back(session, viewer, theme, passage)


def _to_answer(session: Session, viewer: Viewer, theme_id: str, passage: Passage) -> tuple[Theme, str]:
    """The theme, and the story of the passage, whose turn is taken. Raises NotFound unless both are there, of one
    project, and this person may have the passage."""
    theme = themes.get_to_change(session, viewer, theme_id)
    story_id = alike.story_of(session, passage.source_id)
    locks.take_story(session, story_id)
    if not theme.is_in_use or passage.source_id not in _stories(session, viewer, theme, [story_id]):
        raise NotFound
    return theme, story_id


def _under(session: Session, viewer: Viewer, theme: Theme, asked: Asked) -> list[Under]:
    """What is under the theme and those below it: where themes are compared between people, what this one put there."""
    mine = [Tagging.tagged_by == viewer.person_id] if taggings.each_alone(session, theme.project_id) else []
    return alike.under(session, asked, codebook.descendants(session, theme.id), *mine)


def _state(session: Session, theme: Theme, under: int) -> State:
    if not session.scalar(select(Project.suggests_themes).where(Project.id == theme.project_id)):
        return State.OFF
    if not theme.is_in_use:
        return State.RETIRED
    return State.READY if under >= LEAST else State.FEW


def _shown(session: Session, viewer: Viewer, theme: Theme, near: Sequence[Alike]) -> list[Suggestion]:
    """What was found as it may be shown, with what each is like."""
    stories = _stories(session, viewer, theme, [one.story_id for one in near])
    parts = {part.id: part for part in _compared(session, viewer, theme, near)}
    found = []
    for one in near:
        suggestion = _as_shown(one.passage, stories, parts.get(one.like.part_id))
        if suggestion is not None:
            found.append(suggestion)
    return found


def _compared(session: Session, viewer: Viewer, theme: Theme,
              near: Sequence[Alike]) -> list[ClearedExcerpt | ClearedQuote]:
    ids = {one.like.part_id for one in near}
    parts = clearing.list_parts(session, viewer, theme.project_id, Audience.COMMISSIONERS,
                                alike.of_parts(ids)) if ids else []
    return [part for part in parts if isinstance(part, ClearedExcerpt | ClearedQuote)]


def _stories(session: Session, viewer: Viewer, theme: Theme, ids: Sequence[str]) -> dict[str, ClearedStory]:
    """These stories, with every word, by the ids of their recordings and quotes."""
    found = clearing.list_stories(session, viewer, theme.project_id, Audience.COMMISSIONERS, sorted(set(ids)),
                                  Words.ALL) if ids else []
    return {part_id: story for story in found
            for part_id in (*(one.id for one in story.recordings), *(one.id for one in story.quotes))}


def _as_shown(passage: Passage, stories: Mapping[str, ClearedStory],
              like: ClearedExcerpt | ClearedQuote | None = None) -> Suggestion | None:
    """The passage as it is shown; None where nothing of it may be, or nothing is said there any more."""
    story = stories.get(passage.source_id)
    if story is None:
        return None
    recording = next((one for one in story.recordings if one.id == passage.source_id), None)
    if recording is None:
        quote = next(one for one in story.quotes if one.id == passage.source_id)
        return _suggestion(story, WHOLE, passage.source_id, quote.text, (), None, like)
    try:
        said = excerpt_rules.cut(recording.transcript.segments if recording.transcript else (), *passage.stretch)
    except Invalid:
        return None
    return _suggestion(story, passage.stretch, recording.id, said.text, said.words, recording, like)


def _suggestion(story: ClearedStory, stretch: Stretch, source_id: str, text: str, words: tuple[Word, ...],
                recording: ClearedRecording | None, like: ClearedExcerpt | ClearedQuote | None) -> Suggestion:
    return Suggestion(source_id, story.id, *stretch, text, words, story.pseudonym, story.place, story.told_on,
                      recording, like)
