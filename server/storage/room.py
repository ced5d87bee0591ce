"""How much more the disks of this machine can take."""

import shutil
from collections.abc import Iterable
from pathlib import Path


def free_bytes(folders: Iterable[Path]) -> int:
    """What is left on the fullest of the disks that these folders are on."""
    return min(shutil.disk_usage(folder).free for folder in folders)
