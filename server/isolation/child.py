"""A process of its own for transcribing: `python -m server.isolation.child`, since torch must not be forked.

It is given open files and never a name, knows no database, works under limits, and ends when its parent does.
The first line of its standard input is JSON: what to do, its details, its limits, and the numbers of the open files.
"""

import json
import os
import sys
import threading
from multiprocessing.connection import Connection
from pathlib import Path

from server.isolation.inside import do
from server.isolation.limits import Decoding, Limits, impose
from server.isolation.walls import give_up_network, give_up_privileges


def main() -> None:
    """Do one task and say how it went."""
    task = json.loads(sys.stdin.buffer.readline())
    give_up_privileges()
    if _has_model(task["details"]):
        give_up_network()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    impose(Limits(**task["limits"]))
    with Connection(task["news"], readable=False) as news, open(task["source"], "rb") as source:
        do(Decoding(task["decoding"]), task["details"], [source], news)


def _has_model(details: dict[str, str]) -> bool:
    """A model that is here already is not fetched, so no network is needed."""
    model = details["model"]
    return (Path(model) if model.endswith(".pt") else Path(details["weights_dir"]) / f"{model}.pt").is_file()


def _end_with_parent() -> None:
    """The parent holds the other end of standard input open for as long as it lives."""
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main()
