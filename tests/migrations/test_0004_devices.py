"""Phones are listed from now on; nothing else changes."""

from tests.migrations.conftest import Step
from tests.migrations.old_rows import ID, NOON, PERSON, OldDatabase


def test_phones_can_be_listed_and_forgotten(old: OldDatabase, step: Step) -> None:
    old.add_project()
    old.add_story()
    before = old.everything()
    step.up()
    old.insert("device", id=ID(50), person_id=PERSON, label="Ward phone", app_version="1", unsent=3,
               unsent_bytes=3 * 2**31, first_seen_at=NOON, last_seen_at=NOON)
    [device] = old.rows("device")
    assert device["unsent_bytes"] == 3 * 2**31
    step.back()
    assert old.everything() == before
