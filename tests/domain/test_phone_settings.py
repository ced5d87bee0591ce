"""What a project asks of phones, as somebody types it."""

import pytest

from server.domain.errors import Invalid
from server.domain.phone_settings import PhoneSettings, read_phone_settings


def test_whole_numbers_within_the_limits_are_read() -> None:
    assert read_phone_settings("0", "800") == PhoneSettings(0, 800)
    assert read_phone_settings(" 720 ", "6000") == PhoneSettings(720, 6000)


@pytest.mark.parametrize(("hours", "pixels", "wrong"), [
    ("721", "2048", ["keep_hours"]), ("", "2048", ["keep_hours"]), ("-1", "2048", ["keep_hours"]),
    ("24", "799", ["photo_pixels"]), ("24", "6001", ["photo_pixels"]), ("24", "2048.5", ["photo_pixels"]),
    ("²", "٣٠٠٠", ["keep_hours", "photo_pixels"]), ("9" * 5000, "1e3", ["keep_hours", "photo_pixels"]),
])
def test_anything_else_is_refused_with_what_to_write(hours: str, pixels: str, wrong: list[str]) -> None:
    with pytest.raises(Invalid) as refusal:
        read_phone_settings(hours, pixels)
    assert list(refusal.value.fields) == wrong
    assert all("whole number" in sentence for sentence in refusal.value.fields.values())
