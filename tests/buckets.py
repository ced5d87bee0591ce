"""A real S3 server from PyPI (SeaweedFS), with a prefix for each test in its one bucket."""

import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import boto3

REGION, ACCESS_KEY, SECRET_KEY = "us-east-1", "testkey", "testsecret"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_DEFAULT_REGION": REGION}
PATIENCE_SECONDS = 60
_BUCKET = "earshot-tests"
_PARTS = ("master", "master.port.grpc", "volume", "volume.port.grpc", "filer", "filer.port.grpc", "s3", "s3.port.grpc")


class S3Server:
    """One server in a folder, with one bucket."""

    def __init__(self, folder: Path, address: str = "127.0.0.1", within: tuple[str, ...] = ()) -> None:
        self._folder, self._address, self._within = folder, address, within
        self._numbers = itertools.count(1)
        self._ports = dict(zip(_PARTS, free_ports(len(_PARTS)), strict=True))
        folder.mkdir(parents=True, exist_ok=True)
        self._rights = folder / "s3.json"
        self._rights.write_text(json.dumps({"identities": [{
            "name": "tests", "actions": ["Admin", "Read", "Write", "List", "Tagging"],
            "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}]}]}))
        self._process = self._started()
        self.client().create_bucket(Bucket=_BUCKET)

    @property
    def endpoint(self) -> str:
        return f"http://{self._address}:{self._ports['s3']}"

    @property
    def port(self) -> int:
        return self._ports["s3"]

    def fresh(self) -> str:
        """The STORE_URL of a place where nothing is yet."""
        return f"s3://{_BUCKET}/test-{next(self._numbers)}"

    def fresh_with_versions(self, *, locked: bool = False) -> str:
        """The STORE_URL of a place in a bucket of its own that keeps every version, and may be told to for how long."""
        client, bucket = self.client(), f"earshot-versions-{next(self._numbers)}"
        client.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=locked)
        client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        return f"s3://{bucket}/live"

    def versions(self, store_url: str) -> list[str]:
        """The key of every version and every mark of deletion behind this STORE_URL."""
        address = urlsplit(store_url)
        page = self.client().list_object_versions(Bucket=address.netloc, Prefix=address.path.strip("/") + "/")
        return [entry["Key"] for kind in ("Versions", "DeleteMarkers") for entry in page.get(kind, [])]

    def every_version(self, store_url: str) -> dict[str, bytes]:
        """Every version behind this STORE_URL, by its place; a mark of deletion has no bytes."""
        address, client = urlsplit(store_url), self.client()
        page = client.list_object_versions(Bucket=address.netloc, Prefix=address.path.strip("/") + "/")
        found = {f"{entry['VersionId']}/{entry['Key']}": b"" for entry in page.get("DeleteMarkers", [])}
        for entry in page.get("Versions", []):
            body = client.get_object(Bucket=address.netloc, Key=entry["Key"], VersionId=entry["VersionId"])["Body"]
            found[f"{entry['VersionId']}/{entry['Key']}"] = body.read()
        return found

    def client(self):
        return boto3.client("s3", endpoint_url=self.endpoint, region_name=REGION, aws_access_key_id=ACCESS_KEY,
                            aws_secret_access_key=SECRET_KEY)

    def contents(self, store_url: str) -> dict[str, bytes]:
        """Every object behind this STORE_URL, by its key there."""
        client, folder = self.client(), urlsplit(store_url).path.strip("/") + "/"
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=_BUCKET, Prefix=folder)
        keys = [item["Key"] for page in pages for item in page.get("Contents", [])]
        return {key.removeprefix(folder): client.get_object(Bucket=_BUCKET, Key=key)["Body"].read() for key in keys}

    def stop(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for port in self._ports.values():  # it puts sockets there, whatever folder it is given
            for left in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
                left.unlink()

    def _started(self) -> subprocess.Popen[bytes]:
        program = Path(sys.executable).parent / "weed"
        numbers = [f"-{part if '.' in part else part + '.port'}={port}" for part, port in self._ports.items()]
        process = subprocess.Popen(
            [*self._within, str(program), "-logdir", str(self._folder), "server", f"-dir={self._folder}",
             f"-ip={self._address}", f"-ip.bind={self._address}", "-filer", "-s3", f"-s3.config={self._rights}",
             # It takes nothing in while less is free; by itself it wants a hundredth of the whole disk.
             "-volume.minFreeSpace=200MiB", "-volume.max=0", "-master.volumeSizeLimitMB=64", "-master.telemetry=false",
             "-master.resumeState", "-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.iam=false", *numbers],
            cwd=self._folder, stdin=subprocess.DEVNULL, stdout=(self._folder / "out").open("wb"),
            stderr=subprocess.STDOUT, start_new_session=True)
        self._wait_for(process)
        return process

    def _wait_for(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                with urlopen(f"{self.endpoint}/status", timeout=5):
                    return
            except (URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError((self._folder / "out").read_text()[-2000:])


def free_ports(count: int) -> list[int]:
    """Ports that nothing listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    for found in sockets:
        found.bind(("127.0.0.1", 0))
    ports = [found.getsockname()[1] for found in sockets]
    for found in sockets:
        found.close()
    return ports
