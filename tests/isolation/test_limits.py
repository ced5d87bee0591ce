"""Limits hold in the process that sets them."""

import signal
import subprocess
import sys

from server.config import ROOT

_SETUP = """
from server.isolation.limits import Limits, allow_no_more_files, impose
impose(Limits(memory=2**29, file=1000, quiet=1, cpu=1))
"""


def _run(lines: str) -> subprocess.CompletedProcess[str]:
    return _ran(_SETUP + lines)


def _ran(lines: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", lines], cwd=ROOT, capture_output=True, text=True, check=False)


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


_KEPT = """
import os
from server.isolation.limits import Limits, allow_time, impose_on_kept, resident
impose_on_kept(Limits(memory=2**29, file=1000, quiet=1, cpu=1))
def work(seconds):
    until = sum(os.times()[:2]) + seconds
    while sum(os.times()[:2]) < until:
        pass
"""


def test_a_process_that_is_kept_has_its_time_for_each_task_and_not_for_its_life() -> None:
    ended = _ran(_KEPT + "allow_time(1)\nwork(0.8)\nallow_time(1)\nwork(0.8)\nprint('two', flush=True)\nwork(99)")
    assert (ended.stdout, ended.returncode) == ("two\n", -signal.SIGXCPU)


def test_a_process_that_is_kept_gets_no_more_memory_than_allowed_either() -> None:
    """fault 37"""
    assert "MemoryError" in _ran(_KEPT + "bytearray(2**30)").stderr


def test_how_much_memory_a_process_has_is_known() -> None:
    assert int(_ran(_KEPT + "kept = b'1' * 10**8\nprint(resident(os.getpid()))").stdout) > 10**8
