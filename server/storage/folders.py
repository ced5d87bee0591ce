"""Folders on this machine's disk."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """A new name, or one that is gone, is durable only once the folder that holds it is on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
