"""What the rules suggest to withhold, and what they leave alone."""

import pytest

from server.domain.redaction import Category
from server.domain.suggested_redactions import find, is_nhs_number, suggest
from server.naming.lists import shipped

LISTS = shipped()


def found(text: str) -> list[tuple[str, str]]:
    return [(text[start:end], category.value) for (start, end), category in find(text, LISTS)]


@pytest.mark.parametrize(("text", "suggested"), [
    ("We told Anna twice.", [("Anna", "name")]),
    ("Anna told us.", [("Anna", "name")]),
    ("It was Mrs Khan's idea.", [("Khan", "name")]),
    ("He went to St Mary's Hospital.", [("St Mary's Hospital", "organisation")]),
    ("She lives in Northgate now.", [("Northgate", "place")]),
    ("We rang 0161 496 0000 or +44 20 7946 0018.", [("0161 496 0000", "number"), ("+44 20 7946 0018", "number")]),
    ("My number is 943 476 5919.", [("943 476 5919", "number")]),
    ("Send it to 12 Old Mill Lane, M1 1AE.", [("12 Old Mill Lane", "address"), ("M1 1AE", "address")]),
    ("Write to a.b@example.org.", [("a.b@example.org", "address")]),
    ("On the 3rd of May 2024, on 03/05/24 and May 3.", [
        ("the 3rd of May 2024", "date"), ("03/05/24", "date"), ("May 3", "date")]),
    ("कल अभय आए।", [("अभय", "name")]),
])
def test_what_tells_who_somebody_is_is_suggested(text: str, suggested: list[tuple[str, str]]) -> None:
    assert found(text) == suggested


@pytest.mark.parametrize("text", [
    "We waited all night. Nobody came, and I'm tired. Will you? May I? On Monday the NHS rang.",
    "We paid 100 200 3000 of them.", "Nobody knew. “Then we left.” The GP said: Wait.", "", "[name] told [place].",
])
def test_what_tells_nothing_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_the_last_digit_of_an_nhs_number_is_checked() -> None:
    assert is_nhs_number("943 476 5919")
    assert not is_nhs_number("943 476 5918")
    assert not is_nhs_number("111 111 1111")


def test_the_same_words_are_one_suggestion_with_what_is_around_them() -> None:
    [anna, beth] = suggest(["So Anna came, and ANNA sat. We asked Beth.", "Then Anna's bed came."], LISTS)
    assert (anna.words, anna.category, len(anna.around)) == ("Anna", Category.NAME, 2)
    assert anna.around[0] == ("So ", "Anna", " came, and ANNA sat. We asked Beth.")
    assert beth.words == "Beth"
    assert [one.words for one in suggest(["So Anna met Beth."], LISTS, but=["anna"])] == ["Beth"]
