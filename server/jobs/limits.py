"""How much one piece of work may use before it is stopped. Files come from anywhere, and decoders have faults."""

import resource
from dataclasses import dataclass

from server.domain.work import Kind

GIB = 1024**3


@dataclass(frozen=True)
class Limits:
    """`memory` and `file` are bytes, `quiet` seconds without any news, `cpu` seconds of all cores together."""

    memory: int
    file: int
    quiet: float
    cpu: int


_HOUR = 3600
# Speech gets room for 12 hours of sound beside a large model, which openai-whisper may have to fetch first.
LIMITS = {
    Kind.TRANSCRIBE: Limits(memory=16 * GIB, file=4 * GIB, quiet=_HOUR, cpu=24 * 16 * _HOUR),
    Kind.PLAYBACK: Limits(memory=2 * GIB, file=1 * GIB, quiet=_HOUR, cpu=_HOUR),
    Kind.PHOTO: Limits(memory=2 * GIB, file=1 * GIB, quiet=60, cpu=60),
    Kind.CLIP: Limits(memory=2 * GIB, file=1 * GIB, quiet=_HOUR, cpu=_HOUR),
}

# Threads and allocators set memory aside for every core; with these the limits hold on large machines too.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "2", "OPENBLAS_NUM_THREADS": "1"}


def impose(limits: Limits) -> None:
    """Set the limits on this process, for good."""
    for which, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, limits.file),
        (resource.RLIMIT_CPU, limits.cpu),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(which)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (allowed, allowed))
