"""A part of a photo, which is covered or has themes of its own: a rectangle in thousandths of its width and height, as
it is shown."""

import re
from collections.abc import Iterable, Sequence
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


# Where the number of a part is drawn: in one of its corners, and not on that of another.
_NUMBER_WIDTH, _NUMBER_HEIGHT = 70, 70
_WRITTEN = re.compile(r"\d{1,4}(,\d{1,4}){3}", re.ASCII)
_NO_REGION = "This is no part of a photo. Draw it again."


def written(region: Region) -> str:
    """As it is kept: left, top, width and height, with commas between them."""
    return f"{region.left},{region.top},{region.width},{region.height}"


def read(text: str) -> Region:
    """The region that was written so. Raises Invalid for everything else."""
    if not _WRITTEN.fullmatch(text) or written(found := checked(*map(int, text.split(",")))) != text:
        raise Invalid(_NO_REGION, fields={"left": _NO_REGION})
    return found


def in_order(regions: Iterable[Region]) -> list[Region]:
    """Each once, as people number them: from the top, and from the left where two begin at one height."""
    return sorted(set(regions), key=lambda one: (one.top, one.left, one.height, one.width))


def corners(regions: Sequence[Region]) -> list[tuple[int, int]]:
    """Where to draw the number of each, from its top left: in the first of its corners that no number is drawn in."""
    taken: list[tuple[int, int]] = []
    for one in regions:
        right = max(one.left, one.left + one.width - _NUMBER_WIDTH)
        bottom = max(one.top, one.top + one.height - _NUMBER_HEIGHT)
        free = [(left, top) for top in (one.top, bottom) for left in (one.left, right)
                if not any(abs(left - x) < _NUMBER_WIDTH and abs(top - y) < _NUMBER_HEIGHT for x, y in taken)]
        taken.append(free[0] if free else (one.left, one.top))
    return taken


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
