"""A TCP proxy that breaks what passes through it, to the byte."""

import queue
import random
import select
import socket
import struct
import threading
import time
from dataclasses import dataclass
from enum import Enum

BLOCK_BYTES = 64 * 1024
LOOK_SECONDS = 0.5


class Towards(Enum):
    """The direction in which bytes are counted."""

    SERVER = "towards the server"
    CLIENT = "towards the client"


class Kind(Enum):
    """What happens once enough bytes have passed."""

    CUT = "cut"  # both ends are told that it is over
    RESET = "reset"  # both ends are told that something broke
    STALL = "stall"  # nothing passes any more, and nobody is told
    DELAY = "delay"  # the next bytes wait, and then all goes on


@dataclass(frozen=True)
class Fault:
    """What becomes of one connection after exactly `after` bytes went one way. `seconds` is how long a delay lasts."""

    towards: Towards
    after: int
    kind: Kind = Kind.CUT
    seconds: float = 0.0

    @classmethod
    def at_random(cls, chance: random.Random, most: int, kinds: tuple[Kind, ...] = (Kind.CUT, Kind.RESET)) -> "Fault":
        """A fault that the state of `chance` alone decides, after `most` bytes at the latest."""
        towards = chance.choice(list(Towards))
        after = chance.randint(0, most if towards is Towards.SERVER else 400)
        return cls(towards, after, chance.choice(kinds), seconds=0.2)


class FaultProxy:
    """Carries connections to a port of this machine. Each takes the next fault that was asked for, or none."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._faults: queue.SimpleQueue[Fault] = queue.SimpleQueue()
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    def __enter__(self) -> "FaultProxy":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for end in self._open:
            end.close()

    def next(self, *faults: Fault) -> None:
        """What the next connections will meet, one fault each."""
        for fault in faults:
            self._faults.put(fault)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                return
            try:
                fault = self._faults.get_nowait()
            except queue.Empty:
                fault = None
            self._open = [end for end in self._open if end.fileno() >= 0] + [client, server]
            threading.Thread(target=_Carried(client, server, fault).run, daemon=True).start()


class _Carried:
    """One connection through the proxy. One thread carries both ways, so that closing an end takes effect at once."""

    def __init__(self, client: socket.socket, server: socket.socket, fault: Fault | None) -> None:
        self._others = {client: server, server: client}
        self._counted = None if fault is None else {Towards.SERVER: client, Towards.CLIENT: server}[fault.towards]
        self._fault = fault
        self._left = fault.after if fault else 0
        for end in self._others:
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def run(self) -> None:
        """Carry until both ends have said all, or until the fault ends it."""
        listening = set(self._others)
        try:
            while listening:
                if self._is_due(Towards.SERVER) and not self._goes_on(listening):
                    return
                for source in select.select(list(listening), [], [], LOOK_SECONDS)[0]:
                    if source is self._counted and self._is_due(Towards.CLIENT) and not self._goes_on(listening):
                        return
                    if not self._carry(source):
                        listening.discard(source)
        except (OSError, ValueError):
            return  # an end is gone, which is what this is for
        finally:
            for end in self._others:
                end.close()

    def _carry(self, source: socket.socket) -> bool:
        """Carry some bytes, never more than are left until the fault. False when there are no more."""
        counts = source is self._counted
        block = source.recv(min(self._left, BLOCK_BYTES) if counts else BLOCK_BYTES)
        if not block:
            self._others[source].shutdown(socket.SHUT_WR)
            return False
        self._others[source].sendall(block)
        self._left -= len(block) if counts else 0
        return True

    def _is_due(self, towards: Towards) -> bool:
        """A request is broken off as soon as enough of it has passed, an answer when more of it would pass."""
        due = self._fault is not None and self._counted is not None and not self._left
        return due and self._fault.towards is towards

    def _goes_on(self, listening: set[socket.socket]) -> bool:
        """Do what the fault says, once. Whether the connection goes on."""
        assert self._fault is not None
        assert self._counted is not None
        if self._fault.kind is Kind.STALL:
            listening.discard(self._counted)
        elif self._fault.kind is Kind.DELAY:
            time.sleep(self._fault.seconds)
        elif self._fault.kind is Kind.RESET:
            for end in self._others:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._counted = None
        return self._fault.kind in (Kind.STALL, Kind.DELAY)
