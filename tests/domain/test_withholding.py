"""What is withheld is in nothing that is shown, whatever the text, and nothing else is changed."""

import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from server.domain.errors import Invalid
from server.domain.redaction import Category, Place, Sound, Term, checked_replacement, checked_words, stretches
from server.domain.transcript import Segment, Word
from server.domain.withholding import Withholding, put_back

NAME = "[name]"


def term(words: str, replacement: str = NAME, number: int = 1) -> Term:
    return Term(str(number), words, replacement)


def spoken(text: str) -> Segment:
    """Half a second a word."""
    words = tuple(Word((" " if number else "") + word, number * 500, number * 500 + 450, 0.9)
                  for number, word in enumerate(text.split()))
    return Segment(" ".join(text.split()), 0, words[-1].end_ms, words)


@pytest.mark.parametrize(("words", "text", "shown"), [
    ("Anna", "ANNA, anna and Anna's dog; Annabel stays.", "[name], [name] and [name]'s dog; Annabel stays."),
    ("José", "jose, JOSE\u0301", "[name], [name]"),
    ("Anna Smith", "Anna,\nSmith and anna-smith, not Anna.", "[name] and [name], not Anna."),
    ("O'Brien", "o’brien, OBrien and the O'Briens", "[name], [name] and the O'Briens"),
    ("0161 496 0000", "Ring 01614960000 or 0161-496 0000.", "Ring [name] or [name]."),
    ("北京", "我在北京住", "我在[name]住"),
    ("مُحَمَّد", "قال محمد نعم", "قال [name] نعم"),
    ("Zoë", "Zo\u00ade", "[name]"),
    ("Zo", "Zo\u00ade and Zo", "Zo\u00ade and [name]"),
    ("Søren Wałęsa", "Soren Walesa", "[name]"),
])
def test_words_are_found_however_they_are_written(words: str, text: str, shown: str) -> None:
    assert Withholding((term(words),)).text(text) == shown


def test_the_longest_is_withheld_and_what_overlaps_goes_too() -> None:
    both = Withholding((term("Anna", "[a]"), term("Anna Smith", "[b]", 2), term("Smith Jones", "[c]", 3)))
    assert both.text("Anna Smith and Anna; Anna Smith Jones.") == "[b] and [a]; [c]."


def test_a_replacement_never_has_a_withheld_word_in_it() -> None:
    clash = Withholding((term("Anna", "Beth"), term("Beth Lee", number=2)))
    assert clash.text("Anna Lee") == "[withheld] Lee"
    assert Withholding((term("name"),)).text("my name") == "my [withheld]"
    assert Withholding((term("name"), term("withheld", number=2))).text("my name") == "my […]"


def test_a_withheld_word_that_begins_with_what_stands_for_another_is_withheld() -> None:
    both = Withholding((term("Anna", "Beth"), term("Bethany", number=2)))
    assert both.text("Bethany, Elizabeth and Anna") == "[name], Elizabeth and Beth"


def test_what_stands_for_words_already_is_not_withheld_again() -> None:
    here = Withholding(places=(Place(1000, 1450, Term("1", "Anna", NAME, is_everywhere=False)),))
    assert here.segment(spoken("I saw [name] there")).text == "I saw [name] there"


def test_a_text_that_says_more_than_its_words_is_withheld_too() -> None:
    said = Segment("Anna came", 0, 900, (Word("came", 500, 900, 0.9),))
    assert Withholding((term("Anna"),)).segment(said).text == "[name] came"


def test_a_name_is_one_word_with_its_times() -> None:
    said = spoken("I saw Anna Smith, there")
    assert Withholding((term("Anna Smith"),)).segment(said) == replace(said, text="I saw [name], there", words=(
        said.words[0], said.words[1], Word(" [name],", 1000, 1950), said.words[4]))


def test_a_place_is_withheld_whatever_is_heard_there() -> None:
    here = Withholding(places=(Place(1000, 1950, Term("1", "Anna Smith", NAME, is_everywhere=False)),))
    assert here.segment(spoken("I saw Hannah Smit there Anna Smith")).text == "I saw [name] there Anna Smith"
    assert here.segment(spoken("I saw Anna Smith's dog")).text == "I saw [name]'s dog"


def test_a_name_is_found_from_the_end_of_one_passage_to_the_next() -> None:
    first, second = spoken("so Anna"), spoken("Smith came")
    second = replace(second, start_ms=2000, end_ms=2950, words=tuple(
        replace(word, start_ms=word.start_ms + 2000, end_ms=word.end_ms + 2000) for word in second.words))
    found = Withholding((term("Anna Smith"),)).found_in([first, second])
    assert [(place.start_ms, place.end_ms) for place in found] == [(500, 2450)]
    held = Withholding((term("Anna Smith"),), tuple(found))
    assert [held.segment(one).text for one in (first, second)] == ["so [name]", "[name] came"]


def test_a_translation_without_the_words_is_withheld_as_a_whole() -> None:
    held = Withholding(places=(Place(1000, 1500, Term("1", "Anna", NAME, is_everywhere=False)),))
    assert held.passage("Then Anna came.", 900, 2000) == "Then [name] came."
    assert held.passage("Then Hannah came.", 900, 2000) == "[withheld]"
    assert held.passage("Anna came.", 2000, 3000) == "Anna came."


WORDS = st.sampled_from(["Anna", "Smith", "José", "O'Brien", "Bethany", "the", "bed", "waited", "0161", "M1", "1AA",
                         "Ward-7", "王", "芳", "Zoë"])
TERMS = st.lists(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=4, unique=True)
REPLACEMENTS = st.sampled_from([NAME, "[place]", "Mary Lou", "Sam", "Bethany Lee", "[bed]"])
GLUE = st.sampled_from([" ", ", ", "-", "\n", " … ", "'s ", ""])


@st.composite
def texts(draw: st.DrawFn) -> str:
    pieces = draw(st.lists(st.one_of(WORDS, WORDS.map(str.upper), REPLACEMENTS, st.text(max_size=4)), max_size=12))
    return "".join(piece + draw(GLUE) for piece in pieces)


@st.composite
def withholdings(draw: st.DrawFn) -> Withholding:
    return Withholding(tuple(term(words, draw(REPLACEMENTS), number) for number, words in enumerate(draw(TERMS))))


def plain(text: str) -> list[str]:
    """The words by another way of telling them apart than the rule's."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    return [word for run in re.findall(r"[^\W_]+", bare) for word in (run if re.match("[王芳]", run) else [run])]


def holds(text: str, words: str) -> bool:
    said, wanted = plain(text), plain(words)
    return any(said[place:place + len(wanted)] == wanted for place in range(len(said) - len(wanted) + 1))


@given(withholdings(), texts())
def test_no_withheld_word_is_in_what_is_shown(held: Withholding, text: str) -> None:
    shown = held.text(text)
    assert not [one.words for one in held.terms if holds(shown, one.words)]
    assert held.text(shown) == shown
    if text.split():
        said = spoken(text)
        assert not [one.words for one in held.terms if holds(held.segment(said).text, one.words)]
        alone = "".join(word.text for word in held.words(said.words))
        assert not [one.words for one in held.terms if holds(alone, one.words)]


@given(withholdings(), texts())
def test_nothing_else_is_changed(held: Withholding, text: str) -> None:
    assume(text.split())
    said = spoken(text)
    hidden = held.hide(said)
    if hidden is None:
        assert held.text(said.text) == said.text
        return
    assert put_back(hidden.text, hidden.pieces, held.marks, hidden.text) == said.text
    kept = [word for word in hidden.words if word in said.words]
    stood_for = [word for word in hidden.words if word not in said.words]
    assert len(stood_for) <= len(hidden.pieces)
    assert (hidden.words[0].start_ms, hidden.words[-1].end_ms) == (said.words[0].start_ms, said.words[-1].end_ms)
    assert [word.start_ms for word in hidden.words] == [said.words[first].start_ms for first in hidden.firsts]
    assert "".join(word.text for word in hidden.words).strip() == hidden.text == held.text(said.text).strip()
    assert all(word.probability == 0.9 for word in kept)


def test_what_is_written_around_a_replacement_keeps_the_words_under_it() -> None:
    held = Withholding((term("Anna", "Beth"),))
    hidden = held.hide(spoken("Beth met Anna and Anna"))
    assert hidden is not None
    assert hidden.text == "Beth met Beth and Beth"

    def back(text: str) -> str | None:
        return put_back(hidden.text, hidden.pieces, held.marks, text)

    assert back("Beth knew Beth, and then Beth.") == "Beth knew Anna, and then Anna."
    assert back("Beth met Beth") is None, "one was taken out"
    assert back("Beth met Beth and Beth and Beth") is None, "one was put in"


def test_two_replacements_do_not_change_places() -> None:
    held = Withholding((term("Anna"), term("Leeds", "[place]", 2)))
    hidden = held.hide(spoken("Anna of Leeds"))
    assert hidden is not None
    assert put_back(hidden.text, hidden.pieces, held.marks, "[place] of [name]") is None
    assert put_back(hidden.text, hidden.pieces, held.marks, "[name] from [place]") == "Anna from Leeds"


def test_sound_has_a_margin_on_both_sides_and_what_touches_is_one() -> None:
    silence, bleep = Sound.SILENCE, Sound.BLEEP
    assert stretches([(1000, 1200, silence), (100, 400, silence), (600, 700, bleep), (5000, 5100, silence)], 150) == [
        (0, 1350, bleep), (4850, 5250, silence)]


def test_what_is_asked_for_is_checked() -> None:
    assert checked_words("  Anna’s ") == "Anna"
    assert checked_replacement("", Category.DATE, "May") == "[date]"
    for words in ("", " ?! ", "a" * 201):
        with pytest.raises(Invalid):
            checked_words(words)
    for replacement in ("Anna B", "x [y]", "[open", "x" * 81):
        with pytest.raises(Invalid):
            checked_replacement(replacement, Category.NAME, "Anna")
