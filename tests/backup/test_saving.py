"""A backup is whole or it is none, can be read by nobody else, and holds up nobody."""

import hashlib
import json
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from server.backup import saving
from server.backup.folder import Backup, BackupRefused, Manifest
from server.backup.saving import Saving
from server.db import db
from server.models.story import Story
from server.models.theme import Excerpt
from server.services import erasures, withdrawals
from tests import makers
from tests.backup.conftest import Places, opened, run
from tests.backup.holdings import Holdings

# What a folder is like does not depend on the database that was read.
either = pytest.mark.parametrize("holdings", ["sqlite"], indirect=True)


@pytest.fixture
def folder(holdings: Holdings, tmp_path: Path) -> Path:
    assert run(holdings.settings, "backup", str(tmp_path / "backup")).exit_code == 0
    return tmp_path / "backup"


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[Session], object]) -> None:
    """Somebody else acts after the rows were read and before the files are."""
    copy = Saving._save_media

    def save(self: Saving, sha256: str) -> bool:
        if not done:
            done.append(True)
            with Session(db.engine) as session:
                act(session)
                session.commit()
        return copy(self, sha256)

    done: list[bool] = []
    monkeypatch.setattr(Saving, "_save_media", save)


@either
def test_only_its_owner_can_read_it(folder: Path) -> None:
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}
    folders = {stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*")) if path.is_dir()}
    assert (modes, folders) == ({0o600}, {0o700})


@either
def test_an_operator_can_check_it_with_what_every_system_has(folder: Path) -> None:
    ended = subprocess.run(["sha256sum", "--check", "--quiet", "contents.sha256"], cwd=folder, check=False)
    assert ended.returncode == 0


def test_it_says_what_it_is_of(holdings: Holdings, folder: Path) -> None:
    manifest = Backup(folder).manifest
    assert (manifest.media, manifest.staged, manifest.missing) == (len(holdings.media), 1, [])
    assert manifest.tables["story"]["rows"] == 1
    assert manifest.tables["upload"]["columns"]["expires_at"] == "instant"
    assert "signed_in" not in manifest.tables


@either
@pytest.mark.parametrize("damage", ["no manifest", "a row", "a file", "a file is gone", "the list", "the manifest"])
def test_what_is_not_as_it_was_written_is_refused(
    holdings: Holdings, places: Places, folder: Path, damage: str
) -> None:
    story, media = folder / "rows" / "story.jsonl", next(folder.glob("media/*/*/*"))
    if damage == "no manifest":
        (folder / "manifest.json").unlink()
    elif damage == "a row":
        story.write_bytes(story.read_bytes().replace(b"Northgate", b"Southgate"))
    elif damage == "a file":
        media.write_bytes(b"another voice")
    elif damage == "a file is gone":
        media.unlink()
    elif damage == "the list":
        (folder / "contents.sha256").write_text("")
    else:
        written = json.loads((folder / "manifest.json").read_text())
        (folder / "manifest.json").write_text(json.dumps(written | {"revision": "0001_first_tables"}))
    with pytest.raises(BackupRefused):
        Backup(folder)
    target = places("sqlite")
    ended = run(target, "restore", str(folder))
    assert ended.exit_code == 1
    with opened(target):
        assert db.session.query(Story).count() == 0


@either
def test_a_folder_that_is_in_use_is_refused(holdings: Holdings, folder: Path) -> None:
    before = (folder / "manifest.json").read_bytes()
    ended = run(holdings.settings, "backup", str(folder))
    assert (ended.exit_code, "not empty" in ended.output) == (1, True)
    assert (folder / "manifest.json").read_bytes() == before


@either
def test_one_that_was_not_finished_is_none(
    holdings: Holdings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Saving, "_save_media", full)
    assert run(holdings.settings, "backup", str(tmp_path / "backup")).exit_code == 1
    with pytest.raises(BackupRefused, match="not finished"):
        Backup(tmp_path / "backup")


def test_people_write_while_it_is_made_and_it_holds_one_moment(
    holdings: Holdings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """fault 28"""
    read, written = saving.rows.lines, []

    def lines(connection, found):  # type: ignore[no-untyped-def]
        if found.name == "theme":
            with Session(db.engine) as session:
                makers.make_theme(session, session.get_one(makers.Project, holdings.project_id), "Meanwhile")
                session.commit()
                written.append(True)
        return read(connection, found)

    monkeypatch.setattr(saving.rows, "lines", lines)
    assert run(holdings.settings, "backup", str(tmp_path / "backup")).exit_code == 0
    assert written
    assert "Meanwhile" not in (tmp_path / "backup" / "rows" / "theme.jsonl").read_text()


def test_a_story_that_is_withdrawn_meanwhile_does_not_come_back(
    holdings: Holdings, places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """fault 28"""
    def withdraw(session: Session) -> None:
        viewer = makers.viewer_of(session, session.get_one(makers.Person, holdings.researcher_id))
        withdrawals.withdraw(session, viewer, holdings.story_id)
        for sha256 in holdings.media:
            erasures.erase(session, holdings.store, sha256)

    meanwhile(monkeypatch, withdraw)
    ended = run(holdings.settings, "backup", str(tmp_path / "backup"))
    assert ended.exit_code == 0, ended.output
    assert Backup(tmp_path / "backup").manifest.media == 0
    target = places("sqlite")
    assert run(target, "restore", str(tmp_path / "backup")).exit_code == 0
    with opened(target):
        assert db.session.get(Story, holdings.story_id) is None


def test_an_excerpt_that_is_deleted_meanwhile_leaves_no_gap(
    holdings: Holdings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = hashlib.sha256(b"clip").hexdigest()

    def let_go(session: Session) -> None:
        for table in ("tagging", "evidence"):
            found = makers.Excerpt.metadata.tables[table]
            session.execute(delete(found).where(found.c.excerpt_id.is_not(None)))
        session.execute(delete(Excerpt))
        session.flush()
        erasures.erase(session, holdings.store, clip)

    meanwhile(monkeypatch, let_go)
    ended = run(holdings.settings, "backup", str(tmp_path / "backup"))
    assert ended.exit_code == 0, ended.output
    assert Backup(tmp_path / "backup").manifest.media == len(holdings.media) - 1


@either
def test_damaged_bytes_are_not_passed_on_as_whole(holdings: Holdings, tmp_path: Path) -> None:
    sha256 = hashlib.sha256(b"photo").hexdigest()
    path = holdings.settings.media_dir / sha256[:2] / sha256[2:4] / sha256
    path.chmod(0o600)
    path.write_bytes(b"phot0")
    ended = run(holdings.settings, "backup", str(tmp_path / "backup"))
    assert (ended.exit_code, sha256 in ended.output) == (1, True)


def test_a_manifest_is_read_as_it_was_written() -> None:
    manifest = Manifest(made_at="2026-05-04", revision="0012", database="sqlite", audit_head="0:00", tables={},
                        media=1, staged=0)
    assert Manifest.read(manifest.to_bytes()) == manifest
    for spoilt in (b"", b"[]", b"{}", manifest.to_bytes().replace(b'"media": 1', b'"media": 2')):
        with pytest.raises(BackupRefused):
            Manifest.read(spoilt)
