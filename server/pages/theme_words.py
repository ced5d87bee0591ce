"""The history of a theme in words."""

from collections.abc import Callable, Mapping
from typing import Any

from server.domain.palette import PALETTE
from server.domain.theme_change import ThemeChangeKind
from server.pages.words import count
from server.services.theme_history import ShownChange

_LABELS = {"name": "Name", "kind": "Need or asset", "colour": "Colour", "description": "What it is about",
           "when_to_use": "When to use it", "when_not": "When not to use it", "example": "An example"}
_KINDS = {"need": "Need", "asset": "Asset", "": "Neither"}


def in_words(change: ShownChange) -> str:
    """What happened, in a sentence."""
    match change.kind:
        case ThemeChangeKind.MADE:
            under = change.after.get("parent")
            return f"Added under “{under}”" if under else "Added"
        case ThemeChangeKind.CHANGED:
            return "Changed"
        case ThemeChangeKind.MOVED:
            return f"Moved from {_place(change.before)} to {_place(change.after)}"
        case ThemeChangeKind.REORDERED:
            [(where, other)] = change.after.items()
            return f"Put {where} “{other}”"
        case ThemeChangeKind.RETIRED:
            return "Retired"
        case ThemeChangeKind.BROUGHT_BACK:
            return "Brought back"
        case ThemeChangeKind.MERGED:
            return f"Merged into “{change.after['into']}”. {_taggings(change.after)}"
        case ThemeChangeKind.TOOK_IN:
            return f"“{change.after['theme']}” was merged into it. {_taggings(change.after)}"
    return _of_passages(change)


def fields(change: ShownChange) -> list[tuple[str, str | None, str]]:
    """What was changed of what it says: its label, what it was, and what it is. What it was is None where it is new."""
    is_new = change.kind is ThemeChangeKind.MADE
    if change.kind not in (ThemeChangeKind.MADE, ThemeChangeKind.CHANGED):
        return []
    return [(label, None if is_new else _said(name, change.before), _said(name, change.after))
            for name, label in _LABELS.items() if name in change.after]


def _of_passages(change: ShownChange) -> str:
    passages, other = count(change.after["count"], "passage"), change.after["theme"]
    return {
        ThemeChangeKind.GAVE: f"Split: {passages} went to “{other}”",
        ThemeChangeKind.GOT: f"Got {passages} from “{other}”, which was split",
        ThemeChangeKind.SHARED: f"Put “{other}” on {passages} with this theme, too",
        ThemeChangeKind.COPIED: f"Put on {passages} with “{other}”, too",
    }[change.kind]


def _place(said: Mapping[str, Any]) -> str:
    return f"“{said['parent']}”" if said.get("parent") else "the top"


def _taggings(said: Mapping[str, Any]) -> str:
    same = f" {said['same']} said the same twice, and are there once." if said["same"] else ""
    return f"{count(said['moved'], 'tagging')} went along.{same}"


def _said(name: str, said: Mapping[str, Any]) -> str:
    value = str(said.get(name, ""))
    if name == "colour":
        return PALETTE[value].label if value in PALETTE else ""
    return _KINDS.get(value, value) if name == "kind" else value


FILTERS: Mapping[str, Callable[..., Any]] = {"theme_change_in_words": in_words, "theme_change_fields": fields}
