"""A collection: what somebody puts together out of the library to find again and to share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.domain.errors import Invalid, NotFound
from server.domain.fields import storable

NAME_LENGTH = 300
DESCRIPTION_LENGTH = 2000
QUERY_LENGTH = 2000
# More than anybody reads through.
ITEMS = 500


class Kind(StrEnum):
    """A search that is made again each time, or things that somebody chose."""

    SEARCH = "search"
    SET = "set"


class Collectable(StrEnum):
    """What can be put into a set."""

    STORY = "story"
    EXCERPT = "excerpt"
    QUOTE = "quote"
    PHOTO = "photo"


@dataclass(frozen=True)
class CollectionText:
    """What its maker writes."""

    name: str
    description: str = ""


@dataclass(frozen=True)
class CollectionCard:
    """A collection without what is in it, as one person has it. `made_by` is the maker's name. `is_shared`: others have
    it too. `query` is empty for a set."""

    id: str
    project_id: str
    kind: Kind
    text: CollectionText
    query: str
    made_by: str
    is_mine: bool
    may_change: bool
    is_shared: bool
    changed_at: datetime
    version: int


def checked_text(name: str, description: str) -> CollectionText:
    """The text, trimmed. Raises Invalid with a message for each field that is wrong."""
    text = CollectionText(" ".join(name.split()), description.replace("\r\n", "\n").strip())
    wrong = {} if text.name else {"name": "Give the collection a name."}
    for field, value, longest in (("name", text.name, NAME_LENGTH),
                                  ("description", text.description, DESCRIPTION_LENGTH)):
        if len(value) > longest:
            wrong[field] = f"This is {len(value)} characters long. Use {longest} or fewer."
        if not storable(value):
            wrong[field] = "Take out the character that cannot be shown."
    if wrong:
        raise Invalid(fields=wrong)
    return text


def moved_among(order: Sequence[str], shown: Sequence[str], item: str, places: int) -> list[str]:
    """The order with one item moved by so many places among those that are shown, up when negative. All others stay
    where they are, so that nobody notices those that they are not shown. Raises NotFound."""
    if item not in shown:
        raise NotFound
    rest = [other for other in shown if other != item]
    place = max(0, min(len(rest), list(shown).index(item) + places))
    wanted = iter([*rest[:place], item, *rest[place:]])
    return [next(wanted) if other in shown else other for other in order]
