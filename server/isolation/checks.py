"""Is this file what it says it is? Asked before anything of unknown origin is kept."""

from threading import BoundedSemaphore
from typing import Any, BinaryIO

from server.domain import errors
from server.isolation.limits import Decoding
from server.isolation.supervision import ChildFailed, NoNursery, Watch, do_in_child
from server.media.facts import AudioFacts, PhotoFacts

_AT_ONCE = 2
_TURNS = BoundedSemaphore(_AT_ONCE)
# The first is the machine's doing, most often for want of memory; the others may be, or a fault of ours.
_MAY_PASS = frozenset({"killed", "out_of_memory", "failed"})
_REFUSALS = {
    refusal.code: refusal
    for refusal in (errors.EmptyFile, errors.UnsupportedAudio, errors.AudioDamaged, errors.UnsupportedImage,
                    errors.ImageTooLarge, errors.ImageDamaged)
}


def check_audio(source: BinaryIO) -> AudioFacts:
    """What the recording is. Raises EmptyFile, UnsupportedAudio, AudioDamaged (also for whatever brings the decoder
    down or takes too much of its time), Unavailable where the machine is too busy to say, and CheckInterrupted where
    another try may end otherwise."""
    return AudioFacts(**_checked(Decoding.CHECK_AUDIO, source, errors.AudioDamaged))


def check_photo(source: BinaryIO) -> None:
    """Raises EmptyFile, UnsupportedImage, ImageTooLarge, ImageDamaged; and Unavailable and CheckInterrupted as
    `check_audio` does."""
    _checked(Decoding.CHECK_PHOTO, source, errors.ImageDamaged)


def check_evidence_image(source: BinaryIO) -> PhotoFacts:
    """What a picture that shows an agreement is. Raises what `check_photo` raises, UnsupportedImage also for anything
    but JPEG and PNG, and for one that says where it was taken."""
    return PhotoFacts(**_checked(Decoding.CHECK_EVIDENCE, source, errors.ImageDamaged))


def _checked(decoding: Decoding, source: BinaryIO, damaged: type[errors.Refusal]) -> dict[str, Any]:
    """At most two files are looked at at once in one process; others wait for their turn."""
    try:
        with _TURNS:
            return do_in_child(decoding, {}, source, None, Watch())
    except NoNursery as error:
        raise errors.Unavailable from error
    except ChildFailed as failed:
        if failed.code == "no_news":
            raise errors.Unavailable from failed
        if failed.code in _MAY_PASS:
            raise errors.CheckInterrupted(damaged) from failed
        refusal = _REFUSALS.get(failed.code)
        raise (refusal(failed.message) if refusal else damaged()) from failed
