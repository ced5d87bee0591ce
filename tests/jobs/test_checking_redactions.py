"""A word that is withheld is gone from real speech, and the speech model itself says so."""

from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.config import Settings
from server.domain.access import Role
from server.domain.folded_words import folded
from server.domain.work import Kind, State
from server.media.audio import decode_mono_16k
from server.models.redaction import Redaction
from server.models.transcript import TranscriptSegment
from server.models.work import Job
from server.services import redactions
from server.services.redactions import Asked
from server.transcription.transcriber import Transcriber
from tests import makers
from tests.jobs.conftest import Stories, try_once


@pytest.fixture
def told(app: Flask, session: Session, stories: Stories, speech: Path) -> SimpleNamespace:
    """Eleven seconds by President Kennedy, with their words, of which "country" is withheld, twice."""
    recording = stories.recording(speech)
    for kind in (Kind.TRANSCRIBE, Kind.PLAYBACK):
        assert try_once(app, session, stories.ask(kind, recording.id)).state == State.DONE
    commissioner = makers.viewer_of(session, makers.make_person(session, stories.project, Role.COMMISSIONER))
    redaction_id = redactions.make(session, commissioner, stories.story.id, Asked("country"))
    return SimpleNamespace(recording=recording, redaction=session.get_one(Redaction, redaction_id))


def _job(session: Session, kind: Kind) -> Job:
    return session.scalars(select(Job).where(Job.kind == kind)).one()


def _heard_in(app: Flask, sha256: str, settings: Settings) -> list[str]:
    with app.extensions["earshot"].store.open(sha256) as source:
        found = Transcriber("base", settings.whisper_dir).transcribe(BytesIO(source.read()))
    return [folded(word.text) for segment in found.segments for word in segment.words]


def test_a_withheld_word_is_gone_from_real_speech_and_what_is_around_it_is_there(
        app: Flask, session: Session, told: SimpleNamespace, settings: Settings) -> None:
    said = " ".join(session.scalars(select(TranscriptSegment.text).order_by(TranscriptSegment.position))).lower()
    assert said.count("country") == len(told.recording.withheld_words) == 2
    assert try_once(app, session, _job(session, Kind.PLAYBACK)).state == State.DONE
    session.refresh(told.recording)
    heard = _heard_in(app, told.recording.playback_sha256, settings)
    assert "country" not in heard
    assert {"fellow", "americans", "ask"} <= set(heard)
    assert "country" in _heard_in(app, told.recording.clean_sha256, settings)
    lengths = set()
    for sha256 in (told.recording.playback_sha256, told.recording.clean_sha256):
        with app.extensions["earshot"].store.open(sha256) as source:
            lengths.add(len(decode_mono_16k(source)))
    assert len(lengths) == 1


def test_the_check_listens_to_the_copy_and_says_that_the_words_are_gone(app: Flask, session: Session,
                                                                       told: SimpleNamespace) -> None:
    assert try_once(app, session, _job(session, Kind.PLAYBACK)).state == State.DONE
    assert try_once(app, session, _job(session, Kind.CHECK_REDACTION)).state == State.DONE
    session.refresh(told.redaction)
    assert told.redaction.is_gone is True
    assert told.redaction.widened_ms == 0


def test_the_check_hears_words_that_are_in_the_copy_after_all(app: Flask, session: Session,
                                                             told: SimpleNamespace) -> None:
    """The copy is the clean one, as if nothing had been taken out."""
    assert try_once(app, session, _job(session, Kind.PLAYBACK)).state == State.DONE
    session.refresh(told.recording)
    told.recording.playback_sha256 = told.recording.clean_sha256
    assert try_once(app, session, _job(session, Kind.CHECK_REDACTION)).state == State.CANCELLED  # it is made again
    session.refresh(told.redaction)
    assert told.redaction.widened_ms == 25
    session.refresh(told.recording)
    assert told.recording.playback_sha256 is None
    assert _job(session, Kind.PLAYBACK).state == State.WAITING
