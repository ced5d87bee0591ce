"""What can be done in a child, and how much each may use before it is stopped.

Files come from anywhere, and decoders have faults.
"""

import errno
import resource
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

MIB = 1024**2
GIB = 1024**3

# How the system says that a disk is full, or what somebody may use of it. That a file of a child is too large (EFBIG)
# is our own limit, and does not pass.
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


class Decoding(StrEnum):
    """What a child is asked to do with a file; JOIN has several in one, end to end."""

    CHECK_AUDIO = "check_audio"
    CHECK_PHOTO = "check_photo"
    CHECK_EVIDENCE = "check_evidence"
    PLAYBACK = "playback"
    JOIN = "join"
    CLIP = "clip"
    PHOTO = "photo"
    TRANSCRIBE = "transcribe"


@dataclass(frozen=True)
class Limits:
    """`memory` and `file` are bytes, `quiet` seconds without any news, `cpu` seconds of all cores together."""

    memory: int
    file: int
    quiet: float
    cpu: int


_HOUR = 3600
# Measuring 12 hours of Opus takes 16 seconds of a fast processor. Speech gets room for as much sound beside a large
# model, which openai-whisper may have to fetch first. `quiet` is long: a busy machine is not the file's fault.
LIMITS = {
    Decoding.CHECK_AUDIO: Limits(memory=512 * MIB, file=0, quiet=300, cpu=120),
    Decoding.CHECK_PHOTO: Limits(memory=1 * GIB, file=0, quiet=90, cpu=20),
    Decoding.CHECK_EVIDENCE: Limits(memory=1 * GIB, file=0, quiet=90, cpu=20),
    Decoding.PLAYBACK: Limits(memory=1 * GIB, file=1 * GIB, quiet=_HOUR, cpu=_HOUR // 2),
    Decoding.JOIN: Limits(memory=1 * GIB, file=1 * GIB, quiet=_HOUR, cpu=_HOUR // 2),
    Decoding.CLIP: Limits(memory=1 * GIB, file=1 * GIB, quiet=_HOUR, cpu=_HOUR // 4),
    Decoding.PHOTO: Limits(memory=1 * GIB, file=1 * GIB, quiet=120, cpu=60),
    Decoding.TRANSCRIBE: Limits(memory=16 * GIB, file=4 * GIB, quiet=_HOUR, cpu=24 * 16 * _HOUR),
}


def impose(limits: Limits, *, beyond: int = 0) -> None:
    """Set the limits on this process, for good. `beyond`: bytes of memory that it has already, and may keep."""
    for which, most in (
        (resource.RLIMIT_AS, beyond + limits.memory),
        (resource.RLIMIT_FSIZE, limits.file),
        (resource.RLIMIT_CORE, 0),
    ):
        _lower(which, most, most)
    _lower(resource.RLIMIT_CPU, limits.cpu, limits.cpu + 1)  # at the first it is told that time is up
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # where memory is short, this process goes first


def allow_no_more_files() -> None:
    """From now on this process opens no file and no connection; what it has open stays open."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def mapped() -> int:
    """Bytes of address space that this process uses now; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _lower(which: int, soft: int, hard: int) -> None:
    _, now = resource.getrlimit(which)
    if now != resource.RLIM_INFINITY:
        soft, hard = min(soft, now), min(hard, now)
    resource.setrlimit(which, (soft, hard))
