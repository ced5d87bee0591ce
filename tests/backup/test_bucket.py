"""From a folder into a bucket, and a withdrawal there: nothing of the story stays in any object."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from server import writing_down
from server.db import db
from server.models.consent import Erasure
from server.models.story import Story
from server.services import erasures, withdrawals
from tests import makers
from tests.backup.conftest import Places, opened, run
from tests.backup.holdings import Holdings
from tests.buckets import CREDENTIALS, S3Server

pytestmark = pytest.mark.xdist_group("s3")


@pytest.mark.parametrize("holdings", ["sqlite"], indirect=True)
def test_a_backup_comes_back_into_a_bucket_and_a_withdrawal_leaves_nothing_in_it(
    holdings: Holdings, places: Places, tmp_path: Path, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """fault 28, fault 29"""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    bucket = s3_server.fresh()
    target = replace(places("sqlite"), store_url=bucket, s3_endpoint_url=s3_server.endpoint)
    assert run(holdings.settings, "backup", str(tmp_path / "backup")).exit_code == 0
    ended = run(target, "restore", str(tmp_path / "backup"))
    assert ended.exit_code == 0, ended.output
    assert set(holdings.media.values()) <= set(s3_server.contents(bucket).values())
    with opened(target) as app:
        session, store = db.session(), app.extensions["earshot"].store
        viewer = makers.viewer_of(session, session.get_one(makers.Person, holdings.researcher_id))
        withdrawals.withdraw(session, viewer, holdings.story_id)
        session.commit()
        assert writing_down.write_missing(session, store) == 3, "two stories ended, and one in part"
        for sha256 in session.scalars(select(Erasure.sha256)).all():
            erasures.erase(session, store, sha256)
        session.commit()
        assert session.get(Story, holdings.story_id) is None
    left = s3_server.contents(bucket)
    notes = [f"withdrawals/{story_id}.json" for story_id in (holdings.gone_id, holdings.story_id)]
    assert {*notes} <= {*left}
    assert [name for name in left if not name.startswith("withdrawals/")] == []
    assert [mark for mark in holdings.media.values() if any(mark in content for content in left.values())] == []
