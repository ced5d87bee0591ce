"""Windows are kept as they are heard and become one transcript, by the attempt that holds the job."""

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.domain.errors import NotFound
from server.domain.hearing import Heard, HeardWindow, Hints, Outline
from server.domain.transcript import Word
from server.domain.work import FenceLost, Held, Kind
from server.models.audit import AuditEntry
from server.models.story import Recording
from server.models.transcript import HeardStretch, Speaker, Transcript, TranscriptWindow
from server.models.work import Job
from server.services import transcripts, withdrawals, work
from tests import makers

FIRST = HeardWindow(0, 0, 900, (Word("We", 0, 300, 0.9), Word(" waited.", 300, 900, 0.8)), "en", 0.98)
SECOND = HeardWindow(1, 5000, 6000, (Word(" For", 5000, 5300, 0.9), Word(" hours.", 5300, 6000, 0.8)), "cy", 0.7)
OUTLINE = Outline("base", 7000, 2, "en", 0.98)


def _heard(*windows: HeardWindow) -> Heard:
    return Heard(windows)


@pytest.fixture
def recording(session: Session) -> Recording:
    """A recording that has no transcript yet."""
    project = makers.make_project(session)
    story = makers.make_story(session, project, makers.make_person(session, project, Role.RESEARCHER))
    found = makers.add_recording(session, story)
    session.delete(session.scalars(select(Transcript)).one())
    session.flush()
    return found


def _held(session: Session, recording: Recording) -> Held:
    job = work.request(session, kind=Kind.TRANSCRIBE, subject_id=recording.id, story_id=recording.story_id,
                       project_id=None)
    claimed = work.claim(session, job.id, "worker", makers.NOON)
    assert claimed is not None
    return Held(job.id, claimed[0].fence)


def _kept(session: Session) -> list[int]:
    return list(session.scalars(select(TranscriptWindow.position).order_by(TranscriptWindow.position)))


def _number_of_transcripts(session: Session) -> int | None:
    return session.scalar(select(func.count()).select_from(Transcript))


def test_windows_become_one_transcript_with_their_times_and_go(session: Session, recording: Recording) -> None:
    held = _held(session, recording)
    for window in (SECOND, FIRST):
        transcripts.keep(session, recording.id, "base", _heard(window), held)
    transcripts.store(session, recording.id, OUTLINE, held)
    session.expire_all()  # so that the words are read from the database again
    stored = session.scalars(select(Transcript)).one()
    assert [segment.text for segment in stored.segments] == ["We waited.", "For hours."]
    assert stored.segments[0].words == FIRST.words
    assert (stored.language, stored.model) == ("en", "base")
    assert _kept(session) == []
    assert session.get_one(Job, held.job_id).state == "done"


def test_another_attempt_learns_which_windows_are_done_and_in_which_language(session: Session,
                                                                            recording: Recording) -> None:
    """fault 34"""
    transcripts.keep(session, recording.id, "base", _heard(FIRST), _held(session, recording))
    assert transcripts.heard_before(session, recording.id, "base") == _heard(HeardWindow(0, 0, 900, (), "en", 0.98))


def test_what_another_model_heard_is_not_gone_on_from_and_goes(session: Session, recording: Recording) -> None:
    held = _held(session, recording)
    transcripts.keep(session, recording.id, "tiny", _heard(FIRST, SECOND), held)
    assert transcripts.heard_before(session, recording.id, "base") is None
    transcripts.keep(session, recording.id, "base", _heard(SECOND), held)
    assert _kept(session) == [1]


def test_a_window_that_is_heard_anew_takes_the_place_of_what_was_kept(session: Session, recording: Recording) -> None:
    held = _held(session, recording)
    for word in ("Wheel", "We"):
        window = HeardWindow(0, 0, 300, (Word(word, 0, 300, 0.9),))
        transcripts.keep(session, recording.id, "base", _heard(window), held)
    transcripts.store(session, recording.id, Outline("base", 7000, 1, "en", 0.98), held)
    assert session.scalars(select(Transcript)).one().segments[0].text == "We"


def test_a_recording_that_has_fewer_windows_now_loses_those_beyond_them(session: Session, recording: Recording) -> None:
    held = _held(session, recording)
    transcripts.keep(session, recording.id, "base", _heard(FIRST, SECOND), held)
    transcripts.store(session, recording.id, Outline("base", 7000, 1, "en", 0.98), held)
    assert [segment.text for segment in session.scalars(select(Transcript)).one().segments] == ["We waited."]
    assert _kept(session) == []


def test_a_missing_window_makes_no_transcript(session: Session, recording: Recording) -> None:
    held = _held(session, recording)
    transcripts.keep(session, recording.id, "base", _heard(SECOND), held)
    with pytest.raises(ValueError, match="1 of 2"):
        transcripts.store(session, recording.id, OUTLINE, held)
    assert _number_of_transcripts(session) == 0


def test_a_recording_in_which_nobody_speaks_gets_an_empty_transcript(session: Session, recording: Recording) -> None:
    held = _held(session, recording)
    transcripts.store(session, recording.id, Outline("base", 7000, 0, "", None), held)
    assert session.scalars(select(Transcript)).one().segments == []


def _transcribed(session: Session, recording: Recording, held: Held) -> Transcript:
    transcripts.keep(session, recording.id, "base", _heard(FIRST, SECOND), held)
    transcripts.store(session, recording.id, OUTLINE, held)
    return session.scalars(select(Transcript).order_by(Transcript.number.desc())).first()


def _ask_again(session: Session, recording: Recording, role: Role = Role.COMMISSIONER) -> None:
    person = makers.make_person(session, session.scalars(select(makers.Project)).one(), role)
    transcripts.again(session, makers.viewer_of(session, person), recording.id)


def _asked_again(session: Session, recording: Recording, held: Held) -> Held:
    _ask_again(session, recording)
    return _claim_again(session, held)


def test_the_next_machine_version_is_read_instead_of_one_that_nobody_has_a_hand_in(
        session: Session, recording: Recording) -> None:
    held = _held(session, recording)
    first = _transcribed(session, recording, held)
    second = _transcribed(session, recording, _asked_again(session, recording, held))
    assert [(row.number, row.is_current) for row in (first, second)] == [(1, False), (2, True)]
    assert [segment.text for segment in first.segments] == ["We waited.", "For hours."]
    assert _kept(session) == []


@pytest.mark.parametrize("hand", ["corrected", "heard", "named"])
def test_machine_text_never_takes_the_place_of_what_somebody_corrected_or_heard(
        session: Session, recording: Recording, hand: str) -> None:
    held = _held(session, recording)
    first = _transcribed(session, recording, held)
    if hand == "corrected":
        first.version = 1
    elif hand == "named":
        speaker = Speaker(id=makers.new_id(), story_id=recording.story_id, label=1, name="Amal", made_at=makers.NOON)
        session.add(speaker)
        session.flush()
        first.segments[0].speaker_id = speaker.id
        session.flush()
    else:
        person_id = session.scalars(select(makers.Person.id)).first()
        session.add(HeardStretch(transcript_id=first.id, person_id=person_id, start_ms=0, end_ms=900, how="listened",
                                 heard_at=makers.NOON))
        session.flush()
    second = _transcribed(session, recording, _asked_again(session, recording, held))
    third = _transcribed(session, recording, _asked_again(session, recording, held))
    assert [(row.number, row.is_current) for row in (first, second, third)] == [(1, True), (2, False), (3, False)]


def test_an_excerpt_of_words_that_the_next_machine_version_hears_otherwise_is_flagged(
        session: Session, recording: Recording) -> None:
    held = _held(session, recording)
    _transcribed(session, recording, held)
    person = session.scalars(select(makers.Person)).first()
    excerpt = makers.add_excerpt(session, recording, person)
    excerpt.start_ms, excerpt.end_ms, excerpt.text = 0, 900, "We waited."
    excerpt.words = FIRST.words
    session.flush()
    again = _asked_again(session, recording, held)
    said = HeardWindow(0, 0, 900, (Word("Wheat", 0, 300, 0.9), Word(" waited.", 300, 900, 0.8)), "en", 0.98)
    transcripts.keep(session, recording.id, "base", _heard(said, SECOND), again)
    transcripts.store(session, recording.id, OUTLINE, again)
    assert (excerpt.text, excerpt.changed_text) == ("We waited.", "Wheat waited.")


def test_somebody_who_may_not_theme_cannot_have_it_transcribed_again(session: Session, recording: Recording) -> None:
    held = _held(session, recording)
    _transcribed(session, recording, held)
    for role in (Role.RESEARCHER, Role.BOARD_MEMBER, Role.ADMINISTRATOR):
        with pytest.raises(NotFound):
            _ask_again(session, recording, role)
    assert session.get_one(Job, held.job_id).state == "done"


def test_asking_again_while_it_is_being_done_changes_nothing_and_each_time_is_in_the_audit(
        session: Session, recording: Recording) -> None:
    held = _held(session, recording)
    _ask_again(session, recording)
    job = session.get_one(Job, held.job_id)
    assert (job.state, job.fence, job.tries) == ("running", held.fence, 1)
    session.commit()
    entries = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == recording.id)).all()
    assert [entry.details["transcribed_again"] for entry in entries] == [True]


def test_who_speaks_and_the_english_are_asked_for_with_the_transcript_as_work_of_their_own(
        session: Session, recording: Recording) -> None:
    transcript = _transcribed(session, recording, _held(session, recording))
    asked = session.execute(select(Job.kind, Job.subject_id, Job.state).order_by(Job.kind)).all()
    assert asked == [("speakers", transcript.id, "waiting"), ("transcribe", recording.id, "done"),
                     ("translate", transcript.id, "waiting")]
    assert [segment.language for segment in transcript.segments] == ["", "cy"]


def test_nothing_is_put_into_english_where_all_is_said_in_english(session: Session, recording: Recording) -> None:
    held = _held(session, recording)
    transcripts.keep(session, recording.id, "base", _heard(FIRST), held)
    transcripts.store(session, recording.id, Outline("base", 7000, 1, "en", 0.98), held)
    assert set(session.scalars(select(Job.kind))) == {"speakers", "transcribe"}


def test_a_project_says_what_may_be_heard_in_its_recordings(session: Session, recording: Recording) -> None:
    assert transcripts.hints(session, recording.id) == Hints()
    project = session.scalars(select(makers.Project)).one()
    project.languages, project.vocabulary = ["cy", "en"], ["Glan Clwyd", "Refa"]
    session.flush()
    assert transcripts.hints(session, recording.id) == Hints(("cy", "en"), ("Glan Clwyd", "Refa"))


def test_an_attempt_that_lost_its_job_writes_nothing(session: Session, recording: Recording) -> None:
    """fault 35"""
    held = _held(session, recording)
    stale = Held(held.job_id, held.fence - 1)
    with pytest.raises(FenceLost):
        transcripts.keep(session, recording.id, "base", _heard(FIRST), stale)
    assert _kept(session) == []
    transcripts.keep(session, recording.id, "base", _heard(FIRST, SECOND), held)
    with pytest.raises(FenceLost):
        transcripts.store(session, recording.id, OUTLINE, stale)
    assert (_number_of_transcripts(session), _kept(session)) == (0, [0, 1])


def test_nothing_is_written_and_what_was_heard_goes_when_transcribing_is_refused_meanwhile(
        session: Session, recording: Recording) -> None:
    held = _held(session, recording)
    transcripts.keep(session, recording.id, "base", _heard(FIRST), held)
    story = session.scalars(select(makers.Story)).one()
    makers.record_consent(session, session.scalars(select(makers.Project)).one(),
                          session.get_one(makers.Person, story.researcher_id), story.id,
                          makers.ALL_USES - {Use.TRANSCRIBE})
    assert transcripts.source(session, recording.id) is None
    transcripts.keep(session, recording.id, "base", _heard(SECOND), held)
    assert (_number_of_transcripts(session), _kept(session)) == (0, [])
    assert session.get_one(Job, held.job_id).state == "cancelled"


def test_a_withdrawal_takes_every_window_with_it_and_no_other_comes(session: Session, recording: Recording) -> None:
    """fault 27"""
    held, recording_id = _held(session, recording), recording.id
    transcripts.keep(session, recording_id, "base", _heard(FIRST), held)
    researcher = session.get_one(makers.Person, session.scalars(select(makers.Story.researcher_id)).one())
    withdrawals.withdraw(session, makers.viewer_of(session, researcher), recording.story_id)
    assert _kept(session) == []
    with pytest.raises(FenceLost):
        transcripts.keep(session, recording_id, "base", _heard(SECOND), held)
    assert _kept(session) == []


def test_a_recording_that_is_gone_has_nothing_to_transcribe(session: Session, recording: Recording) -> None:
    recording_id = recording.id
    session.execute(delete(Recording))
    assert transcripts.source(session, recording_id) is None


def _claim_again(session: Session, held: Held) -> Held:
    claimed = work.claim(session, held.job_id, "worker", makers.NOON)
    assert claimed is not None
    return Held(held.job_id, claimed[0].fence)
