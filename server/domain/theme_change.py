"""What can happen to a theme, as its history calls it."""

from enum import StrEnum


class ThemeChangeKind(StrEnum):
    """`MERGED` is of the theme that became another one, `TOOK_IN` of that other one; in the same way `GAVE` and `GOT`
    are of passages that went from one to another, and `COPIED` and `SHARED` of those that are under both since."""

    MADE = "made"
    CHANGED = "changed"
    MOVED = "moved"
    REORDERED = "reordered"
    RETIRED = "retired"
    BROUGHT_BACK = "brought_back"
    MERGED = "merged"
    TOOK_IN = "took_in"
    GAVE = "gave"
    GOT = "got"
    SHARED = "shared"
    COPIED = "copied"
