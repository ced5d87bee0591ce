"""Quotes as a spreadsheet."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from server.domain.cleared import ClearedForPublication
from server.exports import quotes_csv

QUOTE = ClearedForPublication(
    kind="quote", id="q1", text="Nobody told us he had moved.", themes=("Night", "Being told"), pseudonym="Amal",
    place="Northgate", told_on=date(2026, 5, 4), story_id="s1", start_ms=None, end_ms=None,
    wording_title="Sharing your story", wording_version=2,
)


def rows_of(*rows: ClearedForPublication) -> list[dict[str, str]]:
    text = b"".join(quotes_csv.write(rows)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_row_says_the_words_where_they_come_from_and_the_consent_they_rest_on() -> None:
    assert rows_of(QUOTE) == [{
        "text": "Nobody told us he had moved.", "kind": "quote", "themes": "Night; Being told", "pseudonym": "Amal",
        "place": "Northgate", "date": "2026-05-04", "story": "s1", "start": "", "end": "",
        "consent wording": "Sharing your story", "consent version": "2",
    }]


def test_an_excerpt_carries_its_times() -> None:
    row = rows_of(replace(QUOTE, kind="excerpt", start_ms=61_005, end_ms=3_723_000))[0]
    assert (row["start"], row["end"]) == ("0:01:01.005", "1:02:03.000")


def test_nothing_cleared_gives_the_column_names_alone() -> None:
    assert rows_of() == []
    assert b"".join(quotes_csv.write([])).startswith(b"\xef\xbb\xbftext,kind,themes")


@pytest.mark.parametrize("start", ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", "\r=1", "\0=1", "＝1", "  =1"])
def test_a_cell_that_a_spreadsheet_would_compute_is_made_text(start: str) -> None:
    """fault 41"""
    row = rows_of(replace(QUOTE, text=start, pseudonym=start, place=start, themes=(start,)))[0]
    assert [row[name] for name in ("text", "pseudonym", "place", "themes")] == ["'" + start] * 4


def test_quotes_new_lines_emoji_and_right_to_left_marks_come_back_as_they_were() -> None:
    """fault 41"""
    text = 'She said "wait",\nand I did 😔 \u202eabc\u202c'
    assert rows_of(replace(QUOTE, text=text))[0]["text"] == text
