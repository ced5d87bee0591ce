"""What each audience gets, and that nothing else comes out."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Audience, Content, Use
from server.domain.errors import NotFound
from server.domain.story_filter import StoryFilter
from server.services import clearing
from tests import makers


def _full_story(session: Session, world, uses=makers.ALL_USES):
    story = makers.make_story(session, world.project, world.researcher, uses=uses)
    makers.add_quote(session, story)
    makers.add_photo(session, story)
    recording = makers.add_recording(session, story)
    makers.add_excerpt(session, recording, world.researcher)
    return story


def test_a_commissioner_gets_everything_that_was_agreed(session: Session, world) -> None:
    story = _full_story(session, world)
    cleared = clearing.get_story(session, world.commissioner, story.id, Audience.COMMISSIONERS)
    assert cleared.quotes[0].text == "Nobody told us he had moved."
    assert cleared.recordings[0].transcript.segments[0].words[0].text == "We"
    assert len(cleared.photos) == len(cleared.excerpts) == 1


def test_a_story_not_agreed_for_boards_is_not_found_by_a_board_member(session: Session, world) -> None:
    story = _full_story(session, world, makers.ALL_USES - {Use.BOARD})
    assert clearing.list_stories(session, world.board_member, world.project.id, Audience.BOARD) == []
    with pytest.raises(NotFound):
        clearing.get_story(session, world.board_member, story.id, Audience.BOARD)


def test_refused_photos_are_left_out_and_the_rest_stays(session: Session, world) -> None:
    story = _full_story(session, world, makers.ALL_USES - {Use.PHOTOS})
    cleared = clearing.get_story(session, world.commissioner, story.id, Audience.COMMISSIONERS)
    assert cleared.photos == ()
    assert len(cleared.quotes) == 1


def test_without_transcribing_there_is_sound_and_no_words(session: Session, world) -> None:
    story = _full_story(session, world, makers.ALL_USES - {Use.TRANSCRIBE})
    cleared = clearing.get_story(session, world.commissioner, story.id, Audience.COMMISSIONERS)
    assert cleared.recordings[0].transcript is None
    assert cleared.excerpts == ()


def test_a_commissioner_sees_for_a_board_only_what_is_cleared_for_both(session: Session, world) -> None:
    _full_story(session, world, makers.ALL_USES - {Use.COMMISSIONERS})
    assert clearing.list_stories(session, world.commissioner, world.project.id, Audience.BOARD) == []
    assert len(clearing.list_stories(session, world.board_member, world.project.id, Audience.BOARD)) == 1


def test_nobody_reads_a_project_they_are_not_in(session: Session, world) -> None:
    elsewhere = makers.make_project(session, "Another project")
    stranger = makers.viewer_of(session, makers.make_person(session, elsewhere, *Role))
    story = _full_story(session, world)
    for audience in Audience:
        with pytest.raises(NotFound):
            clearing.get_story(session, stranger, story.id, audience)


def test_publication_rows_carry_words_and_the_wording_they_rest_on(session: Session, world) -> None:
    _full_story(session, world)
    _full_story(session, world, makers.ALL_USES - {Use.PUBLICATION})
    rows = clearing.list_for_publication(session, world.analyst, world.project.id)
    assert sorted(row.kind for row in rows) == ["excerpt", "quote"]
    assert {(row.wording_title, row.wording_version) for row in rows} == {("Sharing your story", 1)}


def test_a_theme_on_an_uncleared_part_does_not_make_its_story_pass_the_filter(session: Session, world) -> None:
    story = _full_story(session, world, makers.ALL_USES - {Use.PHOTOS})
    theme = makers.make_theme(session, world.project)
    makers.tag(session, theme, world.researcher, story.photos[0])
    cleared = clearing.get_story(session, world.commissioner, story.id, Audience.COMMISSIONERS)
    assert not StoryFilter(theme_id=theme.id).passes(cleared)
    assert StoryFilter(has=Content.QUOTE).passes(cleared)


def test_each_story_gets_its_own_parts_and_says_whom_it_reaches(session: Session, world) -> None:
    _full_story(session, world)
    quiet = makers.make_story(session, world.project, world.researcher, uses={Use.COMMISSIONERS})
    theme = makers.make_theme(session, world.project)
    makers.tag(session, theme, world.researcher, makers.add_quote(session, quiet, "They rang once."))
    listed = clearing.list_stories(session, world.commissioner, world.project.id, Audience.COMMISSIONERS)
    found = {story.id: story for story in listed}[quiet.id]
    assert [(quote.text, [mark.name for mark in quote.themes]) for quote in found.quotes] == [
        ("They rang once.", ["Waiting"])]
    assert (found.recordings, found.photos, found.excerpts) == ((), (), ())
    assert found.reaches == {Audience.COMMISSIONERS}


def test_more_stories_take_no_more_questions_to_the_database(session: Session, world) -> None:
    def asked() -> int:
        with counted(session) as statements:
            clearing.list_stories(session, world.commissioner, world.project.id, Audience.COMMISSIONERS)
        return len(statements)

    _full_story(session, world)
    for_one = asked()
    for _ in range(3):
        _full_story(session, world)
    assert asked() == for_one


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements sent to the database in the block, from rows read anew."""
    session.expire_all()
    session.commit()
    statements: list[str] = []

    def heard(_connection, _cursor, statement, *_) -> None:
        statements.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", heard)
    try:
        yield statements
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", heard)
