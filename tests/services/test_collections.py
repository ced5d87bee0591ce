"""Saved searches and hand-picked sets: shared with chosen people, each of whom sees what is cleared for them."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain import collection as rules
from server.domain.access import Role, Viewer
from server.domain.bookmark import Turn
from server.domain.collection import Collectable, CollectionText
from server.domain.consent import Scope, Use
from server.domain.errors import Invalid, NotFound, VersionConflict
from server.models.collection import CollectionItem
from server.models.story import Story
from server.services import (
    collected,
    collection_shares,
    collections,
    excerpts,
    people,
    redactions,
    withdrawal_scopes,
    withdrawals,
)
from tests import makers

TEXT = CollectionText("For June", "What the board should hear.")


@pytest.fixture
def world(session: Session, world: SimpleNamespace) -> SimpleNamespace:
    """A set with an excerpt, a quote that no board may have, a photo and a whole story."""
    world.story = makers.make_story(session, world.project, world.researcher)
    world.private = makers.make_story(session, world.project, world.researcher, uses={Use.COMMISSIONERS})
    world.recording = makers.add_recording(session, world.story)
    world.excerpt = makers.add_excerpt(session, world.recording, world.researcher)
    world.hidden = makers.add_quote(session, world.private, "For commissioners alone.")
    world.photo = makers.add_photo(session, world.story)
    world.id = collections.make(session, world.commissioner, world.project.id, TEXT)
    for kind, part in (("excerpt", world.excerpt), ("quote", world.hidden), ("photo", world.photo),
                       ("story", world.story)):
        collections.add(session, world.commissioner, world.id, Collectable(kind), part.id)
    return world


def share(session: Session, world: SimpleNamespace, *people_: Viewer, changers: tuple[Viewer, ...] = ()) -> None:
    collection_shares.share(session, world.commissioner, world.id, [one.person_id for one in people_],
                            [one.person_id for one in changers])


def seen_by(session: Session, viewer: Viewer, collection_id: str) -> list[str]:
    """The ids of what somebody is shown, in order."""
    page = collected.get_page(session, viewer, collections.get(session, viewer, collection_id))
    shown = [item.part.id if item.part else item.story.id if item.story else f"some of {item.parts[0].story_id}"
             for item in page.items]
    assert len(shown) == page.count
    return shown


def test_each_sees_only_what_is_cleared_for_them(session: Session, world) -> None:
    share(session, world, world.board_member, world.analyst)
    assert seen_by(session, world.commissioner, world.id) == [
        world.excerpt.id, world.hidden.id, world.photo.id, world.story.id]
    assert seen_by(session, world.board_member, world.id) == [
        world.excerpt.id, world.photo.id, f"some of {world.story.id}"]
    assert seen_by(session, world.analyst, world.id) == [world.excerpt.id, f"some of {world.story.id}"]


def test_nobody_has_a_collection_that_is_not_shared_with_them(session: Session, world) -> None:
    other = makers.viewer_of(session, makers.make_person(session, world.project, Role.COMMISSIONER))
    share(session, world, world.board_member)
    for viewer in (other, world.analyst):
        with pytest.raises(NotFound):
            collections.get(session, viewer, world.id)
        assert collections.list_page(session, viewer, world.project.id, "", Turn())[0] == []
    [card] = collections.list_page(session, world.board_member, world.project.id, "shared", Turn())[0]
    assert (card.text, card.is_mine, card.may_change) == (TEXT, False, False)
    assert collections.list_page(session, world.board_member, world.project.id, "mine", Turn())[0] == []


def test_it_is_shared_with_people_of_the_project_alone(session: Session, world) -> None:
    elsewhere = makers.make_person(session, makers.make_project(session, "Elsewhere"), Role.COMMISSIONER)
    researcher = world.researcher
    for person in (elsewhere, researcher):
        with pytest.raises(NotFound):
            collection_shares.share(session, world.commissioner, world.id, [person.id], [])


def test_its_maker_and_whom_they_let_may_change_it_and_its_maker_alone_shares_and_deletes_it(
        session: Session, world) -> None:
    share(session, world, world.analyst, world.board_member, changers=(world.analyst, world.board_member))
    collections.change_text(session, world.analyst, world.id, CollectionText("For July"), 1)
    assert collections.get(session, world.commissioner, world.id).text.name == "For July"
    with pytest.raises(NotFound):
        collections.change_text(session, world.board_member, world.id, TEXT, 2)
    for act in (collections.delete_collection, collection_shares.list_readers):
        with pytest.raises(NotFound):
            act(session, world.analyst, world.id)


def test_whoever_it_is_shared_with_can_leave_it(session: Session, world) -> None:
    share(session, world, world.board_member)
    collection_shares.leave(session, world.board_member, world.id)
    with pytest.raises(NotFound):
        collections.get(session, world.board_member, world.id)
    with pytest.raises(NotFound):
        collection_shares.leave(session, world.commissioner, world.id)


def test_who_leaves_the_project_has_it_no_longer_and_not_when_they_come_back(session: Session, world) -> None:
    share(session, world, world.board_member)
    administrator = makers.viewer_of(session, makers.make_person(session, world.project, Role.ADMINISTRATOR))
    person_id = world.board_member.person_id
    people.remove_role(session, administrator, world.project.id, person_id, Role.BOARD_MEMBER)
    people.add_role(session, person_id, world.project.id, Role.BOARD_MEMBER)
    with pytest.raises(NotFound):
        collections.get(session, world.board_member, world.id)


def test_nobody_adds_what_they_may_not_have(session: Session, world) -> None:
    share(session, world, world.analyst, changers=(world.analyst,))
    for kind, id in ((Collectable.QUOTE, world.hidden.id), (Collectable.STORY, world.private.id)):
        with pytest.raises(NotFound):
            collections.add(session, world.analyst, world.id, kind, id)
    elsewhere = makers.make_story(session, makers.make_project(session, "Elsewhere"), world.researcher)
    with pytest.raises(NotFound):
        collections.add(session, world.commissioner, world.id, Collectable.STORY, elsewhere.id)


def test_adding_the_same_thing_twice_keeps_it_once(session: Session, world) -> None:
    collections.add(session, world.commissioner, world.id, Collectable.PHOTO, world.photo.id)
    assert len(seen_by(session, world.commissioner, world.id)) == 4


def test_a_set_has_an_end(session: Session, world, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collections, "ITEMS", 4)
    quote = makers.add_quote(session, world.story, "One more.")
    with pytest.raises(Invalid, match="full"):
        collections.add(session, world.commissioner, world.id, Collectable.QUOTE, quote.id)


def test_moving_one_thing_leaves_those_that_are_not_shown_where_they_are(session: Session, world) -> None:
    """Somebody who may change it moves the story above the excerpt, across a quote and a photo that they may not
    have."""
    share(session, world, world.analyst, changers=(world.analyst,))
    card = collections.get(session, world.analyst, world.id)
    shown = collected.list_shown(session, world.analyst, card)
    collections.move(session, world.analyst, world.id, shown[1], shown, -1)
    assert seen_by(session, world.commissioner, world.id) == [
        world.story.id, world.hidden.id, world.photo.id, world.excerpt.id]


def test_pages_turn_at_what_is_shown(session: Session, world) -> None:
    for number in range(22):
        quote = makers.add_quote(session, world.private, f"Hidden {number}")
        collections.add(session, world.commissioner, world.id, Collectable.QUOTE, quote.id)
    for number in range(40):
        quote = makers.add_quote(session, world.story, f"Shown {number}")
        collections.add(session, world.commissioner, world.id, Collectable.QUOTE, quote.id)
    share(session, world, world.board_member)
    card = collections.get(session, world.board_member, world.id)
    pages, after = [], ""
    while True:
        page = collected.get_page(session, world.board_member, card, after)
        pages.append(page)
        after = page.after
        if not after:
            break
    assert [len(page.items) for page in pages] == [20, 20, 3]
    back = collected.get_page(session, world.board_member, card, pages[2].before)
    assert [item.id for item in back.items] == [item.id for item in pages[1].items]
    assert collected.get_page(session, world.board_member, card, "0" * 36).items == pages[0].items


def test_two_who_change_its_name_are_both_shown_both(session: Session, world) -> None:
    collections.change_text(session, world.commissioner, world.id, CollectionText("For July"), 1)
    with pytest.raises(VersionConflict):
        collections.change_text(session, world.commissioner, world.id, CollectionText("For August"), 1)


def test_what_is_withdrawn_goes_out_of_every_set(session: Session, world) -> None:
    administrator = makers.viewer_of(session, makers.make_person(session, world.project, Role.ADMINISTRATOR))
    withdrawals.withdraw(session, administrator, world.story.id)
    assert seen_by(session, world.commissioner, world.id) == [world.hidden.id]
    assert session.scalars(select(CollectionItem.quote_id)).all() == [world.hidden.id]


def test_where_the_words_alone_stay_photos_go_out_of_every_set(session: Session, world) -> None:
    administrator, excerpt_id = (makers.viewer_of(session, makers.make_person(session, world.project, *Role)),
                                 world.excerpt.id)
    withdrawal_scopes.withdraw(session, administrator, world.story.id, Scope.WORDS_ONLY, makers.NOON)
    assert set(session.scalars(select(CollectionItem.photo_id))) == {None}
    assert excerpt_id in seen_by(session, world.commissioner, world.id)


def test_an_excerpt_that_is_deleted_goes_out_of_every_set(session: Session, world) -> None:
    excerpt_id = world.excerpt.id
    excerpts.delete_excerpt(session, world.commissioner, excerpt_id)
    assert excerpt_id not in seen_by(session, world.commissioner, world.id)


def test_what_is_withheld_is_not_in_it(session: Session, world) -> None:
    redactions.make(session, world.commissioner, world.private.id, redactions.Asked("commissioners"))
    card = collections.get(session, world.commissioner, world.id)
    [quote] = [item.part for item in collected.get_page(session, world.commissioner, card).items
               if item.part and item.part.id == world.hidden.id]
    assert "commissioners" not in quote.text


def test_deleting_it_touches_nothing_that_was_in_it(session: Session, world) -> None:
    share(session, world, world.board_member)
    collections.delete_collection(session, world.commissioner, world.id)
    assert session.get(Story, world.story.id) is not None
    with pytest.raises(NotFound):
        collections.get(session, world.commissioner, world.id)


def test_nothing_is_added_to_a_search(session: Session, world) -> None:
    search = collections.make(session, world.commissioner, world.project.id, TEXT, "q=waiting")
    with pytest.raises(Invalid):
        collections.add(session, world.commissioner, search, Collectable.PHOTO, world.photo.id)
    with pytest.raises(Invalid):
        collections.make(session, world.commissioner, world.project.id, TEXT, "q" * (rules.QUERY_LENGTH + 1))
