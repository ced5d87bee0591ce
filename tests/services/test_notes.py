"""Notes of the team: where they may be read, what withholding makes of them, and that they go with their story."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.bookmark import Turn
from server.domain.collection import CollectionText
from server.domain.consent import Audience, Scope, Use
from server.domain.errors import Invalid, NotFound, VersionConflict, VersionMissing
from server.domain.note import NOTE_LENGTH, Notable
from server.models.note import Note
from server.services import clearing, collections, excerpts, notes, redactions, withdrawal_scopes
from server.services.redactions import Asked
from tests import makers

NEWEST = Turn()


@pytest.fixture
def world(session: Session, world):
    world.story = makers.make_story(session, world.project, world.researcher, pseudonym="Zebedee")
    world.recording = makers.add_recording(session, world.story)
    world.excerpt = makers.add_excerpt(session, world.recording, world.researcher)
    world.quote, world.photo = makers.add_quote(session, world.story), makers.add_photo(session, world.story)
    world.theme = makers.make_theme(session, world.project)
    world.parts = {Notable.STORY: world.story.id, Notable.EXCERPT: world.excerpt.id, Notable.QUOTE: world.quote.id,
                   Notable.PHOTO: world.photo.id}
    return world


def _note_each(session: Session, world) -> None:
    for kind, subject_id in {**world.parts, Notable.THEME: world.theme.id}.items():
        notes.add(session, world.commissioner, kind, subject_id, f"On the {kind}: Zebedee.")


def _kinds(session: Session, world) -> set[str]:
    """What the list has, which must be what the story's page and the pages of things have."""
    listed = {note.kind for note in notes.get_page(session, world.commissioner, world.project.id, None, NEWEST).notes}
    alone = set()
    for kind, subject_id in {**world.parts, Notable.THEME: world.theme.id}.items():
        try:
            alone |= {note.kind for note in notes.list_on(session, world.commissioner, kind, subject_id)}
        except NotFound:
            continue
    assert listed == alone
    try:
        story = clearing.get_story(session, world.commissioner, world.story.id, Audience.COMMISSIONERS)
        beside = {note.kind for found in notes.of_story(session, world.commissioner, story).values() for note in found}
    except NotFound:
        beside = set()
    assert beside == listed - {Notable.THEME}
    for row in session.scalars(select(Note)):
        if row.kind in listed:
            assert notes.get(session, world.commissioner, row.id).text.startswith(f"On the {row.kind}")
        else:
            with pytest.raises(NotFound):
                notes.get(session, world.commissioner, row.id)
    return listed


@pytest.mark.parametrize(("refused", "left"), [
    (None, {"story", "quote", "excerpt", "photo", "theme"}), (Use.TRANSCRIBE, {"story", "quote", "photo", "theme"}),
    (Use.PHOTOS, {"story", "quote", "excerpt", "theme"}), (Use.COMMISSIONERS, {"theme"})])
def test_a_note_is_read_where_what_it_is_on_is_cleared_for_the_team(session: Session, world, refused: Use | None,
                                                                   left: set[str]) -> None:
    _note_each(session, world)
    if refused:
        makers.record_consent(session, world.project, world.researcher, world.story.id, makers.ALL_USES - {refused})
    assert _kinds(session, world) == left


@pytest.mark.parametrize("scope", list(Scope))
def test_notes_go_with_a_story_in_every_scope_but_the_least_which_hides_them(session: Session, world,
                                                                            scope: Scope) -> None:
    """A note can name somebody, so no note stays where the words alone do."""
    _note_each(session, world)
    withdrawal_scopes.withdraw(session, makers.viewer_of(session, world.researcher), world.story.id, scope,
                               makers.NOON + timedelta(days=400))
    kept = {row.kind for row in session.scalars(select(Note))}
    assert kept == ({"theme", *world.parts} if scope is Scope.NO_NEW_USE else {"theme"})
    assert {note.kind for note in notes.get_page(session, world.commissioner, world.project.id, None,
                                                 NEWEST).notes} == {"theme"}


def test_a_withheld_word_is_taken_out_of_a_note_and_kept_under_what_is_written_over_it(session: Session,
                                                                                     world) -> None:
    note_id = notes.add(session, world.commissioner, Notable.QUOTE, world.quote.id, "Zebedee said it twice.")
    redactions.make(session, world.commissioner, world.story.id, Asked("Zebedee"))
    shown = notes.get(session, world.commissioner, note_id)
    assert "Zebedee" not in f"{shown.text} {shown.about}"
    mark = shown.text.removesuffix(" said it twice.")
    notes.change(session, world.commissioner, note_id, f"{mark} said it three times.", shown.version)
    assert session.get_one(Note, note_id).text == "Zebedee said it three times."
    with pytest.raises(Invalid):
        notes.change(session, world.commissioner, note_id, "Nobody said it.", shown.version + 1)
    with pytest.raises(VersionConflict) as conflict:
        notes.change(session, world.commissioner, note_id, "It was said.", shown.version)
    assert conflict.value.current == {"text": f"{mark} said it three times."}
    with pytest.raises(VersionMissing):
        notes.change(session, world.commissioner, note_id, "It was said.", None)


def test_notes_move_to_another_theme_and_go_with_an_excerpt(session: Session, world) -> None:
    other = makers.make_theme(session, world.project, "Nights")
    notes.add(session, world.commissioner, Notable.THEME, world.theme.id, "Too wide?")
    notes.add(session, world.commissioner, Notable.EXCERPT, world.excerpt.id, "Listen again.")
    notes.move(session, world.theme.id, other.id)
    assert [note.about for note in notes.list_on(session, world.commissioner, Notable.THEME, other.id)] == ["Nights"]
    excerpts.delete_excerpt(session, world.commissioner, world.excerpt.id)
    assert [row.kind for row in session.scalars(select(Note))] == ["theme"]


@pytest.mark.parametrize("text", ["", " \n\t ", "\0", "x" * (NOTE_LENGTH + 1)])
def test_a_note_says_something_and_not_too_much(session: Session, world, text: str) -> None:
    with pytest.raises(Invalid):
        notes.add(session, world.commissioner, Notable.STORY, world.story.id, text)


def test_boards_and_analysts_have_no_notes(session: Session, world) -> None:
    _note_each(session, world)
    for viewer in (world.board_member, world.analyst):
        with pytest.raises(NotFound):
            notes.get_page(session, viewer, world.project.id, None, NEWEST)
        for kind, subject_id in {**world.parts, Notable.THEME: world.theme.id}.items():
            with pytest.raises(NotFound):
                notes.add(session, viewer, kind, subject_id, "Mine")


def test_a_page_of_notes_takes_as_many_questions_however_many_notes_there_are(session: Session, world) -> None:
    counts = []
    for _ in range(2):
        _note_each(session, world)
        asked: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object, into=asked) -> None:
            into.append(statement)

        event.listen(session.get_bind(), "before_cursor_execute", note)
        notes.get_page(session, world.commissioner, world.project.id, None, NEWEST)
        event.remove(session.get_bind(), "before_cursor_execute", note)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_note_on_a_collection_is_for_those_of_the_team_who_have_that_and_goes_with_it(session: Session,
                                                                                      world) -> None:
    collection_id = collections.make(session, world.commissioner, world.project.id, CollectionText("For the board", ""))
    note_id = notes.add(session, world.commissioner, Notable.COLLECTION, collection_id, "Too long?")
    assert notes.get(session, world.commissioner, note_id).about == "For the board"
    colleague = makers.viewer_of(session, makers.make_person(session, world.project, Role.COMMISSIONER))
    for unknown in (colleague, world.analyst):
        with pytest.raises(NotFound):
            notes.get(session, unknown, note_id)
        with pytest.raises(NotFound):
            notes.list_on(session, unknown, Notable.COLLECTION, collection_id)
    assert notes.get_page(session, colleague, world.project.id, None, NEWEST).notes == []
    assert notes.get_page(session, colleague, world.project.id, None, NEWEST).people == []
    collections.delete_collection(session, world.commissioner, collection_id)
    assert session.scalars(select(Note)).all() == []
