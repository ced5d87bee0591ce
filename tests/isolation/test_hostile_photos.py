"""Pictures that mean harm are refused in little memory; what is published of the others is pixels alone."""

import io
from collections.abc import Callable

import pytest
from PIL import Image

from server.domain.errors import EmptyFile, ImageDamaged, ImageTooLarge, Refusal, UnsupportedImage
from server.isolation.limits import MIB, Decoding
from tests.isolation.conftest import told
from tests.media.pictures import CANARIES, animation, exif_of, photo, picture, png_bomb

MOST_MEMORY = 256 * MIB


def _cut_short() -> bytes:
    whole = io.BytesIO()
    Image.effect_noise((4000, 3000), 80).save(whole, "JPEG")
    return whole.getvalue()[:-20_000]


@pytest.mark.parametrize(("content", "refusal"), [
    (lambda: b"", EmptyFile),
    (png_bomb, ImageTooLarge),
    (lambda: animation(10_000), UnsupportedImage),
    (lambda: b"SIMPLE  =                    T / FITS" + bytes(3000), UnsupportedImage),
    (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 60000 60000\n", UnsupportedImage),
    (_cut_short, ImageDamaged),
], ids=["empty", "a bomb", "ten thousand frames", "FITS", "EPS", "cut short"])
@pytest.mark.parametrize("decoding", [Decoding.CHECK_PHOTO, Decoding.PHOTO])
def test_a_picture_that_cannot_be_kept_is_refused_for_its_own_reason_in_little_memory(
        decoding: Decoding, content: Callable[[], bytes], refusal: type[Refusal]) -> None:
    """fault 39"""
    heard = told(decoding, content())
    assert heard["error"] == refusal.code
    assert heard["ended"]["memory"] < MOST_MEMORY
    assert heard["made"] == b""


def _from_a_phone() -> bytes:
    """A JPEG with place, maker notes, words, a profile, XMP, and a small copy of itself inside its EXIF."""
    inner = io.BytesIO()
    picture(16, 16).save(inner, "JPEG", comment=b"CANARY-thumbnail")
    exif = exif_of(6)
    exif.get_ifd(1).update({0x0103: 6, 0x0201: 0, 0x0202: len(inner.getvalue())})
    whole = photo("JPEG", orientation=6)
    block = b"Exif\0\0" + exif.tobytes().removeprefix(b"Exif\0\0") + inner.getvalue()
    return whole[:2] + b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block + whole[2:] + b"CANARY-after-the-end"


def test_what_is_published_of_a_photo_has_no_place_maker_words_or_small_copy() -> None:
    """fault 40"""
    original = _from_a_phone()
    for canary in (b"ICC_PROFILE", b"CANARY-thumbnail", b"CANARY-maker-note", b"CANARY-gps", b"CANARY-xmp"):
        assert canary in original
    made = told(Decoding.PHOTO, original)["made"]
    assert not any(canary in made for canary in CANARIES)
    copy = Image.open(io.BytesIO(made))
    assert (copy.format, copy.getexif(), copy.size) == ("JPEG", {}, (80, 120))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_every_kind_of_photo_is_read_where_no_file_can_be_opened(kind: str) -> None:
    assert told(Decoding.CHECK_PHOTO, photo(kind))["result"]["width"] == 120
    assert told(Decoding.PHOTO, photo(kind))["result"] == {"width": 120, "height": 80}


@pytest.mark.slow
def test_the_largest_photo_that_is_allowed_fits_into_the_memory_that_is_given() -> None:
    whole = io.BytesIO()
    picture(10_000, 5_000, "RGBA").save(whole, "WEBP", method=0)
    for decoding in (Decoding.CHECK_PHOTO, Decoding.PHOTO):
        assert told(decoding, whole.getvalue())["result"]["width"] in (10_000, 1600)
