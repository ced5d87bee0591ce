"""Whatever fields come in, they are read into plain objects or refused: nothing else can happen."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.errors import Invalid
from server.domain.ids import new_id
from server.domain.sent import PartKind, read_consent, read_part, read_quote, read_story
from server.domain.sync import EARLIEST

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=5)
FIELDS = ("id", "project_id", "story_id", "wording_id", "answers", "how", "for_whom", "given_at", "conversation",
          "pseudonym", "told_at", "place", "receipt_code", "text", "written_at")
AN_ID = "0190b3a2-7c5d-7e1f-8a2b-3c4d5e6f7a8b"


@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING))
def test_any_json_object_is_read_or_refused(content: dict[str, Any]) -> None:
    for read in (read_consent, read_story, read_quote):
        with suppress(Invalid):
            read(content, AN_ID)


@given(st.dictionaries(st.sampled_from(("id", "kind", "story_id", "sha256", "started_at", "position", "description")),
                       st.text()))
def test_any_metadata_is_read_or_refused(metadata: dict[str, str]) -> None:
    with suppress(Invalid):
        read_part(metadata, 1, "")


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        read_quote({"id": 1, "text": "", "written_at": "now"}, AN_ID)
    assert set(refused.value.fields) == {"id", "story_id", "text", "written_at"}


def test_a_photo_needs_no_time_and_a_recording_does() -> None:
    metadata = {"id": new_id(), "kind": "photo", "story_id": new_id(), "sha256": "A" * 64, "description": "Chairs"}
    photo = read_part(metadata, 9, "as sent")
    assert (photo.kind, photo.started_at, photo.position) == (PartKind.PHOTO, EARLIEST, 0)
    assert (photo.sha256, photo.length, photo.metadata) == ("a" * 64, 9, "as sent")
    with pytest.raises(Invalid) as refused:
        read_part(metadata | {"kind": "recording"}, 9, "")
    assert set(refused.value.fields) == {"started_at"}
