"""Phones, withdrawals and projects stay as they are; what is new begins empty, or with what phones do today."""

import pytest

from migrations.taking_back import WouldLose
from tests.migrations.conftest import Step
from tests.migrations.old_rows import ID, NOON, PERSON, PROJECT, STORY, OldDatabase, digest

NEW = {"device": {"revoked_at": None, "revoked_by": None}, "project": {"keep_hours": 24, "photo_pixels": 2048}}
EMPTY = {"device_use": [], "phone_withdrawal": [], "rescue_key": []}


def add_phone_and_withdrawal(old: OldDatabase) -> None:
    old.add_project()
    old.add_story()
    old.insert("device", id=ID(50), person_id=PERSON, label="Ward phone", app_version="1", unsent=3,
               unsent_bytes=3 * 2**31, oldest_unsent_at=NOON, first_seen_at=NOON, last_seen_at=NOON)
    old.insert("withdrawal", story_id=ID(51), project_id=PROJECT, recorded_by=PERSON, reason="They rang.",
               receipt_code_hash=digest("code"), at=NOON)


def test_nothing_that_was_there_changes(old: OldDatabase, step: Step) -> None:
    add_phone_and_withdrawal(old)
    before = old.everything()
    step.up()
    assert old.everything() == EMPTY | {name: [row | NEW.get(name, {}) for row in rows]
                                        for name, rows in before.items()}
    step.back()
    assert old.everything() == before


def test_a_phone_that_is_shut_out_a_withdrawal_and_the_key_keep_the_step(old: OldDatabase, step: Step) -> None:
    add_phone_and_withdrawal(old)
    before = old.everything()
    step.up()
    old.run(f"UPDATE device SET revoked_at = last_seen_at, revoked_by = '{PERSON}'")
    old.insert("phone_withdrawal", id=ID(52), story_id=ID(51), sent_by=PERSON, withdrawn_at_phone=NOON,
               body_sha256=digest("body"), body_bytes=4, received_at=NOON)
    old.insert("rescue_key", id=ID(53), purpose="phones", private_key=b"\x00\xff", made_at=NOON)
    old.insert("device_use", device_id=ID(50), token_hash=digest("token"))
    for table, undo in (("rescue_key", "DELETE FROM rescue_key"), ("phone_withdrawal", "DELETE FROM phone_withdrawal"),
                        ("device", "UPDATE device SET revoked_at = NULL, revoked_by = NULL")):
        held = old.everything()
        with pytest.raises(WouldLose, match=f"1 of {table}"):
            step.back()
        assert old.everything() == held
        old.run(undo)
    step.back()
    assert old.everything() == before


def test_a_withdrawal_of_a_phone_is_of_a_story_that_was_withdrawn(old: OldDatabase, step: Step) -> None:
    add_phone_and_withdrawal(old)
    step.up()
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        old.insert("phone_withdrawal", id=ID(52), story_id=STORY, sent_by=PERSON, withdrawn_at_phone=NOON,
                   body_sha256=digest("body"), body_bytes=4, received_at=NOON)


def test_there_is_one_key(old: OldDatabase, step: Step) -> None:
    step.up()
    old.insert("rescue_key", id=ID(53), purpose="phones", private_key=b"one", made_at=NOON)
    with pytest.raises(Exception, match=r"(?i)unique"):
        old.insert("rescue_key", id=ID(54), purpose="phones", private_key=b"two", made_at=NOON)
