"""What was backed up comes back, in either database, and what was withdrawn since does not."""

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from server import writing_down
from server.app import create_app
from server.backup import marker
from server.config import Settings
from server.db import db
from server.domain.access import Role
from server.domain.consent import Use
from server.domain.work import Kind
from server.models.audit import AuditEntry
from server.models.change import Change
from server.models.consent import Clearance, Withdrawal
from server.models.people import SignedIn
from server.models.story import Photo, Story
from server.models.theme import Excerpt
from server.models.upload import Upload
from server.models.work import Job
from server.services import audit, changes, narrowings, withdrawals
from server.storage.filesystem import FilesystemStore
from server.storage.staging import Staging
from tests import makers
from tests.backup.conftest import Places, opened, run
from tests.backup.holdings import Holdings, everything

# What bringing rows back changes on purpose; each has a test of its own.
PUT_RIGHT = {"change", "upload", "withdrawal", "audit_entry", "job"}

into_postgresql = pytest.mark.parametrize("holdings", ["sqlite"], indirect=True)


def backed_up(settings: Settings, folder: Path) -> Path:
    ended = run(settings, "backup", str(folder))
    assert ended.exit_code == 0, ended.output
    return folder


def brought_back(settings: Settings, folder: Path, *arguments: str) -> None:
    ended = run(settings, "restore", str(folder), *arguments)
    assert ended.exit_code == 0, ended.output


@pytest.mark.parametrize("way", ["the same database", "the other database"])
def test_every_row_and_every_byte_comes_back(
    holdings: Holdings, other_engine: str, places: Places, tmp_path: Path, way: str
) -> None:
    """fault 28"""
    engine = other_engine if way == "the other database" else {"sqlite": "postgresql"}.get(other_engine, "sqlite")
    folder, target = backed_up(holdings.settings, tmp_path / "backup"), places(engine)
    with opened(holdings.settings):
        before = everything(db.session())
    brought_back(target, folder)
    with opened(target):
        after = everything(db.session())
        assert audit.verify(db.session()).problem is None
        assert db.session.scalars(select(SignedIn)).all() == []
    assert {name for name, rows in before.items() if not rows} == set(), "the test must hold something of everything"
    for name in before.keys() - PUT_RIGHT:
        assert after[name] == before[name], name
    assert [entry for entry in after["audit_entry"] if entry["action"] != "restored"] == before["audit_entry"]
    store = FilesystemStore(target.media_dir)
    for sha256, content in holdings.media.items():
        with store.open(sha256) as kept:
            assert kept.read() == content


@into_postgresql
def test_numbers_go_on_after_those_that_came_back(
    holdings: Holdings, other_engine: str, places: Places, tmp_path: Path
) -> None:
    folder, target = backed_up(holdings.settings, tmp_path / "backup"), places(other_engine)
    brought_back(target, folder)
    with opened(target):
        session = db.session()
        project, person = session.get_one(makers.Project, holdings.project_id), session.get_one(
            makers.Person, holdings.researcher_id)
        makers.add_recording(session, makers.make_story(session, project, person), "one more story")
        audit.note(session, None, "changed", "theme", "x", None)
        session.commit()
        assert audit.verify(session).problem is None


def test_a_whole_file_that_was_not_stored_yet_is_staged_again(
    holdings: Holdings, other_engine: str, places: Places, tmp_path: Path
) -> None:
    """fault 28"""
    folder, target = backed_up(holdings.settings, tmp_path / "backup"), places(other_engine)
    brought_back(target, folder)
    with opened(target):
        here, session = Staging(target.uploads_dir), db.session()
        whole = session.get_one(Upload, holdings.whole_id)
        assert (whole.staged_on, whole.offset, here.size(whole.id)) == (here.place, 29, 29)
        job = session.scalars(select(Job).where(Job.kind == Kind.STORE)).one()
        assert job.place == here.place
        begun = session.get_one(Upload, holdings.unfinished_id)
        assert (begun.staged_on, begun.offset, here.size(begun.id)) == (None, 0, 0)


@into_postgresql
def test_a_part_whose_bytes_were_on_another_machine_is_sent_again_by_its_phone(
    holdings: Holdings, other_engine: str, places: Places, tmp_path: Path
) -> None:
    """fault 28"""
    holdings.here.discard(holdings.whole_id)
    with opened(holdings.settings):
        db.session.execute(update(Upload).values(staged_on="another-place"))
        db.session.commit()
    ended = run(holdings.settings, "backup", str(tmp_path / "backup"))
    assert "1 files wait on other machines" in ended.output
    target = places(other_engine)
    brought_back(target, tmp_path / "backup")
    with opened(target):
        session = db.session()
        assert session.scalars(select(Photo.id).where(Photo.stored_at.is_(None))).all() == []
        assert session.scalars(select(Job).where(Job.kind == Kind.STORE)).all() == []
        assert session.get_one(Upload, holdings.whole_id).offset == 0


def test_devices_hear_everything_again(
    holdings: Holdings, other_engine: str, places: Places, tmp_path: Path
) -> None:
    """fault 28"""
    folder, target = backed_up(holdings.settings, tmp_path / "backup"), places(other_engine)
    with opened(holdings.settings):
        read_up_to = db.session.scalar(select(func.max(Change.sequence)))
        kinds = db.session.execute(select(Change.kind, Change.subject_id).order_by(Change.sequence)).all()
    brought_back(target, folder)
    with opened(target):
        began, *after = db.session.execute(select(Change.sequence, Change.kind, Change.subject_id)
                                           .order_by(Change.sequence)).all()
        assert changes.is_older(db.session(), read_up_to)
    assert [tuple(row)[1:] for row in after] == [tuple(row) for row in kinds]
    assert began.sequence > read_up_to


@pytest.mark.parametrize("known_by", ["the database that is given up", "a folder kept elsewhere", "the store"])
def test_what_was_withdrawn_since_does_not_come_back(
    holdings: Holdings, other_engine: str, places: Places, tmp_path: Path, known_by: str
) -> None:
    """fault 28"""
    folder = backed_up(holdings.settings, tmp_path / "backup")
    with opened(holdings.settings):
        session = db.session()
        viewer = makers.viewer_of(session, session.get_one(makers.Person, holdings.researcher_id))
        withdrawals.withdraw(session, viewer, holdings.story_id)
        session.commit()
        if known_by != "the database that is given up":
            writing_down.write_missing(session, holdings.store)
    notes, target, more = holdings.settings.media_dir / "withdrawals", places(other_engine), []
    if known_by == "the database that is given up":
        target, more = holdings.settings, ["--over"]
    elif known_by == "the store":
        shutil.copytree(notes, target.media_dir / "withdrawals")
    else:
        more = ["--withdrawals", str(notes)]
    brought_back(target, folder, *more)
    with opened(target):
        session = db.session()
        assert session.get(Story, holdings.story_id) is None
        assert session.get(Withdrawal, holdings.story_id) is not None
        assert "Ünïcode" not in str(everything(session)["quote"])
        replayed = select(AuditEntry.subject_id).where(AuditEntry.action == "replayed", AuditEntry.kind == "withdrawal")
        assert session.scalars(replayed).one() == holdings.story_id


@pytest.mark.parametrize("known_by", ["the database that is given up", "a folder kept elsewhere", "the store"])
def test_what_somebody_agreed_to_less_since_is_not_cleared_again(
    holdings: Holdings, other_engine: str, places: Places, tmp_path: Path, known_by: str
) -> None:
    """fault 28"""
    folder = backed_up(holdings.settings, tmp_path / "backup")
    with opened(holdings.settings):
        session = db.session()
        project = session.get_one(makers.Project, holdings.project_id)
        person = session.get_one(makers.Person, holdings.researcher_id)
        record_id = makers.record_consent(session, project, person, holdings.story_id, {Use.RECORD}).id
        session.commit()
        if (note := narrowings.find(session, record_id)) and known_by != "the database that is given up":
            holdings.store.write_note(note.name, note.to_bytes())
    notes, target, more = holdings.settings.media_dir / "withdrawals", places(other_engine), []
    if known_by == "the database that is given up":
        target, more = holdings.settings, ["--over"]
    elif known_by == "the store":
        shutil.copytree(notes, target.media_dir / "withdrawals")
    else:
        more = ["--withdrawals", str(notes)]
    ended = run(target, "restore", str(folder), *more)
    assert "agree to less: 1." in ended.output, ended.output
    with opened(target):
        session = db.session()
        assert session.scalars(select(Clearance).where(Clearance.story_id == holdings.story_id)).all() == []
        assert session.get(Story, holdings.story_id) is not None
        assert record_id in session.scalars(select(Job.subject_id).where(Job.kind == Kind.NOTE)).all()


@into_postgresql
def test_withdrawals_are_written_down_anew_in_another_store(
    holdings: Holdings, other_engine: str, places: Places, tmp_path: Path
) -> None:
    folder, target = backed_up(holdings.settings, tmp_path / "backup"), places(other_engine)
    brought_back(target, folder)
    with opened(target) as app:
        assert writing_down.write_missing(db.session(), app.extensions["earshot"].store) == 2, "one of them in part"
        assert holdings.gone_id in app.extensions["earshot"].store.list_notes()


def test_a_copy_that_was_erased_meanwhile_is_made_again(
    holdings: Holdings, other_engine: str, places: Places, tmp_path: Path
) -> None:
    with opened(holdings.settings):
        clip = db.session.scalars(select(Excerpt.clip_sha256)).one()
    holdings.store.delete(clip)
    refused = run(holdings.settings, "backup", str(tmp_path / "refused"))
    assert (refused.exit_code, clip in refused.output) == (1, True)
    folder, target = tmp_path / "backup", places(other_engine)
    ended = run(holdings.settings, "backup", str(folder), "--despite-missing")
    assert ended.exit_code == 0, ended.output
    brought_back(target, folder)
    with opened(target):
        assert db.session.scalars(select(Excerpt.clip_sha256)).all() == [None]
        assert db.session.scalars(select(Job.state).where(Job.kind == Kind.CLIP)).all() == ["waiting"]


def test_a_database_with_something_in_it_is_given_up_only_when_that_is_said(
    holdings: Holdings, places: Places, tmp_path: Path
) -> None:
    folder = backed_up(holdings.settings, tmp_path / "backup")
    with opened(holdings.settings):
        before = everything(db.session())
    refused = run(holdings.settings, "restore", str(folder))
    assert (refused.exit_code, "--over" in refused.output) == (1, True)
    with opened(holdings.settings):
        assert everything(db.session()) == before


def test_a_database_that_somebody_has_open_is_not_given_up(holdings: Holdings, tmp_path: Path) -> None:
    folder = backed_up(holdings.settings, tmp_path / "backup")
    with opened(holdings.settings):
        with db.engine.connect() as connection:
            connection.execute(select(func.count()).select_from(Story))
            other = create_app(holdings.settings)
            refused = other.test_cli_runner().invoke(args=["restore", str(folder), "--over"])
        assert (refused.exit_code, "Stop web and worker" in refused.output) == (1, True)
        assert db.session.get(Story, holdings.story_id) is not None


def test_a_restore_that_stops_half_way_keeps_everybody_out_and_can_be_done_again(
    holdings: Holdings, other_engine: str, places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """fault 28"""
    folder, target = backed_up(holdings.settings, tmp_path / "backup"), places(other_engine)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(FilesystemStore, "adopt", full)
        assert run(target, "restore", str(folder)).exit_code == 1
    with opened(target) as app:
        assert marker.is_restoring(db.engine)
        assert app.test_client().get("/sign-in").status_code == 503
    brought_back(target, folder)
    with opened(target) as app:
        assert app.test_client().get("/sign-in").status_code == 200
        assert db.session.get(Story, holdings.story_id) is not None


def test_an_audit_that_was_tampered_with_does_not_come_back_as_if_nothing_had_happened(
    holdings: Holdings, other_engine: str, places: Places, tmp_path: Path
) -> None:
    """fault 47"""
    with opened(holdings.settings):
        trigger = "audit_refuses_edits ON audit_entry" if db.engine.dialect.name == "postgresql" else \
            "audit_refuses_update"
        with db.engine.begin() as connection:
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
            connection.exec_driver_sql("UPDATE audit_entry SET action = 'copied' WHERE sequence = 2")
    folder, target = backed_up(holdings.settings, tmp_path / "backup"), places(other_engine)
    ended = run(target, "restore", str(folder))
    assert (ended.exit_code, "entry 2 was altered" in ended.output) == (1, True)


@into_postgresql
def test_everybody_with_a_role_has_it_still(
    holdings: Holdings, other_engine: str, places: Places, tmp_path: Path
) -> None:
    folder, target = backed_up(holdings.settings, tmp_path / "backup"), places(other_engine)
    brought_back(target, folder)
    with opened(target):
        session = db.session()
        viewer = makers.viewer_of(session, session.get_one(makers.Person, holdings.researcher_id))
        assert Role.RESEARCHER in viewer.roles_in(holdings.project_id)
    assert json.loads((folder / "manifest.json").read_text())["format"] == 1
