"""What the team reads of drafts and of words that changed, and how somebody says that they have listened."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.provocation import ProvocationText
from server.models.theme import Excerpt
from server.models.transcript import HeardStretch
from server.services import anchors, provocations
from tests import makers
from tests.heard import listen, transcript_of
from tests.pages.looking import open_to_board
from tests.pages.page_checks import assert_sound

DRAFT, LISTENED = "This is a draft", "I have listened to this passage"


@pytest.fixture
def world(session: Session, sign_in_as):
    """A draft of: We waited all night for a bed. It says "waited all night"."""

    class World:
        project = makers.make_project(session)
        researcher = makers.make_person(session, project, Role.RESEARCHER)
        commissioner = makers.make_person(session, project, Role.COMMISSIONER, name="Ada")
        board_member = makers.make_person(session, project, Role.BOARD_MEMBER)
        story = makers.make_story(session, project, researcher)
        recording = makers.add_recording(session, story)
        excerpt = makers.add_excerpt(session, recording, commissioner)

    world = World()
    world.excerpt.quotable_at = None
    world.viewer = makers.viewer_of(session, world.commissioner)
    session.commit()
    world.browser, world.board = sign_in_as(world.commissioner), sign_in_as(world.board_member)
    world.page = f"/excerpts/{world.excerpt.id}"
    return world


def corrected(session: Session, world) -> None:
    """The transcript says "sat" where it said "waited"."""
    [segment] = transcript_of(session, world.recording).segments
    segment.words = (segment.words[0], type(segment.words[0])(" sat", 500, 950), *segment.words[2:])
    session.flush()
    anchors.check(session, segment.transcript_id)
    session.commit()


def shown(page: str) -> str:
    """What the form on an excerpt's page says it shows."""
    return re.findall(r'name="seen" value="([^"]*)"', page)[0]


def test_words_that_are_not_on_the_page_any_more_were_not_heard(session: Session, world) -> None:
    seen = shown(world.browser.get(world.page).text)
    corrected(session, world)
    for sent in (seen, "", "other"):
        answer = world.browser.post(f"{world.page}/heard", data={"seen": sent})
        assert answer.status_code == 422
        assert "The words were changed while you listened" in answer.text
    assert session.scalars(select(HeardStretch)).all() == []


def test_whoever_has_listened_says_so_on_the_excerpts_page(session: Session, world) -> None:
    page = world.browser.get(world.page)
    assert_sound(page)
    assert DRAFT in page.text
    assert LISTENED in page.text
    assert world.board.get(world.page).status_code == 404
    answer = world.browser.post(f"{world.page}/heard", data={"seen": shown(page.text)})
    assert (answer.status_code, answer.location) == (303, world.page)
    page = world.browser.get(world.page).text
    assert "That you have listened is noted, with your name." in page
    assert "Heard by <bdi>Ada</bdi>." in page
    assert DRAFT not in page
    assert world.board.get(world.page).status_code == 200


def test_pressing_it_twice_notes_it_once(session: Session, world) -> None:
    seen = shown(world.browser.get(world.page).text)
    for _ in range(2):
        assert world.browser.post(f"{world.page}/heard", data={"seen": seen}).status_code == 303
    assert len(session.scalars(select(HeardStretch)).all()) == 1


def test_a_board_is_not_told_who_heard_it_and_says_nothing_about_it(session: Session, world) -> None:
    listen(session, world.viewer, world.recording)
    session.commit()
    page = world.board.get(world.page).text
    assert "waited" in page
    assert "Heard by" not in page
    assert world.board.post(f"{world.page}/heard").status_code == 404


def test_an_excerpt_that_is_no_draft_asks_for_nothing(session: Session, world) -> None:
    listen(session, world.viewer, world.recording)
    session.commit()
    page = world.browser.get(world.page).text
    assert DRAFT not in page
    assert LISTENED not in page


def test_a_storys_page_says_which_excerpts_are_drafts_and_which_have_changed(session: Session, world) -> None:
    def page() -> str:
        found = world.browser.get(f"/stories/{world.story.id}")
        assert_sound(found)
        return found.text

    assert "Nobody has listened to all of it yet, so only your team sees it." in page()
    listen(session, world.viewer, world.recording)
    session.commit()
    assert "so only your team sees it" not in page()
    corrected(session, world)
    assert "The transcript says something else here now." in page()


def test_the_list_of_stories_tells_a_maker_where_words_changed(session: Session, world, sign_in_as) -> None:
    other = sign_in_as(makers.make_person(session, world.project, Role.COMMISSIONER))
    address = f"/projects/{world.project.id}/stories"
    corrected(session, world)
    page = world.browser.get(address)
    assert_sound(page)
    assert "Words changed in 1 excerpt" in page.text
    assert f'href="{world.page}#words"' in page.text
    assert "Words changed" not in other.get(address).text


def test_where_a_provocation_is_arranged_a_draft_says_why_the_board_does_not_see_it(session: Session, world) -> None:
    made = provocations.make(session, world.viewer, world.project.id, ProvocationText("Who waits?")).id
    quote = makers.add_quote(session, world.story, "Nobody told us.")
    session.commit()
    arrange = f"/provocations/{made}/arrange"
    why = "The board does not see it until somebody has listened to all of it."
    assert why in world.browser.get(arrange).text  # it is offered
    for kind, part in (("quote", quote), ("excerpt", world.excerpt)):
        world.browser.post(f"/provocations/{made}/evidence", data={"kind": kind, "part": part.id})
    page = world.browser.get(arrange)
    assert_sound(page)
    assert why in page.text
    world.browser.post(f"/provocations/{made}/evidence/{world.excerpt.id}/move",
                       data={"way": "up", "version": "1", "order": [quote.id, world.excerpt.id]})
    open_to_board(world.browser, f"/provocations/{made}")
    shown, staged = f"/provocations/{made}", f"/provocations/{made}/present"
    assert "1 excerpt is not shown yet: nobody has listened to all of it." in world.browser.get(shown).text
    for browser in (world.browser, world.board):
        for address in (shown, staged):
            page = browser.get(address).text
            assert "Nobody told us." in page
            assert "waited" not in page
    listen(session, world.viewer, world.recording)
    session.commit()
    page = world.board.get(shown).text
    assert page.index("waited") < page.index("Nobody told us.")
    assert "not shown yet" not in world.browser.get(shown).text


def test_a_provocation_of_drafts_alone_is_not_opened_and_says_why(session: Session, world) -> None:
    made = provocations.make(session, world.viewer, world.project.id, ProvocationText("Who waits?")).id
    provocations.add_evidence(session, world.viewer, made, "excerpt", world.excerpt.id)
    session.commit()
    answer = world.browser.post(f"/provocations/{made}/publish")
    assert answer.status_code == 422
    assert "Listen to the excerpts first." in answer.text


def test_a_preview_of_what_is_published_has_no_draft(session: Session, world, sign_in_as) -> None:
    analyst = sign_in_as(makers.make_person(session, world.project, Role.ANALYST))
    address = f"/projects/{world.project.id}/exports"
    saved = f"{address}/quotes.csv"
    assert "waited" not in analyst.get(address).text + analyst.get(saved).text
    listen(session, world.viewer, world.recording)
    session.commit()
    assert "waited" in analyst.get(address).text
    assert "waited" in analyst.get(saved).text


def test_an_excerpt_made_on_a_page_is_a_draft(session: Session, world) -> None:
    form = {"recording_id": world.recording.id, "start_ms": "2500", "end_ms": "2950"}
    world.browser.post(f"/stories/{world.story.id}/excerpts", data=form)
    made = session.scalars(select(Excerpt).where(Excerpt.start_ms == 2500)).one()
    assert made.quotable_at is None
