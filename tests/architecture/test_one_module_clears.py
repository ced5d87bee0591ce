"""Only `services/clearing.py` makes Cleared… values, and only from them can something leave."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SERVER = Path(__file__).resolve().parents[2] / "server"
# What a person agreed to, and which rows of which file should not be used any more, are no part of a story. Tests of
# both look for words in them.
HOLDS_NO_WORD = {"server.domain.consent", "server.domain.consent_document", "server.domain.export"}
CONTENT_MODELS = {"Story", "Quote", "Photo", "Recording", "Transcript", "TranscriptSegment", "Excerpt"}


def sources(folder: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((SERVER / folder).rglob("*.py")):
        yield path, ast.parse(path.read_text())


def calls(tree: ast.Module) -> set[str]:
    return {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}


def imported(tree: ast.Module) -> set[tuple[str, str]]:
    return {(node.module or "", name.name) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
            for name in node.names}


def test_one_module_makes_cleared_values() -> None:
    makers = {path.relative_to(SERVER).as_posix() for path, tree in sources(".")
              if any(name.startswith("Cleared") for name in calls(tree))}
    assert makers == {"services/clearing.py"}


@pytest.mark.parametrize("door", ["api", "pages", "cli", "exports"])
def test_no_front_door_and_no_export_reads_a_story_by_itself(door: str) -> None:
    for path, tree in sources(door):
        for module, name in imported(tree):
            assert not (module.startswith("server.models") and name in CONTENT_MODELS), (path, name)
            assert module not in ("server.models.story", "server.models.transcript", "server.models.theme"), path


def test_an_export_takes_cleared_values_a_transcription_that_was_never_stored_or_no_word_of_a_story() -> None:
    content = {"server.domain.cleared", "server.domain.transcript", *HOLDS_NO_WORD}
    for path, tree in sources("exports"):
        domain = {module for module, _ in imported(tree) if module.startswith("server.domain")}
        assert domain <= content, path
