"""Where links to a bucket lead is known without credentials, and is where they lead."""

from urllib.parse import urlsplit

import pytest
from botocore.exceptions import NoCredentialsError

from server.headers import content_security_policy
from server.storage.s3 import S3Store

NAME = "0" * 64


@pytest.fixture
def no_credentials(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    return monkeypatch


@pytest.mark.parametrize("endpoint", [None, "https://files.example:9000"])
@pytest.mark.parametrize("bucket", ["stories", "our.stories", "Our_Stories"])
@pytest.mark.parametrize("region", ["us-east-1", "eu-west-2", "cn-north-1"])
def test_pages_may_load_what_links_lead_to(no_credentials: pytest.MonkeyPatch, region: str, bucket: str,
                                           endpoint: str | None) -> None:
    for name, value in (("AWS_DEFAULT_REGION", region), ("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "key"),
                        ("AWS_SESSION_TOKEN", "token")):
        no_credentials.setenv(name, value)
    store = S3Store(f"s3://{bucket}/prefix", endpoint_url=endpoint, gives_links=True)
    link = urlsplit(store.link(NAME, "audio/mpeg", 60))
    assert store.links_from() == f"{link.scheme}://{link.netloc}"
    assert f"media-src 'self' blob: {link.scheme}://{link.netloc};" in content_security_policy(store)


def test_pages_are_answered_while_credentials_are_away(no_credentials: pytest.MonkeyPatch) -> None:
    store = S3Store("s3://stories/prefix", gives_links=True)
    with pytest.raises(NoCredentialsError):
        store.link(NAME, "audio/mpeg", 60)
    assert store.links_from() == "https://stories.s3.amazonaws.com"
    assert "https://stories.s3.amazonaws.com" in content_security_policy(store)


def test_a_bucket_without_links_leads_nowhere(no_credentials: pytest.MonkeyPatch) -> None:
    store = S3Store("s3://stories/prefix")
    assert store.links_from() is None
    assert "media-src 'self' blob:;" in content_security_policy(store)
