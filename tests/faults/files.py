"""Small files that are really what they say, each different from the others."""

import io
import random
import wave

from PIL import Image


def small_sound(number: int, samples: int = 200) -> bytes:
    """A WAV file of 44 bytes and one for each sample."""
    chance = random.Random(number)
    sink = io.BytesIO()
    with wave.open(sink, "wb") as writer:
        writer.setparams((1, 1, 8000, 0, "NONE", ""))
        writer.writeframes(chance.randbytes(samples))
    return sink.getvalue()


def small_picture(number: int, form: str = "PNG") -> bytes:
    """A photo of four pixels: some eighty bytes as PNG, some six hundred as JPEG."""
    chance = random.Random(number)
    sink = io.BytesIO()
    Image.frombytes("RGB", (2, 2), chance.randbytes(12)).save(sink, form)
    return sink.getvalue()


def large_sound(number: int, size: int) -> bytes:
    """A WAV file of about this many bytes."""
    chance = random.Random(number)
    sink = io.BytesIO()
    with wave.open(sink, "wb") as writer:
        writer.setparams((1, 2, 48_000, 0, "NONE", ""))
        writer.writeframes(chance.randbytes(size // 2 * 2))
    return sink.getvalue()
