"""Making, opening and deleting excerpts on pages."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.domain.hashes import sha256_of
from server.models.theme import Excerpt, Theme
from tests import makers
from tests.heard import listen, transcript_of
from tests.pages.page_checks import assert_sound


@pytest.fixture
def world(session: Session, sign_in_as):
    """A story whose recording says: We waited all night for a bed. Half a second a word."""

    class World:
        project = makers.make_project(session)
        researcher = makers.make_person(session, project, Role.RESEARCHER)
        commissioner = makers.make_person(session, project, Role.COMMISSIONER)
        board_member = makers.make_person(session, project, Role.BOARD_MEMBER)
        story = makers.make_story(session, project, researcher)
        recording = makers.add_recording(session, story)
        theme = makers.make_theme(session, project, "Waiting")

        def make(self, **changes):
            form = {"recording_id": self.recording.id, "start_ms": "500", "end_ms": "1450", **changes}
            return self.browser.post(f"/stories/{self.story.id}/excerpts", data=form)

        def count(self) -> int:
            return session.scalar(select(func.count(Excerpt.id)))

    world = World()
    world.browser = sign_in_as(world.commissioner)
    return world


def test_making_an_excerpt_leads_back_to_its_place_in_the_story(session: Session, world) -> None:
    answer = world.make(theme=[world.theme.id], new_theme="Nights")
    excerpt = session.scalars(select(Excerpt)).one()
    assert answer.status_code == 303
    assert answer.location == f"/stories/{world.story.id}?made={excerpt.id}#passage-{excerpt.id}"
    page = world.browser.get(answer.location)
    assert_sound(page)
    assert "The excerpt is made." in page.text
    assert "Nights" in page.text


def test_an_excerpts_sound_comes_with_its_captions(session: Session, world) -> None:
    excerpt = makers.add_excerpt(session, world.recording, world.commissioner)
    session.commit()
    page = world.browser.get(f"/excerpts/{excerpt.id}").text
    assert f'<track kind="captions" label="Captions" src="/excerpts/{excerpt.id}/captions.vtt"></audio>' in page


def test_words_that_the_browser_sends_are_not_taken(session: Session, world) -> None:
    world.make(text="Something nobody said", words="x")
    assert session.scalars(select(Excerpt)).one().text == "waited all"


@pytest.mark.parametrize(("heard_ms", "said"), [
    (600, "The excerpt says the new words. It is a draft until somebody has heard them."),
    (3500, "The excerpt says the new words. Somebody has heard them already, so it is not a draft."),
])
def test_an_excerpt_that_takes_new_words_says_whether_it_is_a_draft(session: Session, world, heard_ms, said) -> None:
    excerpt = makers.add_excerpt(session, world.recording, world.commissioner)
    listen(session, makers.viewer_of(session, world.commissioner), world.recording, (0, heard_ms))
    transcript = transcript_of(session, world.recording)
    change = {"kind": "words", "segment": transcript.segments[0].id, "was": "We waited all night for a bed.",
              "text": "We sat all night for a bed."}
    asked, at = {"transcript": transcript.id, "change": change}, f"/recordings/{world.recording.id}/corrections"
    choose = f"/excerpts/{excerpt.id}/words"
    session.commit()
    assert world.browser.post(at, json=asked).status_code == 200
    sent = {"words": "take", "seen": sha256_of("sat all night")}
    page = world.browser.post(choose, data=sent, follow_redirects=True)
    assert_sound(page)
    assert said in page.text


def test_sending_the_form_twice_makes_one_excerpt(world) -> None:
    assert world.make().location == world.make().location
    assert world.count() == 1


@pytest.mark.parametrize("changes", [
    {"start_ms": "1450", "end_ms": "500"}, {"start_ms": "", "end_ms": ""}, {"start_ms": "-1"}, {"end_ms": "1e3"},
    {"start_ms": "99999999999", "end_ms": "999999999999"}, {"recording_id": "x"}, {"recording_id": "\x00" * 36},
    {"theme": "\x00"}, {"new_theme": "x" * 81}, {"start_ms": "٣", "end_ms": "٤"},
])
def test_what_makes_no_sense_is_refused_in_words_and_makes_nothing(session: Session, world, changes) -> None:
    answer = world.make(**changes)
    assert answer.status_code == 422
    assert_sound(answer)
    assert world.count() == 0
    assert session.scalar(select(func.count(Theme.id))) == 1


def test_a_recording_of_another_story_makes_nothing_here(session: Session, world) -> None:
    other = makers.make_story(session, world.project, world.researcher)
    recording = makers.add_recording(session, other, "Other words")
    session.commit()
    assert world.make(recording_id=recording.id, start_ms="0").status_code == 404
    assert world.count() == 0


def test_a_post_without_our_own_token_makes_nothing(world) -> None:
    """fault 43"""
    world.browser.csrf_token = ""
    assert world.make().status_code == 403
    world.browser.csrf_token = "guess"
    assert world.make().status_code == 403
    assert world.count() == 0


def test_a_board_member_opens_an_excerpt_and_can_change_nothing(session: Session, world, sign_in_as) -> None:
    excerpt = makers.add_excerpt(session, world.recording, world.researcher)
    browser = sign_in_as(world.board_member)
    page = browser.get(f"/excerpts/{excerpt.id}")
    assert_sound(page)
    assert "waited" in page.text
    assert "Delete" not in page.text
    assert world.story.id not in page.text
    for address in (f"/excerpts/{excerpt.id}/delete", f"/excerpts/{excerpt.id}/themes"):
        assert browser.post(address).status_code == 404
    assert world.count() == 1


def test_an_excerpt_not_cleared_for_boards_is_not_found_by_a_board_member(session: Session, world, sign_in_as) -> None:
    closed = makers.make_story(session, world.project, world.researcher, uses=makers.ALL_USES - {Use.BOARD})
    excerpt = makers.add_excerpt(session, makers.add_recording(session, closed), world.researcher)
    assert sign_in_as(world.board_member).get(f"/excerpts/{excerpt.id}").status_code == 404


def test_an_excerpt_without_its_sound_yet_says_so(session: Session, world) -> None:
    excerpt = makers.add_excerpt(session, world.recording, world.researcher)
    excerpt.clip_sha256 = None
    session.commit()
    page = world.browser.get(f"/excerpts/{excerpt.id}").text
    assert "Its sound is being cut out of the recording" in page
    assert "<audio" not in page


def test_deleting_asks_first_and_then_says_what_is_still_there(session: Session, world) -> None:
    excerpt = makers.add_excerpt(session, world.recording, world.researcher)
    session.commit()
    question = world.browser.get(f"/excerpts/{excerpt.id}/delete")
    assert_sound(question)
    assert "The recording and its transcript stay." in question.text
    answer = world.browser.post(f"/excerpts/{excerpt.id}/delete")
    assert answer.status_code == 303
    assert "The excerpt is deleted." in world.browser.get(answer.location).text
    assert world.count() == 0
