"""What a process gives up for good before it reads a file of unknown origin, and what it is never given.

Linux has more to give up than other systems; where a step is not to be had, the others still hold.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path
from typing import Any

# <linux/prctl.h> and <linux/sched.h>
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000

_KEPT = ("PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "XDG_CACHE_HOME")
_KEPT_BEGINNINGS = ("LC_", "PYTHON", "OMP_", "MKL_", "TORCH_", "CUDA_", "HIP_")
_FOR_FETCHING = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
# Threads and allocators set memory aside for every core; with these the limits hold on large machines too. What is
# larger than 4 MiB goes back as soon as it is not needed: left to itself the allocator keeps more with each batch of
# windows, 2.1 GB after an hour of speech.
_SMALL = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "4194304", "OPENBLAS_NUM_THREADS": "1"}


def environment(*, fetches: bool = False) -> dict[str, str]:
    """What a child is told. No address of the database, no password, no key; how to fetch a model if it `fetches`."""
    kept = {name: value for name, value in os.environ.items()
            if name in _KEPT or name.startswith(_KEPT_BEGINNINGS) or (fetches and name.upper() in _FOR_FETCHING)}
    return kept | _SMALL


def model_file(speech: dict[str, Any]) -> Path:
    """Where the speech model of a task is, or will be once it is fetched."""
    model = speech["model"]
    return Path(model) if model.endswith(".pt") else Path(speech["weights_dir"]) / f"{model}.pt"


def hide_from_children() -> None:
    """No other process of this user reads what this one was told, nor its memory. A program started later is not
    hidden, and nothing is hidden from root."""
    _prctl(_PR_SET_DUMPABLE, 0)


def give_up_privileges() -> None:
    """No program started from here gets more rights than this one."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def give_up_network() -> bool:
    """Leave every network, while there is one thread only. False where the system does not let this process."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return any(libc.unshare(what) == 0 for what in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET))


def end_with(parent: int) -> None:
    """Have the system end this process when the thread that forked it ends, whatever else goes on."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
