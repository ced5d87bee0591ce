"""What a child is not told, it cannot read from the process that started it either."""

import subprocess
import sys
from pathlib import Path

import pytest

from server.config import ROOT
from server.isolation import speech, supervision
from server.isolation.limits import Decoding
from tests.isolation.conftest import HINTS

PR_GET_DUMPABLE = 3
linux_alone = pytest.mark.skipif(sys.platform != "linux", reason="only Linux hides a process so")


def _said(lines: str) -> str:
    return subprocess.run([sys.executable, "-c", lines], cwd=ROOT, capture_output=True, text=True, check=True).stdout


@linux_alone
def test_a_worker_is_hidden_before_it_does_anything() -> None:
    """fault 38"""
    said = _said(f"""
import ctypes
from server.jobs import worker
libc = ctypes.CDLL(None)
class Looked(Exception):
    pass
def look(**_):
    print(libc.prctl({PR_GET_DUMPABLE}, 0, 0, 0, 0))
    raise Looked
worker.logging.basicConfig = look
look_before = libc.prctl({PR_GET_DUMPABLE}, 0, 0, 0, 0)
try:
    worker.main()
except Looked:
    print(look_before)
""")
    assert said.split() == ["0", "1"]


@linux_alone
def test_another_process_of_the_same_account_cannot_read_what_a_hidden_one_was_told() -> None:
    """fault 38"""
    said = _said("""
import ctypes, os, subprocess
from server.isolation.walls import hide_from_children
def look():
    return subprocess.run(["cat", f"/proc/{os.getpid()}/environ"], capture_output=True).returncode
if os.geteuid() == 0:  # from whom nothing is hidden
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
print(look())
hide_from_children()
print(look())
""")
    assert said.split() == ["0", "1"]


@pytest.mark.parametrize(("is_there", "told"), [(True, False), (False, True)])
def test_how_to_reach_the_network_is_told_only_while_the_model_must_be_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool, told: bool
) -> None:
    given: list[dict[str, str]] = []

    class Looked(Exception):
        pass

    def look(*_: object, env: dict[str, str], **__: object) -> None:
        given.append(env)
        raise Looked

    monkeypatch.setenv("HTTPS_PROXY", "http://name:password@proxy.example")
    monkeypatch.setattr(speech.subprocess, "Popen", look)
    if is_there:
        (tmp_path / "base.pt").write_bytes(b"weights")
    speech.SPEECH.close()
    details = {"model": "base", "weights_dir": str(tmp_path), "done": None, "hints": HINTS}
    with open(__file__, "rb") as source, pytest.raises(Looked):
        supervision.do_in_child(Decoding.TRANSCRIBE, details, source, None, supervision.Watch())
    assert ("HTTPS_PROXY" in given[0]) is told
