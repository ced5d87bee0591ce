"""Media in an S3 bucket, as `<prefix>/<sha256>`. Names and keys of the bucket are never logged."""

import logging
import random
import time
from collections.abc import Callable, Iterable
from functools import partial
from http.client import HTTPException
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, TypeVar
from urllib.parse import urlsplit

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from server.domain.errors import HashMismatch, MediaMissing, Refusal, StorageFull, StoreUnavailable
from server.storage.ranged import reader
from server.storage.store import StoredBytes, blocks_of, checked_name, checked_note, measured

log = logging.getLogger(__name__)

PART_BYTES = 8 * 1024 * 1024
_MISSING = frozenset({"404", "NoSuchKey"})
# What a server says that knows nothing of versions.
_UNKNOWN = frozenset({"NotImplemented", "501"})
_FULL = frozenset({"507", "QuotaExceeded", "InsufficientStorage", "XMinioStorageFull",
                   "XMinioAdminBucketQuotaExceeded"})
# Statuses and codes after which the same request may well succeed.
_PASSING_STATUS = frozenset({408, 429, 500, 502, 503, 504})
_PASSING_CODES = frozenset({"RequestTimeout", "SlowDown", "InternalError", "RequestTimeTooSkewed"})

Answer = TypeVar("Answer")


class S3Store:
    """A MediaStore behind `url`, `s3://bucket/prefix`. Credentials and region come from boto3's own environment.

    Each request is tried again for `deadline_seconds` while the bucket does not answer or says that it cannot; each
    try waits for `answer_seconds`. Links are given only when `gives_links`.
    """

    def __init__(self, url: str, *, endpoint_url: str | None = None, deadline_seconds: float = 30.0,
                 answer_seconds: float = 20.0, gives_links: bool = False) -> None:
        address = urlsplit(url)
        if address.scheme != "s3" or not address.netloc:
            raise ValueError("a bucket is named as s3://bucket/prefix")
        self._bucket, self._prefix = address.netloc, address.path.strip("/")
        self._deadline_seconds, self._gives_links = deadline_seconds, gives_links
        session = Session()
        config = _config(endpoint_url, answer_seconds)
        self._client: Any = session.client("s3", endpoint_url=endpoint_url, config=config)
        self._links_from = _origin(session, endpoint_url, self._bucket, config) if gives_links else None

    def adopt(self, path: Path, sha256: str) -> None:
        name = checked_name(sha256)
        if self._stored(name) == name:
            return
        try:
            staged = path.open("rb")
        except FileNotFoundError:
            raise MediaMissing from None
        with staged:
            self._send(staged, name)
        found = self._stored(name)
        if found is None:
            raise StoreUnavailable
        if found != name:
            self.delete(name)
            raise HashMismatch

    def put(self, source: BinaryIO) -> StoredBytes:
        start = source.tell()
        stored = measured(blocks_of(source))
        source.seek(start)
        self._send(source, stored.sha256)
        return stored

    def open(self, sha256: str) -> BinaryIO:
        key = self._key(sha256)
        return reader(self.size(sha256), lambda start, end: self._fetched(key, start, end))

    def size(self, sha256: str) -> int:
        size = self._size(self._key(sha256))
        if size is None:
            raise MediaMissing
        return size

    def __contains__(self, sha256: str) -> bool:
        return self._size(self._key(sha256)) is not None

    def delete(self, sha256: str) -> None:
        """Every version too, where the bucket keeps them, and whatever says that one was deleted."""
        key = self._key(sha256)
        self._ask("delete_object", Key=key)
        for version in self._versions(key):
            self._ask("delete_object", Key=key, VersionId=version)
        if self._versions(key) or sha256 in self:
            log.error("a version of a file that was erased is still in the bucket")
            raise StoreUnavailable
        for left in self._ask("list_multipart_uploads", Prefix=key).get("Uploads", []):
            self._give_up(left["Key"], left["UploadId"])

    def _versions(self, key: str, *, latest: bool = True) -> list[str]:
        """The versions of one name and its marks of deletion, with the latest or without. None where the server keeps
        no versions of anything."""
        found: list[str] = []
        more: dict[str, str] = {}
        while True:
            page = self._tried(partial(self._page_of_versions, key, more))
            found += [entry["VersionId"] for kind in ("Versions", "DeleteMarkers") for entry in page.get(kind, [])
                      if entry["Key"] == key and (latest or not entry["IsLatest"])]
            if not page.get("IsTruncated"):
                return found
            more = {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"]}

    def _page_of_versions(self, key: str, more: dict[str, str]) -> Any:
        try:
            return self._client.list_object_versions(Bucket=self._bucket, Prefix=key, **more)
        except ClientError as error:
            if _code(error) in _UNKNOWN:
                return {}
            raise

    def link(self, sha256: str, content_type: str, seconds: int) -> str | None:
        key = self._key(sha256)
        if not self._gives_links:
            return None
        wanted = {"Bucket": self._bucket, "Key": key, "ResponseContentType": content_type,
                  "ResponseContentDisposition": "inline", "ResponseCacheControl": "private, no-store"}
        return str(self._client.generate_presigned_url("get_object", Params=wanted, ExpiresIn=seconds))

    def links_from(self) -> str | None:
        return self._links_from

    def write_note(self, name: str, content: bytes) -> None:
        key = self._note(name)
        self._ask("put_object", Key=key, Body=content)
        try:
            for version in self._versions(key, latest=False):
                self._ask("delete_object", Key=key, VersionId=version)
        except Refusal:  # what had to be kept is kept
            log.error("an earlier version of a note is still in the bucket")

    def read_note(self, name: str) -> bytes:
        return self._tried(lambda: self._body(self._note(name)))

    def list_notes(self) -> list[str]:
        folder = "/".join(filter(None, (self._prefix, "withdrawals/")))
        found: list[str] = []
        more: dict[str, str] = {}
        while True:
            page = self._ask("list_objects_v2", Prefix=folder, **more)
            found += [entry["Key"].removeprefix(folder).removesuffix(".json") for entry in page.get("Contents", [])]
            if not page.get("IsTruncated"):
                return sorted(found)
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def _stored(self, name: str) -> str | None:
        """The SHA-256 of what the bucket gives back; None when it has nothing of this name."""
        try:
            with self.open(name) as stored:
                return measured(blocks_of(stored)).sha256
        except MediaMissing:
            return None

    def _size(self, key: str) -> int | None:
        try:
            return int(self._ask("head_object", Key=key)["ContentLength"])
        except MediaMissing:
            return None

    def _send(self, source: BinaryIO, name: str) -> None:
        """In one request when it is small. A file that changes while it is sent is found when it is read back."""
        key, parts = self._key(name), iter(lambda: source.read(PART_BYTES), b"")
        first, second = next(parts, b""), next(parts, b"")
        if not second:
            self._ask("put_object", Key=key, Body=first)
            return
        upload = self._ask("create_multipart_upload", Key=key)["UploadId"]
        try:
            self._send_parts(key, upload, chain((first, second), parts))
        except Exception:
            self._give_up(key, upload)
            raise

    def _send_parts(self, key: str, upload: str, parts: Iterable[bytes]) -> None:
        sent, size = [], 0
        for number, part in enumerate(parts, 1):
            answer = self._ask("upload_part", Key=key, UploadId=upload, PartNumber=number, Body=part)
            sent.append({"ETag": answer["ETag"], "PartNumber": number})
            size += len(part)
        try:
            self._ask("complete_multipart_upload", Key=key, UploadId=upload, MultipartUpload={"Parts": sent})
        except StoreUnavailable:
            # The upload is gone after it was completed once, and that answer may be what was lost.
            if self._size(key) != size:
                raise

    def _give_up(self, key: str, upload: str) -> None:
        try:
            self._ask("abort_multipart_upload", Key=key, UploadId=upload)
        except Refusal:
            log.warning("parts of a file may be left in the bucket")

    def _fetched(self, key: str, start: int, end: int) -> bytes:
        def once() -> bytes:
            found = self._body(key, Range=f"bytes={start}-{end - 1}")
            if len(found) != end - start:
                raise HTTPException
            return found

        return self._tried(once)

    def _body(self, key: str, **wanted: str) -> bytes:
        answer = self._client.get_object(Bucket=self._bucket, Key=key, **wanted)
        return bytes(answer["Body"].read())

    def _ask(self, operation: str, **wanted: Any) -> Any:
        return self._tried(lambda: getattr(self._client, operation)(Bucket=self._bucket, **wanted))

    def _tried(self, ask: Callable[[], Answer]) -> Answer:
        """Ask until there is an answer or the time is up. Raises MediaMissing, StorageFull, StoreUnavailable."""
        until, pause = time.monotonic() + self._deadline_seconds, 0.1
        while True:
            try:
                return ask()
            except (BotoCoreError, ClientError, HTTPException, OSError) as error:
                refusal = _refusal(error)
                if isinstance(refusal, MediaMissing):
                    raise refusal from None
                if refusal is not None or time.monotonic() + pause > until:
                    log.warning("the bucket refused: %s", _code(error))
                    raise refusal or StoreUnavailable from None
            time.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311
            pause = min(pause * 2, 5.0)

    def _key(self, sha256: str) -> str:
        return "/".join(filter(None, (self._prefix, checked_name(sha256))))

    def _note(self, name: str) -> str:
        return "/".join(filter(None, (self._prefix, "withdrawals", f"{checked_note(name)}.json")))


def _config(endpoint_url: str | None, answer_seconds: float) -> Config:
    """Tried again here and not by botocore, which counts tries and no time. Other servers want the plain protocol."""
    return Config(signature_version="s3v4", connect_timeout=min(5.0, answer_seconds), read_timeout=answer_seconds,
                  retries={"total_max_attempts": 1},
                  request_checksum_calculation="when_required", response_checksum_validation="when_required",
                  max_pool_connections=20, s3={"addressing_style": "path" if endpoint_url else "auto"})


def _origin(session: Session, endpoint_url: str | None, bucket: str, config: Config) -> str | None:
    """Where links lead: a link signed by nobody is addressed as every other. Credentials may be away for a moment."""
    nobody: Any = session.client("s3", endpoint_url=endpoint_url, config=config,
                                 aws_access_key_id="nobody", aws_secret_access_key="nobody")  # noqa: S106
    try:
        link = nobody.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "any"})
    except (BotoCoreError, ClientError) as error:
        log.error("it is not known where links to the bucket lead, so no page shows them: %s", _code(error))
        return None
    return "{0.scheme}://{0.netloc}".format(urlsplit(link))


def _code(error: Exception) -> str:
    return str(error.response["Error"].get("Code")) if isinstance(error, ClientError) else type(error).__name__


def _refusal(error: Exception) -> Refusal | None:
    """What the bucket means; None when the same request may succeed later."""
    if not isinstance(error, ClientError):
        return None
    status = error.response["ResponseMetadata"].get("HTTPStatusCode", 0)
    code = _code(error)
    if code in _MISSING:
        return MediaMissing()
    if code in _FULL or status == 507:
        return StorageFull()
    return None if status in _PASSING_STATUS or code in _PASSING_CODES else StoreUnavailable()
