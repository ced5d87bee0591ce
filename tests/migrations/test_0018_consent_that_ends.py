"""What people agreed to before has no end, and nothing that was narrowed since is widened by stepping back."""

from typing import Any

import pytest

from migrations.taking_back import WouldLose
from tests.migrations.conftest import Step
from tests.migrations.old_rows import ID, NOON, OTHER_STORY, PERSON, PROJECT, STORY, WORDING, OldDatabase, digest

FOR_GOOD = 9999


def add_consent(old: OldDatabase) -> None:
    """A story with its decision, a text that is being written, and a story that was withdrawn."""
    old.add_project()
    old.add_story()
    old.insert("clearance", story_id=STORY, audience="board", content="words")
    old.insert("draft_text", project_id=PROJECT, language="en", reading="full", title="Sharing", introduction="You.",
               uses=[], version=3)
    old.insert("withdrawal", story_id=OTHER_STORY, project_id=PROJECT, recorded_by=PERSON, reason="",
               receipt_code_hash=digest("other code"), at=NOON)


def still_says(row: dict[str, Any], before: dict[str, Any]) -> bool:
    return {name: row[name] for name in before} == before


def test_what_was_agreed_to_before_stays_and_has_no_end(old: OldDatabase, step: Step) -> None:
    add_consent(old)
    before = old.everything()
    step.up()
    for name in ("consent_record", "consent_wording", "draft_text", "clearance", "withdrawal", "project", "story"):
        assert all(map(still_says, old.rows(name), before[name])), name
    assert [row["until"] for row in old.rows("consent_record")] == [{}]
    assert [row["until"].year for row in old.rows("clearance")] == [FOR_GOOD]
    assert [row["months"] for name in ("consent_wording", "draft_text") for row in old.rows(name)] == [None, None]
    assert [row["cause"] for row in old.rows("withdrawal")] == ["asked"]
    [project] = old.rows("project")
    assert (project["retention_months"], project["controller"], project["complaints"]) == (None, "", "")
    assert [old.rows(name) for name in ("partial_withdrawal", "withdrawal_step", "embargo", "receipt_visit")] == [
        [], [], [], []]
    step.back()
    assert old.everything() == before


def test_a_decision_says_until_when_it_holds(old: OldDatabase, step: Step) -> None:
    step.up()
    with pytest.raises(Exception, match=r"(?i)null"):
        old.insert("clearance", story_id=STORY, audience="board", content="words")


@pytest.mark.parametrize(("what", "change"), [
    ("1 of consent_record", "UPDATE consent_record SET until = '{\"board\": \"2028-05-04T12:00:00+00:00\"}'"),
    ("1 of consent_record", "UPDATE consent_record SET taken_by = NULL"),
    ("1 of consent_wording", f"UPDATE consent_wording SET months = 24 WHERE id = '{WORDING}'"),
    ("1 of draft_text", "UPDATE draft_text SET months = 24"),
    ("1 of withdrawal", "UPDATE withdrawal SET cause = 'retention'"),
    ("1 of partial_withdrawal", f"INSERT INTO partial_withdrawal (story_id, scope, project_id, at)"
     f" VALUES ('{STORY}', 'words_only', '{PROJECT}', '2026-05-04 12:00:00')"),
    ("1 of withdrawal_step", f"INSERT INTO withdrawal_step (id, story_id, scope, place, subject, count, asked_at)"
     f" VALUES (1, '{STORY}', 'erase', 'phones', '', 1, '2026-05-04 12:00:00')"),
    ("1 of embargo", f"INSERT INTO embargo (id, story_id, project_id, reason, put_at)"
     f" VALUES ('{ID(80)}', '{STORY}', '{PROJECT}', 'A worry', '2026-05-04 12:00:00')"),
    ("1 of project", "UPDATE project SET retention_months = 60"),
    ("1 of project", "UPDATE project SET complaints = 'Write to us'"),
])
def test_what_was_said_or_decided_since_keeps_the_step_from_being_taken_back(
    old: OldDatabase, step: Step, what: str, change: str
) -> None:
    add_consent(old)
    step.up()
    old.run(change)
    after = old.everything()
    with pytest.raises(WouldLose, match=what):
        step.back()
    assert old.everything() == after


def test_that_somebody_looked_at_their_receipt_is_nothing_to_lose(old: OldDatabase, step: Step) -> None:
    add_consent(old)
    before = old.everything()
    step.up()
    old.insert("receipt_visit", token_hash=digest("token"), receipt_code_hash=digest("code"), opened_at=NOON)
    step.back()
    assert old.everything() == before
