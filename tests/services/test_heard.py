"""Who heard what, and which excerpts may be quoted since."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.consent import Audience, Use
from server.domain.errors import Invalid, NotFound
from server.models.audit import AuditEntry
from server.models.theme import Excerpt
from server.models.transcript import HeardStretch, Transcript, TranscriptSegment
from server.services import clearing, excerpts, heard
from server.services.excerpts import Chosen
from tests import makers
from tests.heard import listen, report, transcript_of


@pytest.fixture
def world(session: Session, world):
    """A story whose recording says: We waited all night for a bed. Half a second a word."""
    world.story = makers.make_story(session, world.project, world.researcher)
    world.recording = makers.add_recording(session, world.story)
    world.transcript = transcript_of(session, world.recording)
    world.other = makers.viewer_of(session, makers.make_person(session, world.project, Role.COMMISSIONER, name="Mo"))
    session.commit()
    return world


def chosen(session: Session, world, start_ms: int = 500, end_ms: int = 1950) -> Excerpt:
    """The excerpt of: waited all night."""
    made = excerpts.make(session, world.commissioner, Chosen(world.recording.id, start_ms, end_ms))
    return session.get_one(Excerpt, made.id)


def rows(session: Session) -> list[tuple[int, int]]:
    found = session.execute(select(HeardStretch.start_ms, HeardStretch.end_ms).order_by(HeardStretch.start_ms))
    return [(start_ms, end_ms) for start_ms, end_ms in found]


def test_what_one_person_listens_to_is_one_row_for_as_long_as_it_goes_on(session: Session, world) -> None:
    for start in range(0, 3000, 100):
        listen(session, world.commissioner, world.recording, (start, start + 100))
    listen(session, world.commissioner, world.recording, (3300, 3400))
    assert rows(session) == [(0, 3000), (3300, 3400)]


def test_two_people_have_heard_it_each_by_their_name(session: Session, world) -> None:
    listen(session, world.commissioner, world.recording, (0, 1000))
    listen(session, world.other, world.recording, (500, 2000))
    found = heard.of_transcript(session, world.commissioner, world.transcript.id)
    assert [(item.name, item.start_ms, item.end_ms, item.how) for item in found] == [
        ("Sam Okoro", 0, 1000, "listened"), ("Mo", 500, 2000, "listened")]
    story = clearing.get_story(session, world.commissioner, world.story.id, Audience.COMMISSIONERS)
    assert story.recordings[0].transcript.heard == ((0, 2000),)


def test_an_excerpt_is_a_draft_until_every_word_of_it_was_heard(session: Session, world) -> None:
    draft = chosen(session, world)
    assert draft.quotable_at is None
    assert listen(session, world.commissioner, world.recording, (400, 1700)).quotable == []
    assert draft.quotable_at is None
    assert listen(session, world.other, world.recording, (1710, 1730)).quotable == [draft.id]
    assert draft.quotable_at is not None


def test_an_excerpt_of_what_was_heard_before_is_no_draft(session: Session, world) -> None:
    listen(session, world.other, world.recording, (0, 2000))
    assert chosen(session, world).quotable_at is not None
    assert chosen(session, world, 1500, 2400).quotable_at is None


def test_whoever_wrote_the_words_has_heard_them_until_it_is_taken_back(session: Session, world) -> None:
    draft = chosen(session, world)
    listen(session, world.commissioner, world.recording, (0, 1400))
    assert heard.corrected(session, world.other, world.transcript.id, [(1500, 1950)], number=1) == [draft.id]
    [written] = [item for item in heard.of_transcript(session, world.other, world.transcript.id)
                 if item.how == "corrected"]
    assert (written.name, written.start_ms, written.end_ms) == ("Mo", 1500, 1950)
    heard.taken_back(session, world.transcript.id, number=1)
    assert rows(session) == [(0, 1400)]
    session.refresh(draft)
    assert draft.quotable_at is not None  # its own words are what they were when it was heard


def test_nobody_has_heard_what_a_machine_wrote_in_place_of_it(session: Session, world) -> None:
    listen(session, world.commissioner, world.recording, (0, 3000))
    heard.corrected(session, world.other, world.transcript.id, [(1000, 1450)], number=1)
    heard.forget(session, world.transcript.id, [(1000, 1950)])
    assert rows(session) == [(0, 999), (1951, 3000)]
    assert chosen(session, world).quotable_at is None


def test_what_was_heard_goes_along_to_another_transcript_where_its_words_are_the_same(session: Session, world) -> None:
    listen(session, world.commissioner, world.recording, (0, 3000))
    heard.corrected(session, world.other, world.transcript.id, [(3000, 3450)], number=1)
    newer = Transcript(id=makers.new_id(), recording_id=world.recording.id, number=2, is_current=False, language="en",
                       model="small", created_at=makers.NOON)
    [segment] = world.transcript.segments
    words = tuple(word if number != 2 else type(word)(" ill", word.start_ms, word.end_ms)
                  for number, word in enumerate(segment.words))
    newer.segments = [TranscriptSegment(position=0, start_ms=0, end_ms=3450, text="".join(w.text for w in words),
                                        words=words)]
    session.add(newer)
    session.flush()
    for _ in range(2):  # there and back, and there again
        heard.carry_over(session, world.transcript.id, newer.id)
    found = heard.of_transcript(session, world.commissioner, newer.id)
    assert [(item.name, item.how, item.start_ms, item.end_ms) for item in found] == [
        ("Sam Okoro", "listened", 0, 950), ("Sam Okoro", "listened", 1500, 2950), ("Mo", "corrected", 3000, 3450)]


def test_only_the_team_that_may_play_it_has_heard_anything(session: Session, world) -> None:
    elsewhere = makers.make_project(session, "Another project")
    stranger = makers.viewer_of(session, makers.make_person(session, elsewhere, *Role))
    researcher = makers.viewer_of(session, world.researcher)
    for viewer in (stranger, researcher, world.board_member, world.analyst):
        refused(session, viewer, world)
    makers.record_consent(session, world.project, world.researcher, world.story.id, makers.ALL_USES - {Use.TRANSCRIBE})
    refused(session, world.commissioner, world)
    assert rows(session) == []


def refused(session: Session, viewer: Viewer, world) -> None:
    with pytest.raises(NotFound):
        listen(session, viewer, world.recording, (0, 1000))
    with pytest.raises(NotFound):
        heard.of_transcript(session, viewer, world.transcript.id)


def test_a_transcript_of_another_recording_is_not_found(session: Session, world) -> None:
    other = makers.add_recording(session, world.story, "Somebody else speaks.")
    with pytest.raises(NotFound):
        heard.listened(session, world.commissioner, other.id, report(world.transcript, [(0, 1000)]))
    sent = replace(report(world.transcript, [(0, 1000)]), transcript_id=makers.new_id())
    with pytest.raises(NotFound):
        heard.listened(session, world.commissioner, world.recording.id, sent)


@pytest.mark.parametrize("sent", [[(900, 100)], [(-1, 100)], [(0, 2**40)], [(0, 1)] * 501],
                         ids=["inside out", "before the beginning", "longer than a week", "too many"])
def test_stretches_that_make_no_sense_are_refused(session: Session, world, sent: list[tuple[int, int]]) -> None:
    with pytest.raises(Invalid):
        listen(session, world.commissioner, world.recording, *sent)


def test_a_sitting_is_one_entry_in_the_audit_and_so_is_each_excerpt_that_may_be_quoted(session: Session, world) -> None:
    draft = chosen(session, world)
    session.commit()
    for start in (0, 500, 1000, 1500):
        listen(session, world.commissioner, world.recording, (start, start + 500))
        session.commit()
    assert _entries(session, "heard", "transcript", world.transcript.id) == 1
    assert _entries(session, "changed", "excerpt", draft.id) == 1
    session.execute(update(HeardStretch).values(heard_at=makers.NOON))
    listen(session, world.commissioner, world.recording, (2000, 2500))
    session.commit()
    assert _entries(session, "heard", "transcript", world.transcript.id) == 2


def _entries(session: Session, action: str, kind: str, subject_id: str) -> int:
    return session.scalar(select(func.count()).select_from(AuditEntry).where(
        AuditEntry.action == action, AuditEntry.kind == kind, AuditEntry.subject_id == subject_id)) or 0
