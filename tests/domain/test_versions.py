"""Which version somebody saw, and what follows from it."""

import pytest

from server.domain.errors import VersionConflict, VersionMissing
from server.domain.versions import compare, seen_version


@pytest.mark.parametrize("sent", [None, "", " 3", "-1", "three", "3.0", "²", "9" * 10])
def test_a_version_that_cannot_be_read_was_not_seen(sent: str | None) -> None:
    assert seen_version(sent) is None


def test_a_version_is_a_whole_number() -> None:
    assert seen_version("12") == 12


def test_whoever_wanted_what_is_there_anyway_has_what_they_wanted() -> None:
    compare(1, {"name": "Night"}, {"name": "Night"}, 2)


def test_other_words_than_those_that_are_there_are_a_conflict() -> None:
    """fault 25"""
    with pytest.raises(VersionConflict) as refusal:
        compare(1, {"name": "Night"}, {"name": "Nights"}, 2)
    assert (refusal.value.current, refusal.value.version) == ({"name": "Nights"}, 2)


def test_a_change_that_says_no_version_is_refused_even_where_it_changes_nothing() -> None:
    with pytest.raises(VersionMissing):
        compare(None, {"name": "Night"}, {"name": "Night"}, 2)
