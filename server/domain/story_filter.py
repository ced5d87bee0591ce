"""Which stories of a list or a search are shown. A filter looks only at what is left of a story once it is cleared.

It lives in the address of a page, under the names that `to_query` writes and `read` reads.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from server.domain.consent import Content
from server.domain.fields import storable

# What a kind of content is called in an address.
HAS: Mapping[str, Content] = {
    "sound": Content.AUDIO, "words": Content.WORDS, "quote": Content.QUOTE, "photo": Content.PHOTO}
# The fields that are one text each, by their names in an address.
_TEXTS = {"theme": "theme_id", "place": "place", "group": "group_id", "organisation": "organisation_id",
          "language": "language", "by": "tagged_by"}
_FROM, _TO = "from", "to"
_LONGEST = 200
_NO_DATE = {_FROM: "The first day must be a real date, such as 4/5/2026.",
            _TO: "The last day must be a real date, such as 4/5/2026."}
_WRONG_WAY = "The last day must be the same as the first day, or after it."


@dataclass(frozen=True)
class StoryFilter:
    """What a list of stories leaves out. None, or an empty set, leaves out nothing.

    `theme_id` is a theme, or one under it, on any part; with `tagged_by` one that this person put there. `has` are
    kinds of content that there is some of; words are a transcript. Days are those on which it was told, in UTC.
    """

    theme_id: str | None = None
    place: str | None = None
    group_id: str | None = None
    organisation_id: str | None = None
    language: str | None = None
    told_from: date | None = None
    told_to: date | None = None
    has: frozenset[Content] = frozenset()
    tagged_by: str | None = None

    def to_query(self) -> list[tuple[str, str]]:
        """The names and values that stand for it in an address, always in the same order."""
        found = [(name, getattr(self, field) or "") for name, field in _TEXTS.items()]
        found += [(name, day.isoformat()) for name, day in ((_FROM, self.told_from), (_TO, self.told_to)) if day]
        found += [("has", name) for name, content in HAS.items() if content in self.has]
        return [(name, value) for name, value in found if value]

    def without(self, name: str, value: str) -> "StoryFilter":
        """The same with one thing less, as `to_query` calls it."""
        return read(_as_lists(pair for pair in self.to_query() if pair != (name, value)))


def read(args: Mapping[str, Sequence[str]]) -> StoryFilter:
    """What an address asks for. What makes no sense leaves out nothing: `wrong_days` says it."""
    texts = {field: _text(args.get(name, ())) for name, field in _TEXTS.items()}
    first, last = _day(args.get(_FROM, ())), _day(args.get(_TO, ()))
    if first and last and last < first:
        first = last = None
    return StoryFilter(
        theme_id=texts["theme_id"], place=texts["place"], group_id=texts["group_id"],
        organisation_id=texts["organisation_id"], language=texts["language"], tagged_by=texts["tagged_by"],
        told_from=first, told_to=last, has=frozenset(HAS[name] for name in args.get("has", ()) if name in HAS))


def wrong_days(args: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What to put right in the days that an address asks for, by their names in it."""
    wrong = {name: sentence for name, sentence in _NO_DATE.items()
             if any(value.strip() for value in args.get(name, ())) and _day(args.get(name, ())) is None}
    first, last = _day(args.get(_FROM, ())), _day(args.get(_TO, ()))
    return wrong | ({_TO: _WRONG_WAY} if first and last and last < first else {})


def _as_lists(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _text(values: Sequence[str]) -> str | None:
    value = values[0] if values else ""
    return value if value and len(value) <= _LONGEST and storable(value) else None


def _day(values: Sequence[str]) -> date | None:
    """A date as an address has it: 2026-05-04; or as people write it, the day first: 4/5/2026."""
    written = values[0].strip() if values else ""
    if re.fullmatch(r"[0-9]{1,2}[ ./-][0-9]{1,2}[ ./-][0-9]{4}", written):
        day, month, year = re.split(r"[ ./-]", written)
        written = f"{year}-{month:0>2}-{day:0>2}"
    try:
        return date.fromisoformat(written) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written) else None
    except ValueError:
        return None
