"""What can be done in a child, and how much each may use before it is stopped.

Files come from anywhere, and decoders have faults.
"""

import errno
import os
import resource
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from pathlib import Path

MIB = 1024**2
GIB = 1024**3

# How the system says that a disk is full, or what somebody may use of it. That a file of a child is too large (EFBIG)
# is our own limit, and does not pass.
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


class Decoding(StrEnum):
    """What a child is asked to do with a file; JOIN has several in one, end to end. SAMPLES makes bare sound of a
    recording, and those of SPEECH_DECODINGS get nothing but that. EMBED is given texts, as a list in JSON."""

    CHECK_AUDIO = "check_audio"
    CHECK_PHOTO = "check_photo"
    CHECK_EVIDENCE = "check_evidence"
    PLAYBACK = "playback"
    JOIN = "join"
    CLIP = "clip"
    PHOTO = "photo"
    SAMPLES = "samples"
    TRANSCRIBE = "transcribe"
    TRANSLATE = "translate"
    SPEAKERS = "speakers"
    EMBED = "embed"


# Done one after another in a process that keeps the speech model.
SPEECH_DECODINGS = frozenset({Decoding.TRANSCRIBE, Decoding.TRANSLATE, Decoding.SPEAKERS})


@dataclass(frozen=True)
class Limits:
    """`memory` and `file` are bytes, `quiet` seconds without any news, `cpu` seconds of all cores together."""

    memory: int
    file: int
    quiet: float
    cpu: int


_HOUR = 3600
# Measuring 12 hours of Opus takes 16 seconds of a fast processor, and as much sound is 1.4 GB when it is bare. Speech
# gets room for a large model, which openai-whisper may have to fetch first. `quiet` is long: a busy machine is not the
# file's fault.
_SPEECH = Limits(memory=16 * GIB, file=4 * GIB, quiet=_HOUR, cpu=24 * 16 * _HOUR)
LIMITS = {
    Decoding.CHECK_AUDIO: Limits(memory=512 * MIB, file=0, quiet=300, cpu=120),
    Decoding.CHECK_PHOTO: Limits(memory=1 * GIB, file=0, quiet=90, cpu=20),
    Decoding.CHECK_EVIDENCE: Limits(memory=1 * GIB, file=0, quiet=90, cpu=20),
    Decoding.PLAYBACK: Limits(memory=1 * GIB, file=1 * GIB, quiet=_HOUR, cpu=_HOUR // 2),
    Decoding.JOIN: Limits(memory=1 * GIB, file=1 * GIB, quiet=_HOUR, cpu=_HOUR // 2),
    Decoding.CLIP: Limits(memory=1 * GIB, file=1 * GIB, quiet=_HOUR, cpu=_HOUR // 4),
    Decoding.PHOTO: Limits(memory=1 * GIB, file=1 * GIB, quiet=120, cpu=60),
    Decoding.SAMPLES: Limits(memory=512 * MIB, file=1536 * MIB, quiet=_HOUR, cpu=_HOUR // 2),
    Decoding.EMBED: Limits(memory=512 * MIB, file=64 * MIB, quiet=300, cpu=_HOUR // 2),
    Decoding.TRANSCRIBE: _SPEECH, Decoding.TRANSLATE: _SPEECH, Decoding.SPEAKERS: _SPEECH,
}

_GRAPHICS_CARDS = ("/dev/nvidiactl", "/dev/kfd")


def impose(limits: Limits, *, beyond: int = 0) -> None:
    """Set the limits on this process, for good. `beyond`: bytes of memory that it has already, and may keep."""
    _impose_room(limits, resource.RLIMIT_AS, beyond)
    _lower(resource.RLIMIT_CPU, limits.cpu, limits.cpu + 1)  # at the first it is told that time is up


def impose_on_kept(limits: Limits) -> None:
    """Set all limits but that on time on a process that does one task after another.

    Where there is a graphics card, its driver sets far more addresses aside than there is memory, so what this process
    can write to is counted instead.
    """
    has_card = any(map(os.path.exists, _GRAPHICS_CARDS))
    _impose_room(limits, resource.RLIMIT_DATA if has_card else resource.RLIMIT_AS)


def allow_time(seconds: int) -> None:
    """From now on this process may use so many seconds of processor time more. Then it is told that time is up."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = ceil(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _impose_room(limits: Limits, counted: int, beyond: int = 0) -> None:
    for which, most in (
        (counted, beyond + limits.memory),
        (resource.RLIMIT_FSIZE, limits.file),
        (resource.RLIMIT_CORE, 0),
    ):
        _lower(which, most, most)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # where memory is short, this process goes first


def allow_no_more_files() -> None:
    """From now on this process opens no file and no connection; what it has open stays open."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def mapped() -> int:
    """Bytes of address space that this process uses now; 0 where the system does not say."""
    return _pages("self", 0)


def resident(process: int) -> int:
    """Bytes of memory that a process has now; 0 where the system does not say."""
    return _pages(process, 1)


def _pages(process: int | str, column: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[column]) * resource.getpagesize()
    except OSError:
        return 0


def _lower(which: int, soft: int, hard: int) -> None:
    _, now = resource.getrlimit(which)
    if now != resource.RLIM_INFINITY:
        soft, hard = min(soft, now), min(hard, now)
    resource.setrlimit(which, (soft, hard))
