"""What is known of a file that was looked at. Importing this loads no decoder."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AudioFacts:
    """What a recording is. `container` and `codec` are FFmpeg's names, `sample_rate` is in hertz."""

    container: str
    codec: str
    channels: int
    sample_rate: int
    duration_ms: int


@dataclass(frozen=True)
class PhotoFacts:
    """What a photo is; width and height in pixels as it is seen, upright."""

    content_type: str
    width: int
    height: int
