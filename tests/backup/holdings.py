"""Something in every table and every place, with words that are hard to carry."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.backup.rows import LEFT_OUT
from server.domain.access import Role
from server.domain.ids import new_id
from server.domain.sent_withdrawal import SentWithdrawal
from server.domain.sync import Body, PhoneClock
from server.domain.work import Kind
from server.models import Row
from server.models.consent import ConsentRecord, Embargo, PartialWithdrawal
from server.models.device import Device
from server.models.export import ExportMade, ExportPart
from server.models.held import HeldArrival
from server.models.people import AccessKey
from server.models.project import DraftText
from server.models.redaction import PhotoRegion, Redaction
from server.models.second_step import CodeApp, Passkey, RecoveryCode
from server.models.story import Recording, Story
from server.models.transcript import TranscriptWindow
from server.models.upload import Upload
from server.services import (
    audit,
    erasures,
    invitations,
    phone_withdrawals,
    provocations,
    rescue_keys,
    sign_in,
    withdrawals,
    work,
)
from server.storage.staging import Staging
from tests import makers
from tests.backup.library_rows import add_library
from tests.makers_of_words import add_work_on_words

HARD = "“Ünïcode” 🌧\tand \\ a \"quote\" – \u2028 line"


class Holdings:
    """A project with a story in each state: stored, being stored, held, being sent, withdrawn."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.settings, self.session = app.extensions["earshot"].settings, session
        self.store = app.extensions["earshot"].store
        self.here = Staging(self.settings.uploads_dir)
        self.project = makers.make_project(session)
        self.researcher = makers.make_person(session, self.project, Role.RESEARCHER, Role.ADMINISTRATOR,
                                             Role.COMMISSIONER)
        self.viewer = makers.viewer_of(session, self.researcher)
        self.story = self._story()
        self.story_id, self.project_id, self.researcher_id = self.story.id, self.project.id, self.researcher.id
        self._rest()
        self.whole_id = self._upload("whole", b"a whole photo, not stored yet", 29)
        self.unfinished_id = self._upload("begun", b"half a ph", 40)
        self.gone_id = self._withdrawn()
        sign_in.start(session, self.researcher)
        for action in ("read", "seen", "exported"):
            audit.note(session, self.researcher_id, action, "story", self.story_id, self.project_id, parts=["a", "b"])
        session.commit()
        audit.settle(session)
        session.commit()
        self.media = {hashlib.sha256(content).hexdigest(): content for content in self.contents}

    def _kept(self, content: bytes) -> str:
        self.contents = [*getattr(self, "contents", []), content]
        return self.store.put(BytesIO(content)).sha256

    def _story(self) -> Story:
        session = self.session
        story = makers.make_story(session, self.project, self.researcher, pseudonym=HARD[:20])
        quote = makers.add_quote(session, story, HARD)
        recording, photo = makers.add_recording(session, story, HARD), makers.add_photo(session, story, HARD)
        recording.sha256, recording.playback_sha256 = self._kept(b"sound\0\xff"), self._kept(b"playback")
        photo.sha256, photo.derivative_sha256 = self._kept(b"photo"), self._kept(b"shown")
        recording.stored_at = photo.stored_at = makers.NOON
        person = makers.add_participant(session, story, HARD[:20])
        quote.participant_id, photo.people, photo.people_note = person.id, "agreed", HARD
        record = session.scalars(select(ConsentRecord).where(ConsentRecord.participant_id == person.id)).one()
        record.witness = HARD
        self._kept(b"signed\0")
        makers.add_evidence_of_consent(session, story, record, b"signed\0")
        add_work_on_words(session, recording, self.researcher, HARD)
        manifest = makers.add_manifest(session, story, recording.id, parts=1)
        makers.add_segment(session, manifest, 0, sha256=self._kept(b"segment\0"))
        makers.add_gap(session, recording.id, 100, reason="unplayable", segment=0)
        makers.add_marker(session, recording.id, 50, HARD)
        excerpt = makers.add_excerpt(session, recording, self.researcher, HARD[:30])
        excerpt.clip_sha256 = self._kept(b"clip")
        excerpt.changed_at, excerpt.changed_text, excerpt.changed_words = makers.NOON, HARD, excerpt.words
        theme = makers.make_theme(session, self.project, "Ünïcode")
        text = provocations.ProvocationText(HARD)
        card = provocations.make(session, self.viewer, self.project.id, text)
        for kind, part in (("excerpt", excerpt), ("quote", quote), ("photo", photo)):
            makers.tag(session, theme, self.researcher, part)
            provocations.add_evidence(session, self.viewer, card.id, kind, part.id)
        session.add(TranscriptWindow(recording_id=recording.id, position=0, model="base", language="en", start_ms=0,
                                     end_ms=9, words=(), language_probability=0.1))
        job = work.request(session, kind=Kind.TRANSCRIBE, subject_id=recording.id, story_id=story.id,
                           project_id=self.project.id)
        work.claim(session, job.id, "a worker", datetime.now(UTC))
        return story

    def _rest(self) -> None:
        now, person_id = datetime.now(UTC), self.researcher.id
        self.session.add_all([
            DraftText(project_id=self.project.id, language="ur", reading="easy", title=HARD, introduction=HARD,
                      uses=[]),
            Device(id=new_id(), person_id=person_id, label=HARD, app_version="1", unsent=1, unsent_bytes=2**40,
                   first_seen_at=now, last_seen_at=now, revoked_at=now, revoked_by=person_id),
            AccessKey(id=new_id(), person_id=person_id, name=HARD, token_hash=makers.digest("key"), created_at=now,
                      expires_at=now),
            CodeApp(person_id=person_id, secret="JBSWY3DPEHPK3PXP", last_step=2**40, created_at=now),
            RecoveryCode(code_hash=makers.digest("code"), person_id=person_id),
            Passkey(id=new_id(), person_id=person_id, credential_id="c", public_key=b"\x00\xff", name=HARD,
                    created_at=now),
            HeldArrival(id=new_id(), kind="quote", story_id=new_id(), person_id=person_id, body=b"\x00held\xff",
                        body_sha256=makers.digest("held"), clock_error_ms=-(2**40), received_at=now)])
        self._withheld(now, person_id)
        add_library(self.session, self.story, person_id, HARD, now)
        invitations.make(self.session, self.viewer, self.project.id, Role.ANALYST, HARD[:30])
        erasures.expect(self.session, makers.digest("about to be stored"))
        rescue_keys.make(self.session)
        self.session.flush()

    def _withheld(self, now: datetime, person_id: str) -> None:
        """What was taken from a story, held back and carried away."""
        project_id, photo_id, exported = self.project.id, self.story.photos[0].id, new_id()
        self.session.add(ExportMade(id=exported, project_id=project_id, kind="quotes", made_by=person_id, made_at=now))
        self.session.flush()
        self.session.add_all([
            ExportPart(export_id=exported, part_id=photo_id, story_id=self.story.id, position=1),
            PartialWithdrawal(story_id=new_id(), scope="words_only", project_id=project_id, recorded_by=person_id,
                              at=now),
            Embargo(id=new_id(), story_id=new_id(), project_id=project_id, reason=HARD, named_id=person_id,
                    put_by=person_id, put_at=now),
            Redaction(id=new_id(), story_id=self.story.id, words=HARD, words_key=HARD, replacement="[name]",
                      category="name", sound="bleep", made_by=person_id, made_at=now),
            PhotoRegion(id=new_id(), photo_id=photo_id, left=1, top=2, width=3, height=4, made_by=person_id,
                        made_at=now)])

    def _upload(self, name: str, content: bytes, length: int) -> str:
        """A photo on its way: whole and checked and part of its story, or half-way."""
        now, is_whole = datetime.now(UTC), len(content) == length
        upload = Upload(id=new_id(), part_id=new_id(), kind="photo", story_id=self.story.id,
                        person_id=self.researcher.id, sha256=hashlib.sha256(content).hexdigest(), length=length,
                        offset=len(content), staged_on=self.here.place, created_at=now,
                        expires_at=now + timedelta(days=1),
                        details={"metadata": "", "position": 3, "description": name,
                                 "started_at": now.isoformat()} | ({"checked": {}} if is_whole else {}))
        self.session.add(upload)
        self.here.append(upload.id, 0, [content], most=length)
        if is_whole:
            part = makers.add_photo(self.session, self.story, name)
            self.session.flush()
            part.derivative_sha256 = part.width = part.height = None
            self.session.flush()
            upload.part_id, part.sha256, part.size, part.stored_at = part.id, upload.sha256, length, None
            work.request(self.session, kind=Kind.STORE, subject_id=part.id, story_id=self.story.id,
                         project_id=self.project.id, place=self.here.place)
        self.session.flush()
        return upload.id

    def _withdrawn(self) -> str:
        gone = makers.make_story(self.session, self.project, self.researcher, pseudonym="Gone")
        makers.add_quote(self.session, gone, "long gone")
        makers.add_participant(self.session, gone)
        self.session.commit()
        gone_id = gone.id
        withdrawals.withdraw(self.session, self.viewer, gone_id, HARD)
        sent = SentWithdrawal(new_id(), self.project_id, gone_id, HARD, makers.NOON)
        phone_withdrawals.receive(self.session, self.viewer, sent, Body.of(b"{}"), PhoneClock())
        return gone_id


def everything(session: Session) -> dict[str, list[Any]]:
    """All rows that a backup holds, to compare one database with another."""
    session.rollback()
    session.expire_all()
    return {table.name: sorted((_plain(row) for row in session.execute(select(table))), key=str)
            for table in Row.metadata.sorted_tables if table.name not in LEFT_OUT}


def _plain(row: Any) -> dict[str, Any]:
    return {name: base64.b64encode(value) if isinstance(value, bytes) else value
            for name, value in row._mapping.items()}


def recordings(session: Session) -> list[Recording]:
    return list(session.scalars(select(Recording)))
