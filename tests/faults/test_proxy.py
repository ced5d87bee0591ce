"""The proxy itself: what breaks breaks where it should, or the other tests here show nothing."""

import socket
import threading
from collections.abc import Iterator

import pytest

from tests.faults.proxy import Fault, FaultProxy, Kind, Towards
from tests.faults.sender import send_and_listen

REQUEST, ANSWER = b"0123456789" * 20, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Listener:
    """Takes what comes until it has a whole request, answers, and remembers what came over each connection."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.came: list[bytes] = []
        self.ended = threading.Semaphore(0)

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self._listen(connection)
            self.ended.release()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _listen(self, connection: socket.socket) -> None:
        self.came.append(b"")
        try:
            while len(self.came[-1]) < len(REQUEST) and (block := connection.recv(64)):
                self.came[-1] += block
            if len(self.came[-1]) == len(REQUEST):
                connection.sendall(ANSWER)
        except OSError:
            return


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    threading.Thread(target=found.serve, daemon=True).start()
    yield found
    found.close()


@pytest.fixture
def proxy(listener: Listener) -> Iterator[FaultProxy]:
    with FaultProxy(listener.port) as running:
        yield running


def test_exactly_so_many_bytes_reach_the_server(proxy: FaultProxy, listener: Listener) -> None:
    for after in range(len(REQUEST) + 1):
        proxy.next(Fault(Towards.SERVER, after))
        assert send_and_listen(proxy.port, REQUEST) == b""
        listener.ended.acquire(timeout=20)
        assert listener.came[-1] == REQUEST[:after]


def test_exactly_so_many_bytes_of_the_answer_reach_the_client(proxy: FaultProxy, listener: Listener) -> None:
    for after in range(len(ANSWER)):
        proxy.next(Fault(Towards.CLIENT, after))
        assert send_and_listen(proxy.port, REQUEST) == ANSWER[:after]
        assert listener.came[-1] == REQUEST


def test_without_a_fault_and_after_a_delay_all_of_it_passes(proxy: FaultProxy) -> None:
    proxy.next(Fault(Towards.SERVER, 30, Kind.DELAY, seconds=0.1))
    assert [send_and_listen(proxy.port, REQUEST) for _ in range(3)] == [ANSWER] * 3


def test_after_a_stall_nothing_passes_and_nobody_is_told(proxy: FaultProxy, listener: Listener) -> None:
    proxy.next(Fault(Towards.SERVER, 30, Kind.STALL))
    with socket.create_connection(("127.0.0.1", proxy.port)) as connection:
        connection.sendall(REQUEST)
        connection.settimeout(0.5)
        with pytest.raises(TimeoutError):
            connection.recv(1)
    assert listener.came == [REQUEST[:30]]


def test_a_reset_is_noticed_at_once(proxy: FaultProxy) -> None:
    proxy.next(Fault(Towards.SERVER, 30, Kind.RESET))
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=20) as connection:
        connection.sendall(REQUEST[:40])
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
