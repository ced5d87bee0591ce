"""The words of a recording as files to keep and as captions: to whom, in which form, and how far to trust them."""

import io
import json
import re
from collections.abc import Callable

import pytest
import srt
import webvtt
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.models.theme import Excerpt
from server.models.transcript import HeardStretch, Transcript
from server.pages.environment import TEMPLATES
from server.services import withdrawals
from tests import makers
from tests.conftest import Browser

TEXT = "We waited <all> night & nobody came."


class World:
    """A story that two people listen to in a project with everybody in it."""

    def __init__(self, session: Session, sign_in_as: Callable[..., Browser], app: Flask) -> None:
        self.session = session
        self.project = makers.make_project(session)
        self.people = {role: makers.make_person(session, self.project, role) for role in Role}
        self.story = makers.make_story(session, self.project, self.people[Role.RESEARCHER], pseudonym="Zoë Ünal")
        self.recording = makers.add_recording(session, self.story, TEXT)
        self.excerpt = makers.add_excerpt(session, self.recording, self.people[Role.COMMISSIONER])
        self.excerpt.clip_sha256 = app.extensions["earshot"].store.put(io.BytesIO(b"clip")).sha256
        session.commit()
        self.browsers = {role: sign_in_as(person) for role, person in self.people.items()}
        self.commissioner = self.browsers[Role.COMMISSIONER]
        self.captions = f"/recordings/{self.recording.id}/captions.vtt"
        self.clip_captions = f"/excerpts/{self.excerpt.id}/captions.vtt"
        self.files = {form: f"/recordings/{self.recording.id}/transcript.{form}" for form in FORMS}

    def hear_all(self) -> None:
        transcript = self.session.query(Transcript).filter_by(recording_id=self.recording.id).one()
        self.session.add(HeardStretch(
            transcript_id=transcript.id, person_id=self.people[Role.COMMISSIONER].id, start_ms=0, end_ms=9_000,
            how="listened", heard_at=makers.NOON))
        self.session.commit()


FORMS = {"txt": "text/plain", "vtt": "text/vtt", "srt": "application/x-subrip", "json": "application/json"}


@pytest.fixture
def world(session: Session, sign_in_as: Callable[..., Browser], app: Flask) -> World:
    return World(session, sign_in_as, app)


@pytest.mark.parametrize("form", FORMS)
def test_a_commissioner_saves_the_words_under_a_name_that_names_nobody(world: World, form: str) -> None:
    answer = world.commissioner.get(world.files[form])
    assert answer.content_type == f"{FORMS[form]}; charset=utf-8"
    name = rf'attachment; filename="earshot-transcript-not-checked-2026-05-04-[0-9a-f]{{8}}\.{form}"'
    assert re.fullmatch(name, answer.headers["Content-Disposition"])
    assert answer.headers["Cache-Control"] == "no-store"


def test_each_file_holds_every_word(world: World) -> None:
    text = {form: world.commissioner.get(address).text for form, address in world.files.items()}
    assert f"[00:00:00] {TEXT}" in text["txt"]
    assert [one.text for one in webvtt.from_string(text["vtt"], strict=True)] == [
        "We waited &lt;all&gt; night &amp; nobody came."]
    assert [one.content for one in srt.parse(text["srt"])] == [TEXT]
    assert json.loads(text["json"])["segments"][0]["text"] == TEXT


def test_what_nobody_listened_to_says_so_until_somebody_did(world: World) -> None:
    for form in ("txt", "vtt"):
        assert "Not checked by a person" in world.commissioner.get(world.files[form]).text
    world.hear_all()
    for form in ("txt", "vtt"):
        answer = world.commissioner.get(world.files[form])
        assert "checked" not in answer.text + answer.headers["Content-Disposition"]
    assert json.loads(world.commissioner.get(world.files["json"]).text)["checked"] is True


def test_captions_are_in_step_with_the_sound_that_is_played(world: World) -> None:
    answer = world.commissioner.get(world.captions)
    assert (answer.status_code, answer.content_type) == (200, "text/vtt; charset=utf-8")
    assert "Content-Disposition" not in answer.headers
    [cue] = webvtt.from_string(answer.text, strict=True)
    assert (cue.start, cue.end) == ("00:00:00.000", "00:00:03.450")
    [clip] = webvtt.from_string(world.commissioner.get(world.clip_captions).text, strict=True)
    assert (clip.text, clip.start, clip.end) == ("waited all night", "00:00:00.000", "00:00:01.450")


def test_every_player_of_our_pages_has_captions() -> None:
    players = {path.name: path.read_text() for path in TEMPLATES.rglob("*.html") if "<audio" in path.read_text()}
    assert {"story-listening.html", "evidence.html"} <= set(players)
    for name, text in players.items():
        assert re.findall(r'<audio\b.*?(<track kind="captions"|</audio>)', text, re.DOTALL) == [
            '<track kind="captions"'] * text.count("<audio"), name


def test_nobody_outside_the_team_has_the_words_of_a_recording(world: World) -> None:
    for role in set(Role) - {Role.COMMISSIONER}:
        for address in (*world.files.values(), world.captions):
            assert world.browsers[role].get(address).status_code == 404, (role, address)


def test_a_board_member_has_the_captions_of_an_excerpt_that_was_heard_and_of_no_draft(world: World) -> None:
    board = world.browsers[Role.BOARD_MEMBER]
    assert board.get(world.clip_captions).status_code == 200
    world.session.get_one(Excerpt, world.excerpt.id).quotable_at = None
    world.session.commit()
    assert board.get(world.clip_captions).status_code == 404
    assert "Not checked by a person" in world.commissioner.get(world.clip_captions).text


@pytest.mark.parametrize("refused", [Use.TRANSCRIBE, Use.RECORD, Use.COMMISSIONERS])
def test_where_the_words_may_not_be_had_there_are_no_files_and_no_captions(world: World, refused: Use) -> None:
    makers.record_consent(world.session, world.project, world.people[Role.RESEARCHER], world.story.id,
                          set(Use) - {refused})
    world.session.commit()
    for address in (*world.files.values(), world.captions):
        assert world.commissioner.get(address).status_code == 404, address


def test_a_withdrawn_story_leaves_no_words(world: World) -> None:
    withdrawals.withdraw(world.session, makers.viewer_of(world.session, world.people[Role.ADMINISTRATOR]),
                         world.story.id)
    world.session.commit()
    for address in (*world.files.values(), world.captions, world.clip_captions):
        assert world.commissioner.get(address).status_code == 404, address


def test_while_there_is_no_transcript_there_is_nothing_to_save(world: World) -> None:
    world.session.delete(world.session.query(Transcript).filter_by(recording_id=world.recording.id).one())
    world.session.commit()
    for address in (*world.files.values(), world.captions):
        assert world.commissioner.get(address).status_code == 404, address
