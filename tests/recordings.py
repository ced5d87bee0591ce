"""Speech to test with: real recordings where a folder of them stands beside the checkout, else the demo's own."""

import json
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "audio"
DEMO = ROOT / "server" / "demo"


@dataclass(frozen=True)
class Spoken:
    """A recording and the words that are said in it."""

    path: Path
    words: str


def shared(name: str) -> Spoken | None:
    """A recording of the folder beside the checkout, with the text beside it, or None."""
    path = SHARED / name
    text = path.with_suffix(".txt")
    return Spoken(path, text.read_text(encoding="utf-8")) if path.is_file() and text.is_file() else None


def demo() -> Spoken:
    """The demo's first recording: synthetic speech, made for it."""
    content = json.loads((DEMO / "demo.json").read_text(encoding="utf-8"))
    part = next(part for story in content["stories"] for part in story.get("recordings", ()))
    return Spoken(DEMO / part["file"], part["spoken"])
