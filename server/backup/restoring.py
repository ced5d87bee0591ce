"""Bringing a backup back, into either database and any store, with every withdrawal and every narrower agreement that
is known since.

From the first change to the last, a sign in the database keeps web and workers from answering and working.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, MetaData, inspect, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from server.backup import marker, rows
from server.backup.folder import MEDIA, STAGED, WITHDRAWALS, Backup, BackupRefused, copied
from server.domain.audit import Action, read_head
from server.models.row import Row
from server.services import audit, changes, narrowings, replaying, restored, retention
from server.storage.staging import Staging
from server.storage.store import MediaStore

_REVISION = "alembic_version"


@dataclass(frozen=True)
class Installation:
    """Where a backup is brought back to. `migrate` takes a revision; `knows` says whether there is such a one."""

    engine: Engine
    store: MediaStore
    here: Staging
    migrate: Callable[[str], None]
    knows: Callable[[str], bool]


@dataclass(frozen=True)
class Replayed:
    """How many withdrawals, and answers that agree to less, came after the backup and hold again; and how many stories
    are held back, since something of them was withheld."""

    withdrawals: int
    narrowings: int
    held_back: int = 0


def restore(folder: Path, target: Installation, *, over: bool = False, notes: Iterable[Path] = ()) -> Replayed:
    """Bring everything back, and what is known of the time after the backup.

    `over` gives up what is in the database now, but for its withdrawals and narrower agreements. `notes` are folders
    with notes of those that were kept elsewhere. Raises BackupRefused before anything is changed, or with the sign
    still up.
    """
    backup = Backup(folder)
    if not target.knows(backup.manifest.revision):
        raise BackupRefused("This backup was made by a newer version. Install that version first.")
    _require_alone(target.engine)
    _keep_notes(target, backup, over=over, folders=notes)
    with target.engine.begin() as connection:
        _clear(connection, backup)
        marker.put_up(connection)
    target.migrate(backup.manifest.revision)
    with target.engine.begin() as connection:
        rows.load(connection, backup)
    target.migrate("head")
    for path in backup.files(MEDIA):
        target.store.adopt(path, path.name)
    for path in backup.files(STAGED):
        target.here.append(path.name, 0, copied(path.open("rb")), most=path.stat().st_size)
    return _finish(target, backup, {path.name for path in backup.files(STAGED)})


def _finish(target: Installation, backup: Backup, staged: set[str]) -> Replayed:
    """The last transaction: what only held at the old place is put right, and the sign is taken down."""
    with target.engine.begin() as connection, Session(connection) as session:
        verdict = audit.verify(session, read_head(backup.manifest.audit_head))
        if verdict.problem:
            raise BackupRefused(f"The audit in this backup was tampered with: {verdict.problem}.")
        restored.settle_files(session, staged, target.here.place)
        restored.make_again(session, backup.manifest.missing)
        retention.begin_notice_again(session, datetime.now(UTC))
        changes.restart(session)
        missed = replaying.look(session, target.store)
        found = replaying.replay(session, target.store, missed, narrowings.read(target.store, missed.narrowings))
        restored.write_withdrawals_down_again(session)
        replaying.ask_to_write_all(session)
        audit.note(session, None, Action.RESTORED, "backup", str(verdict.head.sequence), None,
                   replayed=found.withdrawals, narrowed=found.narrowings, held_back=found.held_back)
        session.commit()
        marker.take_down(connection)
    return Replayed(found.withdrawals, found.narrowings, found.held_back)


def _require_alone(engine: Engine) -> None:
    """Raises BackupRefused while web, worker or anybody else has the database open."""
    engine.dispose()
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            alone = _is_only_one(connection)
        else:
            others = ("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                      "AND pid <> pg_backend_pid() AND backend_type = 'client backend'")
            alone = connection.execute(text(others)).scalar_one() == 0
    if not alone:
        raise BackupRefused("Somebody has the database open. Stop web and worker on every machine first.")


def _is_only_one(connection: Connection) -> bool:
    """SQLite leaves its write-ahead log only where nobody else is connected."""
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.execute("PRAGMA busy_timeout=1000")
    try:
        return bool(raw.execute("PRAGMA journal_mode=DELETE").fetchone()[0] == "delete")
    except Exception as error:
        if "locked" in str(error):
            return False
        raise
    finally:
        raw.execute("PRAGMA journal_mode=WAL")
        connection.invalidate()


def _keep_notes(target: Installation, backup: Backup, *, over: bool, folders: Iterable[Path]) -> None:
    """Have the store know everything to replay that the database to be given up, the backup or a folder knows."""
    known = set(target.store.list_notes())
    for name, content in _given_up(target, over=over).items():
        if name not in known:
            target.store.write_note(name, content)
    for path in [*backup.files(WITHDRAWALS), *(path for folder in folders for path in sorted(folder.glob("*.json")))]:
        if path.stem not in known:
            target.store.write_note(path.stem, path.read_bytes())


def _given_up(target: Installation, *, over: bool) -> dict[str, bytes]:
    """The notes that are to be kept of a database. Raises BackupRefused where there is something in it that nobody said
    may go."""
    names = set(inspect(target.engine).get_table_names())
    if "project" not in names or marker.is_restoring(target.engine):
        return {}  # a restore that stopped half-way had given up what was there, and kept its notes
    if _is_empty(target.engine, names):
        return {}
    if not over:
        raise BackupRefused("This database is not empty. To give up what is in it, add --over.")
    try:
        target.migrate("head")
        with Session(target.engine) as session:
            return replaying.list_notes(session)
    except (OperationalError, RuntimeError):
        raise BackupRefused("The withdrawals in this database cannot be read. Restore into another database, "
                            "and record them again.") from None


def _is_empty(engine: Engine, names: set[str]) -> bool:
    with engine.connect() as connection:
        found = [connection.execute(select(table).limit(1)).first() for name, table in Row.metadata.tables.items()
                 if name in names and name in ("project", "person", "withdrawal")]
    return not any(found)


def _clear(connection: Connection, backup: Backup) -> None:
    """Let go of every table of ours, whichever version made it."""
    ours = {*Row.metadata.tables, *backup.manifest.tables, *rows.LEFT_OUT, _REVISION}
    there = MetaData()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DROP TABLE IF EXISTS search_text")  # it follows one of them
    there.reflect(connection, only=lambda name, _: name in ours)
    there.drop_all(connection)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS refuse_audit_edit()")
