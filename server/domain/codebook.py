"""A codebook as a tree: themes under themes, in the order in which people read them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from server.domain.errors import Invalid
from server.domain.theme import Theme, name_key

MOST_THEMES = 1000
MOST_LEVELS = 6


@dataclass(frozen=True)
class Node:
    """A theme in its place. `depth` is 0 at the top; `above` are the names of the themes that it stands under, from the
    top."""

    theme: Theme
    depth: int = 0
    above: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.theme.id

    @property
    def name(self) -> str:
        return self.theme.name

    @property
    def path(self) -> tuple[str, ...]:
        return (*self.above, self.theme.name)


def in_order(themes: Iterable[Theme], hidden: Collection[str] = ()) -> tuple[Node, ...]:
    """These themes, each before what stands under it. What stands under one of the `hidden` ids takes its place;
    nothing else is ever left out, nor anything twice."""
    every = list(themes)
    known = {theme.id for theme in every}
    children = _by_parent(every)
    met: set[str] = set()

    def walk(theme: Theme, above: tuple[str, ...]) -> Iterator[Node]:
        if theme.id in met:
            return
        met.add(theme.id)
        if theme.id not in hidden:
            yield Node(theme, len(above), above)
            above = (*above, theme.name)
        for child in children[theme.id]:
            yield from walk(child, above)

    tops = sorted((theme for theme in every if theme.parent_id not in known), key=_place)
    nodes = [node for theme in tops for node in walk(theme, ())]
    # A round of parents can only be damage; it is shown all the same.
    return (*nodes, *(node for theme in every for node in walk(theme, ())))


def under(parents: Mapping[str, str | None], theme_id: str) -> frozenset[str]:
    """A theme and everything that stands under it. `parents` has the parent's id of every theme by its own."""
    children: defaultdict[str | None, list[str]] = defaultdict(list)
    for one, parent in parents.items():
        children[parent].append(one)
    found, waiting = {theme_id}, [theme_id]
    while waiting:
        new = [one for one in children[waiting.pop()] if one not in found]
        found.update(new)
        waiting += new
    return frozenset(found)


def siblings(themes: Iterable[Theme], parent_id: str | None) -> list[Theme]:
    """What stands right under a theme, or at the top, in order."""
    return sorted((theme for theme in themes if theme.parent_id == parent_id), key=_place)


def check_place(themes: Sequence[Theme], theme_id: str | None, parent_id: str | None) -> None:
    """Whether a theme, or a new one, may stand under this parent. Raises Invalid."""
    parents = {theme.id: theme.parent_id for theme in themes}
    below = under(parents, theme_id) if theme_id else frozenset({""})
    if parent_id is None:
        return
    if parent_id in below:
        raise _no("A theme cannot stand under itself, or under a theme that stands under it. Choose another place.")
    depths = {node.theme.id: node.depth for node in in_order(themes)}
    tall = max((depths[one] for one in below if one in depths), default=0) - depths.get(theme_id or "", 0) + 1
    if depths[parent_id] + 1 + tall > MOST_LEVELS:
        raise _no(f"That would be more than {MOST_LEVELS} themes deep. Choose a place further up.")


def _by_parent(themes: Iterable[Theme]) -> defaultdict[str | None, list[Theme]]:
    children: defaultdict[str | None, list[Theme]] = defaultdict(list)
    for theme in sorted(themes, key=_place):
        children[theme.parent_id].append(theme)
    return children


def _place(theme: Theme) -> tuple[int, str, str]:
    return theme.position, name_key(theme.name), theme.id


def _no(message: str) -> Invalid:
    return Invalid(message, fields={"parent": message})
