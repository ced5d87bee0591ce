"""Quotes for publication as CSV (RFC 4180, UTF-8 with a byte-order mark so that Excel reads accents)."""

import csv
import io
from collections.abc import Iterable, Iterator

from server.domain.cleared import ClearedForPublication

COLUMNS = (
    "text",
    "kind",
    "themes",
    "pseudonym",
    "place",
    "date",
    "story",
    "start",
    "end",
    "consent wording",
    "consent version",
)

# What a spreadsheet takes for the start of a formula (OWASP ASVS 5.0, 1.2.10), full-width forms too.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def harmless(cell: str) -> str:
    """The cell as text that no spreadsheet computes: an apostrophe goes before a formula's first character."""
    return f"'{cell}" if cell.lstrip(" \n").startswith(_FORMULA_STARTS) else cell


def clock(milliseconds: int | None) -> str:
    """Milliseconds as h:mm:ss.mmm; nothing for a quote, which has no time."""
    if milliseconds is None:
        return ""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def write(rows: Iterable[ClearedForPublication]) -> Iterator[bytes]:
    """The file, a line at a time: the column names, then a row for each quote and excerpt."""
    yield b"\xef\xbb\xbf" + _line(COLUMNS)
    for row in rows:
        cells = (
            row.text,
            row.kind,
            "; ".join(row.themes),
            row.pseudonym,
            row.place,
            row.told_on.isoformat(),
            row.story_id,
            clock(row.start_ms),
            clock(row.end_ms),
            row.wording_title,
            str(row.wording_version),
        )
        yield _line(harmless(cell) for cell in cells)


def _line(cells: Iterable[str]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue().encode()
