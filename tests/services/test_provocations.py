"""Making provocations and opening them to a board."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.domain.errors import Invalid, NotFound
from server.domain.provocation import ProvocationText
from server.services import evidence, provocations
from tests import makers

QUESTION = ProvocationText("Who tells a family that somebody has moved?")


@pytest.fixture
def world(session: Session, world):
    world.story = makers.make_story(session, world.project, world.researcher)
    world.first = makers.add_quote(session, world.story, "Nobody told us.")
    world.second = makers.add_quote(session, world.story, "We found out by phone.")
    world.photo = makers.add_photo(session, world.story)
    return world


def _with_evidence(session: Session, world) -> str:
    made = provocations.make(session, world.commissioner, world.project.id, QUESTION)
    for kind, part in (("quote", world.first), ("quote", world.second), ("photo", world.photo)):
        provocations.add_evidence(session, world.commissioner, made.id, kind, part.id)
    return made.id


def test_a_board_sees_a_provocation_only_once_it_is_published(session: Session, world) -> None:
    made = _with_evidence(session, world)
    with pytest.raises(NotFound):
        provocations.get(session, world.board_member, made)
    provocations.publish(session, world.commissioner, made)
    assert provocations.get(session, world.board_member, made).text == QUESTION
    provocations.unpublish(session, world.commissioner, made)
    assert provocations.list_provocations(session, world.board_member, world.project.id) == []


def test_evidence_is_shown_in_the_order_it_was_put(session: Session, world) -> None:
    made = _with_evidence(session, world)
    provocations.put_in_order(session, world.commissioner, made, [world.photo.id, world.first.id, world.second.id], 1)
    shown = [part.id for part in evidence.list_evidence(session, world.commissioner, made)]
    assert shown == [world.photo.id, world.first.id, world.second.id]


def test_adding_the_same_evidence_twice_keeps_it_once(session: Session, world) -> None:
    made = _with_evidence(session, world)
    provocations.add_evidence(session, world.commissioner, made, "quote", world.first.id)
    assert len(evidence.list_evidence(session, world.commissioner, made)) == 3


def test_taking_evidence_out_leaves_the_rest_in_order(session: Session, world) -> None:
    made = _with_evidence(session, world)
    provocations.remove_evidence(session, world.commissioner, made, world.first.id)
    assert [part.id for part in evidence.list_evidence(session, world.commissioner, made)] == [
        world.second.id, world.photo.id]


def test_what_a_board_may_not_see_cannot_become_evidence(session: Session, world) -> None:
    private = makers.make_story(session, world.project, world.researcher, uses=makers.ALL_USES - {Use.BOARD})
    quote = makers.add_quote(session, private, "Only for you.")
    made = _with_evidence(session, world)
    with pytest.raises(NotFound):
        provocations.add_evidence(session, world.commissioner, made, "quote", quote.id)
    assert quote.id not in {part.id for part in provocations.list_candidates(session, world.commissioner, made).parts}


def test_what_is_offered_comes_from_the_newest_stories_and_from_older_ones_by_theme(session: Session, world,
                                                                                  monkeypatch) -> None:
    monkeypatch.setattr(evidence, "OFFERED_STORIES", 1)
    older = makers.make_story(session, world.project, world.researcher, told_at=makers.NOON - timedelta(days=1))
    quote, theme = makers.add_quote(session, older, "Long ago."), makers.make_theme(session, world.project)
    makers.tag(session, theme, world.researcher, quote)
    made = provocations.make(session, world.commissioner, world.project.id, QUESTION).id
    newest = provocations.list_candidates(session, world.commissioner, made)
    assert ({part.id for part in newest.parts}, newest.has_more) == (
        {world.first.id, world.second.id, world.photo.id}, True)
    by_theme = provocations.list_candidates(session, world.commissioner, made, theme.id)
    assert ([part.id for part in by_theme.parts], by_theme.has_more) == ([quote.id], False)


def test_evidence_whose_consent_changed_is_no_longer_shown(session: Session, world) -> None:
    made = _with_evidence(session, world)
    provocations.publish(session, world.commissioner, made)
    makers.record_consent(session, world.project, world.researcher, world.story.id, makers.ALL_USES - {Use.BOARD})
    assert evidence.list_evidence(session, world.board_member, made) == []


def test_a_provocation_that_rests_on_nothing_is_not_published(session: Session, world) -> None:
    made = provocations.make(session, world.commissioner, world.project.id, QUESTION)
    with pytest.raises(Invalid):
        provocations.publish(session, world.commissioner, made.id)


def test_a_board_member_makes_and_changes_nothing(session: Session, world) -> None:
    made = _with_evidence(session, world)
    provocations.publish(session, world.commissioner, made)
    with pytest.raises(NotFound):
        provocations.make(session, world.board_member, world.project.id, QUESTION)
    with pytest.raises(NotFound):
        provocations.remove_evidence(session, world.board_member, made, world.first.id)


def test_evidence_of_another_project_is_not_found(session: Session, world) -> None:
    elsewhere = makers.make_project(session, "Another project")
    somebody = makers.make_person(session, elsewhere, Role.COMMISSIONER, Role.RESEARCHER)
    quote = makers.add_quote(session, makers.make_story(session, elsewhere, somebody), "Elsewhere.")
    made = _with_evidence(session, world)
    with pytest.raises(NotFound):
        provocations.add_evidence(session, world.commissioner, made, "quote", quote.id)
