"""What was there before is the project's own and shared; whatever a partner keeps since is not shown by a server that
knows of none."""

from collections.abc import Callable

import pytest

from migrations.taking_back import WouldLose
from tests.migrations.conftest import Step
from tests.migrations.old_rows import ID, NOON, PERSON, PROJECT, STORY, OldDatabase

PARTNER = ID(90)
NEVER = "0001-01-02"


def add_story(old: OldDatabase) -> None:
    old.add_project()
    old.add_story()
    old.run(f"INSERT INTO clearance (story_id, audience, content, until)"
            f" VALUES ('{STORY}', 'board', 'quote', '9999-01-01 00:00:00')")


def add_partner(old: OldDatabase) -> None:
    old.insert("organisation", id=PARTNER, name="Carers", name_key="carers", created_at=NOON)
    old.insert("partner", project_id=PROJECT, organisation_id=PARTNER, joined_at=NOON, left_at=None,
               others_from=NOON, version=1)


def override(old: OldDatabase) -> None:
    add_partner(old)
    old.insert("custody_override", id=ID(91), project_id=PROJECT, organisation_id=PARTNER, kind="terms",
               subject_id=None, reason="Nobody answers.", made_by=PERSON, made_at=NOON, seen_by=None, seen_at=None)


def test_what_is_there_is_the_projects_own_and_shared(old: OldDatabase, step: Step) -> None:
    add_story(old)
    before = old.everything()
    step.up()
    for name in ("story", "clearance", "membership", "consent_wording", "draft_text"):
        for row, was in zip(old.rows(name), before[name], strict=True):
            assert {column: row[column] for column in was} == was
    [row] = old.rows("clearance")
    assert (row["held_by"], str(row["others_from"])[:10]) == (None, NEVER)
    assert [(row["organisation_id"], row["custody"]) for row in old.rows("story")] == [(None, "")]
    assert {row["organisation_id"] for row in old.rows("consent_wording")} == {None}
    step.back()
    assert old.everything() == before


def test_a_draft_is_the_projects_and_a_partner_may_have_one_beside_it(old: OldDatabase, step: Step) -> None:
    old.add_project()
    draft = {"project_id": PROJECT, "language": "en", "reading": "full", "title": "Sharing", "introduction": "Choose.",
             "uses": "[]", "version": 1}
    old.insert("draft_text", **draft)
    step.up()
    assert [row["organisation_id"] for row in old.rows("draft_text")] == [""]
    old.insert("draft_text", **draft, organisation_id=PARTNER)
    assert len(old.rows("draft_text")) == 2


@pytest.mark.parametrize("done", [add_partner, override])
def test_a_partner_keeps_the_step_from_being_taken_back(old: OldDatabase, step: Step,
                                                        done: Callable[[OldDatabase], None]) -> None:
    add_story(old)
    step.up()
    done(old)
    after = old.everything()
    with pytest.raises(WouldLose, match="1 of organisation"):
        step.back()
    assert old.everything() == after
