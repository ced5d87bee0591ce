"""What is erased from a bucket that keeps versions is gone in every version of it."""

import hashlib
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.domain.errors import StoreUnavailable
from server.storage.s3 import S3Store
from tests.buckets import S3Server

pytestmark = [pytest.mark.xdist_group("s3"), pytest.mark.usefixtures("credentials")]

WORDS, OTHERS = b"the kettle and two cups", b"the kettle and three cups"
NAME = hashlib.sha256(WORDS).hexdigest()


@pytest.fixture
def url(s3_server: S3Server) -> str:
    return s3_server.fresh_with_versions()


@pytest.fixture
def store(s3_server: S3Server, url: str) -> S3Store:
    return S3Store(url, endpoint_url=s3_server.endpoint, deadline_seconds=2)


def test_every_version_and_every_mark_of_deletion_goes_and_no_other_name(
    store: S3Store, s3_server: S3Server, url: str
) -> None:
    """fault 29"""
    for _ in range(3):
        store.put(io.BytesIO(WORDS))
    kept = store.put(io.BytesIO(OTHERS)).sha256
    assert len(s3_server.versions(url)) == 4, "the bucket must keep versions"
    store.delete(NAME)
    assert s3_server.versions(url) == [f"live/{kept}"]
    assert NAME not in store
    assert kept in store


def test_what_was_deleted_without_its_versions_can_be_erased_after_all(
    store: S3Store, s3_server: S3Server, url: str
) -> None:
    store.put(io.BytesIO(WORDS))
    bucket = url.split("/")[2]
    s3_server.client().delete_object(Bucket=bucket, Key=f"live/{NAME}")
    assert NAME not in store
    assert len(s3_server.versions(url)) == 2
    store.delete(NAME)
    assert s3_server.versions(url) == []


def test_more_versions_than_a_page_has_all_go(store: S3Store, s3_server: S3Server, url: str) -> None:
    for _ in range(5):
        store.put(io.BytesIO(WORDS))
    client = store._client  # the pages of the real server are a thousand long
    client.meta.events.register("provide-client-params.s3.ListObjectVersions", _two_at_a_time)
    store.delete(NAME)
    assert s3_server.versions(url) == []


def test_a_version_that_the_bucket_holds_on_to_is_no_erasure(s3_server: S3Server) -> None:
    """Then the work is tried again, and operators see that it fails."""
    url = s3_server.fresh_with_versions(locked=True)
    store = S3Store(url, endpoint_url=s3_server.endpoint, deadline_seconds=1)
    store.put(io.BytesIO(WORDS))
    until = datetime.now(UTC) + timedelta(days=1)
    s3_server.client().put_object_retention(Bucket=url.split("/")[2], Key=f"live/{NAME}",
                                            Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until})
    with pytest.raises(StoreUnavailable):
        store.delete(NAME)


def test_a_note_that_is_written_again_leaves_no_version_of_what_it_said(
    store: S3Store, s3_server: S3Server, url: str
) -> None:
    for content in (b"first", b"second", b"third"):
        store.write_note("a-note", content)
    assert [*s3_server.every_version(url).values()] == [b"third"]
    assert store.read_note("a-note") == b"third"


def test_a_note_is_written_where_the_bucket_holds_on_to_what_it_said_before(s3_server: S3Server) -> None:
    """fault 28"""
    url = s3_server.fresh_with_versions(locked=True)
    store = S3Store(url, endpoint_url=s3_server.endpoint, deadline_seconds=1)
    store.write_note("a-note", b"first")
    until = datetime.now(UTC) + timedelta(days=1)
    s3_server.client().put_object_retention(Bucket=url.split("/")[2], Key="live/withdrawals/a-note.json",
                                            Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until})
    store.write_note("a-note", b"second")
    assert store.read_note("a-note") == b"second"


def _two_at_a_time(params: dict[str, Any], **_: Any) -> dict[str, Any]:
    return params | {"MaxKeys": 2}
