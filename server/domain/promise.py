"""The promises to those who tell a story, as `docs/promises.md` has them: in plain words, for anybody to read."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """What is promised, and what is not. The rest of its section is for whoever checks it."""

    number: int
    title: str
    words: str
    not_promised: str


_SECTION = re.compile(r"^## (\d+)\. (.+)$", re.MULTILINE)
_NOT = "**What is not promised.**"


def read_promises(text: str) -> tuple[Promise, ...]:
    """Each section's plain words: its first paragraph, and the one that says what is not promised."""
    found = []
    pieces = _SECTION.split(text)[1:]
    for number, title, body in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        paragraphs = [" ".join(paragraph.split()) for paragraph in body.strip().split("\n\n")]
        limits = next(paragraph for paragraph in paragraphs if paragraph.startswith(_NOT))
        found.append(Promise(int(number), title.strip(), paragraphs[0], limits.removeprefix(_NOT).strip()))
    return tuple(found)
