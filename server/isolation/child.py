"""The process that keeps the speech model: `python -m server.isolation.child`. Torch has threads, so it is not forked.

It is given one task after another, each with a line for its news and an open file of bare sound, so that nothing of
unknown origin is ever decoded here. It knows no database and no secret, works under limits, and ends when its parent
does. The first line of its standard input is JSON: the number of the socket on which tasks come, whether it may use the
network, and its limits.
"""

import ctypes
import gc
import json
import os
import socket
import sys
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from server.isolation import wire
from server.isolation.inside import do
from server.isolation.limits import Decoding, Limits, allow_time, impose_on_kept
from server.isolation.walls import give_up_network, give_up_privileges


def main() -> None:
    """Do what is asked until there is nobody to ask."""
    setup = json.loads(sys.stdin.buffer.readline())
    give_up_privileges()
    if not setup["fetches"]:
        give_up_network()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    limits = Limits(**setup["limits"])
    control = socket.socket(fileno=setup["control"])
    impose_on_kept(limits)
    while asked := wire.receive(control):
        allow_time(limits.cpu)
        _do(*asked)
        _give_memory_back()


def _do(request: dict[str, Any], files: list[int]) -> None:
    """Says at first that it has begun: whoever asks tells by that whether it fell before this task or in it."""
    with Connection(files[0]) as news, open(files[1], "rb") as sound:
        news.send_bytes(json.dumps({"progress": 0.0}).encode())
        do(Decoding(request["decoding"]), request["details"], [sound], news)


def _give_memory_back() -> None:
    """What was needed for one recording and lies unused now. Other systems than Linux do so by themselves, or not."""
    gc.collect()
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def _end_with_parent() -> None:
    """The parent holds the other end of standard input open for as long as it lives."""
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main()
