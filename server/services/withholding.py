"""What is withheld of stories, read once for whatever is shown of them, and taken out of it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from server.domain.cleared import ClearedExcerpt, ClearedMarker, ClearedRecording, ClearedStory, ClearedTranslation
from server.domain.correction_log import SegmentState
from server.domain.errors import Invalid
from server.domain.redaction import Place, Term
from server.domain.transcript import Segment
from server.domain.withholding import Withholding
from server.models.redaction import Redaction
from server.models.story import Participant, Recording, Story
from server.models.theme import Excerpt

_LIFT_FIRST = ("A word that is withheld was taken out of this, or put in, or moved. Leave what stands for it as it is. "
               "To change what is under it, lift its withholding first.")


@dataclass(frozen=True)
class OfStory:
    """What is withheld of a story: its words wherever they are, and places in its recordings, by their ids."""

    everywhere: Withholding = field(default_factory=Withholding)
    recordings: Mapping[str, Withholding] = field(default_factory=dict)

    def of(self, recording_id: str) -> Withholding:
        return self.recordings.get(recording_id, self.everywhere)

    def text(self, text: str) -> str:
        return self.everywhere.text(text)

    def shown_for(self, redaction_id: str) -> str:
        """What stands for the words of a redaction."""
        every = (self.everywhere, *self.recordings.values())
        return next(filter(None, (held.shown_for(redaction_id) for held in every)), "")


NOTHING = OfStory()


def of_stories(session: Session, ids: Select[str] | Collection[str]) -> dict[str, OfStory]:
    """What is withheld of each of these stories, by its id; nothing of one that is not there."""
    rows: defaultdict[str, list[Redaction]] = defaultdict(list)
    for row in session.scalars(select(Redaction).where(Redaction.story_id.in_(ids)).order_by(Redaction.id)):
        rows[row.story_id].append(row)
    if not rows:
        return {}
    found: defaultdict[str, dict[str, list[list[int]]]] = defaultdict(dict)
    query = select(Recording.story_id, Recording.id, Recording.withheld_words).where(Recording.story_id.in_(list(rows)))
    for story_id, recording_id, places in session.execute(query):
        found[story_id][recording_id] = places
    return {story_id: _of_story(own, found[story_id]) for story_id, own in rows.items()}


def of_story(session: Session, story_id: str) -> OfStory:
    return of_stories(session, [story_id]).get(story_id, NOTHING)


def names_of(session: Session, stories: Collection[Story]) -> dict[str, tuple[str, str]]:
    """The name and the place that tell each of these stories apart, as they are shown, by the story's id."""
    held = of_stories(session, [story.id for story in stories])
    return {story.id: (held.get(story.id, NOTHING).text(story.pseudonym), held.get(story.id, NOTHING).text(story.place))
            for story in stories}


def hiding_their_names(session: Session, project_id: str) -> dict[str, tuple[str, ...]]:
    """The stories of a project whose names or place are not shown as they are kept, with all of these as they are
    shown: whoever looks for what is withheld finds nothing."""
    # Not by the project's index, which would read every story of it.
    theirs = func.coalesce(Story.project_id, "") == project_id
    some = select(Story).where(Story.id.in_(select(Redaction.story_id)), theirs)
    stories = session.scalars(some).all()
    held = of_stories(session, [story.id for story in stories])
    found: dict[str, tuple[str, ...]] = {}
    for story in stories:
        told_by = session.scalars(select(Participant.pseudonym).where(Participant.story_id == story.id))
        kept = (story.pseudonym, story.place, *told_by)
        shown = tuple(map(held[story.id].text, kept))
        if shown != kept:
            found[story.id] = shown
    return found


def terms_of(session: Session, story_id: str) -> dict[str, Term]:
    """Everything that is withheld of a story, by its id."""
    rows = session.scalars(select(Redaction).where(Redaction.story_id == story_id).order_by(Redaction.id))
    return {row.id: _term(row) for row in rows}


def shown(held: Withholding, segment: Segment) -> Segment:
    """The segment as it is shown, and whoever speaks it."""
    found, by = held.segment(segment), segment.speaker
    return replace(found, speaker=replace(by, name=held.text(by.name))) if by is not None and held else found


def written(held: Withholding, said: str | SegmentState, text: str, field_name: str) -> str:
    """What is to be kept where somebody wrote this over something that was shown. Raises Invalid where what stands for
    withheld words is not as it was."""
    found = held.restored(said, text)
    if found is None:
        raise Invalid(_LIFT_FIRST, fields={field_name: _LIFT_FIRST})
    return found


def applied(session: Session, stories: list[ClearedStory], held: Mapping[str, OfStory]) -> list[ClearedStory]:
    """The stories without what is withheld of them."""
    if not held:
        return stories
    flagged = select(Excerpt).where(Excerpt.story_id.in_(list(held)), Excerpt.changed_at.is_not(None))
    now = {row.id: Segment(row.changed_text or "", row.start_ms, row.end_ms, row.changed_words or ())
           for row in session.scalars(flagged)}
    return [_applied(story, held[story.id], now) if story.id in held else story for story in stories]


def _applied(story: ClearedStory, held: OfStory, now: Mapping[str, Segment]) -> ClearedStory:
    text = held.text
    pseudonym, place = text(story.pseudonym), text(story.place)
    return replace(
        story, pseudonym=pseudonym, place=place, opening=text(story.opening), told_by=tuple(map(text, story.told_by)),
        recordings=tuple(_recording(one, held.of(one.id)) for one in story.recordings),
        quotes=tuple(replace(one, text=text(one.text), pseudonym=text(one.pseudonym), place=place)
                     for one in story.quotes),
        photos=tuple(replace(one, pseudonym=pseudonym, place=place, description=text(one.description))
                     for one in story.photos),
        excerpts=tuple(replace(_excerpt(one, held.of(one.recording_id), now.get(one.id)), pseudonym=pseudonym,
                               place=place) for one in story.excerpts))


def _recording(found: ClearedRecording, held: Withholding) -> ClearedRecording:
    markers = tuple(_marker(one, held) for one in found.markers)
    said = found.transcript
    if said is None:
        return replace(found, markers=markers)
    translation = said.translation
    own = replace(said, segments=tuple(shown(held, one) for one in said.segments),
                  translation=_translation(translation, held) if translation else None)
    return replace(found, markers=markers, transcript=own)


def _marker(found: ClearedMarker, held: Withholding) -> ClearedMarker:
    return replace(found, prompt=held.text(found.prompt))


def _translation(found: ClearedTranslation, held: Withholding) -> ClearedTranslation:
    return replace(found, passages=tuple(
        replace(one, text=held.passage(one.text, one.start_ms, one.end_ms)) for one in found.passages))


def _excerpt(found: ClearedExcerpt, held: Withholding, now: Segment | None) -> ClearedExcerpt:
    own = held.segment(Segment(found.text, found.start_ms, found.end_ms, found.words))
    changed = found.changed_text
    if changed is not None:
        changed = held.segment(now).text if now is not None else held.text(changed)
    return replace(found, text=own.text, words=own.words, changed_text=changed)


def _of_story(rows: list[Redaction], found: Mapping[str, list[list[int]]]) -> OfStory:
    terms = {row.id: _term(row) for row in rows}
    everywhere = tuple(term for term in terms.values() if term.is_everywhere)
    places = {recording_id: tuple(Place(start, end, terms[str(which)]) for start, end, which in own
                                  if str(which) in terms) for recording_id, own in found.items()}
    return OfStory(Withholding(everywhere), {recording_id: Withholding(everywhere, own)
                                             for recording_id, own in places.items()})


def _term(row: Redaction) -> Term:
    return Term(row.id, row.words, row.replacement, row.recording_id is None)
