"""An excerpt that nobody has heard is the team's alone: not in anything that a board or a publication gets."""

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.bookmark import Turn
from server.domain.cleared import ClearedExcerpt
from server.domain.consent import Audience, Use
from server.domain.errors import Invalid, NotFound
from server.domain.provocation import ProvocationText
from server.domain.story_filter import StoryFilter
from server.models.story import Story
from server.services import (
    clearing,
    evidence,
    excerpts,
    media,
    provocations,
    publication,
    spoken_words,
    story_list,
    tagged,
    theme_list,
    themes,
)
from server.services.theme_list import Wanted
from tests import makers
from tests.heard import listen


@pytest.fixture
def world(session: Session, world):
    """A story with one excerpt, a draft with a theme and sound of its own, and nothing else that has either."""
    world.story = makers.make_story(session, world.project, world.researcher)
    world.recording = makers.add_recording(session, world.story)
    world.draft = makers.add_excerpt(session, world.recording, world.researcher)
    world.draft.quotable_at = None
    world.theme = makers.make_theme(session, world.project, "Nights")
    makers.tag(session, world.theme, world.researcher, world.draft)
    world.both = makers.viewer_of(session, makers.make_person(
        session, world.project, Role.COMMISSIONER, Role.BOARD_MEMBER, Role.ANALYST))
    session.flush()
    return world


def arranged(session: Session, world) -> str:
    """A provocation that rests on the draft alone."""
    made = provocations.make(session, world.commissioner, world.project.id, ProvocationText("Who waits?"))
    provocations.add_evidence(session, world.commissioner, made.id, "excerpt", world.draft.id)
    return made.id


def others(world) -> list[tuple[object, Audience]]:
    """Everybody beyond the team, and one of the team who looks at what others get."""
    return [(world.board_member, Audience.BOARD), (world.analyst, Audience.PUBLICATION),
            (world.commissioner, Audience.BOARD), (world.both, Audience.BOARD), (world.both, Audience.PUBLICATION)]


def test_the_team_has_it_and_is_told_that_it_is_a_draft(session: Session, world) -> None:
    story = clearing.get_story(session, world.commissioner, world.story.id, Audience.COMMISSIONERS)
    assert [(found.id, found.is_draft) for found in story.excerpts] == [(world.draft.id, True)]
    [listed] = clearing.list_stories(session, world.commissioner, world.project.id, Audience.COMMISSIONERS,
                                     [world.story.id])
    assert [found.is_draft for found in listed.excerpts] == [True]
    found = story_list.get_page(session, world.commissioner, world.project.id,
                                StoryFilter(theme_id=world.theme.id), Turn())
    assert found.found == 1


def test_a_story_has_it_for_nobody_else(session: Session, world) -> None:
    for viewer, audience in others(world):
        assert clearing.get_story(session, viewer, world.story.id, audience).excerpts == ()
        [listed] = clearing.list_stories(session, viewer, world.project.id, audience, [world.story.id])
        assert listed.excerpts == ()
        with pytest.raises(NotFound):
            clearing.get_excerpt(session, viewer, world.draft.id, audience)


def test_lists_of_parts_have_it_for_nobody_else(session: Session, world) -> None:
    for viewer, audience in others(world):
        assert clearing.list_parts(session, viewer, world.project.id, audience, Story.id == world.story.id) == []


def test_its_page_its_sound_and_its_captions_are_not_found_by_a_board(session: Session, world) -> None:
    for get in (excerpts.get, media.excerpt_sound, spoken_words.of_excerpt):
        get(session, world.commissioner, world.draft.id)
        with pytest.raises(NotFound):
            get(session, world.board_member, world.draft.id)


def test_a_theme_holds_nothing_of_it_for_others(session: Session, world) -> None:
    shown = [theme_list.get_page(session, viewer, world.project.id, Wanted()).entries
             for viewer in (world.commissioner, world.board_member)]
    assert [[theme.count for theme in entries] for entries in shown] == [[1], []]
    assert tagged.list_entries(session, world.commissioner, world.project.id, Audience.BOARD) == []
    found = tagged.get_tagged(session, world.commissioner, world.theme.id, Audience.BOARD, Turn())
    assert (found.parts, found.holding.count) == ((), 0)
    with pytest.raises(NotFound):
        themes.get_tagged(session, world.board_member, world.theme.id)


def test_what_is_published_has_neither_it_nor_its_number_nor_its_theme(session: Session, world) -> None:
    for viewer in (world.analyst, world.both):
        assert list(publication.each(session, viewer, world.project.id)) == []
        assert list(publication.each(session, viewer, world.project.id, world.theme.id)) == []
        preview = publication.preview(session, viewer, world.project.id)
        assert (preview.rows, preview.count, preview.total, preview.themes) == ([], 0, 0, [])


def test_a_provocation_is_arranged_with_it_and_shown_without_it(session: Session, world) -> None:
    made = arranged(session, world)
    [waiting] = evidence.list_arranged(session, world.commissioner, made)
    assert isinstance(waiting, ClearedExcerpt)
    assert (waiting.id, waiting.is_draft) == (world.draft.id, True)
    for viewer in (world.commissioner, world.board_member, world.both):
        assert evidence.list_evidence(session, viewer, made) == []
    with pytest.raises(NotFound):
        evidence.list_arranged(session, world.board_member, made)


def test_a_provocation_that_rests_on_drafts_alone_is_not_opened(session: Session, world) -> None:
    made = arranged(session, world)
    with pytest.raises(Invalid, match="Listen to the excerpts first"):
        provocations.publish(session, world.commissioner, made)
    listen(session, world.commissioner, world.recording)
    assert provocations.publish(session, world.commissioner, made).is_published
    assert [part.id for part in evidence.list_evidence(session, world.board_member, made)] == [world.draft.id]


def test_it_is_offered_to_whoever_arranges_with_and_without_a_theme(session: Session, world) -> None:
    made = provocations.make(session, world.commissioner, world.project.id, ProvocationText("Who waits?"))
    for theme_id in (None, world.theme.id):
        offered = provocations.list_candidates(session, world.commissioner, made.id, theme_id)
        assert [(part.id, part.is_draft) for part in offered.parts] == [(world.draft.id, True)]


def test_it_is_not_offered_where_the_board_may_not_have_it(session: Session, world) -> None:
    makers.record_consent(session, world.project, world.researcher, world.story.id, makers.ALL_USES - {Use.BOARD})
    made = provocations.make(session, world.commissioner, world.project.id, ProvocationText("Who waits?"))
    assert provocations.list_candidates(session, world.commissioner, made.id).parts == []
    with pytest.raises(NotFound):
        provocations.add_evidence(session, world.commissioner, made.id, "excerpt", world.draft.id)


def test_once_it_was_heard_everybody_has_it_whom_the_story_reaches(session: Session, world) -> None:
    listen(session, world.commissioner, world.recording)
    for viewer, audience in others(world):
        found = clearing.get_excerpt(session, viewer, world.draft.id, audience)
        assert (found.is_draft, found.text) == (False, world.draft.text)
    assert [row.id for row in publication.each(session, world.analyst, world.project.id)] == [world.draft.id]
    assert media.excerpt_sound(session, world.board_member, world.draft.id).sha256 == world.draft.clip_sha256


def test_a_transcript_is_the_teams_alone(session: Session, world) -> None:
    listen(session, world.commissioner, world.recording)
    for viewer, audience in others(world):
        story = clearing.get_story(session, viewer, world.story.id, audience)
        assert [recording.transcript for recording in story.recordings] in ([], [None])


def test_a_story_opens_for_others_with_what_was_heard_of_it(session: Session, world) -> None:
    def openings() -> set[str]:
        return {clearing.get_story(session, viewer, world.story.id, audience).opening
                for viewer, audience in others(world) if audience is Audience.BOARD}

    mine = clearing.get_story(session, world.commissioner, world.story.id, Audience.COMMISSIONERS)
    assert mine.opening == "We waited all night for a bed."
    assert openings() == {""}
    listen(session, world.commissioner, world.recording, (500, 3450))
    assert openings() == {""}
    listen(session, world.commissioner, world.recording, (0, 500))
    assert openings() == {"We waited all night for a bed."}
