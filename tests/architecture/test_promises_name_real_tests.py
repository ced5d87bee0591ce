"""Every test that the documents rest a promise on is there, and every promise rests on one."""

import re
from pathlib import Path

import pytest

from tests.architecture.documents import ROOT

PROMISES = ROOT / "docs" / "promises.md"
DOCUMENTS = [PROMISES, ROOT / "docs" / "hazard-log.md", ROOT / "docs" / "dpia.md"]
NAMED = re.compile(r"`((?:tests|pwa/tests)/[\w./-]+?)::([^`]+)`")
PATH = re.compile(r"`((?:server|tests|pwa|docs|migrations)/[\w./-]+)(?:::[^`]+)?`")


def is_there(path: Path, name: str) -> bool:
    """A test of pytest by the name of its function, one of vitest by its sentence."""
    if not path.is_file():
        return False
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return re.search(rf"^(?:async )?def {re.escape(name)}\(", text, re.MULTILINE) is not None
    return name in text


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_test_it_names_exists(document: Path) -> None:
    named = NAMED.findall(document.read_text(encoding="utf-8"))
    assert [f"{path}::{name}" for path, name in named if not is_there(ROOT / path, name)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_path_it_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert [path for path in PATH.findall(text) if not (ROOT / path).exists()] == []


def test_every_promise_says_where_it_is_decided_what_proves_it_and_what_is_not_promised() -> None:
    _, *promises = re.split(r"^## \d+\. ", PROMISES.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(promises) > 10
    for promise in promises:
        title = promise.splitlines()[0]
        assert "**Where it is decided.**" in promise, title
        assert "**What is not promised.**" in promise, title
        assert NAMED.search(promise), title


def test_every_hazard_has_a_control_that_a_test_shows() -> None:
    _, *hazards = re.split(r"^### H\d+\. ", (ROOT / "docs" / "hazard-log.md").read_text(encoding="utf-8"),
                           flags=re.MULTILINE)
    assert len(hazards) > 10
    for hazard in hazards:
        title = hazard.splitlines()[0]
        for part in ("Cause", "Effect", "Control", "Shown by", "Risk left"):
            assert f"**{part}.**" in hazard, f"{title}: {part}"
        assert NAMED.search(hazard), title
