"""What a story may need withheld, found in what is shown of it: what is withheld already is not in that.

A part of a withheld name that stands alone is taken for a name: "Rashida" where "Rashida Khan" is withheld.
"""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.cleared import ClearedStory
from server.domain.consent import Audience
from server.domain.folded_words import folded, words_in
from server.domain.suggested_redactions import Lists, Suggestion, suggest
from server.services import clearing, withholding


def list_of(session: Session, viewer: Viewer, story_id: str, lists: Lists) -> list[Suggestion]:
    """Whatever may tell who somebody is, the most frequent first. Raises NotFound."""
    story = clearing.get_story(session, viewer, story_id, Audience.COMMISSIONERS)
    require(viewer, Permission.REDACT, story.project_id)
    terms = withholding.terms_of(session, story_id).values()
    known = {word for term in terms for word in words_in(term.words)}
    with_parts = replace(lists, is_name=lambda word: folded(word) in known or lists.is_name(word))
    return suggest(_texts(story), with_parts, [*(term.replacement for term in terms), story.pseudonym, *story.told_by])


def _texts(story: ClearedStory) -> Iterator[str]:
    for recording in story.recordings:
        if recording.transcript is not None:
            yield " ".join(segment.text.strip() for segment in recording.transcript.segments)
    yield from (quote.text for quote in story.quotes)
    yield from (photo.description for photo in story.photos)
