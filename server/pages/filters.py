"""Filters of a list and of a search: what an address asks for, what can be chosen, and each that can be taken off."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for

from server.auth import viewer
from server.db import db
from server.domain import story_filter
from server.domain.story_filter import StoryFilter
from server.pages.voices import LANGUAGE_NAMES
from server.pages.words import day
from server.services import filter_choices
from server.services.filter_choices import Choices

_HAS = {"sound": "Sound", "words": "A transcript", "quote": "A quote", "photo": "A photo"}
_WITH = {"sound": "With sound", "words": "With a transcript", "quote": "With a quote", "photo": "With a photo"}
_WORDS = {"theme": "Theme", "place": "Place", "group": "Group", "organisation": "Organisation", "language": "Language",
          "by": "Themes put by"}
# Those that few look for, under "More filters".
_MORE = frozenset({"group", "organisation", "language", "by", "from", "to"})


@dataclass(frozen=True)
class Chip:
    """One filter that is on, with what it is about and the address of the same page without it."""

    about: str
    name: str
    without: str


@dataclass(frozen=True)
class Filters:
    """`asked` is each filter as the address has it, `query` those that make sense, to stay in addresses. `wrong` says
    by name what to put right."""

    only: StoryFilter
    choices: Choices
    languages: list[tuple[str, str]]
    asked: dict[str, str]
    has: list[tuple[str, str, bool]]
    wrong: dict[str, str]
    chips: list[Chip]
    query: dict[str, list[str]]
    clear: str
    is_more_open: bool

    @property
    def is_on(self) -> bool:
        return self.only != StoryFilter()


def of_request(endpoint: str, project_id: str, **kept: str) -> Filters:
    """The filters of this page; `kept` stays in its address."""
    args = request.args.to_dict(flat=False)
    only, wrong = story_filter.read(args), story_filter.wrong_days(args)
    choices = filter_choices.list_choices(db.session(), viewer(), project_id)

    def address(found: StoryFilter) -> str:
        values: dict[str, Any] = {"project_id": project_id, **kept, **_lists(found)}
        return url_for(endpoint, **values)

    chips = [Chip(*_words(name, value, choices), address(only.without(name, value)))
             for name, value in only.to_query()]
    query = _lists(only)
    return Filters(
        only=only, choices=choices, languages=[(code, LANGUAGE_NAMES.get(code, code)) for code in choices.languages],
        asked={name: values[0] for name, values in args.items() if values},
        has=[(name, text, name in query.get("has", ())) for name, text in _HAS.items()], wrong=wrong, chips=chips,
        query=query, clear=address(StoryFilter()), is_more_open=bool(_MORE & (query.keys() | wrong.keys())))


def _lists(only: StoryFilter) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in only.to_query():
        found.setdefault(name, []).append(value)
    return found


def _words(name: str, value: str, choices: Choices) -> tuple[str, str]:
    """What a filter is about, and what it is called; something that cannot be chosen is called by no name."""
    names = {"theme": choices.themes, "group": choices.groups, "organisation": choices.organisations,
             "by": choices.people}
    match name:
        case "has":
            return "", _WITH[value]
        case "from" | "to":
            return "", f"{'From' if name == 'from' else 'Until'} {day(date.fromisoformat(value))}"
        case "language":
            return "Language", LANGUAGE_NAMES.get(value, value)
        case "place" if choices.places is None or value in choices.places:
            return "Place", value
    return _WORDS[name], dict(names.get(name, ())).get(value, "one that cannot be chosen here")
