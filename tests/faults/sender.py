"""A client of an upload that knows two things: HEAD says how far it came, PATCH sends the rest."""

import http.client
import socket
import time
from dataclasses import dataclass

from tests.api.phone import CHUNK

PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """A status, the offset that came with it (if one did), and the body."""

    status: int
    offset: int | None
    body: bytes


class Sender:
    """Sends to a port of this machine with the headers of somebody who is signed in."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self._port = port
        self._headers = headers | {"Tus-Resumable": "1.0.0"}
        self._connection: http.client.HTTPConnection | None = None

    def request(self, method: str, url: str, headers: dict[str, str], body: bytes = b"") -> Answer:
        """One request. Raises OSError or HTTPException when no whole answer comes, and begins anew the next time."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_SECONDS)
        try:
            self._connection.request(method, url, body, self._headers | headers)
            answer = self._connection.getresponse()
            offset = answer.getheader("Upload-Offset")
            return Answer(answer.status, None if offset is None else int(offset), answer.read())
        except (OSError, http.client.HTTPException):
            self.hang_up()
            raise

    def hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def head(self, url: str) -> Answer:
        return self.request("HEAD", url, {})

    def patch(self, url: str, offset: int, content: bytes) -> Answer:
        return self.request("PATCH", url, {"Upload-Offset": str(offset), "Content-Type": CHUNK}, content)

    def patch_bytes(self, url: str, offset: int, content: bytes) -> bytes:
        """The very bytes of a PATCH, for whoever wants to send only some of them."""
        return self.bytes_of("PATCH", url, {"Upload-Offset": str(offset)}, content)

    def bytes_of(self, method: str, url: str, headers: dict[str, str], content: bytes) -> bytes:
        """The very bytes of a request that carries a piece of a file."""
        lines = self._headers | headers | {"Host": f"127.0.0.1:{self._port}", "Content-Type": CHUNK,
                                           "Content-Length": str(len(content))}
        head = f"{method} {url} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return head.encode() + b"\r\n" + content

    def complete(self, url: str, content: bytes, piece: int | None = None) -> int:
        """Ask and send, ask and send, until all of it is there, whatever breaks. Returns the first offset heard.

        `piece` is the most bytes to send at a time; all there are if left out.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        first: int | None = None
        while time.monotonic() < deadline:
            try:
                offset = self._asked(url)
                first = offset if first is None else first
                if offset == len(content):
                    return first
                self.patch(url, offset, content[offset:offset + (piece or len(content))])
            except (OSError, http.client.HTTPException):
                time.sleep(0.01)
        raise TimeoutError(f"{url} never came whole")

    def _asked(self, url: str) -> int:
        answer = self.head(url)
        if answer.status != 200 or answer.offset is None:
            raise http.client.HTTPException(f"HEAD {url}: {answer.status}")
        return answer.offset


def send_and_listen(port: int, request: bytes) -> bytes:
    """Send these bytes over a connection of their own. Whatever answer comes before it ends; it may be none."""
    heard = b""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as connection:
        try:
            connection.sendall(request)
            while block := connection.recv(65_536):
                heard += block
                if b"\r\n\r\n" in heard:
                    break
        except OSError:
            pass
    return heard
