"""Numbers are made of words as they are shown, for as long as commissioners may read them, and never of more."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Scope, Use
from server.domain.withdrawal_step import Place
from server.domain.work import FenceLost, Kind
from server.embedding import DIMENSIONS
from server.models.story import Recording, Story
from server.models.suggestion import PassageVectors
from server.models.transcript import Correction, Transcript
from server.models.work import Job
from server.services import (
    embargoes,
    embeddings,
    holdings,
    redactions,
    suggestion_settings,
    transcript_rows,
    withdrawal_scopes,
)
from server.services.redactions import Asked
from tests import makers
from tests.services.compared import begun, compare

SAID = "Doctor Featherstone kept us waiting all night for a bed."
LATER = makers.NOON + timedelta(minutes=10)


@pytest.fixture
def told(session: Session, world: SimpleNamespace) -> SimpleNamespace:
    """A story with a recording and a quote."""
    story = makers.make_story(session, world.project, world.researcher)
    recording, quote = makers.add_recording(session, story, SAID), makers.add_quote(session, story)
    session.commit()
    return SimpleNamespace(story=story, recording=recording, quote=quote)


def rows(session: Session) -> dict[str, PassageVectors]:
    return {row.source_id: row for row in session.scalars(select(PassageVectors))}


def withhold(session: Session, world: SimpleNamespace, story: Story, words: str) -> None:
    redactions.make(session, world.commissioner, story.id, Asked(words))
    session.commit()


def test_a_recording_is_compared_in_passages_with_their_times_and_a_quote_whole(
    session: Session, world: SimpleNamespace, told: SimpleNamespace
) -> None:
    assert compare(session) == [told.story.id]
    found = rows(session)
    assert {one: (row.places, len(row.vectors)) for one, row in found.items()} == {
        told.recording.id: ([[0, 4950]], DIMENSIONS), told.quote.id: ([[0, 0]], DIMENSIONS)}
    assert compare(session) == []


def test_what_is_withheld_is_never_made_into_numbers(
    session: Session, world: SimpleNamespace, told: SimpleNamespace
) -> None:
    withhold(session, world, told.story, "Featherstone")
    texts = [passage.text for source in embeddings.wanted(session, told.story.id) for passage in source.passages]
    assert len(texts) == 2
    assert "Featherstone" not in " ".join(texts)


def test_what_is_withheld_later_takes_the_numbers_at_once_and_the_rest_is_made_anew(
    session: Session, world: SimpleNamespace, told: SimpleNamespace
) -> None:
    compare(session)
    before = rows(session)[told.recording.id].text_sha256
    withhold(session, world, told.story, "Featherstone")
    assert rows(session) == {}
    compare(session)
    assert rows(session)[told.recording.id].text_sha256 != before


def test_words_that_were_corrected_are_compared_anew_once_nobody_corrects_them_any_more(
    session: Session, told: SimpleNamespace
) -> None:
    compare(session)
    transcript = transcript_rows.current_of(session, told.recording.id)
    session.add(Correction(transcript_id=transcript.id, number=1, made_by=told.story.researcher_id,
                           made_at=makers.NOON, kind="words", position=0, before=[], after=[]))
    session.execute(update(Transcript).values(version=1))
    session.commit()
    assert compare(session, makers.NOON + timedelta(seconds=30)) == []
    assert compare(session, LATER) == [told.story.id]
    assert rows(session)[told.recording.id].version == f"{transcript.id}:1"


def test_what_commissioners_may_not_read_is_not_compared(
    session: Session, world: SimpleNamespace
) -> None:
    story = makers.make_story(session, world.project, world.researcher, uses=(Use.TRANSCRIBE,))
    makers.add_recording(session, story, SAID)
    assert compare(session) == []
    assert embeddings.wanted(session, story.id) == []


@pytest.mark.parametrize("how", ["held back", "nothing new", "words only"])
def test_numbers_go_with_what_may_be_read(
    session: Session, world: SimpleNamespace, told: SimpleNamespace, how: str
) -> None:
    compare(session)
    if how == "held back":
        person = makers.make_person(session, world.project, Role.ADMINISTRATOR)
        embargoes.put(session, makers.viewer_of(session, world.researcher), world.project.id, told.story.id,
                      "She is afraid.", person.id)
    else:
        scope = Scope.NO_NEW_USE if how == "nothing new" else Scope.WORDS_ONLY
        withdrawal_scopes.withdraw(session, makers.viewer_of(session, world.researcher), told.story.id, scope, LATER)
    session.commit()
    compare(session, LATER)
    assert set(rows(session)) == ({told.quote.id} if how == "words only" else set())


def test_they_go_with_their_story(session: Session, world: SimpleNamespace, told: SimpleNamespace) -> None:
    story_id = told.story.id
    compare(session)
    assert holdings.is_there(session, Place.EMBEDDINGS, story_id)
    researcher = makers.viewer_of(session, world.researcher)
    withdrawal_scopes.withdraw(session, researcher, story_id, Scope.ERASE, LATER)
    session.commit()
    assert rows(session) == {}
    assert not holdings.is_there(session, Place.EMBEDDINGS, story_id)


def test_what_is_withheld_while_a_worker_compares_is_not_written_with_it(
    session: Session, world: SimpleNamespace, told: SimpleNamespace
) -> None:
    embeddings.settle(session, makers.NOON)
    session.commit()
    held, sources, vectors = begun(session, told.story.id)
    session.commit()
    withhold(session, world, told.story, "Featherstone")
    embeddings.store(session, told.story.id, sources, vectors, held)
    session.commit()
    assert set(rows(session)) == {told.quote.id}
    assert compare(session) == [told.story.id]


def test_switched_off_everything_is_deleted_at_once_and_a_worker_writes_nothing_more(
    session: Session, world: SimpleNamespace, told: SimpleNamespace
) -> None:
    """Fails where a worker that had begun could still write."""
    compare(session)
    other = makers.make_story(session, world.project, world.researcher)
    makers.add_quote(session, other)
    embeddings.settle(session, makers.NOON)
    session.commit()
    held, sources, vectors = begun(session, other.id)
    session.commit()
    administrator = makers.viewer_of(session, makers.make_person(session, world.project, Role.ADMINISTRATOR))
    now = suggestion_settings.get(session, administrator, world.project.id)
    suggestion_settings.change(session, administrator, world.project.id, False, now.version)
    session.commit()
    assert rows(session) == {}
    assert session.scalars(select(Job).where(Job.kind == Kind.EMBED)).all() == []
    with pytest.raises(FenceLost):
        embeddings.store(session, other.id, sources, vectors, held)
    session.rollback()
    assert compare(session, LATER) == []
    suggestion_settings.change(session, administrator, world.project.id, True, now.version + 1)
    assert len(compare(session, LATER)) == 2


def test_a_recording_in_which_nobody_says_a_sentence_is_asked_about_once(
    session: Session, world: SimpleNamespace
) -> None:
    story = makers.make_story(session, world.project, world.researcher)
    makers.add_recording(session, story, "Yes indeed.")
    assert compare(session) == [story.id]
    assert [(row.places, row.vectors) for row in rows(session).values()] == [([], b"")]
    assert compare(session) == []
    assert session.scalars(select(Recording)).one()
