"""Phone and server agree on what may be captured: `pwa/tests/domain/consent.test.ts` runs the same cases."""

import json
from pathlib import Path

import pytest

from server.domain.consent import Use, may_keep_photo, may_keep_quote, may_keep_recording

CASES = json.loads((Path(__file__).parent / "may_capture.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_the_server_keeps_what_the_phone_may_capture(case: dict) -> None:
    uses = frozenset(Use(use) for use in case["agreed"])
    assert may_keep_recording(uses) is case["recording"]
    assert may_keep_photo(uses) is case["photos"]
    assert may_keep_quote(uses) is case["quotes"]
