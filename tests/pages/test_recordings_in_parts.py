"""A recording made in parts, as a commissioner finds it: where it stopped, what was marked, and what is missing."""

import html
import re
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.models.people import Person
from server.models.segment import RecordingGap
from server.models.story import Recording, Story
from server.models.transcript import Transcript
from tests import makers
from tests.conftest import Browser
from tests.pages.page_checks import assert_sound


class Reader:
    """A commissioner, and a story with consent."""

    def __init__(self, session: Session, sign_in_as: Callable[[Person], Browser]) -> None:
        self.session, self.project = session, makers.make_project(session)
        self.researcher = makers.make_person(session, self.project, Role.RESEARCHER)
        self.browser = sign_in_as(makers.make_person(session, self.project, Role.COMMISSIONER))
        self.story = self.new_story()

    def new_story(self, uses: frozenset[Use] = makers.ALL_USES) -> Story:
        return makers.make_story(self.session, self.project, self.researcher, uses=uses)

    def words_on(self, address: str) -> str:
        """The page as text, a space between what stands apart."""
        self.session.commit()
        answer = self.browser.get(address)
        assert_sound(answer)
        plain = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
        return " ".join(html.unescape(plain).split())

    def page(self, story: Story | None = None) -> str:
        return self.words_on(f"/stories/{(story or self.story).id}")


@pytest.fixture
def reader(session: Session, sign_in_as: Callable[[Person], Browser]) -> Reader:
    return Reader(session, sign_in_as)


@pytest.fixture
def recording(session: Session, reader: Reader) -> Recording:
    """We waited all night | for a bed."""
    made = makers.add_recording(session, reader.story)
    makers.add_manifest(session, reader.story, made.id)
    makers.add_gap(session, made.id, 2000)
    return made


def test_a_stop_stands_between_the_words_before_it_and_those_after_it(reader: Reader, recording: Recording) -> None:
    """fault 4"""
    page = reader.page()
    stop = "Recording stopped here for 42 seconds. The phone was needed for something else."
    assert f"We waited all night 0:02 {stop} 0:02 for a bed." in page
    assert f"The recording stopped once, for 42 seconds. 0:02 {stop}" in page


def test_a_part_that_cannot_be_played_says_which_and_how_long(session: Session, reader: Reader,
                                                              recording: Recording) -> None:
    """fault 30"""
    makers.add_gap(session, recording.id, 2000, 65_000, "unplayable", segment=1)
    page = reader.page()
    lost = "Part 2 of 3 cannot be played here. 1 minute 5 seconds of sound cannot be read. The file is kept as it came."
    assert lost in page
    assert "The recording stopped once, for 42 seconds. 1 part of it cannot be played." in page


def test_a_part_of_which_some_cannot_be_read_says_how_much_and_what_was_marked_there(
        session: Session, reader: Reader, recording: Recording) -> None:
    """fault 30"""
    session.query(RecordingGap).delete()
    makers.add_gap(session, recording.id, 2000, 720_000, "unreadable", segment=1)
    makers.add_marker(session, recording.id, 2000, "What happened?")
    page = reader.page()
    lost = "12 minutes of sound of part 2 of 3 cannot be read. The file is kept as it came."
    assert f"We waited all night 0:02 {lost} 0:02 Asked: What happened? 0:02 for a bed." in page
    assert f"12 minutes of sound in it cannot be read. 0:02 {lost}" in page


def test_a_marker_stands_beside_the_sentence_it_is_in(session: Session, reader: Reader, recording: Recording) -> None:
    theme = makers.make_theme(session, reader.project, "Beds")
    makers.add_marker(session, recording.id, 700, "What happened?", theme)
    makers.add_marker(session, recording.id, 2000, theme=theme)
    makers.add_marker(session, recording.id, 3400)
    page = reader.page()
    assert "0:00 Asked: What happened? Beds 0:00 We waited" in page
    assert "for something else. 0:02 Marked: Beds 0:02 for a bed. 0:03 Marked: The researcher marked this" in page


def test_markers_are_there_before_the_transcript_is_and_go_with_the_words(session: Session, reader: Reader) -> None:
    """fault 44"""
    for uses, is_shown in ((makers.ALL_USES, True), (makers.ALL_USES - {Use.TRANSCRIBE}, False)):
        story = reader.new_story(frozenset(uses))
        made = makers.add_recording(session, story)
        for transcript in session.query(Transcript).filter_by(recording_id=made.id):
            session.delete(transcript)
        makers.add_manifest(session, story, made.id)
        makers.add_gap(session, made.id, 1000, 500)
        makers.add_marker(session, made.id, 700, "What happened?")
        page = reader.page(story)
        assert ("What happened?" in page) is is_shown
        assert "Recording stopped here for less than a second." in page


@pytest.mark.parametrize(("came", "words"), [
    ([0, 2], "Part 2 of 3 has not come yet. It is still on the phone, which sends it by itself once it is online."),
    ([0], "Parts 2 and 3 of 3 have not come yet. They are still on the phone"),
    ([], "None of its 3 parts has come yet."),
    ([0, 1, 2], "All of this recording came. Its parts are being put together."),
])
def test_a_recording_that_is_not_all_here_says_which_part_is_missing(session: Session, reader: Reader, came: list[int],
                                                                     words: str) -> None:
    """fault 30"""
    manifest = makers.add_manifest(session, reader.story)
    for number in came:
        makers.add_segment(session, manifest, number)
    page = reader.page()
    assert words in page
    assert "There is no recording with this story" not in page
    assert "sound that cannot be played yet" in reader.words_on(f"/projects/{reader.project.id}/stories")


def test_a_segment_that_is_not_safely_stored_has_not_come(session: Session, reader: Reader) -> None:
    manifest = makers.add_manifest(session, reader.story, parts=2)
    makers.add_segment(session, manifest, 0)
    makers.add_segment(session, manifest, 1, stored_at=None)
    assert "Part 2 of 2 has not come yet" in reader.page()


def test_parts_without_their_list_are_said_to_be_some(session: Session, reader: Reader) -> None:
    """fault 24"""
    manifest = makers.add_manifest(session, reader.story)
    makers.add_segment(session, manifest, 0)
    session.delete(manifest)
    assert "1 part of a recording came. We do not know how many parts there are." in reader.page()


def test_a_recording_without_any_sound_is_said_to_be_kept(session: Session, reader: Reader) -> None:
    """fault 30"""
    manifest = makers.add_manifest(session, reader.story, parts=1)
    makers.add_segment(session, manifest, 0, container=None, duration_ms=None)
    page = reader.page()
    assert "All of this recording came, and no sound can be read from it. It is kept as it came." in page
    assert "Look again" not in page
