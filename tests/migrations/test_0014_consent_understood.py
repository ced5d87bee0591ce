"""Wordings, prompts, consents, photos and quotes get their new fields, and what was there stays as it is."""

from typing import Any

import pytest

from migrations.taking_back import WouldLose
from tests.migrations.conftest import Step
from tests.migrations.old_rows import NOON, PROJECT, STORY, WORDING, OldDatabase, digest

PROMPT = "0190b3a2-7c5d-7e1f-8a2b-000000000031"
NEW: dict[str, dict[str, Any]] = {
    "consent_wording": {"language": "en", "more_texts": []},
    "prompt": {"texts": {}},
    "consent_record": {"participant_id": None, "wording_sha256": None, "language": "", "reading": "", "agreed_by": "",
                       "interpreter": "", "witness": "", "evidence_id": None, "evidence_kind": None,
                       "evidence_sha256": None},
    "photo": {"people": None, "people_note": ""},
    "quote": {"participant_id": None},
}
NEW_TABLES = ("consent_evidence", "draft_text", "participant", "withdrawn_code")


def test_what_was_there_stays_and_says_nothing_new(old: OldDatabase, step: Step) -> None:
    old.add_project()
    old.add_story()
    old.insert("prompt", id=PROMPT, project_id=PROJECT, position=0, text="What happened?")
    before = old.everything()
    step.up()
    after = old.everything()
    for table, rows in before.items():
        assert after[table] == [row | NEW.get(table, {}) for row in rows], table
    assert all(after[table] == [] for table in NEW_TABLES)
    step.back()
    assert old.everything() == before


SAID: list[tuple[str, dict[str, Any]]] = [
    ("consent_wording", {"language": "cy"}),
    ("consent_wording", {"more_texts": [{}]}),
    ("prompt", {"texts": {"cy": "Beth?"}}),
    ("photo", {"people": "nobody"}),
    ("quote", {"participant_id": PROMPT}),
    # What shows an agreement comes with its id.
    *(("consent_record", {column: "a"} | ({"evidence_id": "a"} if column.startswith("evidence_") else {}))
      for column in sorted(NEW["consent_record"])),
]


def test_what_anybody_said_keeps_the_step_from_being_taken_back(old: OldDatabase, step: Step) -> None:
    old.add_project()
    old.add_story()
    old.insert("prompt", id=PROMPT, project_id=PROJECT, position=0, text="What happened?")
    before = old.everything()
    step.up()
    for table, said in SAID:
        old.change(table, **said)
        held = old.rows(table)
        with pytest.raises(WouldLose, match=f"1 of {table}"):
            step.back()
        assert old.rows(table) == held, said
        old.change(table, **{column: NEW[table][column] for column in said})
    step.back()
    assert old.everything() == before


def test_those_who_told_a_story_and_what_shows_their_agreement_keep_the_step(old: OldDatabase, step: Step) -> None:
    old.add_project()
    old.add_story()
    before = old.everything()
    step.up()
    old.insert("participant", id=WORDING, story_id=STORY, position=0, pseudonym="Rose",
               receipt_code_hash=digest("code"))
    old.insert("consent_evidence", id=PROMPT, story_id=STORY, consent_id=PROMPT, kind="signature",
               sha256=digest("signature"), size=3, content_type="image/png", received_at=NOON)
    old.insert("draft_text", project_id=PROJECT, language="cy", reading="easy", title="Rhannu", introduction="…",
               uses=[], version=1)
    for table in ("consent_evidence", "participant", "draft_text"):
        with pytest.raises(WouldLose, match=f"1 of {table}"):
            step.back()
        assert len(old.rows(table)) == 1
        old.run(f"DELETE FROM {table}")
    step.back()
    assert old.everything() == before
