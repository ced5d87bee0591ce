"""Words that a computer still hears in the copy are known, more is taken out, and at last somebody is told."""

import hashlib
from io import BytesIO
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.domain.consent import Use
from server.domain.hearing import Hints
from server.domain.redaction import MARGIN_MS
from server.domain.transcript import Word
from server.domain.work import FenceLost, Held, Kind
from server.models.redaction import Redaction
from server.models.story import Recording
from server.models.theme import Excerpt
from server.models.work import Job
from server.services import derivatives, media, redaction_checks, redactions, work
from server.services.derivatives import Made
from server.services.redactions import Asked, Stretch
from tests import makers

SAID = "We waited for Doctor Quillfeather all night in May and then in June"
NAME_AT = (2000, 2450)


@pytest.fixture
def told(app: Flask, session: Session, world: SimpleNamespace) -> SimpleNamespace:
    """A recording of which a name is withheld, its copy made."""
    story = makers.make_story(session, world.project, world.researcher)
    recording = makers.add_recording(session, story, SAID)
    redaction_id = redactions.make(session, world.commissioner, story.id, Asked("Quillfeather"))
    store = app.extensions["earshot"].store
    found = SimpleNamespace(story=story, recording=recording, store=store, viewer=world.commissioner, world=world,
                            redaction=session.get_one(Redaction, redaction_id))
    _copied(session, found)
    return found


def _held(session: Session, kind: Kind, subject_id: str) -> Held:
    job_id = session.scalars(select(Job.id).where(Job.kind == kind, Job.subject_id == subject_id)).one()
    claimed = work.claim(session, job_id, "worker", makers.NOON)
    assert claimed is not None
    return Held(job_id, claimed[0].fence)


def _copied(session: Session, told: SimpleNamespace, recording: Recording | None = None) -> None:
    """The copy of now is made."""
    row = recording or told.recording
    content = f"copy of {row.id} without {row.withheld}".encode()
    derivatives.store_playback(session, told.store, row.id, Made(BytesIO(content), hashlib.sha256(content).hexdigest()),
                               7000, _held(session, Kind.PLAYBACK, row.id), row.withheld)


def _listen(session: Session, told: SimpleNamespace, words: str, recording: Recording | None = None) -> None:
    """A computer hears these words, half a second each, where it listens."""
    row = recording or told.recording
    held = _held(session, Kind.CHECK_REDACTION, row.id)
    wanted = redaction_checks.wanted(session, row.id)
    assert wanted is not None
    said = [[Word(f" {word}", first + 500 * n, first + 500 * n + 450) for n, word in enumerate(words.split())]
            for first, _ in wanted.spans]
    redaction_checks.store(session, row.id, wanted, said, held)


def _state(session: Session, told: SimpleNamespace, kind: Kind = Kind.CHECK_REDACTION) -> str | None:
    return session.scalar(select(Job.state).where(Job.kind == kind, Job.subject_id == told.recording.id))


def test_a_copy_with_something_withheld_is_listened_to(session: Session, told: SimpleNamespace) -> None:
    assert _state(session, told) == "waiting"
    wanted = redaction_checks.wanted(session, told.recording.id)
    assert wanted == redaction_checks.Wanted(
        told.recording.playback_sha256, ((0, NAME_AT[1] + MARGIN_MS + 3000),),
        ((*NAME_AT, told.redaction.id),), Hints(("en",)))


def test_a_copy_with_nothing_withheld_is_not(session: Session, told: SimpleNamespace) -> None:
    other = makers.add_recording(session, told.story, "Nothing of note")
    assert redaction_checks.wanted(session, other.id) is None


def test_words_that_nobody_could_hear_are_gone(session: Session, told: SimpleNamespace) -> None:
    _listen(session, told, "We waited for Doctor all night")
    assert told.redaction.is_gone is True
    assert told.redaction.checked_at is not None
    assert _state(session, told) == "done"
    assert _state(session, told, Kind.PLAYBACK) == "done"


def test_where_they_are_heard_more_is_taken_out_a_few_times_and_then_somebody_must_look(
        session: Session, told: SimpleNamespace) -> None:
    margins = []
    for _ in range(5):
        [[start, end, _]] = told.recording.withheld
        margins.append((NAME_AT[0] - start, end - NAME_AT[1]))
        _listen(session, told, "We waited for Doctor Quillfeather all night")
        if told.recording.playback_sha256 is None:
            assert told.redaction.is_gone is None
            _copied(session, told)
    assert margins == [(MARGIN_MS + more, MARGIN_MS + more) for more in (0, 25, 75, 175, 425)]
    assert told.redaction.is_gone is False
    assert _state(session, told, Kind.PLAYBACK) == "done"


def test_a_wider_margin_that_helps_stays(session: Session, told: SimpleNamespace) -> None:
    _listen(session, told, "Doctor Quillfeather")
    _copied(session, told)
    _listen(session, told, "Doctor all night")
    assert told.redaction.is_gone is True
    redactions.settle(session, told.recording.id)
    assert told.recording.playback_sha256 is not None
    assert told.recording.withheld[0][0] == NAME_AT[0] - MARGIN_MS - 25


def test_what_is_withheld_in_one_place_may_be_said_in_another(session: Session, told: SimpleNamespace) -> None:
    here = Stretch(told.recording.id, 4000, 4450)  # May
    may = session.get_one(Redaction, redactions.make(session, told.viewer, told.story.id, Asked(here=here)))
    _copied(session, told)
    _listen(session, told, "May we waited all night and night and night and night")
    assert may.is_gone is True
    assert told.redaction.is_gone is True


def test_words_are_gone_only_when_every_copy_was_listened_to(session: Session, told: SimpleNamespace) -> None:
    other = makers.add_recording(session, told.story, "Quillfeather came back")
    redactions.settle(session, other.id)
    _copied(session, told, other)
    _listen(session, told, "We waited")
    assert told.redaction.is_gone is None
    _listen(session, told, "Quillfeather came back", other)
    told.redaction.widened_ms = 425
    _copied(session, told, other)
    _listen(session, told, "Quillfeather came back", other)
    assert told.redaction.is_gone is False
    assert told.recording.listened["heard"] == []


def _may_be_heard(session: Session, told: SimpleNamespace) -> tuple[bool, bool]:
    """Whether the recording can be played by commissioners, and the excerpt by a board."""
    recording = media.recording_sound(session, told.viewer, told.recording.id)
    excerpt = media.excerpt_sound(session, told.world.board_member, told.excerpt.id)
    return recording.sha256 is not None, excerpt.sha256 is not None


@pytest.fixture
def excerpt(session: Session, told: SimpleNamespace) -> Excerpt:
    """Of the same recording, its clip made."""
    told.excerpt = makers.add_excerpt(session, told.recording, told.world.researcher)
    told.excerpt.clip_sha256 = makers.digest("clip")
    session.flush()
    return told.excerpt


def test_nobody_hears_a_copy_before_a_computer_has_listened_that_the_words_are_gone(
        session: Session, told: SimpleNamespace, excerpt: Excerpt) -> None:
    assert told.recording.playback_sha256 is not None
    assert _may_be_heard(session, told) == (False, False)
    _listen(session, told, "Doctor Quillfeather")
    _copied(session, told)
    excerpt.clip_sha256 = makers.digest("clip of what is left")
    assert _may_be_heard(session, told) == (False, False)
    _listen(session, told, "We waited for Doctor all night")
    assert _may_be_heard(session, told) == (True, True)


@pytest.mark.parametrize(("state", "may"), [("running", False), ("failed", False), ("blocked", False),
                                            ("cancelled", True)])
def test_while_a_computer_cannot_listen_nobody_does_and_where_it_may_not_it_has_not_to(
        session: Session, told: SimpleNamespace, excerpt: Excerpt, state: str, may: bool) -> None:
    session.execute(update(Job).where(Job.kind == Kind.CHECK_REDACTION).values(state=state))
    assert _may_be_heard(session, told) == (may, may)


def test_other_recordings_of_the_story_are_played_meanwhile(session: Session, told: SimpleNamespace) -> None:
    other = makers.add_recording(session, told.story, "Nothing of note")
    other.playback_sha256 = makers.digest("other")
    session.flush()
    assert media.recording_sound(session, told.viewer, other.id).sha256 == makers.digest("other")


def test_what_was_heard_of_another_copy_counts_for_nothing(session: Session, told: SimpleNamespace) -> None:
    _listen(session, told, "We waited")
    redactions.make(session, told.viewer, told.story.id, Asked("Doctor"))
    assert told.redaction.is_gone is None
    assert told.recording.listened == {}
    assert _state(session, told) == "cancelled"


def test_whoever_listens_while_more_is_withheld_writes_nothing(session: Session, told: SimpleNamespace) -> None:
    """fault 35"""
    held = _held(session, Kind.CHECK_REDACTION, told.recording.id)
    wanted = redaction_checks.wanted(session, told.recording.id)
    assert wanted is not None
    redactions.make(session, told.viewer, told.story.id, Asked("Doctor"))
    with pytest.raises(FenceLost):
        redaction_checks.store(session, told.recording.id, wanted, [[]], held)


def test_a_copy_that_was_exchanged_meanwhile_is_listened_to_again(session: Session, told: SimpleNamespace) -> None:
    held = _held(session, Kind.CHECK_REDACTION, told.recording.id)
    wanted = redaction_checks.wanted(session, told.recording.id)
    assert wanted is not None
    told.recording.playback_sha256 = makers.digest("another")
    redaction_checks.store(session, told.recording.id, wanted, [[]], held)
    assert told.redaction.is_gone is None
    assert _state(session, told) == "waiting"


def test_without_agreement_to_a_transcript_nobody_listens(session: Session, told: SimpleNamespace) -> None:
    held = _held(session, Kind.CHECK_REDACTION, told.recording.id)
    researcher = session.get_one(makers.Person, told.story.researcher_id)
    makers.record_consent(session, told.world.project, researcher, told.story.id, makers.ALL_USES - {Use.TRANSCRIBE})
    assert redaction_checks.wanted(session, told.recording.id) is None
    redaction_checks.give_up(session, told.recording.id, held)
    assert _state(session, told) == "cancelled"


def test_the_withheld_words_are_not_put_into_its_ears(session: Session, told: SimpleNamespace) -> None:
    told.world.project.vocabulary = ["Quillfeather"]
    wanted = redaction_checks.wanted(session, told.recording.id)
    assert wanted is not None
    assert wanted.hints.vocabulary == ()
