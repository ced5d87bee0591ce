"""Only `services/clearing.py` makes Cleared… values, and only from them can something leave."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SERVER = Path(__file__).resolve().parents[2] / "server"
# What a person agreed to, and which rows of which file should not be used any more, are no part of a story. Tests of
# both look for words in them.
HOLDS_NO_WORD = {"server.domain.consent", "server.domain.consent_document", "server.domain.export", "server.domain",
                 "server.domain.codebook_file", "server.domain.palette", "server.domain.theme"}
CONTENT_MODELS = {"Story", "Quote", "Photo", "Recording", "Transcript", "TranscriptSegment", "Excerpt"}
# What is changed in a copy where cleared values are at hand. Only what withholds words changes a copy of one of those.
CHANGED_IN_A_COPY = {"exports/script.py": {"word"}, "pages/flowing.py": {"flow[place]", "segment"},
                     "services/suggested_redactions.py": {"lists"}}


def sources(folder: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((SERVER / folder).rglob("*.py")):
        yield path, ast.parse(path.read_text())


def calls(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What is called, under the name that it was made by, and the first that it is given as it is written. Methods are
    those of modules alone."""
    own_names = {name.asname: name.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
                 for name in node.names if name.asname}
    modules = {name.asname or name.name for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)
               for name in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            first = ast.unparse(node.args[0]) if node.args else ""
            if isinstance(node.func, ast.Name):
                yield own_names.get(node.func.id, node.func.id), first
            elif isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) in modules:
                yield node.func.attr, first


def imported(tree: ast.Module) -> set[tuple[str, str]]:
    return {(node.module or "", name.name) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
            for name in node.names}


def test_one_module_makes_cleared_values() -> None:
    makers = {path.relative_to(SERVER).as_posix() for path, tree in sources(".")
              if any(name.startswith("Cleared") for name, _ in calls(tree))}
    assert makers == {"services/clearing.py"}


def test_one_module_changes_copies_of_cleared_values() -> None:
    """With other words in it a copy would be cleared by nobody."""
    found = {}
    for path, tree in sources("."):
        changed = {first for name, first in calls(tree) if name == "replace"}
        if changed and any(module == "server.domain.cleared" or "clearing" in (name, module.split(".")[-1])
                           for module, name in imported(tree)):
            found[path.relative_to(SERVER).as_posix()] = changed
    assert found.pop("services/withholding.py")
    assert found == CHANGED_IN_A_COPY


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
