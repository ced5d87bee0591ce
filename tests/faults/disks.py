"""Small disks that can be filled, and be given more room."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

KIB = 1024


class SmallDisk:
    """A file system of its own in a folder, with only so much room."""

    def __init__(self, folder: Path, kibibytes: int) -> None:
        self.folder = folder
        self._filler = folder / "filler"
        folder.mkdir(parents=True, exist_ok=True)
        _mount("-t", "tmpfs", "-o", f"size={kibibytes}k", "tmpfs", str(folder))

    def fill(self) -> None:
        """Leave no room at all."""
        with self._filler.open("ab", buffering=0) as sink:
            for size in (64 * KIB, 4 * KIB, 1):
                try:
                    while True:
                        sink.write(bytes(size))
                except OSError:
                    continue

    def empty(self) -> None:
        """Make room again."""
        self._filler.unlink()

    def grow(self, kibibytes: int) -> None:
        _mount("-o", f"remount,size={kibibytes}k", str(self.folder))

    def unmount(self) -> None:
        subprocess.run(["umount", "--lazy", str(self.folder)], check=True)


@contextmanager
def small_disk(folder: Path, kibibytes: int) -> Iterator[SmallDisk]:
    """Skips the test where this machine does not let us mount one."""
    try:
        disk = SmallDisk(folder, kibibytes)
    except (subprocess.CalledProcessError, FileNotFoundError):
        pytest.skip("a small disk can be mounted by root alone, and not in every container")
    try:
        yield disk
    finally:
        disk.unmount()


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)
