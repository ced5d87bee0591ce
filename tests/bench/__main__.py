"""Measurements, as one table: `python -m tests.bench`, or `python -m tests.bench uploads stories` for some parts.

docs/benchmarks.md says what each row means and how to read it.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator

from tests.bench import (
    bleeping,
    false_words,
    first_load,
    languages,
    library,
    long_recordings,
    phones,
    recording,
    speakers,
    stories,
    table,
    transcription,
    unseen,
    uploads,
)
from tests.bench.table import Row

PARTS: dict[str, Callable[[], Iterator[Row]]] = {
    "transcription": transcription.rows, "languages": languages.rows, "non-speech": false_words.rows,
    "speakers": speakers.rows, "uploads": uploads.rows, "phones": phones.rows, "stories": stories.rows,
    "library": library.rows, "recording": recording.rows, "first-load": first_load.rows,
}
# These take a quarter of an hour or more, and are measured when they are named.
LONG_PARTS: dict[str, Callable[[], Iterator[Row]]] = {
    "bleeping": bleeping.rows, "unseen-speech": unseen.rows, "speech-memory": long_recordings.rows,
}
EVERY_PART = {**PARTS, **LONG_PARTS}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"any of {', '.join(EVERY_PART)}; all but "
                        f"{', '.join(LONG_PARTS)} if left out")
    asked = parser.parse_args().parts or list(PARTS)
    if unknown := sorted(set(asked) - set(EVERY_PART)):
        parser.error(f"there is no part {', '.join(unknown)}")
    print(f"{os.cpu_count()} cores\n{table.head()}", flush=True)
    for part in asked:
        for row in EVERY_PART[part]():
            print(table.line(row), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
