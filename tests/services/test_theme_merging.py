"""Merging and splitting themes: nothing that anybody put on anything is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.bookmark import Turn
from server.domain.errors import Invalid, NotFound
from server.domain.note import Notable
from server.domain.theme import ThemeText
from server.domain.theme_change import ThemeChangeKind
from server.models.note import Note
from server.models.segment import RecordingMarker
from server.models.theme import Tagging, Theme
from server.services import codebook, notes, theme_history, theme_merging, theme_moves, theme_splitting, themes
from server.services.taggings import Part
from server.services.theme_splitting import Split
from tests import makers


@pytest.fixture
def world(session: Session, world):
    """Two people have put two themes on an excerpt, quotes and a photo, in part the same."""
    story = makers.make_story(session, world.project, world.researcher)
    world.recording = makers.add_recording(session, story)
    world.excerpt = makers.add_excerpt(session, world.recording, world.researcher)
    world.quotes = [makers.add_quote(session, story, text) for text in ("One", "Two", "Three")]
    world.photo = makers.add_photo(session, story)
    world.waits, world.waiting = (makers.make_theme(session, world.project, name) for name in ("Waits", "Waiting"))
    world.ade = makers.make_person(session, world.project, Role.COMMISSIONER, name="Ade")
    world.kim = makers.make_person(session, world.project, Role.COMMISSIONER, name="Kim")
    for person, parts in ((world.ade, [world.excerpt, world.quotes[0], world.photo]),
                          (world.kim, [world.excerpt, *world.quotes])):
        for part in parts:
            makers.tag(session, world.waits, person, part)
    for person, parts in ((world.ade, [world.excerpt, world.quotes[1]]), (world.kim, [world.photo])):
        for part in parts:
            makers.tag(session, world.waiting, person, part).tagged_at += timedelta(days=1)
    session.flush()
    return world


def put_by(session: Session, *theme_ids: str) -> set[tuple[str, str]]:
    """On which parts these themes are, and who put them there."""
    rows = session.scalars(select(Tagging).where(Tagging.theme_id.in_(theme_ids)))
    return {(row.part_id, row.tagged_by) for row in rows}


def test_a_merge_loses_no_tagging_and_keeps_who_and_when(session: Session, world) -> None:
    before = put_by(session, world.waits.id, world.waiting.id)
    theme_merging.merge(session, world.commissioner, world.waits.id, world.waiting.id)
    assert put_by(session, world.waits.id) == set()
    assert put_by(session, world.waiting.id) == before
    rows = session.scalars(select(Tagging).where(Tagging.theme_id == world.waiting.id)).all()
    assert len(rows) == len(before) == 9
    twice = next(row for row in rows if (row.excerpt_id, row.tagged_by) == (world.excerpt.id, world.ade.id))
    assert twice.tagged_at == makers.NOON
    kept = theme_history.list_changes(session, world.waiting.id)
    assert [(change.kind, change.of, change.after) for change in kept] == [
        (ThemeChangeKind.TOOK_IN, "Waiting", {"theme": "Waits", "moved": 7, "same": 1}),
        (ThemeChangeKind.MERGED, "Waits", {"into": "Waiting", "moved": 7, "same": 1})]


def test_what_is_on_different_parts_of_a_photo_stays_apart(session: Session, world) -> None:
    for theme, region in ((world.waits, "1,2,3,4"), (world.waiting, "5,6,7,8")):
        makers.tag(session, theme, world.researcher, world.photo).region = region
    session.flush()
    theme_merging.merge(session, world.commissioner, world.waits.id, world.waiting.id)
    query = select(Tagging.region).where(Tagging.tagged_by == world.researcher.id).order_by(Tagging.region)
    assert session.scalars(query).all() == ["1,2,3,4", "5,6,7,8"]


def test_everything_that_led_to_it_leads_to_the_other(session: Session, world) -> None:
    makers.add_manifest(session, session.get_one(makers.Story, world.recording.story_id), world.recording.id)
    marker = makers.add_marker(session, world.recording.id, 500, theme=world.waits)
    note_id = notes.add(session, world.commissioner, Notable.THEME, world.waits.id, "Ask again.")
    older = themes.create(session, world.commissioner, world.project.id, ThemeText("Delays"))
    theme_merging.merge(session, world.commissioner, older, world.waits.id)
    theme_merging.merge(session, world.commissioner, world.waits.id, world.waiting.id)
    for gone in (older, world.waits.id):
        assert themes.get_tagged(session, world.commissioner, gone)[0].id == world.waiting.id
        assert codebook.descendants(session, gone) == {world.waiting.id}
        with pytest.raises(NotFound):
            themes.get_to_change(session, world.commissioner, gone)
    assert themes.find_or_create(session, world.commissioner, world.project.id, "DELAYS") == world.waiting.id
    assert session.get_one(Note, note_id).subject_id == world.waiting.id
    assert session.scalar(select(RecordingMarker.theme_id).where(RecordingMarker.id == marker.id)) == world.waiting.id
    with pytest.raises(Invalid, match="merged into “Waiting”"):
        themes.create(session, world.commissioner, world.project.id, ThemeText("Waits"))


def test_what_stood_under_it_stands_under_the_other_also_where_that_one_was_under_it(session: Session, world) -> None:
    viewer, project_id = world.commissioner, world.project.id
    corridor = themes.create(session, viewer, project_id, ThemeText("Corridor"), world.waits.id)
    themes.create(session, viewer, project_id, ThemeText("Trolley"), corridor)
    theme_moves.move(session, viewer, world.waiting.id, corridor)
    shown = theme_merging.preview(session, viewer, world.waits.id, world.waiting.id)
    assert (shown.gone.own.count, shown.into.own.count, shown.moving) == (5, 3, ("Corridor",))
    theme_merging.merge(session, viewer, world.waits.id, world.waiting.id)
    assert [(node.depth, node.name) for node in codebook.tree(session, project_id)] == [
        (0, "Waiting"), (1, "Corridor"), (2, "Trolley")]


def test_a_theme_merges_into_another_one_that_is_in_use_by_a_commissioner(session: Session, world) -> None:
    with pytest.raises(Invalid, match="itself"):
        theme_merging.merge(session, world.commissioner, world.waits.id, world.waits.id)
    foreign = makers.make_theme(session, makers.make_project(session, "Another project"), "Foreign")
    with pytest.raises(NotFound):
        theme_merging.merge(session, world.commissioner, world.waits.id, foreign.id)
    with pytest.raises(NotFound):
        theme_merging.merge(session, world.board_member, world.waits.id, world.waiting.id)
    theme_moves.retire(session, world.commissioner, world.waiting.id)
    with pytest.raises(Invalid, match="retired"):
        theme_merging.merge(session, world.commissioner, world.waits.id, world.waiting.id)


def test_what_is_split_off_goes_with_who_put_it_there(session: Session, world) -> None:
    before = put_by(session, world.waits.id)
    parts = (Part("excerpt", world.excerpt.id), Part("photo", world.photo.id))
    other = theme_splitting.split(session, world.commissioner, world.waits.id, Split(parts, new_name="Nights"))
    gone = {pair for pair in before if pair[0] in {part.id for part in parts}}
    assert put_by(session, other) == gone
    assert put_by(session, world.waits.id) == before - gone
    assert session.get_one(Theme, other).name == "Nights"
    assert [(change.kind, change.after) for change in theme_history.list_changes(session, world.waits.id)] == [
        (ThemeChangeKind.GAVE, {"theme": "Nights", "count": 2})]


def test_what_is_kept_under_both_is_put_under_the_other_by_whoever_splits(session: Session, world) -> None:
    before = put_by(session, world.waits.id), put_by(session, world.waiting.id)
    parts = (Part("quote", world.quotes[2].id), Part("quote", world.quotes[1].id))
    wanted = Split(parts, to_id=world.waiting.id, keep=True)
    for _ in range(2):
        theme_splitting.split(session, world.commissioner, world.waits.id, wanted)
    assert put_by(session, world.waits.id) == before[0]
    assert put_by(session, world.waiting.id) == before[1] | {(part.id, world.commissioner.person_id) for part in parts}


def test_a_split_needs_something_that_goes_and_somewhere_to_go(session: Session, world) -> None:
    part = (Part("quote", world.quotes[0].id),)
    for wanted in (Split(()), Split(part), Split(part, world.waiting.id, "Nights"), Split(part, world.waits.id),
                   Split(part, new_name="x" * 81), Split(part, new_name="WAITS")):
        with pytest.raises(Invalid):
            theme_splitting.split(session, world.commissioner, world.waits.id, wanted)
    with pytest.raises(NotFound):
        theme_splitting.split(session, world.board_member, world.waits.id, Split(part, world.waiting.id))
    assert len(put_by(session, world.waits.id)) == 7


def test_what_may_not_be_seen_is_not_split_off(session: Session, world) -> None:
    closed = makers.make_story(session, world.project, world.researcher, uses=())
    quote = makers.add_quote(session, closed, "Not for them")
    makers.tag(session, world.waits, world.kim, quote)
    wanted = Split((Part("quote", quote.id),), world.waiting.id)
    theme_splitting.split(session, world.commissioner, world.waits.id, wanted)
    assert (quote.id, world.kim.id) in put_by(session, world.waits.id)
    _theme, page = theme_splitting.get_page(session, world.commissioner, world.waits.id, Turn())
    assert quote.id not in {part.id for part in page.parts}
