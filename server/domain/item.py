"""What is in a file that a phone saved: entries as they would have been sent, in the order of their files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from server.domain.errors import Invalid, ItemDamaged, NotAnItem
from server.domain.fields import Fields, storable
from server.domain.sent_manifest import MOST_BYTES
from server.domain.sync import Body

VERSION = 1
MOST_ENTRIES = 2000
MOST_BYTES_OF_ENTRY = 2**40
_KIND_LETTERS = 20
_BODY_LETTERS = MOST_BYTES  # what is longest of all that a phone sends as JSON


@dataclass(frozen=True)
class ItemEntry:
    """One thing a phone would have sent: the exact JSON, or what it says of a file whose bytes follow."""

    kind: str
    id: str
    story_id: str
    size: int
    sha256: str
    body: Body | None
    metadata: Mapping[str, str] | None


@dataclass(frozen=True)
class Item:
    """Everything in one file, and whose phone saved it. `saved_at` is by the phone's own clock."""

    person_id: str
    saved_at: datetime
    entries: tuple[ItemEntry, ...]


class Became(StrEnum):
    """What became of an entry that was brought in. What is not of here belongs to no story of the project; what may
    come in later could not be taken in at this moment, and nothing of it was kept."""

    CAME_IN = "came_in"
    WAS_HERE = "was_here"
    WAITS = "waits"
    NOT_OF_HERE = "not_of_here"
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """An entry by its kind and id, and what became of it; `why` is a sentence where it did not come in."""

    kind: str
    id: str
    became: Became
    why: str = ""


def read_item(line: bytes) -> Item:
    """From the JSON that comes before the files. Raises NotAnItem for a newer version, ItemDamaged."""
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        raise ItemDamaged from None
    if not isinstance(content, dict):
        raise ItemDamaged
    if content.get("version") != VERSION:
        raise NotAnItem
    fields = Fields(content)
    try:
        item = Item(fields.id("person_id"), fields.instant("saved_at"),
                    tuple(_entry(found, content["entries"][place])
                          for place, found in enumerate(fields.objects("entries", least=1, most=MOST_ENTRIES))))
        fields.done()
    except Invalid:
        raise ItemDamaged from None
    return item


def _entry(fields: Fields, content: Mapping[str, Any]) -> ItemEntry:
    """Raises ItemDamaged where it is neither JSON to be sent nor a file, or its JSON has another hash."""
    entry = ItemEntry(
        kind=fields.text("kind", least=1, most=_KIND_LETTERS), id=fields.id("id"), story_id=fields.id("story_id"),
        size=fields.count("bytes", most=MOST_BYTES_OF_ENTRY), sha256=fields.sha256("sha256"),
        body=_body(content.get("body")), metadata=_metadata(content.get("metadata")))
    if (entry.body is None) == (entry.metadata is None):
        raise ItemDamaged
    if entry.body is not None and (entry.body.sha256, entry.body.size) != (entry.sha256, entry.size):
        raise ItemDamaged
    return entry


def _body(sent: object) -> Body | None:
    if sent is None:
        return None
    if not isinstance(sent, str) or len(sent) > _BODY_LETTERS or not storable(sent):
        raise ItemDamaged
    return Body.of(sent.encode())


def _metadata(sent: object) -> dict[str, str] | None:
    """As tus has it: names with text. A phone may write a number as one."""
    if sent is None:
        return None
    if not isinstance(sent, dict):
        raise ItemDamaged
    found = {name: str(value) if isinstance(value, int) and not isinstance(value, bool) else value
             for name, value in sent.items()}
    if not all(isinstance(value, str) and storable(value) for value in found.values()):
        raise ItemDamaged
    return found
