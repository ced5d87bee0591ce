"""The manifest of a recording, read from untrusted fields."""

from collections.abc import Iterable, Mapping
from typing import Any

from server.domain.fields import Fields, at_address
from server.domain.manifest import Ended, ListedSegment, SentManifest, SentMarker

MOST_SEGMENTS = 500
MOST_MARKERS = 1000
MOST_NUMBER = 2**31 - 1
MOST_PARTS = 100_000
# Of the JSON: so many segments and markers fit, with every letter of them written as it takes the most room;
# and the web servers of `docs/deploying.md` let it through.
MOST_BYTES = 960 * 1024
_TWICE = "This id is here twice."


def read_manifest(content: Mapping[str, Any], address_id: str) -> SentManifest:
    """Raises Invalid."""
    fields = at_address(content, address_id)
    listed = fields.objects("segments", least=1, most=MOST_SEGMENTS)
    marked = fields.objects("markers", most=MOST_MARKERS)
    sent = SentManifest(
        id=address_id, story_id=fields.id("story_id"), position=fields.count("position", most=MOST_PARTS),
        started_at=fields.instant("started_at"),
        segments=tuple(_segment(segment, place) for place, segment in enumerate(listed)),
        markers=tuple(map(_marker, marked)))
    for name, ids in (("segments", [segment.id for segment in sent.segments]),
                      ("markers", [marker.id for marker in sent.markers])):
        _refuse_twice(fields, name, ids)
    fields.done()
    return sent


def _segment(fields: Fields, place: int) -> ListedSegment:
    fields.text("type", most=120)  # what it is, is looked at here instead
    number = fields.count("number", most=MOST_PARTS)
    if number != place:
        fields.refuse("number", "Segments are numbered from 0 up, and come in the order of their numbers.")
    return ListedSegment(
        id=fields.id("id"), number=number, sha256=fields.sha256("sha256"),
        size=fields.count("bytes", least=1, most=MOST_NUMBER), offset_ms=fields.count("offset_ms", most=MOST_NUMBER),
        duration_ms=fields.count("duration_ms", most=MOST_NUMBER), ended=fields.choice("ended", Ended))


def _marker(fields: Fields) -> SentMarker:
    return SentMarker(id=fields.id("id"), saved_at_ms=fields.count("at_ms", most=MOST_NUMBER),
                      prompt_id=fields.id_or_none("prompt_id"), theme_id=fields.id_or_none("theme_id"))


def _refuse_twice(fields: Fields, name: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for place, found in enumerate(ids):
        if found and found in seen:
            fields.refuse(f"{name}.{place}.id", _TWICE)
        seen.add(found)
