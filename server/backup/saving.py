"""Making a backup while people go on working: all rows as they were at one moment, then the files that they name."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.orm import Session

from server.backup import rows
from server.backup.folder import ROWS, STAGED, WITHDRAWALS, BackupRefused, Manifest, NewBackup, copied, media_name
from server.domain.errors import MediaMissing
from server.services import audit, erasures, kept_files, replaying
from server.services.kept_files import StagedFile
from server.storage.staging import Staging
from server.storage.store import MediaStore


class Saving:
    """One backup on its way into a folder."""

    def __init__(self, engine: Engine, store: MediaStore, here: Staging, folder: Path) -> None:
        self._engine, self._store, self._here = engine, store, here
        self._new = NewBackup(folder)
        self._elsewhere = 0
        self._missing: list[str] = []

    def save(self, revision: str, *, despite_missing: bool = False) -> Manifest:
        """Copy everything. Raises BackupRefused, StoreUnavailable and OSError, and then the folder is no backup."""
        with snapshot(self._engine) as connection, Session(connection) as session:
            tables = {found.name: {"rows": self._save_rows(connection, found), "columns": rows.kinds(found)}
                      for found in rows.tables()}
            head = audit.head_of(session)
            before = set(replaying.list_notes(session))
            stored, staged = kept_files.list_stored(session), kept_files.list_staged(session)
        kept = sum(self._save_media(sha256) for sha256 in stored)
        waiting = sum(self._save_staged(item) for item in staged)
        if self._missing and not despite_missing:
            raise BackupRefused(
                f"The store does not have {len(self._missing)} files that the database rests on, or has them damaged, "
                f"such as {self._missing[0]}. To back up the rest all the same, add --despite-missing.")
        self._save_notes(before)
        manifest = Manifest(
            made_at=datetime.now(UTC).isoformat(), revision=revision, database=self._engine.dialect.name,
            audit_head=str(head), tables=tables, media=kept, staged=waiting, elsewhere=self._elsewhere,
            missing=self._missing)
        self._new.finish(manifest)
        return manifest

    def _save_rows(self, connection: Connection, found: Table) -> int:
        count = 0

        def counted() -> Iterator[bytes]:
            nonlocal count
            for line in rows.lines(connection, found):
                count += 1
                yield line

        self._new.write(f"{ROWS}/{found.name}.jsonl", counted())
        return count

    def _save_media(self, sha256: str) -> bool:
        """False for bytes that are not there. They may have been erased while the backup was made, with reason."""
        if self._copied(media_name(sha256), sha256, lambda: self._store.open(sha256)):
            return True
        with Session(self._engine.execution_options(only_reads=True)) as session:
            if erasures.is_named(session, sha256):
                self._missing.append(sha256)
        return False

    def _save_staged(self, item: StagedFile) -> bool:
        """False for what is on another machine's disk, or went while the backup was made. Its phone has it still."""
        name, path = f"{STAGED}/{item.upload_id}", self._here.path(item.upload_id)
        if self._copied(name, item.sha256, lambda: path.open("rb")) or self._copied(
                name, item.sha256, lambda: self._store.open(item.sha256)):
            return True
        self._elsewhere += item.place != self._here.place
        return False

    def _copied(self, name: str, sha256: str, opened: Callable[[], BinaryIO]) -> bool:
        """False where the bytes are not there, or are not those that the hash names."""
        try:
            is_whole = self._new.write(name, copied(opened())) == sha256
        except (FileNotFoundError, MediaMissing):
            return False
        if not is_whole:
            self._new.drop(name)
        return is_whole

    def _save_notes(self, before: set[str]) -> None:
        """Notes of what was withdrawn, withheld or agreed to less while the backup was made. The rows are in it as
        they were before."""
        with Session(self._engine.execution_options(only_reads=True)) as session:
            notes = replaying.list_notes(session)
        for name, content in notes.items():
            if name not in before:
                self._new.write(f"{WITHDRAWALS}/{name}", [content])


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Reads that all see the same moment, and keep nobody from writing."""
    options = {"only_reads": True}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}  # type: ignore[dict-item]
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection
