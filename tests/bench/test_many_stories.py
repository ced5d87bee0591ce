"""Stories that a measurement writes straight into the tables are stories like any other."""

from pathlib import Path

from server.db import db
from tests.bench.__main__ import EVERY_PART
from tests.bench.many_stories import fill
from tests.bench.world import installed


def test_they_are_found_and_shown_and_as_many_as_were_asked_for(tmp_path: Path) -> None:
    assert "stories" in EVERY_PART
    with installed(tmp_path) as world:
        sample = fill(db.session(), world, 12)
        browser = world.browser(world.commissioner_id)
        assert browser.get(f"/projects/{world.project_id}/stories").text.count("Teller") >= 12
        for story_id in sample:
            assert browser.get(f"/stories/{story_id}").status_code == 200
        db.engine.dispose()
