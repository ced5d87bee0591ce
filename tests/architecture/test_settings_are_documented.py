"""Whoever deploys Earshot finds every setting in the deployment guide, and none that does nothing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields

from server.config import Settings
from tests.architecture.documents import ROOT

TABLE_ROW = re.compile(r"^\| `([A-Z0-9_]+)` \|", re.MULTILINE)
# `${PORT:-8000}` in a line of the Procfile
IN_PROCFILE = re.compile(r"\$\{([A-Z_]+)")


class Asked(Mapping[str, str]):
    """An empty environment that remembers what it was asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def settings() -> set[str]:
    environment = Asked()
    Settings.from_environment(environment)
    return environment.names | set(IN_PROCFILE.findall((ROOT / "Procfile").read_text()))


def test_the_guide_lists_exactly_the_settings_there_are() -> None:
    guide = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
    assert set(TABLE_ROW.findall(guide)) == settings()


def test_every_setting_is_used() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "server").rglob("*.py") if path.name != "config.py")
    assert [field.name for field in fields(Settings) if not re.search(rf"\.{field.name}\b", sources)] == []
