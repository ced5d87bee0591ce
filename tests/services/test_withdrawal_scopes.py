"""A story is withdrawn as far as somebody asks: no new use, words only, anonymous, all of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Audience, Content, Scope
from server.domain.errors import NotFound, Withdrawn
from server.domain.sync import ChangeKind, Cursor, PhoneClock
from server.domain.withdrawal_step import Place
from server.domain.work import FenceLost, Held, Kind
from server.models.audit import AuditEntry
from server.models.change import Change
from server.models.consent import Clearance, ConsentRecord, Erasure, PartialWithdrawal, Withdrawal
from server.models.story import Photo, Quote, Recording, Story
from server.models.transcript import Transcript, TranscriptSegment
from server.models.work import Job
from server.services import (
    clearing,
    consents,
    derivatives,
    feed,
    joining,
    quotes,
    receipts,
    stories,
    uploads,
    withdrawal_scopes,
    withdrawal_steps,
    withdrawals,
    work,
)
from server.storage.staging import Staging
from tests import makers
from tests.services import sending
from tests.services.full_story import BYTES, CHOSEN, DRAFTED, NAME, OTHER, PLACE, SAID, Full

NOW = datetime(2026, 6, 20, 9, 30, tzinfo=UTC)
NAMES = [NAME, PLACE]
PARTS = [Scope.WORDS_ONLY, Scope.ANONYMOUS]


@pytest.fixture
def full(app: Flask, session: Session) -> Full:
    return Full(app, session)


def carry_out(full: Full, scope: Scope, at: datetime = NOW) -> None:
    withdrawal_scopes.withdraw(full.session, full.viewer(), full.story_id, scope, at)
    full.session.commit()


def cleared(session: Session, story_id: str) -> set[tuple[str, str]]:
    return set(session.execute(select(Clearance.audience, Clearance.content)
                               .where(Clearance.story_id == story_id)).tuples())


WORDS = {(audience.value, content.value) for audience in Audience for content in (Content.WORDS, Content.QUOTE)}


def test_without_new_use_all_is_kept_and_nothing_leaves(session: Session, full: Full) -> None:
    before = len(session.scalars(select(Recording)).all())
    carry_out(full, Scope.NO_NEW_USE)
    assert cleared(session, full.story_id) == set()
    assert consents.agreed_uses(session, full.story_id) == frozenset()
    assert len(session.scalars(select(Recording)).all()) == before
    assert session.scalars(select(Erasure)).all() == []
    assert session.scalars(select(PartialWithdrawal)).all() == []


def test_without_new_use_the_same_people_can_agree_again(session: Session, full: Full) -> None:
    was = cleared(session, full.story_id)
    carry_out(full, Scope.NO_NEW_USE)
    for person in consents.list_tellers(session, full.story_id):
        record = makers.record_consent(session, full.project, full.researcher, full.story_id)
        record.participant_id, record.given_at = person, NOW + timedelta(days=1)
        record.received_at = record.given_at
    consents.decide_again(session, full.story_id)
    assert cleared(session, full.story_id) == was


def test_one_person_alone_ends_every_use(session: Session, full: Full) -> None:
    withdrawal_scopes.carry_out(session, None, full.story_id, full.project.id, Scope.NO_NEW_USE, NOW,
                                participant_id=full.ids["participant"])
    assert cleared(session, full.story_id) == set()
    [record] = session.scalars(select(ConsentRecord).where(ConsentRecord.how == "receipt"))
    assert record.participant_id == full.ids["participant"]


def test_words_only_leaves_words_and_no_name(session: Session, full: Full) -> None:
    assert {"story", "conversation", "participant", "speaker", "consent_record", "photo"} <= full.tables_with(*NAMES)
    carry_out(full, Scope.WORDS_ONLY)
    assert full.tables_with(*NAMES) == set()
    assert {"transcript_segment", "correction", "translation"} <= full.tables_with(OTHER)
    assert full.tables_with(CHOSEN) >= {"excerpt", "transcript_segment"}
    assert full.tables_with(SAID) == {"quote", "search_passage"}
    assert cleared(session, full.story_id) == WORDS
    story = clearing.get_story(session, commissioner(full), full.story_id, Audience.COMMISSIONERS)
    assert (story.pseudonym, story.place, set(story.told_by)) == ("Somebody", "", {"Somebody"})
    assert [(one.text, one.may_play, one.clip_sha256) for one in story.excerpts if not one.is_draft] == [
        (f"down the {CHOSEN}", False, None)]
    assert (story.photos, story.unfinished) == ((), ())


def commissioner(full: Full) -> makers.Viewer:
    return makers.viewer_of(full.session, makers.make_person(full.session, full.project, Role.COMMISSIONER))


def test_words_only_asks_for_every_byte_to_be_erased(session: Session, full: Full) -> None:
    named = {full.keep(content) for name, content in BYTES.items() if name != "staged"}
    carry_out(full, Scope.WORDS_ONLY)
    assert named <= set(session.scalars(select(Erasure.sha256)))
    assert session.scalars(select(Photo)).all() == []
    recording = session.get_one(Recording, full.ids["recording"])
    assert (recording.sha256, recording.playback_sha256, recording.clean_sha256) == ("", None, None)


def test_words_only_keeps_the_receipt_and_the_consent(session: Session, full: Full) -> None:
    records = len(session.scalars(select(ConsentRecord)).all())
    carry_out(full, Scope.WORDS_ONLY)
    assert full.story.receipt_code_hash == full.code_hash
    assert len(session.scalars(select(ConsentRecord)).all()) == records


def test_a_phone_that_sends_more_is_told_that_it_is_over(app: Flask, session: Session, full: Full) -> None:
    """fault 26"""
    session.query(ConsentRecord).filter_by(id=full.ids["consent"]).one()
    carry_out(full, Scope.WORDS_ONLY)
    viewer, clock, here = full.viewer(), PhoneClock(), Staging(app.extensions["earshot"].settings.uploads_dir)
    body = sending.BODY
    late = [
        lambda: uploads.begin(session, viewer, sending.part(full.story_id, b"late"), clock, here),
        lambda: uploads.find(session, viewer, full.ids["upload"], here),
        lambda: quotes.receive(session, viewer, sending.quote(full.story_id), body, clock),
        lambda: stories.receive(session, viewer, sending.story(full.project.id, full.story_id), body, clock),
        lambda: consents.record(session, viewer, sending.consent(
            full.project.id, makers.wording_of(session, full.project).id, full.story_id), body, clock),
        *(lambda part=part: receipts.find(session, viewer, full.ids[part])
          for part in ("recording", "photo", "segment", "evidence", "quote", "upload", "unheard")),
    ]
    for send in late:
        with pytest.raises(Withdrawn):
            send()
    assert full.tables_with(*NAMES) == set()


@pytest.mark.parametrize("scope", PARTS)
def test_phones_are_told_to_let_go_of_what_they_have(session: Session, full: Full, scope: Scope) -> None:
    """fault 26"""
    carry_out(full, scope)
    assert session.scalars(select(Change.subject_id).where(Change.kind == ChangeKind.TOMBSTONE)).all() == [
        full.story_id]
    told = feed.read(session, full.viewer(), Cursor(0, 200)).changes
    assert [(one.id, one.content.withdrawn_at) for one in told if one.kind is ChangeKind.TOMBSTONE] == [
        (full.story_id, NOW)]


@pytest.mark.parametrize("scope", [*PARTS, Scope.ERASE])
def test_what_has_to_go_is_a_checklist_from_that_moment(session: Session, full: Full, scope: Scope) -> None:
    carry_out(full, scope)
    listed = {step.place for step in withdrawal_steps.list_steps(session, full.story_id)}
    assert {Place.ORIGINALS, Place.DERIVATIVES, Place.EVIDENCE, Place.BACKUPS} <= listed


@pytest.mark.parametrize("scope", [*PARTS, Scope.ERASE])
def test_phones_are_told_that_the_project_names_its_place_no_more(session: Session, full: Full, scope: Scope) -> None:
    session.execute(delete(Change))
    carry_out(full, scope)
    assert session.scalars(select(Change.subject_id).where(Change.kind == ChangeKind.PROJECT)).all() == [
        full.project.id]


@pytest.mark.parametrize("scope", PARTS)
def test_work_in_progress_is_stopped_and_its_child_with_it(session: Session, full: Full, scope: Scope) -> None:
    """fault 27"""
    job = session.scalars(select(Job).where(Job.kind == Kind.PLAYBACK)).one()
    claimed = work.claim(session, job.id, "worker", makers.NOON)
    assert claimed is not None
    held = Held(job.id, claimed[0].fence)
    carry_out(full, scope)
    assert not work.heartbeat(session, held.job_id, held.fence, 0.5)
    with pytest.raises(FenceLost):
        derivatives.give_up(session, Kind.PLAYBACK, full.ids["recording"], held)
    assert {kind for kind in session.scalars(select(Job.kind))} == {Kind.ERASE, Kind.SCRUB}


def test_nothing_is_made_again_of_a_recording_whose_words_stay(session: Session, full: Full) -> None:
    carry_out(full, Scope.WORDS_ONLY)
    assert joining.list_left(session) == []
    assert derivatives.playback_source(session, full.ids["recording"]) is None
    assert derivatives.clip_source(session, full.ids["excerpt"]) is None


@pytest.mark.parametrize("first", list(Scope))
@pytest.mark.parametrize("second", list(Scope))
def test_a_greater_scope_after_a_lesser_works_and_a_lesser_takes_nothing_back(
    session: Session, full: Full, first: Scope, second: Scope
) -> None:
    carry_out(full, first)
    was = cleared(session, full.story_id)
    carry_out(full, second, NOW + timedelta(hours=1))
    assert cleared(session, full.story_id) <= was
    order = list(Scope)
    greatest = max(first, second, key=order.index)
    ended = session.get(Withdrawal, full.story_id)
    if Scope.ANONYMOUS in (first, second) or Scope.ERASE in (first, second):
        # What is nobody's any more is not erased by the old name either.
        assert ended is not None
        assert ended.scope == (first if first in (Scope.ANONYMOUS, Scope.ERASE) else second)
        assert full.tables_with(*NAMES, OTHER) == set()
    else:
        assert ended is None
        assert (full.tables_with(*NAMES) == set()) == (greatest is Scope.WORDS_ONLY)
    if first is Scope.ERASE:
        assert session.scalars(select(Quote)).all() == []


@pytest.mark.parametrize("scope", list(Scope))
def test_every_scope_is_in_the_audit_once(session: Session, full: Full, scope: Scope) -> None:
    carry_out(full, scope)
    carry_out(full, scope)
    entries = session.scalars(select(AuditEntry).where(AuditEntry.person_id == full.researcher.id)).all()
    about = [entry for entry in entries if full.story_id in (entry.subject_id, entry.details.get("story"))]
    if scope is Scope.NO_NEW_USE:
        assert {entry.action for entry in about} == {"changed"}
    else:
        assert [(entry.action, entry.details["scope"]) for entry in about] == [("withdrew", scope.value)]


@pytest.mark.parametrize("scope", list(Scope))
def test_only_whoever_may_withdraw_it_withdraws_it(session: Session, full: Full, scope: Scope) -> None:
    other = makers.make_person(session, full.project, Role.RESEARCHER, Role.COMMISSIONER)
    with pytest.raises(NotFound):
        withdrawal_scopes.withdraw(session, makers.viewer_of(session, other), full.story_id, scope, NOW)
    withdrawal_scopes.withdraw(session, full.viewer(Role.ADMINISTRATOR), full.story_id, scope, NOW)


@pytest.mark.parametrize("scope", PARTS)
def test_other_stories_lose_nothing(session: Session, full: Full, scope: Scope) -> None:
    other = makers.make_story(session, full.project, full.researcher, pseudonym="Amal")
    recording, photo = makers.add_recording(session, other), makers.add_photo(session, other)
    shared = full.keep(BYTES["original"])
    recording.sha256 = shared
    session.commit()
    carry_out(full, scope)
    assert session.get_one(Story, other.id).pseudonym == "Amal"
    assert session.get(Photo, photo.id) is not None
    assert session.get_one(Recording, recording.id).playback_sha256 is not None
    assert shared not in set(session.scalars(select(Erasure.sha256)))


@pytest.mark.parametrize("scope", [Scope.WORDS_ONLY, Scope.ANONYMOUS, Scope.ERASE])
def test_no_trace_of_what_goes_is_readable_in_any_file(
    app: Flask, session: Session, full: Full, scope: Scope, request: pytest.FixtureRequest
) -> None:
    """fault 29"""
    settings = app.extensions["earshot"].settings

    def files() -> dict[Path, bytes]:
        if settings.database_url.startswith("sqlite"):
            return {path: path.read_bytes() for path in settings.data_dir.glob("earshot.sqlite3*")}
        found: dict[Path, bytes] = request.getfixturevalue("postgres").files_of(settings.database_url)
        return found

    gone = {Scope.WORDS_ONLY: NAMES, Scope.ANONYMOUS: [*NAMES, OTHER, DRAFTED],
            Scope.ERASE: [*NAMES, OTHER, DRAFTED, SAID, CHOSEN]}[scope]
    stays = {Scope.WORDS_ONLY: [OTHER, DRAFTED, SAID, CHOSEN], Scope.ANONYMOUS: [SAID, CHOSEN], Scope.ERASE: []}[scope]
    marks = [*(word.encode() for word in gone), *BYTES.values()]
    session.execute(text("ANALYZE"))
    session.commit()
    assert {found.split(": ")[1] for found in full.files_with(marks, files())} == {repr(mark) for mark in marks}
    carry_out(full, scope)
    full.do_what_was_asked()
    session.commit()
    assert full.files_with(marks, files()) == set()
    left = full.files_with([word.encode() for word in stays], files())
    assert {found.split(": ")[1] for found in left} == {repr(word.encode()) for word in stays}


def test_a_transcript_can_still_be_read_by_whoever_may(session: Session, full: Full) -> None:
    carry_out(full, Scope.WORDS_ONLY)
    words = session.scalars(select(TranscriptSegment.text).join(Transcript).where(Transcript.is_current)).all()
    assert OTHER in " ".join(words)
    assert withdrawals.apply_again(session) == 0
