"""A template is given a story's words in `Cleared…` values, or in one of few others that are named here, and no rows.

Whatever every page of the project hands to its template is looked through, as every role. What a page itself makes of
cleared values is theirs: no page can read a row (`tests/architecture/test_one_module_clears.py`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from flask import Flask, template_rendered

from server.models import Row
from tests.pages.everywhere import TEXTS, Place, Victim

# What services give of a story besides: who told it and agreed, for those who keep the register; what the team wrote
# about it; where stories are from, to filter by; how the words were before, and what a computer found alike, cut out of
# a cleared story, for the team. Each asks for the clearance in its query.
KEEPERS = {"RegisterEntry", "Agreement", "ToldApart", "ShownNote", "NoteSubject", "SaidOfSelf", "Suggestion"}
KNOWN = {"Choices.places", "Comparison.passages", "MadeCorrection.before", "MadeCorrection.after"}


def found_in(value: Any, holder: str, seen: set[int]) -> Iterator[str]:
    """The rows, and the values of services with words of the story in them, that are not cleared values."""
    name = type(value).__name__
    if id(value) in seen or name.startswith("Cleared") or name in KEEPERS:
        return
    seen.add(id(value))
    if isinstance(value, Row):
        yield f"the row {name}"
    elif isinstance(value, str):
        if holder and any(text in value for text in TEXTS):
            yield holder
    elif isinstance(value, Mapping):
        for item in (*value, *value.values()):
            yield from found_in(item, holder, seen)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from found_in(item, holder, seen)
    elif is_dataclass(value) and not isinstance(value, type):
        is_of_service = type(value).__module__.startswith("server.services")
        for item in fields(value):
            yield from found_in(getattr(value, item.name), f"{name}.{item.name}" if is_of_service else holder, seen)


def test_no_template_is_given_a_word_of_a_story_outside_of_a_cleared_value(app: Flask, place: Place) -> None:
    victim, given = Victim(place, app.extensions["earshot"]), set()
    rendered = []

    def look(_app: Flask, template: Any, context: dict[str, Any], **_rest: Any) -> None:
        rendered.append(template.name)
        own = {name: value for name, value in context.items() if name not in ("request", "g", "session", "config")}
        given.update((template.name, path) for path in found_in(own, "", set()))

    with template_rendered.connected_to(look, app):
        for browser in place.browsers.values():
            for rule, address in victim.addresses(app, place):
                if "GET" in (rule.methods or ()) and not address.startswith("/sign-in/link"):
                    browser.get(address)
    assert {"story.html", "register.html", "exports.html", "present.html"} <= set(rendered)
    assert {what for _, what in given} == KNOWN, given
