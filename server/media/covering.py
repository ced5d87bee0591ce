"""Covers regions of a picture for good.

A face that was blurred or cut into squares can be guessed from what is left of it. Here nothing is left: a region gets
one colour, that of the picture around it, so that pictures that differ in their regions alone end as the same picture.
"""

from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw, ImageStat

_THOUSAND = 1000
# Making a picture smaller mixes each of its pixels with neighbours up to three away (Pillow's bicubic filter, after a
# first reduction by whole numbers), so what a region had may be in as many pixels outside of it.
_MIXED = 4
_AROUND = 12
_GREY = (128, 128, 128)
Box = tuple[int, int, int, int]


def covered(picture: Image.Image, regions: Sequence[Sequence[int]]) -> Image.Image:
    """A copy of an RGB picture without its `regions`, each [left, top, width, height] in thousandths of its size."""
    boxes = [_box(region, picture.size) for region in regions]
    hidden = _mask(picture.size, [_grown(box, _MIXED) for box in boxes])
    colours = [_colour_around(picture, box, hidden) for box in boxes]
    copy = picture.copy()
    for box, colour in zip(boxes, colours, strict=True):
        ImageDraw.Draw(copy).rectangle(_grown(box, _MIXED), fill=colour)
    return copy


def _box(region: Sequence[int], size: tuple[int, int]) -> Box:
    """The first and last column and row, rounded outwards."""
    left, top, width, height = region
    across, down = size
    return (left * across // _THOUSAND, top * down // _THOUSAND,
            -(-(left + width) * across // _THOUSAND), -(-(top + height) * down // _THOUSAND))


def _grown(box: Box, by: int) -> Box:
    left, top, right, bottom = box
    return left - by, top - by, right + by, bottom + by


def _mask(size: tuple[int, int], boxes: Sequence[Box]) -> Image.Image:
    mask = Image.new("L", size, 0)
    for box in boxes:
        ImageDraw.Draw(mask).rectangle(box, fill=255)
    return mask


def _colour_around(picture: Image.Image, box: Box, hidden: Image.Image) -> tuple[int, int, int]:
    """The mean of what is near the box and is not hidden; grey where there is nothing."""
    near = ImageChops.subtract(_mask(picture.size, [_grown(box, _MIXED + _AROUND)]), hidden)
    found = ImageStat.Stat(picture, near)
    if not found.count[0]:
        return _GREY
    red, green, blue = (round(level) for level in found.mean)
    return red, green, blue
