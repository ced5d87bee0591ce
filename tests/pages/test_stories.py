"""Stories as a commissioner finds, hears and reads them."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.domain.ids import new_id
from server.domain.work import Kind, State
from server.models.story import Story
from server.models.work import Attempt
from server.services import story_list, turning, work
from tests import makers
from tests.pages.page_checks import assert_sound


@pytest.fixture
def world(session: Session, sign_in_as):
    """A project with a researcher, and a commissioner who is signed in."""

    class World:
        project = makers.make_project(session)
        researcher = makers.make_person(session, project, Role.RESEARCHER)
        commissioner = makers.make_person(session, project, Role.COMMISSIONER)
        browser = sign_in_as(commissioner)

        def story(self, **wishes) -> Story:
            return makers.make_story(session, self.project, self.researcher, **wishes)

        def page(self, address: str = "") -> str:
            session.commit()
            answer = self.browser.get(f"/projects/{self.project.id}/stories{address}")
            assert answer.status_code == 200
            assert_sound(answer)
            return answer.get_data(as_text=True)

        def read(self, story: Story) -> str:
            session.commit()
            answer = self.browser.get(f"/stories/{story.id}")
            assert answer.status_code == 200
            assert_sound(answer)
            return answer.get_data(as_text=True)

    return World()


def test_without_stories_the_page_says_where_they_come_from(world) -> None:
    assert "There are no stories here yet" in world.page()


def test_an_entry_opens_with_the_persons_words(session: Session, world) -> None:
    story = world.story(pseudonym="Amal", place="Northgate")
    makers.add_quote(session, story, "Nobody told us he had moved.")
    page = world.page()
    assert "Nobody told us he had moved." in page
    assert "<bdi>Northgate</bdi>, 4 May 2026" in page
    assert "May be quoted without a name" in page


def test_without_a_quote_an_entry_opens_with_what_was_said_first(session: Session, world) -> None:
    makers.add_recording(session, world.story(), "We waited all night for a bed.")
    page = world.page()
    assert "We waited all night for a bed." in page
    assert "4 seconds of sound" in page


def test_filters_say_how_many_stories_they_leave_out(session: Session, world) -> None:
    makers.add_quote(session, world.story(place="Northgate"))
    makers.add_photo(session, world.story(place="Harbour"))
    makers.add_recording(session, world.story(place="Harbour"))
    assert "3 stories" in world.page()
    assert "Showing 1 of 3 stories" in world.page("?has=photo")
    assert "Showing 2 of 3 stories" in world.page("?place=Harbour")
    assert "1 story is left out" in world.page("?place=Harbour")
    assert "Showing 1 of 3 stories" in world.page("?place=Harbour&has=words")
    assert "No story has all of that" in world.page("?place=Northgate&has=sound")


def test_a_theme_in_the_address_filters_and_stays_chosen(session: Session, world) -> None:
    theme = makers.make_theme(session, world.project, "Waiting")
    makers.tag(session, theme, world.researcher, makers.add_quote(session, world.story()))
    world.story()
    page = world.page(f"?theme={theme.id}")
    assert "Showing 1 of 2 stories" in page
    assert f'<option value="{theme.id}" selected>' in page


def _many(session: Session, world, count: int) -> None:
    for number in range(count):
        makers.add_quote(session, world.story(place="Harbour" if number % 2 else "Northgate", pseudonym=f"P{number:02}",
                                              told_at=makers.NOON + timedelta(hours=number)), f"Words of {number:02}")


def _links(page: str) -> dict[str, str]:
    """The links to the pages beside this one, by their words."""
    found = re.findall(r'href="[^"?]*(\?[^"]*)"[^>]*>\s*(?:<svg.*?</svg>\s*)?<span class="nhsuk-pagination__title">'
                       r"\s*(\w+) stories", page, re.DOTALL)
    return {words: html.unescape(address) for address, words in found}


def test_many_stories_are_read_a_page_at_a_time(session: Session, world) -> None:
    _many(session, world, 45)
    first = world.page()
    assert "45 stories, 20 on this page" in first
    assert set(_links(first)) == {"Older"}
    second = world.page(_links(first)["Older"])
    assert set(_links(second)) == {"Older", "Newer"}
    third = world.page(_links(second)["Older"])
    assert "45 stories, 5 on this page" in third
    seen = [name for page in (first, second, third) for name in re.findall(r"Words of (\d\d)", page)]
    assert seen == [f"{number:02}" for number in reversed(range(45))]
    back = world.page(_links(third)["Newer"])
    assert re.findall(r"Words of (\d\d)", back) == re.findall(r"Words of (\d\d)", second)


def test_the_filter_stays_while_pages_are_turned(session: Session, world) -> None:
    _many(session, world, 45)
    page = world.page("?place=Harbour&has=quote")
    assert "22 of 45 stories, 20 on this page" in page
    assert "23 stories are left out by the filter" in page
    older = _links(page)["Older"]
    assert "place=Harbour" in older
    assert "has=quote" in older
    assert "Northgate</bdi>" not in world.page(older)


def test_a_few_stories_have_no_pages_to_turn(session: Session, world) -> None:
    _many(session, world, 20)
    assert "nhsuk-pagination" not in world.page()


def test_where_nobody_counts_the_page_says_so(session: Session, world, monkeypatch) -> None:
    monkeypatch.setattr(turning, "COUNTED", 30)
    _many(session, world, 45)
    assert "More than 1,000 stories, 20 on this page" in world.page()
    page = world.page("?place=Harbour")
    assert "22 of more than 1,000 stories, 20 on this page" in page
    assert "Others are left out by the filter" in page


def test_with_very_many_places_one_is_written_instead_of_chosen(session: Session, world, monkeypatch) -> None:
    monkeypatch.setattr(story_list, "PLACES_OFFERED", 1)
    _many(session, world, 2)
    page = world.page("?place=Harbour")
    assert '<input class="nhsuk-input" id="place" name="place" type="text" value="Harbour"' in page
    assert "Showing 1 of 2 stories" in page


@pytest.mark.parametrize("address", ["?older=x", "?newer=1.2", "?older=%00&newer=%FF", "?has=nonsense",
                                     "?theme=%00&place=%00", "?theme='--", "?place=" + "x" * 3000])
def test_a_filter_that_makes_no_sense_breaks_nothing(world, address: str) -> None:
    world.story()
    world.page(address)


def test_counts_leave_out_what_commissioners_may_not_have(session: Session, world) -> None:
    makers.add_quote(session, world.story(pseudonym="Closed", uses=makers.ALL_USES - {Use.COMMISSIONERS}))
    world.story()
    page = world.page()
    assert "1 story<" in page
    assert "Closed" not in page


def test_every_word_of_a_transcript_carries_its_times(session: Session, world) -> None:
    story = world.story()
    recording = makers.add_recording(session, story, "We waited all night.")
    page = world.read(story)
    assert '<span class="word" data-start="500" data-end="950">waited</span>' in page
    assert f'src="/recordings/{recording.id}/audio"' in page


def test_the_players_sound_comes_with_its_captions_and_the_words_can_be_saved(session: Session, world) -> None:
    story = world.story()
    recording = makers.add_recording(session, story)
    page = world.read(story)
    track = re.search(r"<audio[^>]*>\s*(<track [^>]*>)", page)
    assert track is not None
    assert 'kind="captions"' in track[1]
    assert f'src="/recordings/{recording.id}/captions.vtt"' in track[1]
    for form in ("txt", "vtt", "srt", "json"):
        assert f'href="/recordings/{recording.id}/transcript.{form}" download' in page


def test_a_sound_without_words_promises_no_captions(session: Session, world) -> None:
    story = world.story()
    _without_transcript(session, makers.add_recording(session, story))
    page = world.read(story)
    assert "<track" not in page
    assert "Save the words" not in page


def test_words_of_an_excerpt_are_marked_where_they_are_in_the_transcript(session: Session, world) -> None:
    story = world.story()
    excerpt = makers.add_excerpt(session, makers.add_recording(session, story), world.researcher)
    page = world.read(story)
    assert f'id="passage-{excerpt.id}"' in page
    assert page.count('<span class="lane lane--0') == 4  # three words, and the key to which line is which
    assert page.count("lane--on") == 2


def test_markup_in_words_is_shown_as_text(session: Session, world) -> None:
    """fault 42"""
    hostile = "<script>alert(1)</script> {{7*7}}"
    story = world.story(pseudonym=hostile, place="javascript:alert(1)")
    makers.add_quote(session, story, hostile)
    makers.add_photo(session, story, hostile)
    makers.make_theme(session, world.project, hostile)
    makers.add_recording(session, story, hostile)
    for page in (world.read(story), world.page()):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "{{7*7}}" in page


@pytest.mark.parametrize(("state", "code", "words"), [
    (State.WAITING, None, "waiting for its turn"),
    (State.RUNNING, None, "being done now"),
    (State.FAILED, "audio_damaged", "damaged"),
    (State.BLOCKED, "weights_missing", "speech model is not on this server"),
])
def test_a_page_says_plainly_how_a_missing_transcript_stands(session: Session, world, state, code, words) -> None:
    story = world.story()
    recording = makers.add_recording(session, story)
    _without_transcript(session, recording)
    job = work.request(session, kind=Kind.TRANSCRIBE, subject_id=recording.id, story_id=story.id,
                       project_id=world.project.id)
    job.state, job.fence = state, 1
    session.add(Attempt(job_id=job.id, fence=1, worker="w", started_at=makers.NOON, heartbeat_at=makers.NOON,
                        progress=0.4, error_code=code))
    page = world.read(story)
    assert "There is no transcript yet" in page
    assert words in page
    assert ('value="40"' in page) == (state is State.RUNNING)


def test_a_refused_transcript_says_who_refused_and_that_listening_is_fine(session: Session, world) -> None:
    story = world.story(pseudonym="Refa", uses=makers.ALL_USES - {Use.TRANSCRIBE})
    makers.add_recording(session, story, "These words were never agreed to")
    page = world.read(story)
    assert "Refa said no to having the recording written down. You can still listen to it." in page
    assert "never" not in page


def test_a_recording_without_a_playback_copy_says_so_instead_of_offering_a_dead_player(session: Session, world) -> None:
    story = world.story()
    makers.add_recording(session, story).playback_sha256 = None
    page = world.read(story)
    assert "You cannot play this recording yet" in page
    assert "<audio" not in page


def test_everything_on_a_story_works_as_forms_without_scripts(session: Session, world) -> None:
    story = world.story()
    makers.add_recording(session, story)
    quote, photo = makers.add_quote(session, story), makers.add_photo(session, story)
    page = world.read(story)
    assert "<audio" in page
    assert "Make an excerpt of this part" in page
    for address in (f"/quotes/{quote.id}/themes", f"/photos/{photo.id}/themes"):
        assert f'href="{address}"' in page
        assert f'<form method="post" action="{address}">' in world.browser.get(address).text


def test_nobody_else_opens_a_story_or_learns_that_it_is_there(session: Session, world, sign_in_as) -> None:
    """fault 44"""
    story = world.story()
    elsewhere = makers.make_project(session, "Another project")
    others = [makers.make_person(session, elsewhere, *Role)]
    others += [makers.make_person(session, world.project, role) for role in Role if role is not Role.COMMISSIONER]
    for browser in [sign_in_as(person) for person in others]:
        known, unknown = browser.get(f"/stories/{story.id}"), browser.get(f"/stories/{new_id()}")
        assert known.status_code == unknown.status_code == 404
        assert known.data == unknown.data
        assert browser.get(f"/projects/{world.project.id}/stories").status_code == 404
    assert world.browser.get("/stories/not-an-id").status_code == 404


def _without_transcript(session: Session, recording) -> None:
    session.delete(session.query(makers.Transcript).filter_by(recording_id=recording.id).one())
    session.flush()
