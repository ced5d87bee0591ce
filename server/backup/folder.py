"""The folder of a backup: private files, each on the disk and listed with its hash, and a manifest that comes last.

`contents.sha256` is what `sha256sum --check` reads. A folder without a manifest is a backup that was not finished.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from server.storage.folders import sync_folder
from server.storage.store import blocks_of

FORMAT = 1
ROWS, MEDIA, STAGED, WITHDRAWALS = "rows", "media", "staged", "withdrawals"
_CONTENTS, _MANIFEST = "contents.sha256", "manifest.json"


class BackupRefused(Exception):
    """Why a backup cannot be made or used, in a sentence for an operator."""


@dataclass(frozen=True)
class Manifest:
    """What a backup is of. `tables` maps each table to how many rows it has and what kind each column is.

    `missing` are hashes that rows name and the store did not have; `elsewhere` counts whole files that are staged on
    other machines, which their phones keep until they are stored.
    """

    made_at: str
    revision: str
    database: str
    audit_head: str
    tables: dict[str, dict[str, Any]]
    media: int
    staged: int
    elsewhere: int = 0
    missing: list[str] = field(default_factory=list)
    contents: str = ""
    format: int = FORMAT

    def to_bytes(self) -> bytes:
        content = asdict(self)
        return json.dumps(content | {"sha256": _hash_of(content)}, indent=1, sort_keys=True).encode()

    @classmethod
    def read(cls, written: bytes) -> "Manifest":
        """Raises BackupRefused."""
        try:
            content = json.loads(written)
            digest = content.pop("sha256")
            found = cls(**content)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise BackupRefused("manifest.json cannot be read: the backup is damaged.") from None
        if digest != _hash_of(content):
            raise BackupRefused("manifest.json was altered.")
        if found.format != FORMAT:
            raise BackupRefused(f"This backup has the format {found.format}, which this version does not read.")
        return found


class NewBackup:
    """A backup that is being written. `finish` makes it one."""

    def __init__(self, folder: Path) -> None:
        if folder.exists() and any(folder.iterdir()):
            raise BackupRefused(f"{folder} is not empty. Choose a new folder for each backup.")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._folder = folder
        self._hashes: dict[str, str] = {}

    def write(self, name: str, blocks: Iterable[bytes]) -> str:
        """Write a file, have it on the disk, and give its SHA-256. `name` is a path within the folder."""
        digest = hashlib.sha256()
        with self._made(name) as sink:
            for block in blocks:
                digest.update(block)
                sink.write(block)
        self._hashes[name] = digest.hexdigest()
        return self._hashes[name]

    def drop(self, name: str) -> None:
        """Forget a file that turned out not to be what it should be."""
        (self._folder / name).unlink()
        self._hashes.pop(name, None)

    def finish(self, manifest: Manifest) -> None:
        """Say that all is here. Everything else is on the disk before."""
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self._hashes.items()))
        contents = self.write(_CONTENTS, [lines.encode()])
        for folder in [path for path in self._folder.rglob("*") if path.is_dir()]:
            sync_folder(folder)
        unfinished = f"{_MANIFEST}.unfinished"
        self.write(unfinished, [Manifest(**asdict(manifest) | {"contents": contents}).to_bytes()])
        (self._folder / unfinished).rename(self._folder / _MANIFEST)
        sync_folder(self._folder)

    @contextmanager
    def _made(self, name: str) -> Iterator[BinaryIO]:
        path = self._folder / name
        for parent in reversed(path.relative_to(self._folder).parents[:-1]):
            (self._folder / parent).mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as sink:
            yield sink
            sink.flush()
            os.fsync(sink.fileno())


class Backup:
    """A finished backup whose every byte is as it was written."""

    def __init__(self, folder: Path) -> None:
        """Reads and checks all of it. Raises BackupRefused."""
        self._folder = folder
        if not (folder / _MANIFEST).is_file():
            raise BackupRefused(f"{folder} has no manifest.json: it is no backup, or one that was not finished.")
        self.manifest = Manifest.read((folder / _MANIFEST).read_bytes())
        self._hashes = self._checked()

    def lines(self, table: str) -> Iterator[Any]:
        """The rows of a table."""
        with (self._folder / ROWS / f"{table}.jsonl").open(encoding="utf-8") as source:
            for line in source:
                yield json.loads(line)

    def files(self, kind: str) -> list[Path]:
        """The files of a kind; each is named by its hash or id."""
        return [self._folder / name for name in sorted(self._hashes) if name.startswith(f"{kind}/")]

    def _checked(self) -> dict[str, str]:
        contents = (self._folder / _CONTENTS).read_bytes() if (self._folder / _CONTENTS).is_file() else b""
        if hashlib.sha256(contents).hexdigest() != self.manifest.contents:
            raise BackupRefused("contents.sha256 was altered or is not there.")
        hashes = {}
        for line in contents.decode().splitlines():
            digest, _, name = line.partition("  ")
            if not (self._folder / name).is_file():
                raise BackupRefused(f"{name} is not there: the backup is not complete.")
            with (self._folder / name).open("rb") as source:
                if hashlib.file_digest(source, "sha256").hexdigest() != digest:
                    raise BackupRefused(f"{name} was altered.")
            hashes[name] = digest
        return hashes


def media_name(sha256: str) -> str:
    """Where a backup keeps the bytes with this hash."""
    return f"{MEDIA}/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def copied(source: BinaryIO) -> Iterator[bytes]:
    """What is left of an open file, which is closed afterwards."""
    with source:
        yield from blocks_of(source)


def _hash_of(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
