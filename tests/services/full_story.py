"""A story with one of everything, its bytes in the store and in the staging folder, in which names, words that were
chosen, words that were not, and each kind of bytes can be told apart."""

import hashlib
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from threading import Event

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.ids import new_id
from server.domain.work import Kind
from server.jobs.attempt import run
from server.jobs.tasks import TASKS
from server.models import Row
from server.models.consent import ConsentRecord
from server.models.held import HeldArrival
from server.models.provocation import Evidence, Provocation
from server.models.story import Conversation, Story
from server.models.transcript import Speaker
from server.models.work import Job
from server.services import work
from server.storage.staging import Staging
from tests import makers
from tests.makers_of_words import add_work_on_words, flag

NAME, PLACE = "quillfeather", "mossyhollow"
# A quote and a passage that was heard, what nobody heard, and what was written down and never chosen.
SAID, CHOSEN, DRAFTED, OTHER = "lampkeeper", "corridor", "nightjar", "zebrafinch"
BYTES = {name: f"CANARY-{name}-CANARY".encode() for name in (
    "original", "playback", "clean", "segment", "photo", "derivative", "blurred", "clip", "drafted", "evidence",
    "unheard", "staged")}


@dataclass
class Full:
    """The rows by name, and what would find them once they are gone."""

    app: Flask
    session: Session
    story_id: str = ""
    ids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        session = self.session
        self.project = makers.make_project(session)
        self.researcher = makers.make_person(session, self.project, Role.RESEARCHER)
        self.administrator = makers.make_person(session, self.project, Role.ADMINISTRATOR)
        self.theme = makers.make_theme(session, self.project, "Night")
        self.provocation = Provocation(id=new_id(), project_id=self.project.id, question="Who listens?",
                                       made_by=self.researcher.id, made_at=makers.NOON)
        session.add(self.provocation)
        session.flush()
        hashes = {name: self.keep(content) for name, content in BYTES.items() if name != "staged"}
        story = makers.make_story(session, self.project, self.researcher, pseudonym=NAME, place=PLACE)
        self.story_id, self.code_hash = story.id, story.receipt_code_hash
        session.get_one(Conversation, story.conversation_id).place = PLACE
        self._tell(story, hashes)
        self._record(story, hashes)
        self._stage(story)
        self.settings, self.keys = self.app.extensions["earshot"].settings, (self.project.id, self.researcher.id)
        session.commit()

    @property
    def story(self) -> Story:
        return self.session.get_one(Story, self.story_id)

    def viewer(self, role: Role = Role.RESEARCHER) -> Viewer:
        people = {Role.RESEARCHER: self.researcher, Role.ADMINISTRATOR: self.administrator}
        return makers.viewer_of(self.session, people[role])

    def keep(self, content: bytes) -> str:
        return str(self.app.extensions["earshot"].store.put(BytesIO(content)).sha256)

    def tables_with(self, *words: str) -> set[str]:
        """The names of the tables in which some column of some row holds one of these words."""
        found = set()
        for table in Row.metadata.sorted_tables:
            for row in self.session.execute(select(table)):
                if any(word.casefold() in str(tuple(row)).casefold() for word in words):
                    found.add(table.name)
        return found

    def do_what_was_asked(self) -> None:
        """What workers and sweeps do after a withdrawal."""
        self.session.commit()
        wanted = select(Job.id).where(Job.kind.in_((Kind.ERASE, Kind.SCRUB))).order_by(Job.kind)
        for job_id in self.session.scalars(wanted).all():
            self.session.commit()  # whoever looks holds the one writer of SQLite
            run(self.app, TASKS, job_id, Event())
        self.session.expire_all()

    def files_with(self, marks: list[bytes], database_files: dict[Path, bytes]) -> set[str]:
        """The files of the database, of the store and of the staging folder in which one of these can be read."""
        settings = self.app.extensions["earshot"].settings
        files = dict(database_files)
        for folder in (settings.media_dir, settings.uploads_dir):
            files |= {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        return {f"{path.name}: {mark!r}" for path, content in files.items() for mark in marks if mark in content}

    def _tell(self, story: Story, hashes: dict[str, str]) -> None:
        session = self.session
        quote, photo = makers.add_quote(session, story, f"The {SAID} waited"), makers.add_photo(session, story, NAME)
        photo.sha256, photo.derivative_sha256, photo.clean_sha256 = (hashes["photo"], hashes["blurred"],
                                                                     hashes["derivative"])
        photo.people_note, photo.stored_at = NAME, makers.NOON
        person = makers.add_participant(session, story, NAME)
        makers.add_participant(session, story, f"{NAME} the younger")
        quote.participant_id = person.id
        record = session.scalars(select(ConsentRecord).where(ConsentRecord.participant_id == person.id)).one()
        record.agreed_by, record.interpreter, record.witness = NAME, NAME, NAME
        evidence = makers.add_evidence_of_consent(session, story, record, BYTES["evidence"])
        self._use("quote_id", quote.id, 0)
        self._use("photo_id", photo.id, 1)
        makers.tag(session, self.theme, self.researcher, quote)
        makers.tag(session, self.theme, self.researcher, photo)
        makers.add_note(session, self.researcher, "quote", quote.id, f"{NAME} of {PLACE} again", self.project, story)
        self.ids |= {"quote": quote.id, "photo": photo.id, "evidence": evidence.id, "participant": person.id,
                     "consent": record.id}

    def _record(self, story: Story, hashes: dict[str, str]) -> None:
        session = self.session
        recording = makers.add_recording(session, story, f"the {OTHER} flew down the {CHOSEN} past the {DRAFTED}")
        recording.sha256, recording.playback_sha256, recording.clean_sha256 = (
            hashes["original"], hashes["playback"], hashes["clean"])
        recording.stored_at = makers.NOON
        transcript = add_work_on_words(session, recording, self.researcher, OTHER)
        session.get_one(Speaker, transcript.segments[0].speaker_id).name = NAME
        excerpt = makers.add_excerpt(session, recording, self.researcher, f"down the {CHOSEN}")
        excerpt.clip_sha256 = hashes["clip"]
        flag(excerpt, f"down the {OTHER}")
        draft = makers.add_excerpt(session, recording, self.researcher, f"past the {DRAFTED}", start_ms=1000)
        draft.clip_sha256, draft.quotable_at = hashes["drafted"], None
        self._use("excerpt_id", excerpt.id, 2)
        makers.tag(session, self.theme, self.researcher, excerpt)
        manifest = makers.add_manifest(session, story, recording.id, parts=1)
        segment = makers.add_segment(session, manifest, 0, sha256=hashes["segment"])
        makers.add_gap(session, recording.id, 900)
        makers.add_marker(session, recording.id, 500, f"Who is {OTHER}?")
        makers.add_window(session, recording, OTHER)
        unheard = makers.add_manifest(session, story)
        makers.add_segment(session, unheard, 0, sha256=hashes["unheard"])
        for kind in (Kind.TRANSCRIBE, Kind.PLAYBACK):
            work.request(session, kind=kind, subject_id=recording.id, story_id=story.id, project_id=self.project.id)
        self.ids |= {"recording": recording.id, "excerpt": excerpt.id, "draft": draft.id, "segment": segment.id,
                     "unheard": unheard.id}

    def _stage(self, story: Story) -> None:
        """A photo that is on its way, and a manifest that was held."""
        upload = makers.add_upload(self.session, story, NAME)
        here = Staging(self.app.extensions["earshot"].settings.uploads_dir)
        here.append(upload.id, 0, [BYTES["staged"]], most=1000)
        upload.staged_on = here.place
        body = f'{{"title": "{NAME}"}}'.encode()
        self.session.add(HeldArrival(id=new_id(), kind="manifest", story_id=story.id, person_id=self.researcher.id,
                                     body=body, body_sha256=hashlib.sha256(body).hexdigest(), received_at=makers.NOON))
        self.ids |= {"upload": upload.part_id}

    def _use(self, column: str, part_id: str, position: int) -> None:
        self.session.add(Evidence(id=new_id(), provocation_id=self.provocation.id, position=position,
                                  **{column: part_id}))
