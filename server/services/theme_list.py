"""The codebook as people browse it: a page at a time, by name or kind, and what is around one theme."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from server.domain.access import Viewer, browses_as
from server.domain.codebook import Node
from server.domain.consent import Audience
from server.domain.theme import Theme, name_key
from server.services import codebook, tagged
from server.services.clearances import Asked, asked_for
from server.services.tagged import ThemeEntry

ON_A_PAGE = 100


@dataclass(frozen=True)
class Wanted:
    """Which themes are shown: those with this in their name and of this kind, where these are not empty, and those that
    were retired too if asked for."""

    name: str = ""
    kind: str = ""
    retired: bool = False

    @property
    def is_part(self) -> bool:
        return bool(self.name or self.kind)


@dataclass(frozen=True)
class ThemesPage:
    """Some whole branches of the tree, or of all themes those that were asked for, without their places. `total` is how
    many there are without a filter, `retired` how many were retired. `previous` and `next` are themes with which the
    pages beside it begin; the first page begins with none."""

    entries: list[ThemeEntry]
    found: int
    total: int
    retired: int
    has_previous: bool
    previous: str | None
    next: str | None


@dataclass(frozen=True)
class Around:
    """What a theme stands under, from the top, and what stands right under it."""

    above: tuple[Node, ...]
    children: list[ThemeEntry]


def get_page(session: Session, viewer: Viewer, project_id: str, wanted: Wanted, start: str = "") -> ThemesPage:
    """The page that begins with this theme, or the first one, of those that this person may know of. Raises NotFound.

    Nobody but commissioners, whose themes they are, is told of themes that hold nothing for them, or are retired.
    """
    asked, is_team = _asked(viewer, project_id)
    nodes = codebook.tree(session, project_id, retired=is_team)
    counted = None if is_team else _with_something(session, nodes, asked)
    known = nodes if wanted.retired and is_team else codebook.tree(session, project_id)
    known = tuple(node for node in known if counted is None or node.id in counted)
    pages = _pages(_branches([node for node in known if _passes(node.theme, wanted)], flat=wanted.is_part))
    here = next((number for number, page in enumerate(pages) if page[0].id == start), 0)
    shown = {node.id: node for node in (pages[here] if pages else [])}
    entries = (tagged.count(session, nodes, asked, shown) if counted is None
               else [counted[theme_id] for theme_id in shown])
    in_place = {entry.theme_id: replace(entry, node=shown[entry.theme_id]) for entry in entries}
    return ThemesPage([in_place[theme_id] for theme_id in shown], sum(map(len, pages)), len(known),
                      sum(node.theme.is_retired for node in nodes), has_previous=here > 0,
                      previous=pages[here - 1][0].id if here > 1 else None,
                      next=pages[here + 1][0].id if here + 1 < len(pages) else None)


def around(session: Session, viewer: Viewer, theme: Theme) -> Around:
    """What is around a theme that this person may see. Raises NotFound."""
    asked, is_team = _asked(viewer, theme.project_id)
    nodes = codebook.tree(session, theme.project_id, retired=is_team)
    places = {node.id: place for place, node in enumerate(nodes)}
    if theme.id not in places:
        return Around((), [])
    place = places[theme.id]
    above: list[Node] = []
    for node in reversed(nodes[:place]):
        if node.depth < (above[-1].depth if above else nodes[place].depth):
            above.append(node)
    children = set()
    for node in nodes[place + 1:]:
        if node.depth <= nodes[place].depth:
            break
        if node.depth == nodes[place].depth + 1:
            children.add(node.id)
    found = tagged.count(session, nodes, asked, children)
    return Around(tuple(reversed(above)), [entry for entry in found if is_team or entry.count_under])


def _asked(viewer: Viewer, project_id: str) -> tuple[Asked, bool]:
    audience = browses_as(viewer, project_id)
    return asked_for(viewer, project_id, audience), audience is Audience.COMMISSIONERS


def _with_something(session: Session, nodes: Sequence[Node], asked: Asked) -> dict[str, ThemeEntry]:
    return {entry.theme_id: entry for entry in tagged.count(session, nodes, asked) if entry.count_under}


def _passes(theme: Theme, wanted: Wanted) -> bool:
    return name_key(wanted.name) in name_key(theme.name) and wanted.kind in ("", theme.kind)


def _branches(nodes: Sequence[Node], *, flat: bool) -> list[list[Node]]:
    """Each theme of the top with all that is under it; alone where they are not shown as a tree."""
    found: list[list[Node]] = []
    for node in nodes:
        if flat or not found or node.depth == 0:
            found.append([node])
        else:
            found[-1].append(node)
    return found


def _pages(branches: Sequence[list[Node]]) -> list[list[Node]]:
    found: list[list[Node]] = []
    for branch in branches:
        if found and len(found[-1]) + len(branch) <= ON_A_PAGE:
            found[-1] += branch
        else:
            found.append(list(branch))
    return found
