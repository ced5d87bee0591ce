"""What each audience gets, and that nothing else comes out."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.cleared import ClearedStory
from server.domain.consent import Audience, Use
from server.domain.errors import NotFound
from server.models.story import Story
from server.models.transcript import Transcript, TranscriptSegment
from server.services import clearing, publication
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
    assert _listed(session, world.board_member, world, Audience.BOARD) == []
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
    assert _listed(session, world.commissioner, world, Audience.BOARD) == []
    assert len(_listed(session, world.board_member, world, Audience.BOARD)) == 1


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
    rows = list(publication.each(session, world.analyst, world.project.id))
    assert sorted(row.kind for row in rows) == ["excerpt", "quote"]
    assert {(row.wording_title, row.wording_version) for row in rows} == {("Sharing your story", 1)}


def test_each_story_gets_its_own_parts_and_says_whom_it_reaches(session: Session, world) -> None:
    _full_story(session, world)
    quiet = makers.make_story(session, world.project, world.researcher, uses={Use.COMMISSIONERS})
    theme = makers.make_theme(session, world.project)
    makers.tag(session, theme, world.researcher, makers.add_quote(session, quiet, "They rang once."))
    listed = _listed(session, world.commissioner, world, Audience.COMMISSIONERS)
    found = {story.id: story for story in listed}[quiet.id]
    assert [(quote.text, [mark.name for mark in quote.themes]) for quote in found.quotes] == [
        ("They rang once.", ["Waiting"])]
    assert (found.recordings, found.photos, found.excerpts) == ((), (), ())
    assert found.reaches == {Audience.COMMISSIONERS}


def test_more_stories_take_no_more_questions_to_the_database(session: Session, world) -> None:
    def asked() -> int:
        with counted(session) as statements:
            _listed(session, world.commissioner, world, Audience.COMMISSIONERS)
        return len(statements)

    _full_story(session, world)
    for_one = asked()
    for _ in range(3):
        _full_story(session, world)
    assert asked() == for_one


def test_a_list_reads_how_a_story_opens_and_no_more_of_its_transcript(session: Session, world) -> None:
    story = makers.make_story(session, world.project, world.researcher)
    recording = makers.add_recording(session, story, "First words.")
    transcript = session.query(Transcript).filter_by(recording_id=recording.id).one()
    for position in range(1, 10):
        transcript.segments.append(TranscriptSegment(position=position, start_ms=position * 1000, words=(),
                                                     end_ms=position * 1000 + 900, text=f"Sentence {position}."))
    session.flush()
    listed = _listed(session, world.commissioner, world, Audience.COMMISSIONERS)
    assert listed[0].opening == "First words. Sentence 1. Sentence 2. Sentence 3."
    assert listed[0].recordings[0].transcript is None
    cleared = clearing.get_story(session, world.commissioner, story.id, Audience.COMMISSIONERS)
    assert cleared.opening == listed[0].opening


def test_a_story_opens_with_no_word_that_was_not_agreed_to(session: Session, world) -> None:
    story = makers.make_story(session, world.project, world.researcher, uses=makers.ALL_USES - {Use.TRANSCRIBE})
    makers.add_recording(session, story, "Not to be written down.")
    assert [found.opening for found in _listed(session, world.commissioner, world, Audience.COMMISSIONERS)] == [""]


def _listed(session: Session, viewer, world, audience: Audience) -> list[ClearedStory]:
    """Every story of the project, as this viewer may have it."""
    ids = session.scalars(select(Story.id).where(Story.project_id == world.project.id)).all()
    return clearing.list_stories(session, viewer, world.project.id, audience, ids)


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
