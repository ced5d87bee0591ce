"""SQL stays in services, and the door that was knocked on commits."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.documents import ROOT

SERVER = ROOT / "server"
SQL = {"select", "insert", "update", "delete", "text", "exists", "func"}


def sources(folder: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((SERVER / folder).rglob("*.py")):
        yield path.relative_to(SERVER), ast.parse(path.read_text())


@pytest.mark.parametrize("folder", ["api", "pages", "jobs", "cli", "domain", "storage", "media", "exports"])
def test_nobody_else_writes_sql(folder: str) -> None:
    for path, tree in sources(folder):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "sqlalchemy":
                assert not SQL & {name.name for name in node.names}, path


def test_services_never_commit_and_never_roll_back() -> None:
    for path, tree in sources("services"):
        called = {node.func.attr for node in ast.walk(tree)
                  if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}
        assert not {"commit", "rollback"} & called, path
