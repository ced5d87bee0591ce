"""A nursery: a small process that has loaded the decoders, and forks a child with limits for each file.

`python -m server.isolation.forking CONTROL`, CONTROL being the number of the socket on which children are asked for.
It knows no secret and no network, and ends with whoever started it. Of a child it tells, on the child's own line,
how it ended: {"ended"}: {"signal", "status", "cpu" in seconds, "memory" in bytes}.
"""

import gc
import json
import os
import selectors
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from pkgutil import walk_packages
from resource import struct_rusage
from typing import Any

from server.isolation import wire
from server.isolation.inside import do
from server.isolation.limits import Decoding, Limits, allow_no_more_files, impose, mapped
from server.isolation.walls import end_with, give_up_network, give_up_privileges

_NOT_LOADED = ("av.__main__", "av.datasets")


def main() -> None:
    """Run until the other end of CONTROL is closed."""
    control = socket.socket(fileno=int(sys.argv[1]))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # it ends with its parent, which may have something to finish
    give_up_privileges()
    give_up_network()
    _load_decoders()
    Nursery(control).run()


def _load_decoders() -> None:
    """Everything that a child will need, since it can open no file. What is loaded is shared by all children."""
    import av
    from PIL import Image, ImageCms, ImageColor, ImagePalette  # noqa: F401

    from server.embedding import model
    from server.media import audio, joining, photos  # noqa: F401

    Image.init()
    model.load()
    for module in walk_packages(av.__path__, "av."):
        if module.name not in _NOT_LOADED:
            import_module(module.name)
    gc.collect()
    gc.freeze()


class Nursery:
    """Forks children and reaps them. One thread, one loop."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._lines: dict[int, socket.socket] = {}
        self._woken, wakes = os.pipe()
        for end in (self._woken, wakes):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)

    def run(self) -> None:
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._control:
                    asked = wire.receive(self._control)
                    if asked is None:
                        return self._end()
                    self._fork(*asked)
                elif key.fileobj == self._woken:
                    os.read(self._woken, 4096)
                else:
                    self._unwanted(key.data)
            self._reap()

    def _fork(self, request: dict[str, Any], files: list[int]) -> None:
        own, line = os.getpid(), socket.socket(fileno=files[0])
        with suppress(OSError):  # no room for another process: the closed line says so
            child = os.fork()
            if child == 0:
                _be_child(own, request, files)
            self._lines[child] = line
            self._selector.register(line, selectors.EVENT_READ, child)
        for file in files[1:]:
            os.close(file)
        if line not in self._lines.values():
            line.close()

    def _unwanted(self, child: int) -> None:
        """The parent has closed its end of the line."""
        self._selector.unregister(self._lines[child])
        os.kill(child, signal.SIGKILL)

    def _reap(self) -> None:
        while self._lines:
            child, status, used = os.wait4(-1, os.WNOHANG)
            if child == 0:
                return
            line = self._lines.pop(child)
            with suppress(KeyError):
                self._selector.unregister(line)
            _say_how_it_ended(line, status, used)

    def _end(self) -> None:
        for child in self._lines:
            os.kill(child, signal.SIGKILL)


def _say_how_it_ended(line: socket.socket, status: int, used: struct_rusage) -> None:
    ended = {
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
        "status": os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0,
        "cpu": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss * 1024,
    }
    content = json.dumps({"ended": ended}).encode()
    # In the form that multiprocessing reads; never waiting, since other children are to be looked after.
    with line, suppress(OSError):
        line.send(len(content).to_bytes(4, "big") + content, socket.MSG_DONTWAIT)


def _be_child(parent: int, request: dict[str, Any], files: list[int]) -> None:
    """Do what was asked, and end."""
    try:
        signal.set_wakeup_fd(-1)
        end_with(parent)
        _keep_only(files)
        impose(Limits(**request["limits"]), beyond=mapped())
        allow_no_more_files()
        opened = [os.fdopen(file, "rb" if file == files[1] else "w+b") for file in files[1:]]
        do(Decoding(request["decoding"]), request["details"], opened, Connection(files[0]))
    finally:
        os._exit(0 if sys.exc_info()[0] is None else 1)


def _keep_only(files: list[int]) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nothing, standard)
    beginning = 3
    for file in sorted(files):
        os.closerange(beginning, file)
        beginning = file + 1
    os.closerange(beginning, os.sysconf("SC_OPEN_MAX"))


if __name__ == "__main__":
    main()
