"""What the store in a bucket promises beyond every store, with a bucket that fails now and then."""

import hashlib
import io
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from server.domain.errors import HashMismatch, MediaMissing, StorageFull, StoreUnavailable
from server.storage.s3 import PART_BYTES, S3Store
from tests.buckets import ACCESS_KEY, SECRET_KEY, S3Server, free_ports
from tests.storage.faults import FaultProxy, fault_proxy

pytestmark = [pytest.mark.xdist_group("s3"), pytest.mark.usefixtures("credentials")]

WORDS = b"the kettle and two cups"
NAME = hashlib.sha256(WORDS).hexdigest()
LONG = b"0123456789" * (PART_BYTES // 10 + 1000)
LONG_NAME = hashlib.sha256(LONG).hexdigest()


@pytest.fixture
def url(s3_server: S3Server) -> str:
    return s3_server.fresh()


@pytest.fixture
def proxy(s3_server: S3Server) -> Iterator[FaultProxy]:
    with fault_proxy(s3_server.endpoint) as found:
        yield found


@pytest.fixture
def store(url: str, proxy: FaultProxy) -> S3Store:
    return S3Store(url, endpoint_url=proxy.endpoint)


def test_a_bucket_that_is_busy_or_cuts_us_off_is_asked_again_and_the_staged_file_stays(
    store: S3Store, proxy: FaultProxy, staged: Callable[[bytes], Path]
) -> None:
    """fault 50"""
    path = staged(LONG)
    proxy.next("POST", "busy", "silent", "", "silent")
    proxy.next("PUT", "busy", "silent", "", "cut", "busy")
    proxy.next("GET", "cut", "busy", "silent")
    store.adopt(path, LONG_NAME)
    assert path.read_bytes() == LONG
    assert store.open(LONG_NAME).read() == LONG


@pytest.mark.parametrize("content", [WORDS, LONG], ids=["short", "long"])
def test_bytes_that_were_changed_on_their_way_are_found_out_and_none_of_them_kept(
    store: S3Store, proxy: FaultProxy, staged: Callable[[bytes], Path], content: bytes, s3_server: S3Server, url: str
) -> None:
    """fault 30"""
    path, name = staged(b"x" + content), hashlib.sha256(content).hexdigest()
    with pytest.raises(HashMismatch):
        store.adopt(path, name)
    assert path.exists()
    assert s3_server.contents(url) == {}


def test_a_bucket_that_stays_away_is_given_up_in_the_end_and_named(
    url: str, staged: Callable[[bytes], Path], caplog: pytest.LogCaptureFixture
) -> None:
    """fault 50"""
    nobody = S3Store(url, endpoint_url=f"http://127.0.0.1:{free_ports(1)[0]}", deadline_seconds=0.3)
    path = staged(WORDS)
    with caplog.at_level(logging.DEBUG, "server"), pytest.raises(StoreUnavailable):
        nobody.adopt(path, NAME)
    assert path.exists()
    assert "EndpointConnectionError" in caplog.text
    assert not any(secret in caplog.text for secret in (ACCESS_KEY, SECRET_KEY, NAME, "127.0.0.1"))


def test_wrong_credentials_are_said_at_once(s3_server: S3Server, url: str, monkeypatch: pytest.MonkeyPatch,
                                            caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(StoreUnavailable):
        S3Store(url, endpoint_url=s3_server.endpoint).put(io.BytesIO(WORDS))
    assert "SignatureDoesNotMatch" in caplog.text
    assert ACCESS_KEY not in caplog.text


def test_a_bucket_that_has_reached_its_limit_is_full(store: S3Store, proxy: FaultProxy) -> None:
    """fault 48"""
    proxy.next("PUT", "full")
    with pytest.raises(StorageFull):
        store.put(io.BytesIO(WORDS))
    assert NAME not in store


def test_reading_on_takes_few_requests_and_reading_the_end_no_more_than_the_end(store: S3Store,
                                                                              proxy: FaultProxy) -> None:
    content = bytes(20_000_000)
    name = store.put(io.BytesIO(content)).sha256
    proxy.asked.clear()
    with store.open(name) as source:
        while source.read(10_000):
            pass
    assert len(proxy.asked) < 12
    proxy.asked.clear()
    with store.open(name) as source:
        source.seek(-100, io.SEEK_END)
        assert source.read() == content[-100:]
    assert proxy.asked == ["HEAD", "GET"]


def test_a_reader_goes_on_after_its_connection_broke(store: S3Store, proxy: FaultProxy) -> None:
    """fault 50"""
    store.put(io.BytesIO(LONG))
    with store.open(LONG_NAME) as source:
        first = source.read(1000)
        proxy.next("GET", "cut", "silent", "busy")
        assert first + source.read() == LONG


def test_what_is_deleted_takes_the_parts_of_a_copy_that_was_never_finished_with_it(
    store: S3Store, s3_server: S3Server, url: str
) -> None:
    """fault 29"""
    client, bucket = s3_server.client(), urlsplit(url).netloc
    key = f"{urlsplit(url).path.strip('/')}/{NAME}"
    upload = client.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
    client.upload_part(Bucket=bucket, Key=key, UploadId=upload, PartNumber=1, Body=LONG)
    store.put(io.BytesIO(WORDS))
    store.delete(NAME)
    assert not client.list_multipart_uploads(Bucket=bucket, Prefix=key).get("Uploads")
    assert s3_server.contents(url) == {}


def test_an_object_that_goes_while_it_is_read_is_missing(store: S3Store) -> None:
    store.put(io.BytesIO(LONG))
    with store.open(LONG_NAME) as source:
        source.read(10)
        store.delete(LONG_NAME)
        with pytest.raises(MediaMissing):
            source.read()


def test_links_are_given_only_where_they_are_switched_on(store: S3Store) -> None:
    assert store.link(NAME, "audio/mpeg", 60) is None


def test_a_link_says_what_it_is_and_soon_opens_nothing(s3_server: S3Server, url: str) -> None:
    giving = S3Store(url, endpoint_url=s3_server.endpoint, gives_links=True)
    giving.put(io.BytesIO(WORDS))
    link = giving.link(NAME, "image/jpeg", 2)
    assert link is not None
    assert SECRET_KEY not in link
    assert parse_qs(urlsplit(link).query)["X-Amz-Expires"] == ["2"]
    with urlopen(link) as answer:
        assert answer.read() == WORDS
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Content-Disposition"] == "inline"
    deadline = time.monotonic() + 30
    while opens(link):
        assert time.monotonic() < deadline
        time.sleep(0.2)


def opens(link: str) -> bool:
    try:
        with urlopen(link):
            return True
    except HTTPError as error:
        assert error.code == 403  # noqa: PT017
        return False


@pytest.mark.parametrize("address", ["s3://", "https://bucket/prefix", "bucket"])
def test_an_address_that_names_no_bucket_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="s3://bucket/prefix"):
        S3Store(address)
