"""Changes as they are sent."""

from typing import Any

import pytest

from server.domain.correction import (
    MOST_SEGMENTS,
    Adopt,
    Change,
    Merge,
    Redo,
    Speaker,
    Split,
    Undo,
    Words,
    read,
)
from server.domain.errors import Invalid

ID = "0d6b4a50-6c5e-4e0f-9d1c-5f6d1f6a7b21"


@pytest.mark.parametrize(("content", "change"), [
    ({"kind": "words", "segment": 3, "was": " We", "text": " We\twaited\x00 "}, Words(3, " We", "We waited")),
    ({"kind": "words", "segment": 3, "was": "We", "text": ""}, Words(3, "We", "")),
    ({"kind": "split", "segment": 3, "was": "We waited", "word": 1}, Split(3, "We waited", 1)),
    ({"kind": "merge", "segment": 3, "was": "We", "next": 4}, Merge(3, "We", 4)),
    ({"kind": "speaker", "segments": [3, 4, 3], "speaker": ID}, Speaker((3, 4), ID)),
    ({"kind": "speaker", "segments": [3], "speaker": None}, Speaker((3,), None)),
    ({"kind": "speaker", "segments": [3], "speaker": "new"}, Speaker((3,), None, is_new=True)),
    ({"kind": "adopt", "from": ID, "start_ms": 100, "end_ms": 900}, Adopt(ID, 100, 900)),
    ({"kind": "adopt", "from": ID, "start_ms": 1, "end_ms": 9, "version": 4}, Adopt(ID, 1, 9, version=4)),
    ({"kind": "undo"}, Undo()),
    ({"kind": "undo", "version": 2, "others": True}, Undo(2, others=True)),
    ({"kind": "redo", "version": 7}, Redo(7)),
])
def test_a_change_is_read_as_it_was_meant(content: dict[str, Any], change: Change) -> None:
    assert read(content) == change


@pytest.mark.parametrize(("content", "wrong"), [
    ([], {"change"}),
    ({}, {"kind"}),
    ({"kind": "rewrite"}, {"kind"}),
    ({"kind": "words"}, {"segment", "was", "text"}),
    ({"kind": "words", "segment": True, "was": None, "text": "a" * 2001}, {"segment", "was", "text"}),
    ({"kind": "split", "segment": 0, "was": "We", "word": -1}, {"segment", "word"}),
    ({"kind": "merge", "segment": 2**31, "was": "We", "next": "4"}, {"segment", "next"}),
    ({"kind": "speaker", "segments": [], "speaker": "somebody"}, {"segments", "speaker"}),
    ({"kind": "speaker", "segments": ["3"], "speaker": None}, {"segments"}),
    ({"kind": "speaker", "segments": list(range(1, MOST_SEGMENTS + 2)), "speaker": None}, {"segments"}),
    ({"kind": "adopt", "from": "1", "start_ms": 900, "end_ms": 100}, {"from", "end_ms"}),
    ({"kind": "undo", "version": -1, "others": "yes"}, {"version", "others"}),
])
def test_a_change_that_cannot_be_read_says_which_fields_are_wrong(content: Any, wrong: set[str]) -> None:
    with pytest.raises(Invalid) as refusal:
        read(content)
    assert set(refusal.value.fields) == wrong
