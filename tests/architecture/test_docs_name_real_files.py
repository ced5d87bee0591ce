"""What the documents point at is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.documents import DECISIONS, ROOT

DOCUMENTS = [ROOT / "ARCHITECTURE.md", ROOT / "README.md", *DECISIONS]
FOLDERS = "server|pwa|tests|docs|migrations|requirements"
# A path of ours starts with one of our folders; a name alone, such as `decide`, is no path.
IN_TEXT = re.compile(rf"`((?:{FOLDERS})(?:/[\w.*-]+)*/?|\.[a-z-]+(?:linter|gitignore))`")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def named_in(document: Path) -> Iterator[Path]:
    text = document.read_text(encoding="utf-8")
    yield from (ROOT / found for found in IN_TEXT.findall(text))
    yield from (document.parent / found for found in LINK.findall(text))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_path_it_names_exists(document: Path) -> None:
    missing = [str(path.relative_to(ROOT)) for path in named_in(document) if not path.exists()]
    assert not missing


def test_the_documents_name_paths_at_all() -> None:
    assert len(list(named_in(ROOT / "ARCHITECTURE.md"))) > 50


def test_every_folder_of_the_server_is_described() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    folders = {path.parent.name for path in (ROOT / "server").glob("*/__init__.py")}
    assert folders
    assert {name for name in folders if f"`server/{name}`" not in text} == set()
