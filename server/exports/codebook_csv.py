"""A codebook as CSV (RFC 4180, UTF-8 with a byte-order mark so that Excel reads accents), written and read."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping

from server.domain import palette
from server.domain.codebook_file import Line, Unreadable
from server.domain.palette import PALETTE
from server.domain.theme import ThemeText

COLUMNS = ("parent", "name", "kind", "colour", "description", "when to use", "when not", "example", "retired")
_FIELDS = {"when to use": "when_to_use", "when not": "when_not"}
_YES, _NO = frozenset({"yes", "y", "true", "1", "x", "retired"}), frozenset({"", "no", "n", "false", "0"})
_KINDS = {"": "", "neither": "", "need": "need", "needs": "need", "asset": "asset", "assets": "asset"}
_BOM = b"\xef\xbb\xbf"
# What a spreadsheet takes for the start of a formula, as in `quotes_csv`, also behind apostrophes that were there
# before: each cell is read back as it was written.
_FORMULA = re.compile("'*[ \\n]*[=+\\-@\\t\\r\\0\uff1d\uff0b\uff0d\uff20]")


def write(lines: Iterable[Line]) -> Iterator[bytes]:
    """The file, a line at a time: the column names, then a row for each theme, after what it stands under."""
    yield _BOM + _row(COLUMNS)
    for line in lines:
        text = line.text
        colour = PALETTE[text.colour].label if text.colour else ""
        yield _row(map(_harmless, (line.parent or "", text.name, text.kind, colour, text.description, text.when_to_use,
                                   text.when_not, text.example, "yes" if line.retired else "")))


def read(content: bytes) -> list[Line]:
    """The themes of a file, as far as it has their columns; `name` it must have. Raises Unreadable."""
    try:
        rows = list(csv.reader(io.StringIO(_text(content), newline=""), delimiter=_delimiter(content), strict=True))
    except csv.Error:
        raise Unreadable("This is not a table that can be read. Save it as “CSV UTF-8” and choose it again.") from None
    header = [name.strip().lower() for name in rows[0]] if rows else []
    if "name" not in header:
        raise Unreadable("The first line must name the columns, and one of them must be “name”.")
    if repeated := {name for name in header if name and header.count(name) > 1}:
        raise Unreadable(f"The column “{min(repeated)}” is there twice. Take one out.")
    return [_line(number, {name: _plain(cell) for name, cell in zip(header, row, strict=False)})
            for number, row in enumerate(rows[1:], start=2) if any(cell.strip() for cell in row)]


def _line(number: int, cells: Mapping[str, str]) -> Line:
    said = {_FIELDS.get(name, name): cell for name, cell in cells.items() if name in COLUMNS}
    parent, retired = said.pop("parent", None), said.pop("retired", None)
    if "colour" in said:
        said["colour"] = _colour(said["colour"])
    if "kind" in said:
        said["kind"] = _KINDS.get(said["kind"].strip().lower(), said["kind"])
    return Line(number, ThemeText(**{"name": ""} | said), frozenset(said),
                None if parent is None else " ".join(parent.split()), _is_yes(retired))


def _is_yes(cell: str | None) -> bool | None:
    """Raises Unreadable for what is neither yes nor no."""
    if cell is None:
        return None
    said = cell.strip().lower()
    if said not in _YES | _NO:
        raise Unreadable(f"In the column “retired” it says “{cell[:40]}”. Write “yes”, or nothing.")
    return said in _YES


def _colour(cell: str) -> str:
    """The name of a colour as we call it, the nearest to one that is written as a number, or what it says."""
    said = cell.strip().lower()
    for name, colour in PALETTE.items():
        if said in (name, colour.label.lower()):
            return name
    try:
        return palette.nearest(*palette.parts(said)) if said.startswith("#") else said
    except ValueError:
        return said


def _text(content: bytes) -> str:
    try:
        return content.removeprefix(_BOM).decode()
    except UnicodeDecodeError:
        message = "The letters of this file cannot be read. Save it as “CSV UTF-8” and choose it again."
        raise Unreadable(message) from None


def _delimiter(content: bytes) -> str:
    """Spreadsheets in some countries write a semicolon or a tab between columns."""
    first = content.removeprefix(_BOM).partition(b"\n")[0].decode(errors="replace")
    return max(",;\t", key=first.count)


def _harmless(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _plain(cell: str) -> str:
    """What `_harmless` was given. Spreadsheets write lines of their own in a cell."""
    cell = cell.replace("\r\n", "\n")
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def _row(cells: Iterable[str]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue().encode()
