"""The colours of themes: readable, told apart, and the same in the styles."""

import re
from itertools import combinations
from pathlib import Path

import pytest

from server.domain.palette import PALETTE, contrast, nearest, parts

STYLES = Path(__file__).parents[2] / "pwa" / "library" / "styles" / "_codebook.scss"
SURFACES = ("#ffffff", "#faf7f2")


@pytest.mark.parametrize("name", PALETTE)
def test_every_colour_can_be_read_on_its_ground_and_on_the_page(name: str) -> None:
    colour = PALETTE[name]
    assert contrast(colour.ink, colour.ground) >= 4.5
    assert all(contrast(colour.ink, surface) >= 4.5 for surface in SURFACES)


def test_contrast_is_what_the_guidelines_say() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_no_two_colours_are_the_same() -> None:
    for one, other in combinations(PALETTE.values(), 2):
        assert (one.ink, one.ground, one.label) != (other.ink, other.ground, other.label)
        assert sum((a - b) ** 2 for a, b in zip(parts(one.ink), parts(other.ink), strict=True)) > 1000


def test_the_styles_have_the_same_colours() -> None:
    found = re.findall(r"\.theme-colour--(\w+) \{\n  --theme-ink: (\S+);\n  --theme-ground: (\S+);", STYLES.read_text())
    assert found == [(name, colour.ink, colour.ground) for name, colour in PALETTE.items()]


@pytest.mark.parametrize(("colour", "name"), [
    *((colour.ink, name) for name, colour in PALETTE.items()),
    ("#FF0000", "red"), ("#0f0", "green"), ("#00f", "blue"), ("#808080", "grey"), ("#000000", "grey"),
    ("#ffffff", "grey"), ("#ffc0cb", "pink"), ("#FFA500", "amber"),
])
def test_any_colour_has_a_nearest_one(colour: str, name: str) -> None:
    assert nearest(*parts(colour)) == name


@pytest.mark.parametrize("text", ["", "#12", "#12345", "red", "#gggggg", "#１２３"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        parts(text)
