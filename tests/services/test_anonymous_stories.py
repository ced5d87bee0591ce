"""What stays of a story that is made anonymous: chosen passages and quotes, in a story of nobody."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server import writing_down
from server.domain.consent import Scope, Use
from server.domain.errors import Withdrawn
from server.domain.withdrawal_step import BACKUPS_KEPT
from server.domain.work import Kind
from server.models import Row
from server.models.consent import ConsentRecord, Embargo, PartialWithdrawal, Withdrawal
from server.models.provocation import Evidence
from server.models.redaction import Redaction
from server.models.story import Quote, Recording, Story
from server.models.theme import Excerpt, Tagging
from server.models.transcript import Transcript
from server.models.work import Job
from server.services import (
    anonymous_stories,
    changed_minds,
    consents,
    receipt_codes,
    receipts,
    withdrawal_log,
    withdrawal_steps,
)
from server.services.anonymous_stories import month_of
from tests import makers
from tests.services.full_story import CHOSEN, DRAFTED, NAME, OTHER, SAID, Full
from tests.services.test_withdrawal_scopes import NAMES, NOW, WORDS, carry_out, cleared


@pytest.fixture
def full(app: Flask, session: Session) -> Full:
    return Full(app, session)


def became(full: Full) -> Story:
    found = full.session.get_one(Withdrawal, full.story_id).became_id
    return full.session.get_one(Story, found)


def test_anonymous_words_go_on_in_a_story_of_nobody(session: Session, full: Full) -> None:
    carry_out(full, Scope.ANONYMOUS)
    story = became(full)
    assert (story.pseudonym, story.place, story.researcher_id, story.participants) == ("Somebody", "", None, [])
    assert story.told_at == story.told_at_phone == story.received_at == datetime(2026, 5, 1, tzinfo=UTC)
    [quote], [excerpt] = session.scalars(select(Quote)).all(), session.scalars(select(Excerpt)).all()
    assert (quote.text, quote.participant_id, excerpt.text) == (f"The {SAID} waited", None, f"down the {CHOSEN}")
    assert cleared(session, story.id) == WORDS
    assert session.get(Story, full.story_id) is None
    with pytest.raises(Withdrawn):
        receipts.refuse_withdrawn(session, full.viewer(), full.story_id)


def test_nothing_else_is_left_of_an_anonymous_story(session: Session, full: Full) -> None:
    carry_out(full, Scope.ANONYMOUS)
    assert full.tables_with(*NAMES, OTHER, DRAFTED) == set()
    assert session.scalars(select(Transcript)).all() == []
    assert full.tables_with("2026-05-04", "2026, 5, 4") <= {
        # When the project and its wording were made, and what somebody did since.
        "project", "consent_wording", "person", "theme", "provocation", "consent_record", "audit_entry"}
    story_id = became(full).id
    for record in session.scalars(select(ConsentRecord).where(ConsentRecord.story_id == story_id)):
        assert record.given_at.day == record.given_at_phone.day == record.received_at.day == 1
        assert (record.taken_by, record.participant_id) == (None, None)


def test_no_id_of_an_anonymous_story_says_when_it_was_made(session: Session, full: Full) -> None:
    carry_out(full, Scope.ANONYMOUS)
    story = became(full)
    ids = [story.id, story.conversation_id, *(one for owner in (Quote, Excerpt, Recording, Tagging, Evidence)
                                              for one in session.scalars(select(owner.id)))]
    assert len(ids) == 9
    assert {UUID(one).version for one in ids} == {4}


def test_what_was_made_of_anonymous_words_stays_with_them(session: Session, full: Full) -> None:
    carry_out(full, Scope.ANONYMOUS)
    quote, excerpt = session.scalars(select(Quote.id)).one(), session.scalars(select(Excerpt.id)).one()
    for owner in (Tagging, Evidence):
        assert {row.part_id for row in session.scalars(select(owner))} == {quote, excerpt}


def test_the_receipt_of_an_anonymous_story_says_so_and_can_do_no_more(session: Session, full: Full) -> None:
    carry_out(full, Scope.ANONYMOUS)
    ended = session.get_one(Withdrawal, full.story_id)
    assert (ended.scope, ended.at, ended.receipt_code_hash) == ("anonymous", NOW, full.code_hash)
    found = receipt_codes._ended(session, full.code_hash)
    assert found is not None
    assert found.scope is Scope.ANONYMOUS
    carry_out(full, Scope.ERASE)
    assert session.scalars(select(Quote)).one() is not None


def test_words_that_are_withheld_are_gone_for_good_from_an_anonymous_story(session: Session, full: Full) -> None:
    for word in (SAID, CHOSEN):
        session.add(Redaction(id=makers.new_id(), story_id=full.story_id, words=word, words_key=word,
                              replacement="[name]", category="name", sound="bleep", made_by=full.researcher.id,
                              made_at=makers.NOON))
    session.commit()
    carry_out(full, Scope.ANONYMOUS)
    assert session.scalars(select(Quote.text)).one() == "The [name] waited"
    assert session.scalars(select(Excerpt.text)).one() == "down the [name]"
    assert full.tables_with(SAID, CHOSEN) == set()


def test_an_embargo_goes_on_over_anonymous_words(session: Session, full: Full) -> None:
    session.add(Embargo(id=makers.new_id(), story_id=full.story_id, project_id=full.project.id, reason=NAME,
                        named_id=full.administrator.id, put_by=full.researcher.id, put_at=makers.NOON))
    session.commit()
    carry_out(full, Scope.ANONYMOUS)
    assert cleared(session, became(full).id) == set()
    assert full.tables_with(NAME) == set()


@pytest.mark.parametrize("uses", [set(), {Use.RECORD, Use.TRANSCRIBE}])
def test_what_nobody_may_have_is_not_kept_anonymously_either(session: Session, full: Full, uses: set[Use]) -> None:
    for person in consents.list_tellers(session, full.story_id):
        changed_minds.change(session, full.story_id, person, uses, NOW - timedelta(hours=1))
    carry_out(full, Scope.ANONYMOUS)
    assert session.get_one(Withdrawal, full.story_id).became_id is None
    assert [session.scalars(select(owner)).all() for owner in (Story, Quote, Excerpt)] == [[], [], []]


def test_without_agreement_to_words_only_quotes_are_kept_anonymously(session: Session, full: Full) -> None:
    for person in consents.list_tellers(session, full.story_id):
        changed_minds.change(session, full.story_id, person, {Use.BOARD}, NOW - timedelta(hours=1))
    carry_out(full, Scope.ANONYMOUS)
    assert cleared(session, became(full).id) == {("board", "quote")}
    assert session.scalars(select(Excerpt)).all() == []


def test_no_moment_in_an_anonymous_story_is_one_of_the_old_or_of_its_end(session: Session, full: Full) -> None:
    full.session.add(Embargo(id=makers.new_id(), story_id=full.story_id, project_id=full.project.id, reason=NAME,
                             named_id=full.administrator.id, put_by=full.researcher.id, put_at=makers.NOON))
    session.commit()
    carry_out(full, Scope.ANONYMOUS)
    story_id = became(full).id
    part = session.scalars(select(PartialWithdrawal).where(PartialWithdrawal.story_id == story_id)).one()
    embargo = session.scalars(select(Embargo).where(Embargo.story_id == story_id)).one()
    excerpt = session.scalars(select(Excerpt)).one()
    moments = [part.at, part.written_down_at, embargo.put_at, excerpt.made_at, excerpt.quotable_at,
               *session.scalars(select(Tagging.tagged_at))]
    assert [one for one in moments if one != month_of(one)] == []


def settled(full: Full, days: float, kept: timedelta = BACKUPS_KEPT) -> None:
    """What a sweep does so many days after the withdrawal."""
    store, now = full.app.extensions["earshot"].store, datetime.now(UTC)
    withdrawal_steps.settle(full.session, now + timedelta(days=days), kept)
    anonymous_stories.forget_origins(full.session)
    writing_down.write_missing(full.session, store)
    full.session.commit()


def test_whose_the_passages_were_is_forgotten_with_the_last_backup_that_can_say_so(session: Session,
                                                                                   full: Full) -> None:
    carry_out(full, Scope.ANONYMOUS)
    story, store = became(full), full.app.extensions["earshot"].store
    settled(full, 34.9)
    assert became(full).id == story.id
    assert anonymous_stories.is_origin_known(session, full.story_id)
    assert story.id in store.read_note(full.story_id).decode()
    settled(full, 35.1)
    assert session.get_one(Withdrawal, full.story_id).became_id is None
    assert not anonymous_stories.is_origin_known(session, full.story_id)
    assert json.loads(store.read_note(full.story_id))["became_id"] is None
    assert story.id not in store.read_note(full.story_id).decode()
    for table in Row.metadata.sorted_tables:
        for row in session.execute(select(table)):
            assert not all(one in str(tuple(row)) for one in (story.id, full.story_id)), table.name
    assert session.get(Story, story.id) is not None


def test_it_is_remembered_for_as_long_as_backups_are_kept_here(session: Session, full: Full) -> None:
    carry_out(full, Scope.ANONYMOUS)
    settled(full, 89, timedelta(days=90))
    assert session.get_one(Withdrawal, full.story_id).became_id is not None
    settled(full, 91, timedelta(days=90))
    assert session.get_one(Withdrawal, full.story_id).became_id is None


def test_what_is_forgotten_is_also_gone_from_the_files_of_the_database(session: Session, full: Full) -> None:
    carry_out(full, Scope.ANONYMOUS)
    session.execute(delete(Job))
    settled(full, 36)
    assert session.scalars(select(Job.subject_id).where(Job.kind == Kind.SCRUB)).all() == [full.story_id]
    settled(full, 37)
    assert len(session.scalars(select(Job).where(Job.kind == Kind.SCRUB)).all()) == 1


def test_a_slow_note_from_before_it_was_forgotten_is_written_again(session: Session, full: Full) -> None:
    carry_out(full, Scope.ANONYMOUS)
    store, before = full.app.extensions["earshot"].store, withdrawal_log.find_unwritten(session, full.story_id)
    assert before is not None
    settled(full, 36)
    store.write_note(full.story_id, before.to_bytes())
    withdrawal_log.mark_written(session, before)
    session.commit()
    settled(full, 37)
    assert json.loads(store.read_note(full.story_id))["became_id"] is None
