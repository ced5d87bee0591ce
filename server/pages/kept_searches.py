"""A search that is kept: what it asks for, in words, and where it is made again for whoever looks."""

from datetime import date
from urllib.parse import parse_qs

from flask import url_for

from server.auth import viewer
from server.db import db
from server.domain import story_filter
from server.domain.access import Permission, may
from server.domain.collection import CollectionCard
from server.domain.languages import language_of
from server.pages.words import day
from server.services import kept_names

_HAS = {"sound": "sound", "words": "words", "quote": "a quote", "photo": "a photo"}


def asks_for(project_id: str, query: str) -> list[tuple[str, str]]:
    """What it asks for, each under its label; without what whoever looks may not know of."""
    args = parse_qs(query)
    only = story_filter.read(args)
    names = kept_names.of(db.session(), viewer(), project_id, only)
    found = [("Words", args.get("q", [""])[0]), ("Theme", names.theme), ("Themes by", names.tagged_by),
             ("Place", names.place), ("Group", names.group), ("Organisation", names.organisation),
             ("Language", language_of(only.language).name if only.language else ""),
             ("Told from", _day(only.told_from)), ("Told until", _day(only.told_to)),
             ("With", ", ".join(_HAS[value] for name, value in only.to_query() if name == "has"))]
    return [(label, value) for label, value in found if value]


def address_of(card: CollectionCard) -> str:
    """Where it is made again: where words are looked for, or in the list of stories for those who read that."""
    has_words = "q" in parse_qs(card.query)
    in_list = not has_words and may(viewer(), Permission.BROWSE_STORIES, card.project_id)
    return f"{url_for('stories.index' if in_list else 'searching.index', project_id=card.project_id)}?{card.query}"


def _day(value: date | None) -> str:
    return day(value) if value else ""
