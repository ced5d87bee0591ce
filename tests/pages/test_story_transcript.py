"""How the transcript of a recording stands on its story's page: with words, without any, and once they were checked."""

from types import SimpleNamespace

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.models.transcript import TranscriptSegment
from tests import makers
from tests.heard import listen, transcript_of
from tests.pages.page_checks import assert_sound

WORDS = "We waited all night for a bed."


@pytest.fixture
def world(session: Session, sign_in_as) -> SimpleNamespace:
    """A recording that says: We waited all night for a bed. Half a second a word."""
    project = makers.make_project(session)
    story = makers.make_story(session, project, makers.make_person(session, project, Role.RESEARCHER))
    recording = makers.add_recording(session, story, WORDS)
    transcript = transcript_of(session, recording)
    commissioner = makers.make_person(session, project, Role.COMMISSIONER, name="Mo")
    found = SimpleNamespace(recording=recording, viewer=makers.viewer_of(session, commissioner),
                            story=f"/stories/{story.id}", editor=f"/recordings/{recording.id}/transcript",
                            transcript=transcript.id, segment=transcript.segments[0].id)
    session.commit()
    found.browser = sign_in_as(commissioner)
    return found


def correct(world, **change) -> None:
    answer = world.browser.post(f"/recordings/{world.recording.id}/corrections",
                                json={"transcript": world.transcript, "change": change})
    assert answer.status_code == 200


def hear_nothing(session: Session) -> None:
    session.execute(delete(TranscriptSegment))
    session.commit()


@pytest.mark.parametrize("where", ["story", "editor"])
def test_where_no_speech_was_found_the_computer_can_be_asked_to_listen_again(session: Session, world, where) -> None:
    hear_nothing(session)
    page = world.browser.get(getattr(world, where))
    assert_sound(page)
    for words in ("No speech was found in this recording.", "Does somebody speak in it?", "languages and names",
                  f'href="{world.editor}/versions#again"'):
        assert words in page.text
    versions = world.browser.get(f"{world.editor}/versions")
    assert 'id="again"' in versions.text
    assert "Write it down again" in versions.text


def test_a_story_without_words_says_when_it_is_being_written_down_again(session: Session, world) -> None:
    hear_nothing(session)
    world.browser.post(f"/recordings/{world.recording.id}/transcribe-again")
    page = world.browser.get(world.story)
    assert_sound(page)
    assert "Writing it down again" in page.text
    assert "Does somebody speak in it?" not in page.text


def test_words_that_people_took_out_are_said_to_be_so_and_can_be_brought_back(world) -> None:
    correct(world, kind="words", segment=world.segment, was=WORDS, text="")
    page = world.browser.get(world.story)
    assert_sound(page)
    for words in ("There are no words now", "People took out all the words of this recording.", "still kept",
                  f'href="{world.editor}"'):
        assert words in page.text
    assert "No speech was found" not in page.text
    editor = world.browser.get(world.editor)
    assert_sound(editor)
    for words in ("Undo the last change", f'href="{world.editor}/versions"'):
        assert words in editor.text
    correct(world, kind="undo", version=1)
    assert WORDS in world.browser.get(world.editor).text


def test_words_are_said_to_be_checked_once_people_heard_them_all(session: Session, world) -> None:
    unsure = "Written down by a computer, so some words may be wrong."
    checked = "Written down by a computer, and checked by people: they listened to every word or wrote it themselves."
    before = world.browser.get(world.story).text
    assert (unsure in before, checked in before) == (True, False)
    listen(session, world.viewer, world.recording, (0, 2000))
    session.commit()
    partly = world.browser.get(world.story).text
    assert (unsure in partly, checked in partly) == (True, False)
    listen(session, world.viewer, world.recording)
    session.commit()
    after = world.browser.get(world.story).text
    assert (unsure in after, checked in after) == (False, True)
