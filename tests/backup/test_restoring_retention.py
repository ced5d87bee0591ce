"""A backup may say a shorter time than was decided since: after a restore no story goes unseen."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.db import db
from server.domain.retention import NOTICE
from server.models.project import Project
from server.services import retention
from tests.backup.conftest import Places, opened, run
from tests.backup.holdings import Holdings


def test_no_story_goes_for_thirty_days_after_a_restore(holdings: Holdings, other_engine: str, places: Places,
                                                       tmp_path: Path) -> None:
    """fault 28"""
    folder, target, now = tmp_path / "backup", places(other_engine), datetime.now(UTC)
    with opened(holdings.settings):
        project = db.session.get_one(Project, holdings.project_id)
        project.retention_months, project.retention_set_at = 1, now - timedelta(days=400)
        db.session.commit()
        due = retention.list_due(db.session(), now + timedelta(days=4000))
        assert due, "the test must hold a story that goes"
    assert run(holdings.settings, "backup", str(folder)).exit_code == 0
    assert run(target, "restore", str(folder)).exit_code == 0
    with opened(target):
        assert retention.list_due(db.session(), datetime.now(UTC) + NOTICE - timedelta(hours=1)) == []
        assert retention.list_due(db.session(), now + timedelta(days=4000)) == due
