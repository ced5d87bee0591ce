"""Withdrawals stay as they are, and none counts as written down until it is."""

import pytest

from tests.migrations.conftest import Step
from tests.migrations.old_rows import (
    NOON,
    OTHER_PERSON,
    OTHER_PROJECT,
    OTHER_STORY,
    PERSON,
    PROJECT,
    STORY,
    OldDatabase,
    digest,
)


def withdraw(old: OldDatabase, story_id: str, recorded_by: str | None, project_id: str = PROJECT) -> None:
    old.insert("withdrawal", story_id=story_id, project_id=project_id, recorded_by=recorded_by, reason="They rang.",
               receipt_code_hash=digest(story_id), at=NOON)
    old.insert("tombstone", id=story_id, story_id=story_id)


def test_what_was_withdrawn_is_still_to_be_written_down(old: OldDatabase, step: Step) -> None:
    old.add_project()
    withdraw(old, STORY, PERSON)
    before = old.everything()
    step.up()
    assert old.everything() == before | {"withdrawal": [row | {"written_down_at": None}
                                                        for row in before["withdrawal"]]}
    step.back()
    assert old.everything() == before


def test_taken_back_an_administrator_stands_in_for_nobody(old: OldDatabase, step: Step) -> None:
    old.add_project()
    old.add_project(OTHER_PROJECT, "Another project", OTHER_PERSON)
    step.up()
    withdraw(old, STORY, None)
    withdraw(old, OTHER_STORY, None, OTHER_PROJECT)
    step.back()
    assert {row["story_id"]: row["recorded_by"] for row in old.rows("withdrawal")} == {
        STORY: PERSON, OTHER_STORY: OTHER_PERSON}
    assert len(old.rows("tombstone")) == 2
    with pytest.raises(Exception, match=r"(?i)null"):
        withdraw(old, "another", None)


def test_taken_back_a_withdrawal_stays_where_a_project_has_no_administrator(old: OldDatabase, step: Step) -> None:
    old.add_project()
    step.up()
    withdraw(old, STORY, None)
    old.run("DELETE FROM membership")
    step.back()
    assert [row["recorded_by"] for row in old.rows("withdrawal")] == [PERSON]
    assert [row["id"] for row in old.rows("tombstone")] == [STORY]
