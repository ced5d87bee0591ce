"""Nothing is withheld of what is there, and what was withheld or carried away since is not forgotten."""

import pytest

from migrations.taking_back import WouldLose
from tests.migrations.conftest import Step
from tests.migrations.old_rows import ID, NOON, PERSON, PHOTO, PROJECT, RECORDING, STORY, OldDatabase

EXPORT = ID(90)


def add_story(old: OldDatabase) -> None:
    old.add_project()
    old.add_story()


def withhold(old: OldDatabase) -> None:
    old.run(f"INSERT INTO redaction (id, story_id, words, words_key, replacement, category, sound, made_by, made_at)"
            f" VALUES ('{ID(91)}', '{STORY}', 'Leah', 'leah', '[name]', 'name', 'bleep', '{PERSON}', '2026-05-04')")


def blur(old: OldDatabase) -> None:
    old.run(f"INSERT INTO photo_region (id, photo_id, \"left\", top, width, height, made_by, made_at)"
            f" VALUES ('{ID(92)}', '{PHOTO}', 1, 2, 30, 40, '{PERSON}', '2026-05-04 12:00')")


def carry_away(old: OldDatabase) -> None:
    old.insert("export_made", id=EXPORT, project_id=PROJECT, kind="quotes", made_by=PERSON, made_at=NOON)
    old.insert("export_part", export_id=EXPORT, part_id=RECORDING, story_id=STORY, position=0, stale_at=None,
               stale_because="")


def test_nothing_is_withheld_of_what_is_there(old: OldDatabase, step: Step) -> None:
    add_story(old)
    before = old.everything()
    step.up()
    for name in ("recording", "photo", "story"):
        for row, was in zip(old.rows(name), before[name], strict=True):
            assert {column: row[column] for column in was} == was
    assert [(row["withheld"], row["clean_sha256"]) for row in old.rows("recording")] == [([], None)]
    assert [row["clean_sha256"] for row in old.rows("photo")] == [None]
    assert [old.rows(name) for name in ("redaction", "photo_region", "export_made", "export_part")] == [[], [], [], []]
    step.back()
    assert old.everything() == before


@pytest.mark.parametrize(("what", "done"), [
    ("1 of redaction", withhold), ("1 of photo_region", blur), ("1 of export_made", carry_away)])
def test_what_was_withheld_or_carried_away_since_keeps_the_step_from_being_taken_back(
    old: OldDatabase, step: Step, what: str, done
) -> None:
    add_story(old)
    step.up()
    done(old)
    after = old.everything()
    with pytest.raises(WouldLose, match=what):
        step.back()
    assert old.everything() == after


def test_a_part_is_in_an_export_once(old: OldDatabase, step: Step) -> None:
    add_story(old)
    step.up()
    carry_away(old)
    with pytest.raises(Exception, match=r"(?i)unique"):
        old.run(f"INSERT INTO export_part SELECT * FROM export_part WHERE export_id = '{EXPORT}'")
