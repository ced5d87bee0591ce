"""How a process asks its nursery for a child: a length, a JSON object, and the open files that the child is given."""

import json
import socket
import struct
from typing import Any

_LENGTH = struct.Struct("!I")
MOST_FILES = 3


def send(control: socket.socket, request: dict[str, Any], files: list[int]) -> None:
    """The first of `files` is the child's end of its line, then source and sink. Raises OSError."""
    content = json.dumps(request).encode()
    socket.send_fds(control, [_LENGTH.pack(len(content))], files)
    control.sendall(content)


def receive(control: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """The next request and its files, or None when whoever asks has ended."""
    head, files, _, _ = socket.recv_fds(control, _LENGTH.size, MOST_FILES)
    if len(head) < _LENGTH.size:
        return None
    (left,) = _LENGTH.unpack(head)
    content = b""
    while len(content) < left:
        piece = control.recv(left - len(content))
        if not piece:
            return None
        content += piece
    return json.loads(content), files
