"""A file can be read at one sitting, a function on one screen, and a name says what is inside."""

import ast
import re
from pathlib import Path

from tests.architecture.documents import ROOT

LONGEST_FILE, LONGEST_FUNCTION = 300, 40
DRAWER = re.compile(r"(manager|helper|util|common|misc|data|info|base|processor)s?")
SOURCES = sorted(path for folder in ("server", "tests") for path in (ROOT / folder).rglob("*.py"))
APP_SOURCES = sorted(path for folder in ("collect", "library", "tests")
                     for kind in ("*.ts", "*.svelte") for path in (ROOT / "pwa" / folder).rglob(kind))


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_no_file_is_longer_than_a_sitting() -> None:
    assert SOURCES
    assert APP_SOURCES
    lengths = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n")
               for path in (*SOURCES, *APP_SOURCES)}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = [f"{path.relative_to(ROOT)}: {function.name}" for path in SOURCES if ROOT / "server" in path.parents
            for function in functions(path) if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION]
    assert long == []


def test_no_file_or_class_is_a_drawer() -> None:
    drawers = [f"{path.relative_to(ROOT)}: {word}" for path in (*SOURCES, *APP_SOURCES) for word in words_of(path)
               if DRAWER.fullmatch(word)]
    assert drawers == []


def words_of(path: Path) -> list[str]:
    """The words in the names of a file and of the classes in it."""
    words = re.split(r"[^a-z]+", path.stem.lower())
    if path.suffix == ".py":
        words += [word.lower() for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                  if isinstance(node, ast.ClassDef) for word in re.findall(r"[A-Z][a-z]*", node.name)]
    return words
