"""Provocations on screen: made by a commissioner, presented to a board."""

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from tests import makers
from tests.pages.looking import open_to_board

QUESTION = "Who tells a family that somebody has moved?"


@pytest.fixture
def world(session: Session):
    class World:
        project = makers.make_project(session)
        researcher = makers.make_person(session, project, Role.RESEARCHER)
        commissioner = makers.make_person(session, project, Role.COMMISSIONER)
        board_member = makers.make_person(session, project, Role.BOARD_MEMBER)
        story = makers.make_story(session, project, researcher)
        quote = makers.add_quote(session, story, "Nobody told us <b>anything</b>.")
        photo = makers.add_photo(session, story)
        excerpt = makers.add_excerpt(session, makers.add_recording(session, story), commissioner)

    session.commit()
    return World


@pytest.fixture
def commissioner(world, sign_in_as):
    return sign_in_as(world.commissioner)


@pytest.fixture
def board_member(world, sign_in_as):
    return sign_in_as(world.board_member)


@pytest.fixture
def made(world, commissioner) -> str:
    """The address of a published provocation that rests on an excerpt, a quote and a photo."""
    answer = commissioner.post(f"/projects/{world.project.id}/provocations/new",
                               data={"question": QUESTION, "content_note": "A night alone"})
    address = answer.location.removesuffix("/arrange")
    for kind, part in (("excerpt", world.excerpt), ("quote", world.quote), ("photo", world.photo)):
        assert commissioner.post(f"{address}/evidence", data={"kind": kind, "part": part.id}).status_code == 303
    open_to_board(commissioner, address)
    return address


def test_a_board_member_is_shown_the_question_then_each_voice_then_what_they_will_do(made, board_member) -> None:
    page = board_member.get(f"{made}/present").text
    places = [page.index(words) for words in (f"<h2 class=\"slide__question\">{QUESTION}", "A night alone", "waited",
                                              "Nobody told us", "A row of empty chairs", "What will you do?")]
    assert places == sorted(places)


def test_words_of_an_excerpt_carry_their_times_within_their_own_clip(made, board_member) -> None:
    assert ' <span data-start="0" data-end="450">waited</span>' in board_member.get(f"{made}/present").text


def test_what_people_said_is_shown_as_text_and_never_as_markup(made, board_member) -> None:
    """fault 42"""
    page = board_member.get(made).text
    assert "Nobody told us &lt;b&gt;anything&lt;/b&gt;." in page
    assert "<b>anything" not in page


def test_a_board_member_sees_no_way_to_change_it(made, world, board_member) -> None:
    assert "Choose and order" not in board_member.get(made).text
    for way in ("arrange", "text"):
        assert board_member.get(f"{made}/{way}").status_code == 404
    assert board_member.post(f"{made}/unpublish").status_code == 404
    assert board_member.get(f"/projects/{world.project.id}/provocations/new").status_code == 404


def test_a_provocation_that_is_not_open_yet_cannot_be_guessed(made, commissioner, board_member) -> None:
    commissioner.post(f"{made}/unpublish")
    for address in (made, f"{made}/present"):
        assert board_member.get(address).status_code == 404


def test_moving_evidence_up_changes_the_order_that_is_presented(made, world, commissioner, board_member) -> None:
    commissioner.post(f"{made}/evidence/{world.quote.id}/move", data={"way": "up", "version": "1"})
    page = board_member.get(f"{made}/present").text
    assert page.index("Nobody told us") < page.index("waited</span>")


def test_a_question_left_empty_is_asked_for_again_and_nothing_typed_is_lost(world, commissioner) -> None:
    answer = commissioner.post(f"/projects/{world.project.id}/provocations/new",
                               data={"question": " ", "introduction": "Forty nights on a ward."})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert "Write the question that you want the board to answer." in answer.text
    assert "Forty nights on a ward." in answer.text


def test_what_a_board_may_not_hear_is_not_offered_as_evidence(made, world, session, commissioner) -> None:
    private = makers.make_story(session, world.project, world.researcher, uses=makers.ALL_USES - {Use.BOARD})
    quote = makers.add_quote(session, private, "For commissioners alone.")
    session.commit()
    assert "For commissioners alone." not in commissioner.get(f"{made}/arrange").text
    answer = commissioner.post(f"{made}/evidence", data={"kind": "quote", "part": quote.id})
    assert answer.status_code == 404


def test_a_change_of_mind_empties_the_stage_at_once(made, world, session, board_member) -> None:
    makers.record_consent(session, world.project, world.researcher, world.story.id, makers.ALL_USES - {Use.BOARD})
    session.commit()
    page = board_member.get(f"{made}/present").text
    assert "Nobody told us" not in page
    assert "waited" not in page
    assert "There is nothing to show here now" in page


def test_the_theme_filter_says_what_it_leaves_out(made, world, session, commissioner) -> None:
    theme = makers.make_theme(session, world.project, "Night")
    tagged = makers.add_quote(session, world.story, "It was three in the morning.")
    makers.add_quote(session, world.story, "Untagged.")
    makers.tag(session, theme, world.commissioner, tagged)
    session.commit()
    page = commissioner.get(f"{made}/arrange?theme={theme.id}").text
    assert "It was three in the morning." in page
    assert "Untagged." not in page
    assert "Only what has this theme is here" in page


def test_arranging_goes_on_where_it_was_left(made, world, commissioner) -> None:
    answer = commissioner.post(f"{made}/evidence/{world.quote.id}/move",
                               data={"way": "up", "version": "1"})
    assert answer.location == f"{made}/arrange#part-{world.quote.id}"
    assert f'id="part-{world.quote.id}"' in commissioner.get(answer.location).text
