"""The drill for every scope of a withdrawal, for embargoes and for what is withheld: a real backup, then somebody takes
something away, then that backup is brought back to another place. Nothing that was taken away is there again."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import catching_up, writing_down
from server.db import db
from server.domain.consent import Scope
from server.domain.ids import new_id
from server.domain.withdrawal_step import BACKUPS_KEPT
from server.models.audit import AuditEntry
from server.models.consent import Clearance, Embargo, PartialWithdrawal, Withdrawal
from server.models.redaction import PhotoRegion, Redaction
from server.models.story import Quote, Recording, Story
from server.models.theme import Excerpt
from server.models.work import Job
from server.services import anonymous_stories, narrowings, restriction_log, withdrawal_scopes, withdrawal_steps
from tests import makers
from tests.backup.conftest import Places, opened
from tests.backup.test_restoring import backed_up, brought_back
from tests.services.full_story import CHOSEN, DRAFTED, NAME, OTHER, PLACE, SAID, Full
from tests.services.test_withdrawal_scopes import NOW

Restored = Callable[[Callable[[Full], None]], Full]


@pytest.fixture
def before(places: Places) -> Full:
    """An installation with one whole story, with nobody connected to it."""
    settings = places("sqlite")
    with opened(settings) as app:
        found = Full(app, db.session())
    return found


def again(full: Full, app: Flask) -> Full:
    """The same story, in this installation."""
    full.app, full.session = app, db.session()
    full.project = db.session.get_one(makers.Project, full.keys[0])
    full.researcher = db.session.get_one(makers.Person, full.keys[1])
    return full


def everything_is_written_down(app: Flask) -> None:
    """What the answer, the workers and the sweep do."""
    session, store = db.session(), app.extensions["earshot"].store
    writing_down.write_missing(session, store)
    restriction_log.ask_for_missing(session)
    for row in session.scalars(select(Job).where(Job.kind == "note")):
        answer, restriction = narrowings.find(session, row.subject_id), restriction_log.find(session, row.subject_id)
        if answer is not None:
            narrowings.write_down(store, answer)
        if restriction is not None:
            store.write_note(restriction.name, restriction.to_bytes())
    session.commit()


@pytest.fixture
def restored(before: Full, places: Places, tmp_path: Path, new_postgres: object) -> Iterator[Restored]:
    """Back up, do something, and bring the backup back elsewhere with what the store was told."""
    with ExitStack() as left_open:

        def after(act: Callable[[Full], None]) -> Full:
            folder = backed_up(before.settings, tmp_path / "backup")
            with opened(before.settings) as app:
                act(again(before, app))
                db.session.commit()
                everything_is_written_down(app)
                notes = app.extensions["earshot"].settings.media_dir / "withdrawals"
            target = places("postgresql")
            brought_back(target, folder, "--withdrawals", str(notes))
            return again(before, left_open.enter_context(opened(target)))

        yield after


def withdrawn(scope: Scope) -> Callable[[Full], None]:
    return lambda full: withdrawal_scopes.withdraw(full.session, full.viewer(), full.story_id, scope, NOW)


def cleared(session: Session) -> list[str]:
    return list(session.scalars(select(Clearance.story_id)))


def test_words_only_holds_after_a_restore(restored: Restored) -> None:
    """fault 28"""
    full = restored(withdrawn(Scope.WORDS_ONLY))
    assert full.tables_with(NAME, PLACE) == set()
    assert full.tables_with(SAID, OTHER) >= {"quote", "transcript_segment"}
    row = full.session.get_one(PartialWithdrawal, (full.story_id, "words_only"))
    assert row.at == NOW
    assert full.session.get_one(Recording, full.ids["recording"]).sha256 == ""
    assert set(full.session.scalars(select(Clearance.content))) == {"words", "quote"}


def test_anonymous_words_are_anonymous_after_a_restore(restored: Restored) -> None:
    """fault 28"""
    ids: list[str | None] = []

    def act(full: Full) -> None:
        withdrawn(Scope.ANONYMOUS)(full)
        ids.append(full.session.get_one(Withdrawal, full.story_id).became_id)

    full = restored(act)
    assert full.tables_with(NAME, PLACE, OTHER, DRAFTED) == set()
    assert full.session.scalars(select(Story.id)).all() == ids
    assert full.tables_with(SAID, CHOSEN) - {"search_passage"} == {"quote", "excerpt"}
    assert full.session.get_one(Withdrawal, full.story_id).scope == "anonymous"


def test_what_was_erased_after_it_was_made_anonymous_stays_gone(
        restored: Restored) -> None:
    """fault 28"""
    def act(full: Full) -> None:
        withdrawn(Scope.ANONYMOUS)(full)
        became = full.session.get_one(Withdrawal, full.story_id).became_id
        withdrawal_scopes.carry_out(full.session, None, became or "", full.project.id, Scope.ERASE, NOW)

    full = restored(act)
    assert [full.session.scalars(select(owner)).all() for owner in (Story, Quote, Excerpt)] == [[], [], []]


def test_of_a_backup_that_should_not_be_there_any_more_nothing_is_carried_over(restored: Restored) -> None:
    """fault 28"""
    def act(full: Full) -> None:
        withdrawn(Scope.ANONYMOUS)(full)
        full.session.commit()
        everything_is_written_down(full.app)
        withdrawal_steps.settle(full.session, datetime.now(UTC) + BACKUPS_KEPT + timedelta(minutes=1))
        assert anonymous_stories.forget_origins(full.session) == 1

    full = restored(act)
    assert [full.session.scalars(select(owner)).all() for owner in (Story, Quote, Excerpt)] == [[], [], []]
    assert full.tables_with(NAME, PLACE, SAID, CHOSEN, OTHER, DRAFTED) == set()
    assert cleared(full.session) == []
    row = full.session.get_one(Withdrawal, full.story_id)
    assert (row.scope, row.became_id) == ("anonymous", None)


@pytest.mark.parametrize("scope", [Scope.NO_NEW_USE, Scope.ERASE])
def test_nothing_is_cleared_after_a_restore(restored: Restored, scope: Scope) -> None:
    """fault 28"""
    full = restored(withdrawn(scope))
    assert cleared(full.session) == []
    assert (full.session.get(Story, full.story_id) is None) == (scope is Scope.ERASE)


def put_embargo(full: Full) -> None:
    full.session.add(Embargo(id=new_id(), story_id=full.story_id, project_id=full.project.id, reason="A worry",
                             named_id=full.researcher.id, put_by=full.researcher.id, put_at=NOW))


def withhold(full: Full) -> None:
    full.session.add(Redaction(id=new_id(), story_id=full.story_id, words=SAID, words_key=SAID, replacement="[name]",
                               category="name", sound="bleep", made_by=full.researcher.id, made_at=NOW))


def blur(full: Full) -> None:
    full.session.add(PhotoRegion(id=new_id(), photo_id=full.ids["photo"], left=1, top=1, width=9, height=9,
                                 made_by=full.researcher.id, made_at=NOW))


@pytest.mark.parametrize("restrict", [put_embargo, withhold, blur])
def test_a_story_of_which_something_was_withheld_since_is_held_back(
        restored: Restored, restrict: Callable[[Full], None]) -> None:
    """fault 28"""
    full = restored(restrict)
    assert cleared(full.session) == []
    row = full.session.scalars(select(Embargo)).one()
    assert (row.story_id, row.named_id, row.lifted_at) == (full.story_id, None, None)
    assert row.reason == restriction_log.LOOK_AGAIN
    assert full.session.scalar(select(AuditEntry.action).where(AuditEntry.kind == "embargo")) == "replayed"


def test_what_was_lifted_after_the_restore_is_not_held_back_once_more(
        restored: Restored) -> None:
    full = restored(put_embargo)
    full.session.scalars(select(Embargo)).one().lifted_at = NOW
    full.session.commit()
    everything_is_written_down(full.app)
    assert restriction_log.unknown(full.session, full.app.extensions["earshot"].store) == []


def test_what_was_held_back_stays_so_when_it_is_made_anonymous(
        restored: Restored) -> None:
    """fault 28"""
    def act(full: Full) -> None:
        withhold(full)
        full.session.commit()
        everything_is_written_down(full.app)
        withdrawn(Scope.ANONYMOUS)(full)

    full = restored(act)
    assert cleared(full.session) == []


@pytest.mark.parametrize("scope", [Scope.WORDS_ONLY, Scope.ANONYMOUS])
def test_a_database_file_that_was_put_back_by_hand_is_told_before_it_answers(before: Full, scope: Scope) -> None:
    """fault 28"""
    settings = before.settings
    file = settings.data_dir / "earshot.sqlite3"
    monday = settings.data_dir / "monday"
    shutil.copy(file, monday)
    with opened(settings) as app:
        withdrawn(scope)(again(before, app))
        db.session.commit()
        everything_is_written_down(app)
    for path in settings.data_dir.glob("earshot.sqlite3*"):
        path.unlink()
    shutil.copy(monday, file)
    with opened(settings) as app:
        assert catching_up.is_up_to_date(app)
        assert again(before, app).tables_with(NAME, PLACE) == set()
