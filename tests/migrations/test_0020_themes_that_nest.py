"""Every theme stands at the top as it was, and every tagging is its person's own; nothing said since is forgotten."""

import pytest

from migrations.taking_back import WouldLose
from tests.migrations.conftest import Step
from tests.migrations.old_rows import (
    ID,
    NOON,
    OTHER_PERSON,
    PERSON,
    PHOTO,
    PROJECT,
    QUOTE,
    STORY,
    THEME,
    OldDatabase,
)

TAGGING, OTHER_THEME = ID(90), ID(91)


def add_tagged_story(old: OldDatabase) -> None:
    old.add_project()
    old.add_story()
    for theme_id, name in ((THEME, "Waiting"), (OTHER_THEME, "Nights")):
        old.insert("theme", id=theme_id, project_id=PROJECT, name=name, name_key=name.lower(), description="",
                   created_at=NOON, version=1)
    old.insert("tagging", id=TAGGING, theme_id=THEME, quote_id=QUOTE, tagged_by=PERSON, tagged_at=NOON)


def add_somebody(old: OldDatabase) -> None:
    old.insert("person", id=OTHER_PERSON, name="Ade", email="ade@example.org", password_hash="argon2",
               is_operator=False, created_at=NOON)


def tag_too(old: OldDatabase) -> None:
    add_somebody(old)
    old.run(f"INSERT INTO tagging (id, theme_id, quote_id, tagged_by, tagged_at)"
            f" VALUES ('{ID(92)}', '{THEME}', '{QUOTE}', '{OTHER_PERSON}', '2026-05-04 12:00')")


def tag_region(old: OldDatabase) -> None:
    old.insert("tagging", id=ID(93), theme_id=THEME, photo_id=PHOTO, tagged_by=PERSON, tagged_at=NOON,
               region="1,2,30,40")


def write_note(old: OldDatabase) -> None:
    old.insert("note", id=ID(94), project_id=PROJECT, story_id=STORY, kind="quote", subject_id=QUOTE, text="Ask again.",
               made_by=PERSON, made_at=NOON)


def note_change(old: OldDatabase) -> None:
    old.insert("theme_change", theme_id=THEME, kind="changed", before={"name": "Wait"}, after={"name": "Waiting"},
               changed_by=PERSON, changed_at=NOON)


def test_themes_stand_at_the_top_and_taggings_stay(old: OldDatabase, step: Step) -> None:
    add_tagged_story(old)
    before = old.everything()
    step.up()
    for name in ("theme", "tagging", "project"):
        for row, was in zip(old.rows(name), before[name], strict=True):
            assert {column: row[column] for column in was} == was
    for row in old.rows("theme"):
        assert (row["parent_id"], row["position"], row["colour"], row["kind"], row["when_to_use"], row["when_not"],
                row["example"], row["retired_at"], row["merged_into_id"]) == (None, 0, "", "", "", "", "", None, None)
    assert [row["region"] for row in old.rows("tagging")] == [""]
    assert [(bool(row["measures_agreement"]), bool(row["suggests_themes"])) for row in old.rows("project")] == [
        (False, True)]
    assert (old.rows("theme_change"), old.rows("note")) == ([], [])
    step.back()
    assert old.everything() == before


@pytest.mark.parametrize(("what", "done"), [
    ("1 of note", write_note),
    ("1 of theme_change", note_change),
    ("2 of tagging", tag_too),
    ("1 of tagging", tag_region),
    ("1 of project", lambda old: old.run("UPDATE project SET measures_agreement = true")),
    ("1 of project", lambda old: old.run("UPDATE project SET suggests_themes = false")),
], ids=["note", "history", "two people", "region", "agreement", "suggestions"])
def test_what_was_said_since_keeps_the_step_from_being_taken_back(
    old: OldDatabase, step: Step, what: str, done
) -> None:
    add_tagged_story(old)
    step.up()
    done(old)
    after = old.everything()
    with pytest.raises(WouldLose, match=what):
        step.back()
    assert old.everything() == after


def test_nothing_that_a_theme_says_since_is_taken_back(old: OldDatabase, step: Step) -> None:
    add_tagged_story(old)
    step.up()
    said = {"parent_id": (OTHER_THEME, None), "colour": ("teal", ""), "kind": ("need", ""), "example": ("A night", ""),
            "when_to_use": ("Of nights", ""), "when_not": ("Of days", ""), "retired_at": (NOON, None)}
    for column, (after, before) in said.items():
        old.change("theme", **{column: after})
        with pytest.raises(WouldLose, match="2 of theme"):
            step.back()
        assert all(row[column] for row in old.rows("theme"))
        old.change("theme", **{column: before})
    step.back()


def test_one_person_puts_a_theme_on_something_once_and_another_may_too(old: OldDatabase, step: Step) -> None:
    add_tagged_story(old)
    step.up()
    tag_too(old)
    with pytest.raises(Exception, match=r"(?i)unique"):
        old.insert("tagging", id=ID(95), theme_id=THEME, quote_id=QUOTE, tagged_by=PERSON, tagged_at=NOON)
    assert len(old.rows("tagging")) == 2
