"""Rows for tests: a project, its people, and stories with the consents that a test asks for."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.consent import Use
from server.domain.ids import new_id
from server.domain.transcript import Word
from server.models.consent import ConsentEvidence, ConsentRecord
from server.models.note import Note
from server.models.people import Membership, Person
from server.models.project import ConsentWording, Project, Prompt
from server.models.segment import RecordingGap, RecordingManifest, RecordingMarker, RecordingSegment
from server.models.story import Conversation, Participant, Photo, Quote, Recording, Story
from server.models.theme import Excerpt, Tagging, Theme
from server.models.transcript import Transcript, TranscriptSegment, TranscriptWindow
from server.models.upload import Upload
from server.services import changes, consents, passwords, sign_in

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ALL_USES = frozenset(Use)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def make_project(session: Session, name: str = "Listening to carers") -> Project:
    """A project with one consent wording and two prompts."""
    project = Project(id=new_id(), name=name, introduction="What caring is like.", is_demo=False, created_at=NOON)
    session.add(project)
    session.flush()
    uses = [{"use": use.value, "question": f"May we {use.value}?", "explanation": "You can say no."} for use in Use]
    session.add(ConsentWording(id=new_id(), project_id=project.id, version=1, title="Sharing your story",
                               introduction="You choose.", uses=uses, published_at=NOON))
    session.add_all(Prompt(id=new_id(), project_id=project.id, position=number, text=text)
                    for number, text in enumerate(("What happened?", "What would have helped?")))
    session.flush()
    changes.note_project(session, project.id)
    return project


def make_person(session: Session, project: Project | None = None, *roles: Role, name: str = "Sam Okoro",
                password: str | None = None) -> Person:
    """A person with these roles in the project."""
    person = Person(id=new_id(), name=name, email=f"{new_id()}@example.org", is_operator=False, created_at=NOON,
                    password_hash=passwords.hashed(password) if password else None)
    session.add(person)
    session.flush()
    if project is not None:
        session.add_all(Membership(person_id=person.id, project_id=project.id, role=role.value) for role in roles)
        session.flush()
    return person


def viewer_of(session: Session, person: Person) -> Viewer:
    return sign_in.viewer_of(session, person)


def wording_of(session: Session, project: Project) -> ConsentWording:
    query = session.query(ConsentWording).filter_by(project_id=project.id)
    return query.order_by(ConsentWording.version.desc()).first()


def record_consent(session: Session, project: Project, person: Person, story_id: str,
                   uses: Iterable[Use] = ALL_USES) -> ConsentRecord:
    """A consent record that agrees to these uses, and the clearance that follows."""
    agreed = set(uses)
    record = ConsentRecord(
        id=new_id(), project_id=project.id, story_id=story_id, wording_id=wording_of(session, project).id,
        answers={use.value: use in agreed for use in Use}, how="spoken", for_whom="self", taken_by=person.id,
        given_at=NOON, given_at_phone=NOON, body_sha256=digest(story_id), body_bytes=10, received_at=NOON)
    session.add(record)
    session.flush()
    consents.decide_again(session, story_id)
    return record


def make_story(session: Session, project: Project, researcher: Person, *, uses: Iterable[Use] = ALL_USES,
               pseudonym: str = "Amal", place: str = "Northgate", told_at: datetime = NOON) -> Story:
    """A story with consent and no parts yet."""
    story_id = new_id()
    record_consent(session, project, researcher, story_id, uses)
    conversation = Conversation(id=new_id(), project_id=project.id, researcher_id=researcher.id, place=place,
                                started_at=told_at)
    session.add(conversation)
    session.flush()
    story = Story(id=story_id, project_id=project.id, conversation_id=conversation.id, researcher_id=researcher.id,
                  pseudonym=pseudonym, place=place, told_at=told_at, told_at_phone=told_at,
                  receipt_code_hash=digest(f"code {story_id}"), body_sha256=digest(f"body {story_id}"), body_bytes=10,
                  received_at=told_at)
    session.add(story)
    session.flush()
    return story


def add_participant(session: Session, story: Story, pseudonym: str = "Rose",
                    uses: Iterable[Use] | None = ALL_USES) -> Participant:
    """One of those who told a story, with a record of their own that agrees to these uses; None was not asked."""
    there = session.query(Participant).filter_by(story_id=story.id).count()
    person = Participant(id=new_id(), story_id=story.id, position=there, pseudonym=pseudonym,
                         receipt_code_hash=digest(f"code {pseudonym} {story.id}"))
    session.add(person)
    session.flush()
    if uses is not None:
        project = session.get_one(Project, story.project_id)
        researcher = session.get_one(Person, story.researcher_id)
        record_consent(session, project, researcher, story.id, uses).participant_id = person.id
        session.flush()
    consents.decide_again(session, story.id)
    return person


def add_evidence_of_consent(session: Session, story: Story, record: ConsentRecord, content: bytes = b"signed",
                            *, stored: bool = True) -> ConsentEvidence:
    """A signature that the record names."""
    evidence = ConsentEvidence(id=new_id(), story_id=story.id, consent_id=record.id, kind="signature",
                               sha256=hashlib.sha256(content).hexdigest(), size=len(content),
                               content_type="image/png", received_at=NOON, stored_at=NOON if stored else None)
    session.add(evidence)
    record.evidence_id, record.evidence_kind, record.evidence_sha256 = evidence.id, "signature", evidence.sha256
    session.flush()
    return evidence


def add_quote(session: Session, story: Story, text: str = "Nobody told us he had moved.",
              participant: Participant | None = None) -> Quote:
    quote = Quote(id=new_id(), story_id=story.id, text=text, written_at=NOON, body_sha256=digest(text), body_bytes=10,
                  received_at=NOON, participant_id=participant.id if participant else None)
    session.add(quote)
    session.flush()
    return quote


def add_recording(session: Session, story: Story, words: str = "We waited all night for a bed.",
                  id: str | None = None) -> Recording:
    """A recording with a transcript of these words, half a second each."""
    recording = Recording(id=id or new_id(), story_id=story.id, position=0, sha256=digest(f"audio {words}"), size=1000,
                          container="webm", duration_ms=len(words.split()) * 500, started_at=NOON,
                          playback_sha256=digest(f"playback {words}"), received_at=NOON)
    session.add(recording)
    session.flush()
    timed = tuple(Word((" " if number else "") + word, number * 500, number * 500 + 450, 0.9)
                  for number, word in enumerate(words.split()))
    transcript = Transcript(id=new_id(), recording_id=recording.id, language="en", language_probability=0.99,
                            model="base", created_at=NOON)
    transcript.segments = [TranscriptSegment(position=0, start_ms=0, end_ms=timed[-1].end_ms, text=words, words=timed)]
    session.add(transcript)
    session.flush()
    return recording


def add_manifest(session: Session, story: Story, recording_id: str | None = None, parts: int = 3) -> RecordingManifest:
    """What a recording of this many parts is made of, ten seconds each; with an id it is of one that is there."""
    listed = [{"id": new_id(), "number": number, "sha256": digest(f"part {number} {story.id}"), "size": 1000,
               "offset_ms": number * 52_000, "duration_ms": 10_000, "ended": "interrupted"} for number in range(parts)]
    manifest = RecordingManifest(id=recording_id or new_id(), story_id=story.id, position=0, started_at=NOON,
                                 segments=listed, body_sha256=digest("manifest"), body_bytes=10, received_at=NOON,
                                 completed_at=NOON if recording_id else None)
    session.add(manifest)
    session.flush()
    return manifest


def add_segment(session: Session, manifest: RecordingManifest, number: int, **changes: object) -> RecordingSegment:
    """One of its parts, in the store."""
    listed = manifest.segments[number]
    values = {"id": listed["id"], "recording_id": manifest.id, "story_id": manifest.story_id, "number": number,
              "sha256": listed["sha256"], "size": 1000, "container": "matroska", "duration_ms": 10_000,
              "started_at": NOON, "received_at": NOON, "stored_at": NOON} | changes
    segment = RecordingSegment(**values)
    session.add(segment)
    session.flush()
    return segment


def add_gap(session: Session, recording_id: str, at_ms: int, length_ms: int = 42_000, reason: str = "interrupted",
            segment: int | None = None) -> RecordingGap:
    number = session.query(RecordingGap).filter_by(recording_id=recording_id).count()
    gap = RecordingGap(recording_id=recording_id, number=number, at_ms=at_ms, length_ms=length_ms, reason=reason,
                       segment=segment)
    session.add(gap)
    session.flush()
    return gap


def add_marker(session: Session, recording_id: str, at_ms: int, prompt: str = "",
               theme: Theme | None = None) -> RecordingMarker:
    marker = RecordingMarker(recording_id=recording_id, id=new_id(), saved_at_ms=at_ms, at_ms=at_ms, prompt_text=prompt,
                             theme_id=theme.id if theme else None)
    session.add(marker)
    session.flush()
    return marker


def add_window(session: Session, recording: Recording, words: str = "We waited") -> TranscriptWindow:
    """One window of a recording that is being transcribed."""
    window = TranscriptWindow(recording_id=recording.id, position=0, model="base", language="en",
                              language_probability=0.9, start_ms=0, end_ms=900, words=(Word(words, 0, 900, 0.9),))
    session.add(window)
    session.flush()
    return window


def add_photo(session: Session, story: Story, description: str = "A row of empty chairs") -> Photo:
    photo = Photo(id=new_id(), story_id=story.id, position=0, sha256=digest(f"photo {description}"), size=1000,
                  description=description, derivative_sha256=digest(f"shown {description}"), width=800, height=600,
                  received_at=NOON)
    session.add(photo)
    session.flush()
    return photo


def add_excerpt(session: Session, recording: Recording, person: Person, text: str = "waited all night",
                start_ms: int = 500) -> Excerpt:
    excerpt = Excerpt(id=new_id(), story_id=recording.story_id, recording_id=recording.id, start_ms=start_ms,
                      end_ms=1950, text=text, words=tuple(Word(f" {word}", 500 * n, 500 * n + 450, 0.9)
                                             for n, word in enumerate(text.split(), start=1)),
                      clip_sha256=digest(f"clip {text}"), made_by=person.id, made_at=NOON, text_sha256=digest(text),
                      quotable_at=NOON)
    session.add(excerpt)
    session.flush()
    return excerpt


def make_theme(session: Session, project: Project, name: str = "Waiting") -> Theme:
    theme = Theme(id=new_id(), project_id=project.id, name=name, name_key=name.casefold(), description="",
                  created_at=NOON)
    session.add(theme)
    session.flush()
    return theme


def tag(session: Session, theme: Theme, person: Person, part: Excerpt | Quote | Photo) -> Tagging:
    column = {Excerpt: "excerpt_id", Quote: "quote_id", Photo: "photo_id"}[type(part)]
    tagging = Tagging(id=new_id(), theme_id=theme.id, tagged_by=person.id, tagged_at=NOON, **{column: part.id})
    session.add(tagging)
    session.flush()
    return tagging


def add_note(session: Session, person: Person, kind: str, subject_id: str, text: str, project: Project,
             story: Story | None = None) -> Note:
    note = Note(id=new_id(), project_id=project.id, story_id=story.id if story else None, kind=kind,
                subject_id=subject_id, text=text, made_by=person.id, made_at=NOON)
    session.add(note)
    session.flush()
    return note


def add_upload(session: Session, story: Story, description: str = "") -> Upload:
    """A photo of which ten bytes of a hundred have arrived."""
    now = datetime.now(UTC)
    upload = Upload(id=new_id(), part_id=new_id(), kind="photo", story_id=story.id, person_id=story.researcher_id,
                    sha256=digest(f"arriving {description}"), length=100, offset=10,
                    details={"description": description}, created_at=now, expires_at=now + timedelta(days=1))
    session.add(upload)
    session.flush()
    return upload
