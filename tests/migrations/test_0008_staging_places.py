"""What was kept until now is in the store; what is on its way is staged nowhere that has a name."""

from typing import Any

from tests.migrations.conftest import Step
from tests.migrations.old_rows import ID, JOB, NOON, PROJECT, RECORDING, STORY, OldDatabase


def with_places(before: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    added: dict[str, dict[str, Any]] = {"upload": {"staged_on": None}, "job": {"place": None}}
    after = {name: [row | added.get(name, {}) for row in rows] for name, rows in before.items()}
    for name in ("recording", "photo"):
        after[name] = [row | {"stored_at": row["received_at"]} for row in before[name]]
    return after | {"staging_place": []}


def test_every_part_that_is_there_was_stored_when_it_was_received(old: OldDatabase, step: Step) -> None:
    old.add_project()
    old.add_story()
    old.add_upload()
    old.insert("job", id=JOB, kind="transcribe", subject_id=RECORDING, story_id=STORY, project_id=PROJECT,
               state="waiting", fence=2, tries=1, created_at=NOON)
    before = old.everything()
    step.up()
    assert old.everything() == with_places(before)
    old.insert("staging_place", id=ID(50), host="web-1", seen_at=NOON, free_bytes=2**40)
    assert old.rows("staging_place")[0]["free_bytes"] == 2**40
    step.back()
    assert old.everything() == before
