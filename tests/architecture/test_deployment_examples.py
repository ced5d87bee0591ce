"""The examples in the deployment guide name settings and commands that there are."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.documents import ROOT
from tests.architecture.test_settings_are_documented import settings

GUIDE = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What boto3 reads by itself.
OF_BOTO3 = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"}


def blocks(language: str) -> list[str]:
    return [text for found, text in BLOCK.findall(GUIDE) if found == language]


def test_the_environment_of_the_example_has_settings_that_there_are() -> None:
    (environment,) = blocks("sh")
    named = {line.partition("=")[0] for line in environment.splitlines()}
    assert named - settings() - OF_BOTO3 == set()


def test_every_setting_that_the_guide_speaks_of_is_one() -> None:
    spoken_of = set(re.findall(r"`([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:=[^`]*)?`", GUIDE))
    assert spoken_of - settings() - OF_BOTO3 == set()


def test_the_units_start_what_the_procfile_starts() -> None:
    lines = dict(re.findall(r"^(\w+): (.*)$", (ROOT / "Procfile").read_text(), re.MULTILINE))
    started = re.findall(r"^Exec\w+=/srv/earshot/\.venv/bin/(.*)$", "\n".join(blocks("systemd")), re.MULTILINE)
    here = lines["web"].replace("${HOST:-127.0.0.1}:${PORT:-8000}", "127.0.0.1:8000")
    assert started == [lines["release"], here, lines["worker"]]


def test_web_servers_pass_uploads_on_as_they_come_and_of_any_size() -> None:
    (nginx,) = blocks("nginx")
    uploads = nginx[nginx.index("location /api/v1/uploads"):]
    assert "proxy_request_buffering off;" in uploads
    assert "client_max_body_size 0;" in uploads
    assert "hash $uri consistent;" in nginx
    assert "@uploads" in blocks("caddy")[0]


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_takes_its_example(tmp_path: Path) -> None:
    (nginx,) = blocks("nginx")
    without_keys = re.sub(r"^ *ssl_.*$", "", nginx, flags=re.MULTILINE).replace("443 ssl http2", "8443")
    configured = tmp_path / "nginx.conf"
    configured.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{without_keys}\n}}\n")
    checked = subprocess.run(["nginx", "-t", "-c", configured, "-e", tmp_path / "log"], capture_output=True, text=True,
                             check=False)
    assert checked.returncode == 0, checked.stderr
