"""What a story loses whose words alone stay, and what is left of a recording that was written down."""

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.domain.consent import Scope
from server.domain.ids import new_id
from server.domain.receipt_name import is_the_kept_name
from server.models.consent import ConsentEvidence
from server.models.held import HeldArrival
from server.models.provocation import Evidence
from server.models.redaction import PhotoRegion, Redaction
from server.models.segment import RecordingGap, RecordingManifest, RecordingMarker, RecordingSegment
from server.models.story import Participant, Photo, Recording
from server.models.theme import Excerpt, Tagging
from server.models.transcript import Transcript, TranscriptSegment, TranscriptWindow
from server.models.upload import Upload
from server.services import voice_and_faces, withdrawal_scopes
from tests import makers
from tests.services.full_story import NAME, Full
from tests.services.test_withdrawal_scopes import NOW

GOES = (PhotoRegion.id, Photo.id, Evidence.photo_id, Tagging.photo_id, ConsentEvidence.id, Upload.id, HeldArrival.id,
        RecordingSegment.id, TranscriptWindow.recording_id, Excerpt.clip_sha256)
# What is of a recording goes where no word of that is left.
OF_A_RECORDING = (Recording.id, RecordingManifest.id, RecordingMarker.recording_id, RecordingGap.recording_id,
                  Redaction.recording_id)


class WithSilence(Full):
    """The story, with a recording beside the other of which no word is left; a part of each, and of a photo, is
    withheld."""

    def __post_init__(self) -> None:
        super().__post_init__()
        session = self.session
        silent = makers.add_recording(session, self.story)
        transcripts = select(Transcript.id).where(Transcript.recording_id == silent.id)
        session.execute(delete(TranscriptSegment).where(TranscriptSegment.transcript_id.in_(transcripts)))
        session.execute(delete(Transcript).where(Transcript.recording_id == silent.id))
        makers.add_manifest(session, self.story, silent.id, parts=1)
        makers.add_gap(session, silent.id, 700)
        makers.add_marker(session, silent.id, 600)
        made = {"made_by": self.researcher.id, "made_at": makers.NOON}
        for recording_id in (self.ids["recording"], silent.id):
            session.add(Redaction(id=new_id(), story_id=self.story_id, words="x", words_key="x", replacement="[name]",
                                  category="name", sound="bleep", recording_id=recording_id, start_ms=0, end_ms=9,
                                  **made))
        session.add(PhotoRegion(id=new_id(), photo_id=self.ids["photo"], left=1, top=1, width=9, height=9, **made))
        session.commit()

    def keep_words(self) -> None:
        withdrawal_scopes.withdraw(self.session, self.viewer(), self.story_id, Scope.WORDS_ONLY, NOW)
        self.session.commit()


@pytest.fixture
def full(app: Flask, session: Session) -> WithSilence:
    return WithSilence(app, session)


def test_pictures_evidence_and_sound_go_from_every_table(session: Session, full: WithSilence) -> None:
    """fault 29"""
    def there() -> set[str]:
        return {str(column) for column in GOES if session.scalars(select(column).where(column.is_not(None))).first()}

    assert there() == {str(column) for column in GOES}
    full.keep_words()
    assert there() == set()


def test_of_a_recording_without_words_nothing_is_left_and_of_one_with_words_what_those_rest_on(
        session: Session, full: WithSilence) -> None:
    full.keep_words()
    left = {str(column): set(session.scalars(select(column))) for column in OF_A_RECORDING}
    assert left == {str(column): {full.ids["recording"]} for column in OF_A_RECORDING}
    manifest = session.scalars(select(RecordingManifest)).one()
    assert (manifest.segments, manifest.left_out, manifest.completed_at) == ([], [], makers.NOON)


def test_receipts_still_open_with_the_names_that_have_gone(session: Session, full: WithSilence) -> None:
    full.keep_words()
    people = session.scalars(select(Participant).where(Participant.story_id == full.story_id)).all()
    assert [is_the_kept_name(NAME, named.receipt_code_hash, named.name_hash or "") for named in (
        full.story, full.session.get_one(Participant, full.ids["participant"]))] == [True, True]
    assert {named.pseudonym for named in (full.story, *people)} == {voice_and_faces.NOBODY}


def test_other_stories_keep_theirs(session: Session, full: WithSilence) -> None:
    other = makers.make_story(session, full.project, full.researcher)
    recording, photo = makers.add_recording(session, other, "Other words"), makers.add_photo(session, other)
    manifest = makers.add_manifest(session, other, recording.id, parts=1)
    makers.add_segment(session, manifest, 0)
    makers.add_window(session, recording)
    session.commit()
    full.keep_words()
    assert [session.scalars(select(column)).all() for column in (
        Photo.id, RecordingSegment.recording_id, TranscriptWindow.recording_id)] == [
        [photo.id], [recording.id], [recording.id]]
    assert len(manifest.segments) == 1
