"""A codebook as CSV: read back as it was written, whatever people wrote, and never a formula."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.codebook_file import Line, Unreadable
from server.domain.palette import PALETTE
from server.domain.theme import ThemeText, checked_name, checked_words
from server.exports.codebook_csv import COLUMNS, read, write

SAYS = frozenset(ThemeText.__dataclass_fields__)
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n'=+-@;,\""), max_size=30)


def names() -> st.SearchStrategy[str]:
    return WORDS.map(lambda text: " ".join(text.split())).filter(bool).map(checked_name)


def words() -> st.SearchStrategy[str]:
    return WORDS.map(lambda text: checked_words("description", text))


def texts() -> st.SearchStrategy[ThemeText]:
    return st.builds(ThemeText, names(), words(), words(), words(), words(), st.sampled_from(["", *PALETTE]),
                     st.sampled_from(["", "need", "asset"]))


@given(texts(), st.one_of(st.just(""), names()), st.booleans())
def test_every_line_is_read_back_as_it_was(text: ThemeText, parent: str, retired: bool) -> None:
    line = Line(2, text, SAYS, parent, retired)
    assert read(b"".join(write([line]))) == [line]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\uff1d", "'=", "''@"])
def test_no_cell_is_a_formula(start: str) -> None:
    said = f"{start}HYPERLINK(1)"
    content = b"".join(write([Line(2, ThemeText(said, said, said, said, said), SAYS, said, False)]))
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == list(COLUMNS)
    assert all(cell.startswith("'") for cell in rows[1] if "HYPERLINK" in cell)


def test_it_begins_as_excel_wants_it() -> None:
    assert b"".join(write([])) == b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\r\n"


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_spreadsheets_of_any_country_are_read(between: str) -> None:
    content = f"Name{between}Kind{between}Colour\r\nWaiting{between}Need{between}#FF0000\r\n\r\n".encode()
    assert read(content) == [Line(2, ThemeText("Waiting", kind="need", colour="red"),
                                  frozenset({"name", "kind", "colour"}))]


@pytest.mark.parametrize(("content", "why"), [
    (b"", "one of them must be"), (b"title\r\nWaiting\r\n", "one of them must be"),
    (b"name,name\r\nWaiting,Nights\r\n", "there twice"), ("name\r\nCafé".encode("latin-1"), "letters"),
    (b'name\r\n"Wai', "table"), (b"name,retired\r\nWaiting,perhaps\r\n", "retired"),
])
def test_what_is_no_codebook_is_refused_with_what_to_do(content: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read(content)
