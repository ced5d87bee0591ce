"""The chain: the same everywhere, and every edit breaks it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.audit import BEGINNING, GENESIS, Entry, Head, Noted, canonical, entered, problem_with, read_head

AT = datetime(2026, 5, 4, 12, 0, 0, 250, tzinfo=UTC)
NOTED = Noted("person", "read", "story", "story-1", "project", {"parts": ["b", "a"], "count": 2})


def chain(*subjects: str) -> list[Entry]:
    entries, before = [], BEGINNING
    for number, subject in enumerate(subjects, start=1):
        entries.append(entered(replace(NOTED, subject_id=subject), number, AT, before.hash))
        before = Head(number, entries[-1].hash)
    return entries


def broken_at(entries: list[Entry]) -> str | None:
    before = BEGINNING
    for entry in entries:
        if found := problem_with(entry, before):
            return found
        before = Head(entry.sequence, entry.hash)
    return None


def test_the_first_entry_rests_on_the_same_hash_in_every_installation() -> None:
    assert GENESIS == "574d51f5ede6dba82ff98e8b1805a65ba33bc2b2d479a6fad819088f062111b9"
    assert entered(NOTED, 1, AT, GENESIS).previous_hash == GENESIS


def test_the_canonical_form_does_not_change() -> None:
    assert canonical(NOTED, 7, AT) == (
        b'{"action":"read","at":"2026-05-04T12:00:00.000250Z","details":{"count":2,"parts":["b","a"]},'
        b'"kind":"story","person":"person","project":"project","sequence":7,"subject":"story-1"}')


def test_the_zone_in_which_a_moment_is_written_changes_nothing() -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=5)))
    assert canonical(NOTED, 1, elsewhere) == canonical(NOTED, 1, AT)


def test_a_chain_that_nobody_touched_holds() -> None:
    """fault 47"""
    assert broken_at(chain("a", "b", "c")) is None


@pytest.mark.parametrize("change", [
    {"person_id": "another"}, {"person_id": None}, {"action": "heard"}, {"kind": "photo"}, {"subject_id": "x"},
    {"project_id": None}, {"details": {}}])
def test_an_entry_that_was_altered_is_found(change: dict[str, object]) -> None:
    """fault 47"""
    entries = chain("a", "b", "c")
    entries[1] = replace(entries[1], noted=replace(entries[1].noted, **change))
    assert broken_at(entries) == "entry 2 was altered"


def test_an_entry_that_was_altered_with_its_hash_breaks_the_next() -> None:
    """fault 47"""
    entries = chain("a", "b", "c")
    entries[1] = entered(replace(entries[1].noted, subject_id="x"), 2, AT, entries[0].hash)
    assert broken_at(entries) == "entry 3 does not follow from the one before it"


@given(st.integers(0, 4), st.integers(0, 4))
def test_an_entry_that_is_gone_or_in_another_place_is_found(one: int, other: int) -> None:
    """fault 47"""
    entries = chain("a", "b", "c", "d", "e", "f")
    assert broken_at(entries[:one] + entries[one + 1:]) == f"entry {one + 1} is not there"
    if one != other:
        entries[one], entries[other] = entries[other], entries[one]
        assert broken_at(entries) == f"entry {min(one, other) + 1} is not there"


def test_a_head_is_read_as_it_is_printed() -> None:
    head = Head(12, GENESIS)
    assert read_head(f" {head}\n") == head
    assert [read_head(text) for text in ("", "12", "x:" + GENESIS, "12:short", f"-1:{GENESIS}")] == [None] * 5
