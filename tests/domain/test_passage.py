"""A passage is found by its words, also when one of them was misheard."""

from server.domain.passage import find
from server.domain.transcript import Word


def _words(text: str) -> list[Word]:
    """One second each."""
    return [Word(f" {word}", 1000 * number, 1000 * number + 900) for number, word in enumerate(text.split())]


SAID = _words("I stood there. A cleaner saw my face, and she told me where he was. He asked me whose house it was.")


def test_a_passage_is_found_from_its_first_word_to_its_last() -> None:
    assert find(SAID, "A cleaner saw my face") == (3000, 7900)


def test_signs_and_capitals_do_not_matter() -> None:
    assert find(SAID, "a cleaner saw my face and she told me") == (3000, 11900)


def test_one_misheard_word_does_not_matter() -> None:
    assert find(SAID, "A cleaner saw my place, and she told me where he was.") == (3000, 14900)


def test_what_nobody_said_is_not_found() -> None:
    assert find(SAID, "The bus was late again today") is None


def test_nothing_is_found_in_silence() -> None:
    assert find([], "A cleaner saw my face") is None
