"""Words in several languages and of several people, and a computer's English beside them, on a story's page."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.ids import new_id
from server.domain.transcript import Word
from server.models.story import Story
from server.models.transcript import Speaker, Transcript, TranscriptSegment, Translation
from tests import makers
from tests.conftest import Browser
from tests.pages.page_checks import assert_sound

SAID = (("cy", "Fe wnaethon ni aros drwy'r nos."), ("cy", "Ddaeth neb."), ("", "Nobody came."))
PASSAGES = [[0, 2_400, "We waited all night. Nobody came."], [2_400, 3_000, "Nobody <b>came</b>."]]


class World:
    """A commissioner, and a recording in Welsh and English that a computer put into English."""

    def __init__(self, session: Session, browser_of) -> None:
        self.session, self.project = session, makers.make_project(session)
        person = makers.make_person(session, self.project, *Role)
        self.browser: Browser = browser_of(person)
        self.story: Story = makers.make_story(session, self.project, person)
        recording = makers.add_recording(session, self.story)
        self.transcript = session.scalars(select(Transcript).where(Transcript.recording_id == recording.id)).one()
        self.transcript.segments.clear()
        session.flush()
        self.transcript.segments = [
            TranscriptSegment(position=number, start_ms=number * 1_000, end_ms=number * 1_000 + 900, text=text,
                              words=(Word(text, number * 1_000, number * 1_000 + 900),), language=language)
            for number, (language, text) in enumerate(SAID)]
        session.add(Translation(id=new_id(), transcript_id=self.transcript.id, model="base", made_at=makers.NOON,
                                passages=PASSAGES))
        session.commit()

    def page(self, asked: str = "") -> str:
        self.session.commit()
        answer = self.browser.get(f"/stories/{self.story.id}{asked}")
        assert_sound(answer)
        return answer.text


@pytest.fixture
def world(session: Session, sign_in_as) -> World:
    return World(session, sign_in_as)


def test_words_in_another_language_are_marked_as_that(world: World) -> None:
    page = world.page()
    assert page.count('class="segment__words" dir="auto" lang="cy"') == 2
    assert page.count('class="segment__words" dir="auto">') == 1


def test_english_by_a_computer_is_beside_the_words_and_says_what_it_is(world: World) -> None:
    page = re.sub(r"\s+", " ", world.page())
    assert all(f">{text}</span>" in page.replace("&#39;", "'") for _, text in SAID), "never instead of what was said"
    found = re.findall(r'<p class="segment__english" lang="en" dir="ltr" data-english hidden>(.*?)</p>', page)
    label = '<span class="segment__english-label">Computer’s English, not checked</span> '
    assert found == [f"{label}We waited all night. Nobody came.", f"{label}Nobody &lt;b&gt;came&lt;/b&gt;."]
    second, third = page.index("Ddaeth neb."), page.index(">Nobody came.<")
    assert second < page.index("We waited all night.") < third < page.index("&lt;b&gt;came")


def test_without_a_script_a_link_shows_it_and_hides_it(world: World) -> None:
    assert 'href="?english=1#recording-' in world.page()
    page = world.page("?english=1")
    assert "data-english hidden" not in page
    assert 'href="?#recording-' in page


def test_it_is_in_no_file_and_in_no_captions(world: World) -> None:
    recording_id = world.transcript.recording_id
    for name in ("transcript.txt", "transcript.vtt", "transcript.srt", "transcript.json", "captions.vtt"):
        assert "We waited" not in world.browser.get(f"/recordings/{recording_id}/{name}").text


def test_a_transcript_without_it_offers_none(world: World) -> None:
    world.session.delete(world.session.scalars(select(Translation)).one())
    assert "omputer’s English" not in world.page()


def test_whoever_speaks_is_named_where_they_begin_and_a_guess_says_so(world: World) -> None:
    amal, other = (Speaker(id=new_id(), story_id=world.story.id, label=label, name=name, made_at=makers.NOON)
                   for label, name in ((1, "Amal <b>"), (2, "")))
    world.session.add_all([amal, other])
    world.session.flush()
    for segment, speaker in zip(world.transcript.segments, (amal, amal, other), strict=True):
        segment.speaker_id, segment.speaker_suggested = speaker.id, speaker is other
    page = world.page()
    assert page.count("<bdi>Amal &lt;b&gt;</bdi></span>") == 1
    assert '<bdi>Speaker 2</bdi> <span class="segment__guess">(suggested by a computer)</span>' in page
