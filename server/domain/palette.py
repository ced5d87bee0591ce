"""The colours a theme can have: a dark one to write in, on a pale ground of the same hue, and the nearest to any other.

Each pair of writing and ground is at least 4.5:1 (WCAG 2.2, 1.4.3). A colour never stands alone: the name of the theme
is always beside it.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Colour:
    """`ink` is written on `ground`; both are #rrggbb. `label` is what people call it."""

    label: str
    ink: str
    ground: str


PALETTE: Mapping[str, Colour] = {
    "red": Colour("Red", "#a31621", "#fdeceb"),
    "orange": Colour("Orange", "#a03a00", "#feeee3"),
    "amber": Colour("Amber", "#7a4f00", "#fdf1d6"),
    "olive": Colour("Olive", "#5a5c00", "#f4f4d4"),
    "green": Colour("Green", "#1f6420", "#e6f4e2"),
    "teal": Colour("Teal", "#00615c", "#dff4f1"),
    "sky": Colour("Sky blue", "#005c85", "#e1f2fb"),
    "blue": Colour("Blue", "#1f4aa8", "#e6eefc"),
    "violet": Colour("Violet", "#5533b0", "#efebfd"),
    "purple": Colour("Purple", "#7d2391", "#f8e9fb"),
    "pink": Colour("Pink", "#a11a63", "#fde9f3"),
    "grey": Colour("Grey", "#4d565c", "#eceff1"),
}

# Below this, a colour has no hue that anybody would name (chroma in Oklab).
_GREY_BELOW = 0.035


def nearest(red: int, green: int, blue: int) -> str:
    """The name of the colour whose hue is nearest to this one, each part from 0 to 255; grey where it has none."""
    chroma, hue = _hue(red, green, blue)
    if chroma < _GREY_BELOW:
        return "grey"
    hues = {name: _hue(*parts(colour.ink))[1] for name, colour in PALETTE.items() if name != "grey"}
    return min(hues, key=lambda name: abs(math.remainder(hues[name] - hue, math.tau)))


def parts(colour: str) -> tuple[int, int, int]:
    """The red, green and blue of #rrggbb or #rgb. Raises ValueError for anything else."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    if not re.fullmatch("[0-9a-fA-F]{6}", digits):
        raise ValueError(f"not a colour: {colour}")
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def luminance(colour: str) -> float:
    """Relative luminance from 0 to 1 (WCAG 2.2)."""
    red, green, blue = map(_linear, parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart, from 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _hue(red: int, green: int, blue: int) -> tuple[float, float]:
    """Chroma, and hue in radians, in Oklab (Ottosson 2020)."""
    r, g, b = map(_linear, (red, green, blue))
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return math.hypot(a, b), math.atan2(b, a)


def _linear(part: int) -> float:
    value = part / 255
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
