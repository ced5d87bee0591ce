"""Limits hold in the process that sets them."""

import subprocess
import sys

from server.config import ROOT

_SETUP = """
from server.isolation.limits import Limits, allow_no_more_files, impose
impose(Limits(memory=2**29, file=1000, quiet=1, cpu=1))
"""


def _run(lines: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", _SETUP + lines], cwd=ROOT, capture_output=True, text=True, check=False)


def test_more_memory_than_allowed_is_not_given() -> None:
    """fault 37"""
    assert "MemoryError" in _run("bytearray(2**30)").stderr


def test_no_file_grows_beyond_its_limit() -> None:
    ended = _run("import tempfile; tempfile.TemporaryFile(buffering=0).write(bytes(1500)) > 1000 and print('grew')")
    assert "grew" not in ended.stdout


def test_a_loop_without_end_is_ended() -> None:
    assert _run("while True: pass").returncode < 0


def test_no_more_files_means_no_more_connections_either() -> None:
    """fault 38"""
    for attempt in ("open('/etc/hostname')", "__import__('socket').socket()", "__import__('os').pipe()"):
        ended = _run(f"import os, socket\nallow_no_more_files()\n{attempt}")
        assert "Too many open files" in ended.stderr
