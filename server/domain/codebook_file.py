"""A codebook as a file has it: a list of themes, each with what it says and what it stands under."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from server.domain.codebook import Node
from server.domain.errors import Invalid
from server.domain.theme import ThemeText, name_key

MOST_BYTES = 300_000


@dataclass(frozen=True)
class Line:
    """A theme in a file. `number` is its line, or its place where a file has no lines. `says` are the fields of its
    text that the file has at all: the others stay as they are. `parent` is the name of what it stands under, empty at
    the top, and None where the file does not say; `retired` in the same way. `key` tells that it is one of ours."""

    number: int
    text: ThemeText
    says: frozenset[str] = field(default_factory=frozenset)
    parent: str | None = None
    retired: bool | None = None
    key: str = ""


class Unreadable(Invalid):
    """A file that is no codebook. Nothing of it was taken in."""

    def __init__(self, message: str) -> None:
        super().__init__(message, fields={"file": message})


def lines_of(nodes: Sequence[Node]) -> list[Line]:
    """The codebook as it is written into a file, each theme after what it stands under."""
    says = frozenset(ThemeText.__dataclass_fields__)
    return [Line(number, node.theme.text, says, node.above[-1] if node.above else "", node.theme.is_retired,
                 node.theme.id) for number, node in enumerate(nodes, start=2)]


def with_names_of_their_own(lines: Iterable[Line], parents: Sequence[Line | None]) -> list[Line]:
    """The lines, where two are called the same with what they stand under behind the name: "Staff (Access)". A project
    has each name once; other programs have it once under each theme."""
    found: list[Line] = []
    taken: set[str] = set()
    for line, parent in zip(lines, parents, strict=True):
        name = line.text.name
        if name_key(name) in taken and parent is not None:
            name = f"{name} ({parent.text.name})"
        taken.add(name_key(name))
        found.append(line if name == line.text.name else _renamed(line, name))
    return found


def _renamed(line: Line, name: str) -> Line:
    return replace(line, text=replace(line.text, name=name))
