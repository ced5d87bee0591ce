import io
import struct
import tracemalloc
import zlib

import pytest
from PIL import Image, PngImagePlugin

from server.domain.errors import EmptyFile, ImageDamaged, ImageTooLarge, UnsupportedImage
from server.media.facts import PhotoFacts
from server.media.photos import IS_MOVING, SAYS_WHERE, SEND_PLAIN, check, check_evidence, derive
from tests.media.pictures import CANARIES, XMP, animation, photo, picture, png_bomb

KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "HEIF": "image/heic"}
IMPOSTORS = {
    "a web page": b"<!DOCTYPE html><script>alert(1)</script>",
    "a drawing with script": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n",
    "a telescope picture": b"SIMPLE  =                    T / FITS",
    "a moving picture": b"GIF89a" + b"\0" * 50,
    "a tiff": b"II*\0" + b"\0" * 50,
    "another film": b"\0\0\0\x1cftypisom" + b"\0" * 50,
    "a newer still": b"\0\0\0\x1cftypavif" + b"\0" * 50,
    "sound": b"RIFF\0\0\0\0WAVEfmt ",
}


def shown(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=["JPEG"])
    image.load()
    return image


def is_red(pixel: object) -> bool:
    red, _, blue = pixel  # type: ignore[misc]
    return red > 150 and blue < 90


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_photo_is_known_and_measured(kind: str):
    assert check(io.BytesIO(photo(kind))) == PhotoFacts(KINDS[kind], 120, 80)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_was_written_beside_the_pixels_is_in_the_copy(kind: str):
    """fault 40"""
    original = photo(kind)
    assert any(canary in original for canary in CANARIES)
    copy = derive(io.BytesIO(original))
    assert copy.content_type == "image/jpeg"
    assert not any(canary in copy.data for canary in CANARIES)
    image = shown(copy.data)
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert (image.mode, image.size) == ("RGB", (copy.width, copy.height))


def test_a_thumbnail_inside_a_photo_is_not_in_the_copy():
    """fault 40"""
    inner = io.BytesIO()
    picture(16, 16).save(inner, "JPEG", comment=b"CANARY-thumbnail")
    sink = io.BytesIO()
    block = b"Exif\0\0II*\0\x08\0\0\0\0\0\x0e\0\0\0" + inner.getvalue()
    picture().save(sink, "JPEG", exif=block)
    assert b"CANARY-thumbnail" in sink.getvalue()
    assert b"CANARY" not in derive(io.BytesIO(sink.getvalue())).data


def test_what_is_hidden_after_the_end_of_a_photo_is_not_in_the_copy():
    assert b"CANARY" not in derive(io.BytesIO(photo("JPEG") + b"CANARY PK\x03\x04")).data


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (1, (120, 80), (60, 10)),
        (2, (120, 80), (60, 10)),
        (3, (120, 80), (60, 70)),
        (4, (120, 80), (60, 70)),
        (5, (80, 120), (10, 60)),
        (6, (80, 120), (70, 60)),
        (7, (80, 120), (70, 60)),
        (8, (80, 120), (10, 60)),
    ],
)
def test_the_copy_is_upright(kind: str, orientation: int, size: tuple[int, int], red_at: tuple[int, int]):
    original = io.BytesIO(photo(kind, orientation=orientation))
    copy = derive(original)
    assert (copy.width, copy.height) == size
    assert is_red(shown(copy.data).getpixel(red_at))
    facts = check(original)
    assert (facts.width, facts.height) == size


def test_a_large_photo_becomes_smaller_and_a_small_one_stays():
    large, small = io.BytesIO(photo("JPEG", picture(4000, 3000))), io.BytesIO(photo("JPEG"))
    assert (derive(large).width, derive(large).height) == (1600, 1200)
    assert derive(large, longest_edge=400).width == 400
    assert derive(small).width == 120


@pytest.mark.parametrize("mode", ["L", "1", "P", "RGBA", "LA", "I;16"])
def test_every_way_to_hold_colour_becomes_a_plain_photo(mode: str):
    source = io.BytesIO()
    image = picture(2000, 100, "L" if mode == "I;16" else mode)
    if mode == "I;16":
        image = image.convert("I").point(lambda level: level * 256).convert(mode)
    image.save(source, "PNG")
    pixel = shown(derive(source).data).getpixel((800, 10))
    grey = picture(mode="L").getpixel((1, 1))
    if mode in ("L", "LA", "I;16"):
        assert pixel == pytest.approx((grey,) * 3, abs=6)
    elif mode != "1":
        assert is_red(pixel)


def test_see_through_parts_become_white():
    source = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(source, "PNG")
    assert shown(derive(source).data).getpixel((25, 25)) == (255, 255, 255)


def test_a_print_photo_in_four_inks_becomes_a_plain_photo():
    source = io.BytesIO()
    picture(mode="CMYK").save(source, "JPEG")
    assert is_red(shown(derive(source).data).getpixel((60, 10)))


@pytest.mark.parametrize("extra", [{"exif": b"Exif\0\0nonsense"}, {"icc_profile": b"nonsense"}, {"xmp": XMP[:40]}])
def test_metadata_that_cannot_be_read_does_not_cost_the_photo(extra: dict[str, bytes]):
    source = io.BytesIO()
    picture().save(source, "JPEG", **extra)
    assert check(source).width == 120
    assert is_red(shown(derive(source).data).getpixel((60, 10)))


@pytest.mark.parametrize("content", IMPOSTORS.values(), ids=IMPOSTORS)
def test_what_is_not_a_photo_is_refused_whatever_its_name_says(content: bytes):
    """faults 38 and 39"""
    source = io.BytesIO(content)
    source.name = "photo.jpg"
    for act in (check, derive):
        with pytest.raises(UnsupportedImage):
            act(source)


def test_an_empty_photo_is_named_so():
    for act in (check, derive):
        with pytest.raises(EmptyFile):
            act(io.BytesIO())


@pytest.mark.parametrize("size", [(65_000, 65_000), (10_000, 5_001), (20_000, 20_000)])
def test_a_photo_with_too_many_pixels_is_refused_before_it_is_unpacked(size: tuple[int, int]):
    """fault 39"""
    tracemalloc.start()
    try:
        for act in (check, derive):
            with pytest.raises(ImageTooLarge):
                act(io.BytesIO(png_bomb(*size)))
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_words_in_a_photo_that_unpack_to_gigabytes_are_refused():
    """fault 39"""
    whole = photo("PNG")
    words = b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9)
    chunk = struct.pack(">I", len(words)) + b"zTXt" + words + struct.pack(">I", zlib.crc32(b"zTXt" + words))
    for act in (check, derive):
        with pytest.raises(ImageDamaged):
            act(io.BytesIO(whole[:33] + chunk + whole[33:]))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_moving_picture_is_refused_since_nobody_was_asked_about_one(kind: str):
    """fault 39"""
    for act in (check, derive):
        with pytest.raises(UnsupportedImage) as refusal:
            act(io.BytesIO(animation(3, kind)))
        assert refusal.value.message == IS_MOVING


def test_several_views_of_one_moment_are_a_photo():
    source = io.BytesIO()
    picture().save(source, "MPO", save_all=True, append_images=[picture(60, 40)])
    assert check(source) == PhotoFacts("image/jpeg", 120, 80)
    assert derive(source).width == 120


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9])
def test_a_photo_cut_short_is_damaged(kind: str, kept: float):
    """fault 39"""
    whole = photo(kind, Image.effect_noise((300, 200), 80).convert("RGB"))
    for act in (check, derive):
        with pytest.raises(ImageDamaged):
            act(io.BytesIO(whole[: int(len(whole) * kept)]))


@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_that_is_only_its_first_bytes_is_damaged(kind: str):
    for act in (check, derive):
        with pytest.raises(ImageDamaged):
            act(io.BytesIO(photo(kind)[:16]))


def plain(kind: str, **extra: object) -> io.BytesIO:
    sink = io.BytesIO()
    picture().save(sink, kind, **extra)
    return sink


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_that_shows_an_agreement_is_kept_as_it_is(kind: str):
    assert check_evidence(plain(kind)) == PhotoFacts(KINDS[kind], 120, 80)


def _with_place_in_exif(kind: str) -> io.BytesIO:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 1.0)})
    return plain(kind, exif=exif.tobytes())


PLACE_IN_XMP = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf exif:GPSLatitude='51,30N'/></x:xmpmeta>"


def _packed_xmp() -> io.BytesIO:
    words = PngImagePlugin.PngInfo()
    words.add_itxt("XML:com.adobe.xmp", PLACE_IN_XMP, zip=True)
    return plain("PNG", pnginfo=words)


@pytest.mark.parametrize("source", [
    lambda: _with_place_in_exif("JPEG"), lambda: _with_place_in_exif("PNG"), _packed_xmp,
    lambda: plain("JPEG", xmp=PLACE_IN_XMP.encode()),
], ids=["exif of a jpeg", "exif of a png", "packed xmp", "xmp of a jpeg"])
def test_a_picture_of_an_agreement_that_says_where_it_was_taken_is_refused(source):
    """fault 40"""
    with pytest.raises(UnsupportedImage, match=SAYS_WHERE):
        check_evidence(source())


def test_an_agreement_is_shown_by_a_jpeg_or_a_png():
    with pytest.raises(UnsupportedImage, match=SEND_PLAIN):
        check_evidence(plain("WEBP"))
