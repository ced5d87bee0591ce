"""A codebook as REFI-QDA has it (`.qdc`, urn:QDA-XML:codebook:1.0), for NVivo, ATLAS.ti, MAXQDA and others, written and
read.

A theme is a Code. What it says beside its name is its Description: what it is about, then the other texts, each after a
line of its own such as "[When to use]". Needs and assets are two Sets. A file is read with no document type, so with no
entities, and nothing is ever fetched.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid5
from xml.etree import ElementTree
from xml.parsers import expat

from server.domain import palette
from server.domain.codebook_file import Line, Unreadable, with_names_of_their_own
from server.domain.palette import PALETTE
from server.domain.theme import ThemeText

NAMESPACE = "urn:QDA-XML:codebook:1.0"
_IDS = UUID("5c1f7a52-3d1e-5f0b-9a53-8d4b6a1f2e70")
_LABELS = {"when_to_use": "When to use", "when_not": "When not to use", "example": "Example"}
_RETIRED = "Retired"
_SETS = {"need": "Needs", "asset": "Assets"}
_MARK = re.compile(rf"^\\*\[(?:{'|'.join([*_LABELS.values(), _RETIRED])})\]$")
# What XML cannot hold, though a text of ours could.
_UNWRITABLE = re.compile("[\ufffe\uffff]")
_MOST_DEPTH, _MOST_ELEMENTS = 40, 10_000
_NO_CODEBOOK = "This is not a codebook that can be read. Choose a .qdc file that another program wrote as “REFI-QDA”."


def guid_of(theme_id: str) -> str:
    """The GUID of a theme, the same in every export."""
    return str(uuid5(_IDS, theme_id))


def write(lines: Sequence[Line]) -> bytes:
    """The file. There must be a theme: the format has no empty codebook."""
    ElementTree.register_namespace("", NAMESPACE)
    root = ElementTree.Element(_tag("CodeBook"), origin="Earshot")
    codes: dict[str, ElementTree.Element] = {}
    top = ElementTree.SubElement(root, _tag("Codes"))
    for line in lines:
        code = ElementTree.SubElement(codes[line.parent] if line.parent else top, _tag("Code"), {
            "guid": guid_of(line.key), "name": _writable(line.text.name),
            "isCodable": "false" if line.retired else "true"})
        if line.text.colour:
            code.set("color", PALETTE[line.text.colour].ink.upper())
        if description := _described(line):
            ElementTree.SubElement(code, _tag("Description")).text = _writable(description)
        codes[line.text.name] = code
    _write_sets(root, lines)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def read(content: bytes) -> list[Line]:
    """The themes of a file, each after what it stands under. Raises Unreadable."""
    found = _Reader.read(content)
    kinds = {guid: kind for kind, name in _SETS.items() for set_name, guid in found.members
             if set_name.strip().lower() == name.lower()}
    places = {id(code): number for number, code in enumerate(found.codes)}
    lines = [_line(number, code, kinds) for number, code in enumerate(found.codes, start=1)]
    parents = [lines[places[id(code.parent)]] if code.parent else None for code in found.codes]
    named = with_names_of_their_own(lines, parents)
    return [_under(line, named[places[id(code.parent)]].text.name if code.parent else "")
            for line, code in zip(named, found.codes, strict=True)]


@dataclass(eq=False)
class _Code:
    """A Code as it stands in a file."""

    attributes: Mapping[str, str]
    parent: "_Code | None"
    description: str = ""


@dataclass
class _Reader:
    """Reads the elements that a codebook has, and refuses what no codebook has."""

    codes: list[_Code] = field(default_factory=list)
    members: list[tuple[str, str]] = field(default_factory=list)
    _path: list[str] = field(default_factory=list)
    _open: list[_Code] = field(default_factory=list)
    _set: str = ""
    _count: int = 0

    @classmethod
    def read(cls, content: bytes) -> "_Reader":
        reader, parser = cls(), expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = reader._refuse
        parser.EntityDeclHandler = reader._refuse
        parser.StartElementHandler, parser.EndElementHandler = reader._start, reader._end
        parser.CharacterDataHandler = reader._characters
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, ValueError, LookupError):
            raise Unreadable(_NO_CODEBOOK) from None
        if not reader.codes:
            raise Unreadable(_NO_CODEBOOK)
        return reader

    def _refuse(self, *_: object) -> None:
        raise Unreadable(_NO_CODEBOOK)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        self._count += 1
        if (not self._path and (space, local) != (NAMESPACE, "CodeBook")) or len(self._path) >= _MOST_DEPTH \
                or self._count > _MOST_ELEMENTS:
            raise Unreadable(_NO_CODEBOOK)
        self._path.append(local if space == NAMESPACE else "")
        if self._path[1:2] == ["Codes"] and self._path[-1] == "Code":
            self._open.append(_Code(attributes, self._open[-1] if self._open else None))
            self.codes.append(self._open[-1])
        elif self._path[-1] == "Set":
            self._set = attributes.get("name", "")
        elif self._path[-1] == "MemberCode":
            self.members.append((self._set, _plain_guid(attributes.get("guid", ""))))

    def _end(self, _name: str) -> None:
        if self._path.pop() == "Code" and self._open:
            self._open.pop()

    def _characters(self, text: str) -> None:
        if self._open and self._path[-2:] == ["Code", "Description"]:
            self._open[-1].description += text


def _line(number: int, code: _Code, kinds: Mapping[str, str]) -> Line:
    """A program that knows less than we do says less: only what a file does say is in the line."""
    guid = _plain_guid(code.attributes.get("guid", ""))
    texts, retired = _read_description(code.description)
    texts |= {"kind": kinds.get(guid, ""), "colour": _colour(code.attributes.get("color", ""))}
    said = {name: text for name, text in texts.items() if text} | {"name": code.attributes.get("name", "")}
    return Line(number, ThemeText(**said), frozenset(said), "", retired or None, guid)


def _under(line: Line, parent: str) -> Line:
    return Line(line.number, line.text, line.says, parent, line.retired, line.key)


def _described(line: Line) -> str:
    """What a theme says beside its name, in one text."""
    parts = [_escaped(line.text.description)]
    parts += [f"[{label}]\n{_escaped(text)}" for name, label in _LABELS.items() if (text := getattr(line.text, name))]
    parts += [f"[{_RETIRED}]"] if line.retired else []
    return "\n\n".join(filter(None, parts))


def _read_description(text: str) -> tuple[dict[str, str], bool]:
    """The texts in a description by their names, and whether it says that the theme was retired."""
    labels = {label: name for name, label in _LABELS.items()}
    found: dict[str, list[str]] = {"description": [], **{name: [] for name in _LABELS}}
    here, retired = found["description"], False
    for line in text.replace("\r\n", "\n").split("\n"):
        if not _MARK.match(line):
            here.append(line)
        elif line.startswith("\\"):
            here.append(line[1:])
        elif line[1:-1] == _RETIRED:
            retired = True
        else:
            here = found[labels[line[1:-1]]]
    return {name: "\n".join(lines).strip() for name, lines in found.items()}, retired


def _escaped(text: str) -> str:
    """A line that reads like one of our own gets a backslash before it."""
    return "\n".join(f"\\{line}" if _MARK.match(line) else line for line in text.split("\n"))


def _write_sets(root: ElementTree.Element, lines: Sequence[Line]) -> None:
    used = [kind for kind in _SETS if any(line.text.kind == kind for line in lines)]
    sets = ElementTree.SubElement(root, _tag("Sets")) if used else root
    for kind in used:
        members = [line for line in lines if line.text.kind == kind]
        one = ElementTree.SubElement(sets, _tag("Set"), guid=str(uuid5(_IDS, f"{kind} {members[0].key}")),
                                     name=_SETS[kind])
        for line in members:
            ElementTree.SubElement(one, _tag("MemberCode"), guid=guid_of(line.key))


def _colour(text: str) -> str:
    try:
        return palette.nearest(*palette.parts(text.strip()))
    except ValueError:
        return ""


def _plain_guid(text: str) -> str:
    return text.strip().strip("{}").lower()


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
