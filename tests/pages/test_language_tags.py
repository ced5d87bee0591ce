"""Browsers, and readers of screens through them, are told the language of spoken words by its BCP 47 tag."""

import re
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.ids import new_id
from server.domain.transcript import Word
from server.models.transcript import Transcript, TranscriptSegment
from tests import makers
from tests.conftest import Browser

SAID = "Kita ngenteni sewengi."


@dataclass(frozen=True)
class World:
    """A recording in Javanese with English in it, or in English with Javanese in it."""

    browser: Browser
    story: str
    recording: str
    transcript: str
    segment: int

    def tags(self, address: str) -> set[str]:
        page = self.browser.get(address)
        assert page.status_code == 200
        assert SAID in page.text
        return set(re.findall(r'lang(?:uage)?="([^"]*)"', page.text))


@pytest.fixture(params=[("jw", "en", ""), ("en", "", "jw")], ids=["whole", "part"])
def world(request: pytest.FixtureRequest, session: Session, sign_in_as) -> World:
    whole, first, second = request.param
    project = makers.make_project(session)
    researcher = makers.make_person(session, project, Role.RESEARCHER)
    commissioner = makers.make_person(session, project, Role.COMMISSIONER)
    story = makers.make_story(session, project, researcher)
    recording = makers.add_recording(session, story)
    transcript = session.scalars(select(Transcript).where(Transcript.recording_id == recording.id)).one()
    transcript.language = whole
    transcript.segments.clear()
    session.flush()
    transcript.segments = [_segment(0, "Good night.", first), _segment(1, SAID, second)]
    session.add(Transcript(id=new_id(), recording_id=recording.id, number=2, is_current=False, language="jw",
                           language_probability=0.9, model="small", created_at=makers.NOON,
                           segments=[_segment(0, "Wengi.", "")]))
    session.commit()
    return World(sign_in_as(commissioner), f"/stories/{story.id}", f"/recordings/{recording.id}", transcript.id,
                 transcript.segments[1].id)


def _segment(position: int, text: str, language: str) -> TranscriptSegment:
    start = position * 1_000
    return TranscriptSegment(position=position, start_ms=start, end_ms=start + 900, text=text, language=language,
                             words=(Word(text, start, start + 900),))


def test_no_page_says_javanese_by_the_code_that_the_speech_model_has_for_it(world: World) -> None:
    found = [world.tags(address) for address in (
        world.story, f"{world.recording}/transcript", f"{world.recording}/transcript/compare/2",
        f"{world.recording}/transcript/versions/0")]
    assert ["jv" in tags for tags in found] == [True] * 4
    assert ["jw" in tags for tags in found] == [False] * 4


def test_an_editor_is_answered_with_the_tag(world: World) -> None:
    change = {"kind": "words", "segment": world.segment, "was": SAID, "text": "Kita ngenteni."}
    answer = world.browser.post(f"{world.recording}/corrections",
                                json={"transcript": world.transcript, "change": change})
    [segment] = answer.json["segments"]
    assert segment["language"] in {"jv", ""}
