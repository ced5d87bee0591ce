"""What is covered in a photo is gone from its copy for good."""

import io

import numpy as np
import pytest
from PIL import Image

from server.media.photos import derive

FACE = [[250, 250, 200, 300]]


def a_photo(seed: int, size: tuple[int, int] = (2400, 1800), kind: str = "PNG", orientation: int = 1) -> io.BytesIO:
    """Noise, which nothing can guess; photos of two seeds differ inside of FACE alone."""
    pixels = np.random.default_rng(0).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    left, top, width, height = (part * size[place % 2] // 1000 for place, part in enumerate(FACE[0]))
    pixels[top : top + height, left : left + width] = np.random.default_rng(seed).integers(
        0, 255, (height, width, 3), dtype=np.uint8)
    sink, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(pixels).save(sink, kind, exif=exif)
    return sink


def seen(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)), dtype=int)


@pytest.mark.parametrize("longest_edge", [200, 1600, 4000])
def test_photos_that_differ_only_in_what_is_covered_have_the_same_copy_to_the_byte(longest_edge: int):
    first, second = a_photo(1), a_photo(2)
    assert derive(first, longest_edge=longest_edge).data != derive(second, longest_edge=longest_edge).data
    copies = {derive(one, longest_edge=longest_edge, regions=FACE).data for one in (first, second)}
    assert len(copies) == 1


def test_a_region_has_one_colour_which_is_that_of_the_picture_around_it():
    picture = Image.new("RGB", (400, 400), (200, 40, 40))
    picture.paste((10, 200, 10), (100, 100, 180, 220))
    sink = io.BytesIO()
    picture.save(sink, "PNG")
    pixels = seen(derive(sink, regions=FACE).data)
    assert np.abs(pixels[100:220, 100:180] - (200, 40, 40)).max() < 12


def test_what_is_not_covered_is_as_it_was():
    plain, covered = (seen(derive(a_photo(1), regions=regions).data) for regions in ([], FACE))
    assert plain.shape == covered.shape
    assert np.array_equal(plain[:, 900:], covered[:, 900:])
    assert np.array_equal(plain[:200], covered[:200])


def test_a_region_is_of_the_photo_as_it_is_shown_upright():
    picture = Image.new("RGB", (400, 200), "white")
    picture.paste("black", (0, 0, 60, 60))  # top left as stored, top right once it is turned
    sink, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    picture.save(sink, "PNG", exif=exif)
    assert seen(derive(sink, regions=[]).data).min() < 30
    assert seen(derive(sink, regions=[[650, 0, 350, 200]]).data).min() > 200


def test_a_face_beside_another_is_no_part_of_its_colour():
    picture = Image.new("RGB", (400, 400), "white")
    picture.paste("black", (100, 100, 200, 200))
    sink = io.BytesIO()
    picture.save(sink, "PNG")
    halves = [[250, 250, 125, 250], [375, 250, 125, 250]]
    assert seen(derive(sink, regions=halves).data).min() > 200


def test_a_photo_that_is_covered_all_over_is_grey():
    assert np.ptp(seen(derive(a_photo(1), regions=[[0, 0, 1000, 1000]]).data)) == 0


def test_nothing_is_covered_unless_asked():
    assert derive(a_photo(1)).data == derive(a_photo(1), regions=[]).data
