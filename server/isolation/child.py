"""A process of its own for transcribing: `python -m server.isolation.child`, since torch must not be forked.

It is given open files and never a name, knows no database, works under limits, and ends when its parent does.
The first line of its standard input is JSON: what to do, its details, its limits, and the numbers of the open files.
"""

import json
import os
import sys
import threading
from multiprocessing.connection import Connection

from server.isolation.inside import do
from server.isolation.limits import Decoding, Limits, impose
from server.isolation.walls import give_up_network, give_up_privileges, needs_network


def main() -> None:
    """Do one task and say how it went."""
    task = json.loads(sys.stdin.buffer.readline())
    give_up_privileges()
    if not needs_network(task["details"]):
        give_up_network()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    impose(Limits(**task["limits"]))
    with Connection(task["news"], readable=False) as news, open(task["source"], "rb") as source:
        do(Decoding(task["decoding"]), task["details"], [source], news)


def _end_with_parent() -> None:
    """The parent holds the other end of standard input open for as long as it lives."""
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main()
