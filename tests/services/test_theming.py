"""Whether anything of the passages and themes of a story has changed since a page was told of it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.domain.errors import NotFound
from server.models.redaction import Redaction
from server.services import excerpts, taggings, theming, withdrawals
from server.services.taggings import Part
from tests import makers


@pytest.fixture
def world(session: Session, world):
    world.story = makers.make_story(session, world.project, world.researcher)
    world.recording = makers.add_recording(session, world.story)
    world.theme = makers.make_theme(session, world.project, "Waiting")
    world.part = Part("excerpt", makers.add_excerpt(session, world.recording, world.researcher).id)
    world.stamp = lambda: theming.stamp(session, world.commissioner, world.story.id)
    return world


def _withhold(session: Session, world) -> None:
    session.add(Redaction(id="0" * 36, story_id=world.story.id, words="bed", words_key="bed", replacement="[name]",
                          category="name", sound="bleep", made_by=world.researcher.id, made_at=datetime.now(UTC)))


CHANGES = {
    "a theme is put": lambda s, w: taggings.put(s, w.commissioner, w.part, [], [w.theme.id]),
    "an excerpt is made": lambda s, w: excerpts.make(s, w.commissioner, excerpts.Chosen(w.recording.id, 500, 900)),
    "an excerpt is deleted": lambda s, w: excerpts.delete_excerpt(s, w.commissioner, w.part.id),
    "a theme is new in the codebook": lambda s, w: makers.make_theme(s, w.project, "Nights"),
    "a word is withheld": _withhold,
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_it_is_another_one_once(session: Session, world, change: str) -> None:
    before = world.stamp()
    assert world.stamp() == before
    CHANGES[change](session, world)
    session.flush()
    assert world.stamp() != before


def test_another_story_changes_nothing(session: Session, world) -> None:
    before, other = world.stamp(), makers.make_story(session, world.project, world.researcher)
    quote = makers.add_quote(session, other)
    taggings.put(session, world.commissioner, Part("quote", quote.id), [], [world.theme.id])
    assert world.stamp() == before


def test_nobody_is_told_of_what_they_may_not_have(session: Session, world) -> None:
    closed = makers.make_story(session, world.project, world.researcher, uses=makers.ALL_USES - {Use.COMMISSIONERS})
    elsewhere = makers.make_project(session, "Another project")
    stranger = makers.viewer_of(session, makers.make_person(session, elsewhere, Role.COMMISSIONER))
    asked = [(world.commissioner, closed.id), (stranger, world.story.id), (world.board_member, world.story.id),
             (world.analyst, world.story.id)]
    withdrawn = makers.make_story(session, world.project, world.researcher).id
    withdrawals.withdraw(session, makers.viewer_of(session, world.researcher), withdrawn)
    for viewer, story_id in (*asked, (world.commissioner, withdrawn)):
        with pytest.raises(NotFound):
            theming.stamp(session, viewer, story_id)


def test_taking_back_an_excerpt_that_was_just_made_leaves_nothing_of_it(session: Session, world) -> None:
    made = excerpts.make(session, world.commissioner, excerpts.Chosen(world.recording.id, 500, 900), [world.theme.id])
    before = session.query(taggings.Excerpt).count()
    excerpts.take_back(session, world.commissioner, made.id, [world.theme.id], was_made=True)
    assert session.query(taggings.Excerpt).count() == before - 1


@pytest.mark.parametrize("since", ["a theme of somebody else", "nothing, but it was there before"])
def test_taking_back_lets_go_of_no_excerpt_that_holds_something_of_others(session: Session, world, since: str) -> None:
    made = excerpts.make(session, world.commissioner, excerpts.Chosen(world.recording.id, 500, 900), [world.theme.id])
    if since == "a theme of somebody else":
        other = makers.viewer_of(session, makers.make_person(session, world.project, Role.COMMISSIONER))
        taggings.add(session, other, Part("excerpt", made.id), [world.theme.id])
    excerpts.take_back(session, world.commissioner, made.id, [world.theme.id], was_made="before" not in since)
    left = session.query(taggings.Tagging).filter_by(excerpt_id=made.id).all()
    assert session.get(taggings.Excerpt, made.id) is not None
    assert world.commissioner.person_id not in {row.tagged_by for row in left}
