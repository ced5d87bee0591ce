"""What a browser carries about those who signed in with it."""

import pytest

from server.domain.known_browsers import PEOPLE_AT_MOST, name_of, remember

HASH = "$argon2id$one"


def test_a_browser_is_known_to_whoever_signed_in_with_it() -> None:
    carried = remember("", "ada", HASH)
    assert name_of(carried, "ada", HASH) == carried.split(".")[0]
    assert name_of(carried, "bo", HASH) is None


def test_a_new_password_forgets_it() -> None:
    assert name_of(remember("", "ada", HASH), "ada", "$argon2id$two") is None


def test_several_people_share_a_browser_and_the_oldest_is_forgotten() -> None:
    carried = ""
    for number in range(PEOPLE_AT_MOST + 1):
        carried = remember(carried, f"person {number}", HASH)
    known = [name_of(carried, f"person {number}", HASH) is not None for number in range(PEOPLE_AT_MOST + 1)]
    assert known == [False] + [True] * PEOPLE_AT_MOST


def test_signing_in_again_changes_nothing() -> None:
    carried = remember(remember("", "ada", HASH), "bo", HASH)
    again = remember(carried, "ada", HASH)
    assert sorted(again.split(".")) == sorted(carried.split("."))
    assert name_of(again, "bo", HASH) is not None


def test_the_sign_of_another_browser_does_not_fit() -> None:
    mine, other = remember("", "ada", HASH), remember("", "ada", HASH)
    assert name_of(f"{mine.split('.')[0]}.{other.split('.')[1]}", "ada", HASH) is None


@pytest.mark.parametrize("carried", ["", ".", "a.b", "é" * 22 + ".é", "x" * 22, "x" * 22 + "." * 5000])
def test_what_was_not_made_here_is_nobody_and_is_replaced(carried: str) -> None:
    assert name_of(carried, "ada", HASH) is None
    assert name_of(remember(carried, "ada", HASH), "ada", HASH) is not None
