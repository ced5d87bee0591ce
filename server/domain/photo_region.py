"""A part of a photo that nobody is to see: a rectangle in thousandths of its width and height, as it is shown."""

from dataclasses import dataclass

from server.domain.errors import Invalid

WHOLE = 1000
# One hundredth of a photo is about as small as a face in a crowd.
SMALLEST = 10
MOST_REGIONS = 50

_OUTSIDE = "Keep it within the photo: from 0 to 100."
_SMALL = "Make it at least 1 % wide and high."


@dataclass(frozen=True)
class Region:
    """From its top left; thousandths, all four."""

    left: int
    top: int
    width: int
    height: int


def checked(left: int, top: int, width: int, height: int) -> Region:
    """The region, cut at the right and lower edge of the photo. Raises Invalid."""
    problems = {name: _OUTSIDE for name, value in (("left", left), ("top", top)) if not 0 <= value < WHOLE}
    problems |= {name: _SMALL for name, value in (("width", width), ("height", height)) if value < SMALLEST}
    if not problems:
        width, height = min(width, WHOLE - left), min(height, WHOLE - top)
        problems = {name: _OUTSIDE for name, value in (("left", width), ("top", height)) if value < SMALLEST}
    if problems:
        raise Invalid(fields=problems)
    return Region(left, top, width, height)
