"""A withdrawal empties a story everywhere at once, and touches no other."""

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.errors import NotFound
from server.domain.hearing import Outline
from server.domain.ids import new_id
from server.domain.work import FenceLost, Held, Kind
from server.models import Row
from server.models.consent import Clearance, ConsentEvidence, ConsentRecord, Erasure, Tombstone, Withdrawal
from server.models.project import Project
from server.models.provocation import Evidence, Provocation
from server.models.segment import RecordingSegment
from server.models.story import Conversation, Recording, Story
from server.models.theme import Excerpt
from server.models.transcript import Speaker, Transcript
from server.models.upload import Upload
from server.models.work import Job
from server.services import erasures, transcripts, withdrawals, work
from tests import makers
from tests.makers_of_words import add_work_on_words, flag

CANARY = "zebrafinch"
# What may still name a withdrawn story, or its bytes until they are erased, and holds no word of it.
MAY_STAY = {"withdrawal", "withdrawal_step", "tombstone", "withdrawn_code", "consent_record", "erasure", "job"}


class World:
    """A project with a story that has one of everything, each with the canary in it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.project = makers.make_project(session)
        self.researcher = makers.make_person(session, self.project, Role.RESEARCHER)
        self.administrator = makers.make_person(session, self.project, Role.ADMINISTRATOR)

    def story(self, word: str = CANARY) -> Story:
        session = self.session
        story = makers.make_story(session, self.project, self.researcher, pseudonym=word, place=word)
        session.get_one(Conversation, story.conversation_id).place = word
        quote, photo = makers.add_quote(session, story, f"{word} said"), makers.add_photo(session, story, word)
        recording = makers.add_recording(session, story, f"we heard {word} sing all night")
        add_work_on_words(session, recording, self.researcher, f"{word} sings")
        excerpt = makers.add_excerpt(session, recording, self.researcher, f"heard {word} sing")
        flag(excerpt, f"heard {word}s sing")
        theme = makers.make_theme(session, self.project, f"Birds {new_id()}")
        provocation = Provocation(id=new_id(), project_id=self.project.id, question="Who listens?",
                                  made_by=self.researcher.id, made_at=makers.NOON)
        session.add(provocation)
        session.flush()
        for position, part in enumerate((excerpt, quote, photo)):
            makers.tag(session, theme, self.researcher, part)
            column = {0: "excerpt_id", 1: "quote_id", 2: "photo_id"}[position]
            session.add(Evidence(id=new_id(), provocation_id=provocation.id, position=position, **{column: part.id}))
        makers.add_upload(session, story, word)
        photo.people_note = f"{word} in the chair"
        person = makers.add_participant(session, story, word)
        quote.participant_id = person.id
        record = session.scalars(select(ConsentRecord).where(ConsentRecord.participant_id == person.id)).one()
        record.agreed_by, record.interpreter, record.witness = f"{word}'s mother", word, word
        makers.add_evidence_of_consent(session, story, record, word.encode())
        makers.add_window(session, recording, word)
        manifest = makers.add_manifest(session, story, recording.id, parts=1)
        makers.add_segment(session, manifest, 0)
        makers.add_gap(session, recording.id, 900)
        makers.add_marker(session, recording.id, 500, f"Who heard {word}?")
        self._ask_for_work(story, recording)
        session.flush()
        return story

    def viewer(self, person: makers.Person) -> makers.Viewer:
        return makers.viewer_of(self.session, person)

    def _ask_for_work(self, story: Story, recording: Recording) -> None:
        for kind in (Kind.TRANSCRIBE, Kind.PLAYBACK):
            work.request(self.session, kind=kind, subject_id=recording.id, story_id=story.id,
                         project_id=self.project.id)


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def _tables_with(session: Session, *words: str) -> set[str]:
    """The names of the tables in which some column of some row holds one of these words."""
    found = set()
    for table in Row.metadata.sorted_tables:
        for row in session.execute(select(table)):
            if any(word.casefold() in str(tuple(row)).casefold() for word in words):
                found.add(table.name)
    return found


def test_no_table_holds_a_word_of_a_withdrawn_story(session: Session, world: World) -> None:
    """fault 29"""
    story = world.story()
    assert {"transcript_segment", "transcript_window", "correction", "speaker", "translation",
            "excerpt"} <= _tables_with(session, CANARY)
    withdrawals.withdraw(session, world.viewer(world.researcher), story.id)
    assert _tables_with(session, CANARY) == set()


def test_only_the_record_of_its_end_still_names_a_withdrawn_story(session: Session, world: World) -> None:
    story = world.story()
    evidence = session.scalars(select(ConsentEvidence)).one()
    traces = [story.id, evidence.id, evidence.sha256, story.conversation_id,
              *(part.id for part in (*story.recordings, *story.photos, *story.quotes)),
              *(part.sha256 for part in (*story.recordings, *story.photos)),
              *(one for of in (Transcript, Speaker, Excerpt) for one in session.scalars(select(of.id)))]
    withdrawals.withdraw(session, world.viewer(world.researcher), story.id)
    assert _tables_with(session, *traces) <= MAY_STAY
    assert {kind for (kind,) in session.execute(select(Job.kind))} == {Kind.ERASE, Kind.SCRUB}


def test_the_consent_stays_and_clears_nothing(session: Session, world: World) -> None:
    story_id = world.story().id
    withdrawals.withdraw(session, world.viewer(world.researcher), story_id)
    assert set(session.scalars(select(ConsentRecord.story_id))) == {story_id}
    assert session.scalars(select(Clearance)).all() == []


def test_every_part_that_came_or_was_coming_is_refused_for_ever(session: Session, world: World) -> None:
    """fault 26"""
    story = world.story()
    upload = session.scalars(select(Upload)).one()
    expected = {story.id, upload.part_id, upload.id,
                *(part.id for part in (*story.recordings, *story.photos, *story.quotes)),
                *session.scalars(select(RecordingSegment.id)), *session.scalars(select(ConsentEvidence.id))}
    withdrawals.withdraw(session, world.viewer(world.researcher), story.id)
    assert set(session.scalars(select(Tombstone.id))) == expected
    assert session.scalars(select(Upload)).all() == []


def test_all_its_bytes_are_to_be_erased(session: Session, world: World) -> None:
    story = world.story()
    recording, photo = story.recordings[0], story.photos[0]
    expected = {recording.sha256, recording.playback_sha256, photo.sha256, photo.derivative_sha256,
                makers.digest(f"clip heard {CANARY} sing"), makers.digest(f"arriving {CANARY}"),
                *session.scalars(select(RecordingSegment.sha256)), *session.scalars(select(ConsentEvidence.sha256))}
    withdrawals.withdraw(session, world.viewer(world.researcher), story.id)
    assert set(session.scalars(select(Erasure.sha256))) == expected
    assert set(session.scalars(select(Job.subject_id).where(Job.kind == Kind.ERASE))) == expected


def test_bytes_that_another_story_shares_stay(session: Session, world: World) -> None:
    story, other = world.story(), world.story("robin")
    other.recordings[0].sha256 = story.recordings[0].sha256
    shared = story.recordings[0].sha256
    session.flush()
    withdrawals.withdraw(session, world.viewer(world.researcher), story.id)
    assert shared not in set(session.scalars(select(Erasure.sha256)))


def test_other_stories_lose_nothing(session: Session, world: World) -> None:
    story, other = world.story(), world.story("robin")
    before = _tables_with(session, "robin")
    withdrawals.withdraw(session, world.viewer(world.researcher), story.id)
    assert _tables_with(session, "robin") == before
    assert len(session.scalars(select(Evidence)).all()) == 3
    assert len(session.scalars(select(Job).where(Job.story_id == other.id)).all()) == 2
    assert session.scalars(select(Clearance).where(Clearance.story_id == other.id)).all()


def test_withdrawing_twice_changes_nothing(session: Session, world: World) -> None:
    story_id = world.story().id
    withdrawals.withdraw(session, world.viewer(world.researcher), story_id, "They rang us.")
    withdrawals.withdraw(session, world.viewer(world.administrator), story_id, "Again")
    withdrawal = session.scalars(select(Withdrawal)).one()
    assert (withdrawal.reason, withdrawal.recorded_by) == ("They rang us.", world.researcher.id)


def test_a_story_that_has_not_arrived_can_be_withdrawn_by_its_consent(session: Session, world: World) -> None:
    story_id = new_id()
    makers.record_consent(session, world.project, world.researcher, story_id)
    withdrawals.withdraw(session, world.viewer(world.researcher), story_id)
    assert session.scalars(select(Tombstone.id)).all() == [story_id]
    assert session.scalars(select(Clearance)).all() == []


def test_a_researcher_cannot_withdraw_what_somebody_else_collected(session: Session, world: World) -> None:
    story = world.story()
    other = makers.make_person(session, world.project, Role.RESEARCHER)
    with pytest.raises(NotFound):
        withdrawals.withdraw(session, world.viewer(other), story.id)


@pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.ANALYST, Role.BOARD_MEMBER])
def test_whoever_only_reads_cannot_withdraw(session: Session, world: World, role: Role) -> None:
    story = world.story()
    with pytest.raises(NotFound):
        withdrawals.withdraw(session, world.viewer(makers.make_person(session, world.project, role)), story.id)


def test_an_administrator_of_another_project_cannot_withdraw(session: Session, world: World) -> None:
    story = world.story()
    elsewhere = makers.make_project(session, "Another project")
    stranger = makers.make_person(session, elsewhere, Role.ADMINISTRATOR)
    with pytest.raises(NotFound):
        withdrawals.withdraw(session, world.viewer(stranger), story.id)


def test_an_unknown_story_is_not_found(session: Session, world: World) -> None:
    with pytest.raises(NotFound):
        withdrawals.withdraw(session, world.viewer(world.administrator), new_id())


def test_a_transcript_that_is_finished_too_late_is_not_written(session: Session, world: World) -> None:
    """fault 27"""
    story = world.story()
    recording_id = story.recordings[0].id
    job = session.scalars(select(Job).where(Job.kind == Kind.TRANSCRIBE)).one()
    claimed = work.claim(session, job.id, "worker", makers.NOON)
    assert claimed is not None
    held = Held(job.id, claimed[0].fence)
    withdrawals.withdraw(session, world.viewer(world.researcher), story.id)
    assert not work.heartbeat(session, held.job_id, held.fence, 0.5)
    with pytest.raises(FenceLost):
        transcripts.store(session, recording_id, Outline("base", 1000, 0, "en", 1.0), held)
    assert session.scalars(select(Transcript)).all() == []


def test_what_comes_back_with_an_old_backup_is_emptied_again(session: Session, world: World) -> None:
    """fault 28"""
    story = world.story()
    session.add(Withdrawal(story_id=story.id, project_id=world.project.id, recorded_by=world.researcher.id, reason="",
                           receipt_code_hash=story.receipt_code_hash, at=makers.NOON))
    session.flush()
    assert withdrawals.apply_again(session) == 1
    assert _tables_with(session, CANARY) == set()
    assert withdrawals.apply_again(session) == 0


def test_no_trace_is_readable_in_the_files_of_the_database(
    app: Flask, session: Session, world: World, request: pytest.FixtureRequest
) -> None:
    """fault 29"""
    settings = app.extensions["earshot"].settings
    is_sqlite = settings.database_url.startswith("sqlite")

    def files() -> dict[Path, bytes]:
        if is_sqlite:
            return {path: path.read_bytes() for path in settings.data_dir.glob("earshot.sqlite3*")}
        return request.getfixturevalue("postgres").files_of(settings.database_url)

    for number in range(30):
        world.story(f"wren {number}")
    story = world.story()
    session.commit()
    session.execute(text("ANALYZE"))
    session.commit()
    assert any(CANARY.encode() in content for content in files().values())
    withdrawals.withdraw(session, world.viewer(world.researcher), story.id)
    session.commit()
    erasures.scrub(session)
    assert [path.name for path, content in files().items() if CANARY.encode() in content] == []
    assert any(b"wren" in content for content in files().values())


def test_a_conversation_that_holds_another_story_stays(session: Session, world: World) -> None:
    story, other = world.story(), world.story("robin")
    other.conversation_id = story.conversation_id
    session.flush()
    withdrawals.withdraw(session, world.viewer(world.researcher), story.id)
    assert session.get(Conversation, other.conversation_id) is not None
    assert session.get(Project, world.project.id) is not None


def test_bytes_stored_by_a_server_that_stopped_before_it_said_so_leave_the_store_too(
    app: Flask, session: Session, world: World
) -> None:
    """fault 29"""
    store = app.extensions["earshot"].store
    story = makers.make_story(session, world.project, world.researcher)
    upload = makers.add_upload(session, story)
    upload.sha256 = store.put(BytesIO(CANARY.encode())).sha256
    session.flush()
    withdrawals.withdraw(session, world.viewer(world.researcher), story.id)
    [job] = session.scalars(select(Job).where(Job.kind == Kind.ERASE))
    erasures.erase(session, store, job.subject_id)
    assert hashlib.sha256(CANARY.encode()).hexdigest() not in store


def test_bytes_of_a_withdrawn_story_leave_the_store(app: Flask, session: Session, world: World) -> None:
    store = app.extensions["earshot"].store
    content = CANARY.encode()
    story = world.story()
    story.recordings[0].sha256 = store.put(BytesIO(content)).sha256
    session.flush()
    withdrawals.withdraw(session, world.viewer(world.researcher), story.id)
    erasures.erase(session, store, hashlib.sha256(content).hexdigest())
    assert hashlib.sha256(content).hexdigest() not in store
