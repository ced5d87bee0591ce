"""What a project keeps no longer is listed, warned about, and ends as a withdrawal does."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.config import Settings
from server.db import db
from server.domain.access import Role, Viewer
from server.domain.errors import NotFound, VersionConflict, Withdrawn
from server.domain.ids import new_id
from server.domain.retention import NOTICE, State
from server.jobs.sweep import sweep
from server.models.audit import AuditEntry
from server.models.consent import Embargo, Tombstone, Withdrawal
from server.models.project import Project
from server.models.story import Quote, Story
from server.services import audit, receipts, retention, withdrawal_log
from tests import makers
from tests.makers import NOON

YEAR = timedelta(days=366)
NOW = NOON + YEAR + timedelta(days=1)


@pytest.fixture
def old(session: Session, project: Project) -> Story:
    """A story that a project which keeps stories for a year keeps no longer."""
    project.retention_months, project.retention_set_at = 12, NOON
    told = makers.make_story(session, project, makers.make_person(session, project, Role.RESEARCHER), pseudonym="Rose")
    makers.add_quote(session, told, "We waited all night.")
    session.commit()
    return told


def put_under_embargo(session: Session, story: Story) -> Embargo:
    row = Embargo(id=new_id(), story_id=story.id, project_id=story.project_id, reason="A worry", put_at=NOON)
    session.add(row)
    session.flush()
    return row


def goes(session: Session, viewer: Viewer, project: Project, now: datetime) -> list[tuple[str, State]]:
    return [(one.pseudonym, one.state) for one in retention.list_ending(session, viewer, project.id, now)]


def test_what_goes_soon_is_listed_and_counted(session: Session, project: Project, administrator: Viewer,
                                              old: Story) -> None:
    assert goes(session, administrator, project, NOW - timedelta(days=90)) == []
    assert retention.warn(session, administrator, project.id, NOW - timedelta(days=90)) is None
    assert goes(session, administrator, project, NOW - timedelta(days=30)) == [("Rose", State.DUE_SOON)]
    warning = retention.warn(session, administrator, project.id, NOW - timedelta(days=30))
    assert warning is not None
    assert (warning.count, warning.first_at) == (1, NOON.replace(year=2027))
    assert goes(session, administrator, project, NOW) == [("Rose", State.DUE)]


def test_what_is_due_ends_as_a_withdrawal_does(session: Session, project: Project, viewer: Viewer,
                                               administrator: Viewer, old: Story) -> None:
    """fault 26"""
    story_id, [quote] = old.id, old.quotes
    quote_id = quote.id
    assert retention.list_due(session, NOW) == [story_id]
    assert retention.dispose(session, story_id, NOW)
    session.commit()
    assert session.get(Story, story_id) is None
    assert session.scalars(select(Quote)).all() == []
    row = session.get_one(Withdrawal, story_id)
    assert (row.cause, row.recorded_by, row.reason) == ("retention", None, "")
    assert {story_id, quote_id} <= set(session.scalars(select(Tombstone.id)))
    with pytest.raises(Withdrawn):
        receipts.refuse_withdrawn(session, viewer, quote_id, story_id)
    assert [(one.on, one.count) for one in retention.list_disposed(session, administrator, project.id)] == [
        (NOW.date(), 1)]
    assert not retention.dispose(session, story_id, NOW)


def test_it_is_in_the_audit_and_the_chain_holds(session: Session, old: Story) -> None:
    """fault 47"""
    story_id = old.id
    retention.dispose(session, story_id, NOW)
    session.commit()
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert entry is not None
    assert (entry.action, entry.kind, entry.subject_id, entry.person_id) == ("disposed", "story", story_id, None)
    assert audit.verify(session).problem is None


def test_its_note_says_why_it_ended(session: Session, old: Story) -> None:
    """fault 28"""
    retention.dispose(session, old.id, NOW)
    [note] = withdrawal_log.list_notes(session)
    assert note.cause == "retention"


def test_what_is_not_due_stays_whatever_a_list_said(session: Session, old: Story) -> None:
    assert not retention.dispose(session, old.id, NOW - timedelta(days=3))
    assert session.get(Withdrawal, old.id) is None


def test_a_period_that_is_shortened_takes_no_story_for_thirty_days(session: Session, project: Project,
                                                                  administrator: Viewer, old: Story) -> None:
    retention.change(session, administrator, project.id, 1, 1, NOW)
    assert retention.list_due(session, NOW + NOTICE - timedelta(hours=1)) == []
    assert goes(session, administrator, project, NOW) == [("Rose", State.DUE_SOON)]
    assert retention.list_due(session, NOW + NOTICE) == [old.id]


def test_saving_the_same_period_again_gives_nobody_another_thirty_days(session: Session, project: Project,
                                                                      administrator: Viewer, old: Story) -> None:
    retention.change(session, administrator, project.id, 12, 1, NOW)
    assert retention.list_due(session, NOW) == [old.id]
    assert retention.get(session, administrator, project.id).version == 1


def test_a_project_without_a_period_keeps_its_stories(session: Session, project: Project, administrator: Viewer,
                                                      old: Story) -> None:
    retention.change(session, administrator, project.id, None, 1, NOW)
    assert retention.list_due(session, NOW + 99 * YEAR) == []
    assert not retention.dispose(session, old.id, NOW + 99 * YEAR)


def test_one_under_embargo_waits_and_says_so(session: Session, project: Project, administrator: Viewer,
                                             old: Story) -> None:
    embargo = put_under_embargo(session, old)
    assert retention.list_due(session, NOW) == []
    assert not retention.dispose(session, old.id, NOW)
    assert [one.waits for one in retention.list_ending(session, administrator, project.id, NOW)] == [True]
    assert retention.warn(session, administrator, project.id, NOW) is None
    embargo.lifted_at = NOW
    session.flush()
    assert retention.list_due(session, NOW) == [old.id]


def test_what_came_late_can_be_seen_first(session: Session, project: Project, old: Story) -> None:
    old.received_at = NOW
    session.flush()
    assert retention.list_due(session, NOW + NOTICE - timedelta(hours=1)) == []
    assert retention.list_due(session, NOW + NOTICE) == [old.id]


def test_the_sweep_ends_what_is_due_and_nothing_else(app: Flask, session: Session, settings: Settings,
                                                     project: Project, old: Story) -> None:
    other = makers.make_project(session, "Another, which keeps its stories")
    kept = makers.make_story(session, other, makers.make_person(session, other, Role.RESEARCHER))
    now = datetime.now(NOON.tzinfo)
    old.told_at = old.received_at = kept.told_at = kept.received_at = now - 3 * YEAR
    old_id, kept_id = old.id, kept.id
    session.commit()
    sweep(app.extensions["earshot_work"].queue, settings, now)
    session = db.session()
    ended = session.scalars(select(Withdrawal)).all()
    assert [(row.story_id, row.cause) for row in ended] == [(old_id, "retention")]
    assert ended[0].written_down_at is not None
    assert session.get(Story, kept_id) is not None


def test_two_who_change_it_see_both(session: Session, project: Project, administrator: Viewer) -> None:
    """fault 25"""
    retention.change(session, administrator, project.id, 24, 1, NOW)
    with pytest.raises(VersionConflict) as conflict:
        retention.change(session, administrator, project.id, 36, 1, NOW)
    assert conflict.value.current == {"months": "24"}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_an_administrator_is_told_or_asked(session: Session, project: Project, role: Role) -> None:
    """fault 44"""
    other = makers.viewer_of(session, makers.make_person(session, project, role))
    for asked in (lambda: retention.list_ending(session, other, project.id, NOW),
                  lambda: retention.warn(session, other, project.id, NOW),
                  lambda: retention.list_disposed(session, other, project.id),
                  lambda: retention.change(session, other, project.id, 1, 1, NOW)):
        with pytest.raises(NotFound):
            asked()
