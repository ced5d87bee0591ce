"""What a computer suggests for a theme, on a page where a person answers each."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.models.project import Project
from server.models.suggestion import PassageVectors, SuggestionAnswer
from server.models.theme import Tagging
from tests import makers
from tests.embedding.talk import TOPICS
from tests.pages.page_checks import assert_sound
from tests.services.compared import compare

HOME, WAITING = TOPICS["home"]["en"], TOPICS["waiting for an appointment"]["en"]


@pytest.fixture
def place(session: Session, sign_in_as) -> SimpleNamespace:
    """A theme on three quotes about homes, and a recording and a quote that say more of them, among others."""
    project = makers.make_project(session)
    researcher = makers.make_person(session, project, Role.RESEARCHER)
    person = makers.make_person(session, project, Role.COMMISSIONER)
    theme = makers.make_theme(session, project, "Home & <hearth>")
    for text in HOME[:3]:
        story = makers.make_story(session, project, researcher)
        makers.tag(session, theme, person, makers.add_quote(session, story, text))
    story = makers.make_story(session, project, researcher, pseudonym="Bea")
    for text in (*WAITING, TOPICS["home"]["es"][0]):
        quote = makers.add_quote(session, story, text)
    recording = makers.add_recording(session, makers.make_story(session, project, researcher), HOME[4])
    compare(session)
    administrator = makers.make_person(session, project, Role.ADMINISTRATOR)
    return SimpleNamespace(project=project, theme=theme, quote=quote, recording=recording, person=person,
                           browser=sign_in_as(person), administrator=sign_in_as(administrator),
                           address=f"/themes/{theme.id}/suggestions")


def of(source_id: str, end_ms: int = 0) -> dict[str, object]:
    return {"source": source_id, "start_ms": 0, "end_ms": end_ms}


def test_each_is_shown_with_whose_it_is_what_it_is_like_and_its_sound_from_its_word(place: SimpleNamespace) -> None:
    page = place.browser.get(place.address)
    assert_sound(page)
    for words in (HOME[4], TOPICS["home"]["es"][0], "Like: “", "It can be wrong", "Bea",
                  f'/recordings/{place.recording.id}/audio#t=0.0,6.95"'):
        assert words in page.text
    assert page.text.count("Put the theme on it") == page.text.count("Not this one") >= 2
    assert place.address in place.browser.get(f"/themes/{place.theme.id}").text


def test_looking_puts_the_theme_on_nothing_and_a_press_on_one(place: SimpleNamespace, session: Session) -> None:
    before = len(session.scalars(select(Tagging)).all())
    place.browser.get(place.address)
    assert len(session.scalars(select(Tagging)).all()) == before
    answered = place.browser.post(f"{place.address}/take", data=of(place.recording.id, 6950), follow_redirects=True)
    assert_sound(answered)
    assert "The theme is on it." in answered.text
    assert len(session.scalars(select(Tagging)).all()) == before + 1
    assert 'id="excerpt-' in place.browser.get(f"/themes/{place.theme.id}").text


def test_one_that_is_not_wanted_goes_and_can_be_brought_back(place: SimpleNamespace) -> None:
    answered = place.browser.post(f"{place.address}/dismiss", data=of(place.quote.id), follow_redirects=True)
    assert "It is not suggested for this theme any more." in answered.text
    assert place.quote.text not in answered.text
    kept = place.browser.get(f"{place.address}/dismissed")
    assert_sound(kept)
    assert place.quote.text in kept.text
    place.browser.post(f"{place.address}/bring-back", data=of(place.quote.id))
    assert "There are none" in place.browser.get(f"{place.address}/dismissed").text
    assert place.quote.text in place.browser.get(place.address).text


@pytest.mark.parametrize("sent", [{}, {"start_ms": "x"}, {"end_ms": "-1"}, {"start_ms": "9" * 40}, {"source": "no"}])
def test_an_answer_that_makes_no_sense_is_refused(place: SimpleNamespace, sent: dict[str, str]) -> None:
    data = of(place.quote.id) | sent if sent else {}
    for answer in ("take", "dismiss", "bring-back"):
        assert place.browser.post(f"{place.address}/{answer}", data=data).status_code == 422


def test_a_stretch_in_which_nothing_is_said_is_refused_in_words(place: SimpleNamespace, session: Session) -> None:
    sent = {"source": place.recording.id, "start_ms": 60_000, "end_ms": 70_000}
    refused = place.browser.post(f"{place.address}/take", data=sent)
    assert refused.status_code == 422
    assert "Nothing was said in that part." in refused.text
    assert session.scalars(select(SuggestionAnswer)).all() == []


def test_a_theme_with_too_few_passages_says_what_to_do(place: SimpleNamespace, session: Session) -> None:
    theme = makers.make_theme(session, place.project, "Kindness")
    session.commit()
    page = place.browser.get(f"/themes/{theme.id}/suggestions")
    assert_sound(page)
    assert "This theme needs three passages first" in page.text


def test_an_administrator_switches_them_off_which_deletes_what_was_made_at_once(
    place: SimpleNamespace, session: Session
) -> None:
    address = f"/projects/{place.project.id}/settings/suggestions"
    assert_sound(place.administrator.get(address))
    wrong = place.administrator.post(address, data={"version": "1"})
    assert wrong.status_code == 422
    assert_sound(wrong)
    saved = place.administrator.post(address, data={"version": "1", "suggests": "no"}, follow_redirects=True)
    assert_sound(saved)
    assert "Suggestions are off." in saved.text
    assert session.scalars(select(PassageVectors)).all() == []
    page = place.browser.get(place.address)
    assert_sound(page)
    assert "Suggestions are switched off" in page.text
    assert place.quote.text not in page.text
    late = place.administrator.post(address, data={"version": "1", "suggests": "yes"})
    assert late.status_code == 412
    assert place.browser.get(address).status_code == 404
    session.expire_all()
    assert session.get_one(Project, place.project.id).suggests_themes is False
