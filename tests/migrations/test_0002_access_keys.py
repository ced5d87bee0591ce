"""Keys come without touching anybody's account."""

from tests.migrations.conftest import Step
from tests.migrations.old_rows import ID, NOON, PERSON, OldDatabase, digest


def test_people_stay_as_they_are_and_may_have_keys(old: OldDatabase, step: Step) -> None:
    old.add_project()
    old.add_story()
    before = old.everything()
    step.up()
    old.insert("access_key", id=ID(50), person_id=PERSON, name="Archive", token_hash=digest("token"),
               created_at=NOON, expires_at=NOON)
    assert old.everything() == before | {"access_key": old.rows("access_key")}
    assert len(old.rows("access_key")) == 1
    step.back()
    assert old.everything() == before
