"""The page on which people search: hits that lead to where they are said, filters in the address, and no words kept."""

import logging
import re
from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.models.audit import AuditEntry
from server.services import indexing
from tests import makers
from tests.conftest import Browser

Look = Callable[..., str]


@pytest.fixture
def project(session: Session) -> makers.Project:
    return makers.make_project(session)


@pytest.fixture
def told(session: Session, project: makers.Project) -> makers.Story:
    """A story told at the harbour, of which one excerpt may be quoted."""
    person = makers.make_person(session, project, Role.RESEARCHER)
    story = makers.make_story(session, project, person, place="Harbour")
    excerpt = makers.add_excerpt(session, makers.add_recording(session, story), person)
    makers.tag(session, makers.make_theme(session, project), person, excerpt)
    other = makers.make_story(session, project, person, uses=makers.ALL_USES - {Use.COMMISSIONERS, Use.BOARD})
    for one in (story, other):
        makers.add_quote(session, one, "We <b>waited</b> & waited.")
        indexing.ask(session, one.id)
    session.commit()
    return story


@pytest.fixture
def look(session: Session, project: makers.Project, told: makers.Story, sign_in_as: Callable[..., Browser]) -> Look:
    """What somebody with a role is shown at an address; beneath the project where it does not begin with a slash."""
    browsers: dict[Role, Browser] = {}

    def shown(address: str, role: Role = Role.COMMISSIONER) -> str:
        if role not in browsers:
            person = makers.make_person(session, project, role)
            session.commit()
            browsers[role] = sign_in_as(person)
        answer = browsers[role].get(address if address.startswith("/") else f"/projects/{project.id}/{address}")
        assert answer.status_code == 200, address
        return answer.text

    return shown


def words(piece: str) -> str:
    """The text of a piece of a page."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", piece)).split())


def hits(page: str) -> list[str]:
    return [words(found) for found in re.findall(r'(?s)<blockquote class="hit__words"[^>]*>(.*?)</blockquote>', page)]


def ways(page: str) -> list[str]:
    return [unescape(found) for found in re.findall(r'<p class="hit__way"><a [^>]*href="([^"]*)"', page)]


def heading(page: str) -> str:
    found = re.search(r'(?s)id="found">(.*?)</h2>', page)
    assert found
    return words(found[1])


def test_a_hit_leads_to_the_word_in_its_story_and_says_whose_it_is(look: Look, told: makers.Story,
                                                                   session: Session) -> None:
    page = look("search?q=waited+bed")
    assert re.findall("<mark>(.*?)</mark>", page) == ["waited", "bed"]
    assert heading(page) == "1 passage in 1 story"
    assert "Amal, Harbour, 4 May 2026 Waiting" in words(page)
    recording = session.scalars(select(makers.Recording)).one()
    assert ways(page) == [f"/stories/{told.id}?at={recording.id}:500#said-{recording.id}-0"]
    assert f'id="said-{recording.id}-0"' in look(ways(page)[0].split("#")[0])


def test_a_board_and_analysts_open_the_excerpt_and_nothing_of_the_story(look: Look, told: makers.Story,
                                                                        session: Session) -> None:
    excerpt = session.scalars(select(makers.Excerpt)).one()
    for role in (Role.BOARD_MEMBER, Role.ANALYST):
        page = look("search?q=night", role)
        assert (hits(page), ways(page)) == (["waited all night"], [f"/excerpts/{excerpt.id}"])
        assert told.id not in page
        opened = look(ways(page)[0], role)
        assert "waited all night" in words(opened)
        assert ("<audio" in opened) == (role is Role.BOARD_MEMBER)


def test_words_of_people_stand_on_the_page_as_text(look: Look) -> None:
    page = look("search?q=%3Cb%3Ewaited*")
    assert hits(page) == ["We <b>waited</b> & waited."]
    assert 'value="&lt;b&gt;waited*"' in page


def test_filters_stay_in_the_address_and_come_off_one_at_a_time(look: Look) -> None:
    page = look("search?q=waited&place=Harbour&has=sound&has=quote&from=2026-05-01")
    assert len(hits(page)) == 2
    chips = {words(text): unescape(address) for address, text in re.findall(
        r'(?s)<a class="filter-chip" href="([^"]*)">(.*?)</a>', page)}
    assert list(chips) == ["Take off Place: Harbour×", "Take off From 1 May 2026×", "Take off With sound×",
                           "Take off With a quote×"]
    assert chips["Take off Place: Harbour×"].endswith("?q=waited&from=2026-05-01&has=sound&has=quote")
    assert chips["Take off With sound×"].count("has=") == 1
    gone = words(look("search?q=waited&place=Nowhere"))
    assert "The filters leave out all that has these words Without them there are 2 passages." in gone


@pytest.mark.parametrize(("asked", "sentence"), [
    ("from=31/2/2026", "The first day must be a real date"), ("to=soon", "The last day must be a real date"),
    ("from=2026-05-09&to=2026-05-08", "The last day must be the same")])
def test_days_that_are_none_are_said_above_and_beside_their_field(look: Look, asked: str, sentence: str) -> None:
    for page in (look(f"search?q=waited&{asked}"), look(f"stories?{asked}")):
        assert words(page).count(sentence) == 2
        assert "<title>Problem: " in page
        assert '<details class="filter-more" open>' in page


def test_a_day_may_be_written_as_people_write_it(look: Look) -> None:
    assert len(hits(look("search?q=waited&from=4/5/2026"))) == 2
    assert hits(look("search?q=waited&from=5.5.2026")) == []


def test_with_nothing_to_look_for_the_page_says_how_to_and_with_nothing_found_what_to_try(look: Look) -> None:
    for asked in ("", "?q=*", "?q=-bed"):
        assert "finds wait, waited and waiting" in words(look(f"search{asked}"))
    assert "Nobody said that" in look("search?q=zebra")


def test_what_somebody_looks_for_is_kept_nowhere(look: Look, session: Session,
                                                 caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    look("search?q=waited")
    look("search?q=waited+xylophone")
    session.expire_all()
    entries = [entry.details for entry in session.scalars(select(AuditEntry)) if entry.kind == "search"]
    assert entries
    assert not re.search("waited|xylophone", repr(entries) + caplog.text)


def test_the_list_of_stories_leads_to_the_search_with_its_filters(look: Look) -> None:
    page = look("stories?place=Harbour")
    assert '<input type="hidden" name="place" value="Harbour">' in page
    assert "1 of 1 story" in heading(page)


def test_whoever_collects_or_looks_after_people_has_no_page_to_search(
    session: Session, project: makers.Project, sign_in_as: Callable[..., Browser]
) -> None:
    browser = sign_in_as(makers.make_person(session, project, Role.RESEARCHER, Role.ADMINISTRATOR))
    session.commit()
    assert browser.get(f"/projects/{project.id}/search?q=waited").status_code == 404
