"""What a project asks of the phones that collect for it."""

from dataclasses import dataclass

from server.domain.errors import Invalid

KEEP_HOURS = 24
PHOTO_PIXELS = 2048
MOST_KEEP_HOURS = 720
LEAST_PHOTO_PIXELS, MOST_PHOTO_PIXELS = 800, 6000
_MOST_DIGITS = 6


@dataclass(frozen=True)
class PhoneSettings:
    """`keep_hours` is how long a phone keeps a file after we have it, `photo_pixels` the longer side of a photo."""

    keep_hours: int = KEEP_HOURS
    photo_pixels: int = PHOTO_PIXELS


def read_phone_settings(keep_hours: str, photo_pixels: str) -> PhoneSettings:
    """From what somebody typed. Raises Invalid with a sentence for each that will not do."""
    kept, pixels = _number(keep_hours), _number(photo_pixels)
    wrong = {}
    if kept is None or kept > MOST_KEEP_HOURS:
        wrong["keep_hours"] = f"Write a whole number of hours from 0 to {MOST_KEEP_HOURS}."
    if pixels is None or not LEAST_PHOTO_PIXELS <= pixels <= MOST_PHOTO_PIXELS:
        wrong["photo_pixels"] = f"Write a whole number from {LEAST_PHOTO_PIXELS} to {MOST_PHOTO_PIXELS}."
    if kept is None or pixels is None or wrong:
        raise Invalid(fields=wrong)
    return PhoneSettings(kept, pixels)


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None
