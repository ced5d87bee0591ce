"""What is sent to us: how much, how long we wait for it, and that it is here before the database is asked.

SQLite has one writer. A request that held it while its body trickled in would stop everybody else's.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile
from threading import Event, Timer
from typing import IO, Any

from flask import Flask, Request, request
from werkzeug.exceptions import ClientDisconnected

from server.db import SAFE_METHODS
from server.domain.codebook_file import MOST_BYTES as MOST_BYTES_OF_A_CODEBOOK
from server.domain.errors import BadRequest, Invalid
from server.domain.sent_manifest import MOST_BYTES as MOST_BYTES_OF_A_MANIFEST
from server.parts import parts
from server.storage.staging import Staging

PIECE_OF_FILE = "application/offset+octet-stream"
# Forms with a file, which are long. They are read once it is known who sends them (`auth`).
WITH_A_FILE = frozenset({"items.take_in"})
# JSON that may be longer than other JSON and forms, by what reads it.
LONGER = {"api_recordings.put": MOST_BYTES_OF_A_MANIFEST,
          "codebook_files.check": 2 * MOST_BYTES_OF_A_CODEBOOK, "codebook_files.take_in": 2 * MOST_BYTES_OF_A_CODEBOOK}
# Whoever falls silent for this long has lost their signal, and a thread waits for nobody else.
SILENCE_SECONDS = 30
# And whoever is never silent but slow has this long for a whole form or for JSON, which are small. Pieces of files are
# long, and whatever came of them is kept, so they have no such end.
WHOLE_SECONDS = 60
_CUT_SHORT = "This did not arrive whole, and nothing of it was kept. Try again where the connection is better."


class Incoming(Request):
    """A file in a form is kept on the disk where files are staged, without a name: it is gone with the request."""

    def _get_file_stream(self, total_content_length: int | None, content_type: str | None,
                         filename: str | None = None, content_length: int | None = None) -> IO[bytes]:
        """Raises StorageFull."""
        folder = parts().settings.uploads_dir
        Staging(folder).require_room(total_content_length or 0)
        return TemporaryFile("rb+", dir=folder)


def init_receiving(app: Flask) -> None:
    """Take in forms and JSON before anything else is done. Pieces of files are read where they are staged."""
    app.request_class = Incoming

    @app.before_request
    def _receive() -> None:
        if request.method in SAFE_METHODS:
            return
        connection = request.environ.get("gunicorn.socket") or request.environ.get("werkzeug.socket")
        if connection is not None:
            connection.settimeout(SILENCE_SECONDS)
        if request.mimetype == PIECE_OF_FILE:
            # One more, since reading the end of a body that is exactly as long counts as too much.
            request.max_content_length = parts().settings.max_recording_bytes + 1
            return
        if request.endpoint in WITH_A_FILE:
            request.max_content_length = parts().settings.max_item_bytes
            return
        if request.endpoint in LONGER:
            request.max_content_length = LONGER[request.endpoint]
        _take_whole(connection)
        _refuse_unstorable()


def _take_whole(connection: Any) -> None:
    """Raises BadRequest when the body ends before it is whole, or takes too long."""
    try:
        with _deadline(connection):
            request.get_data(parse_form_data=True)
    except ClientDisconnected:
        raise BadRequest(_CUT_SHORT) from None


@contextmanager
def _deadline(connection: Any) -> Iterator[None]:
    """Nothing more is read from the connection once time is up; an answer can still be sent. Raises BadRequest."""
    if connection is None or not (request.content_length or "Transfer-Encoding" in request.headers):
        yield
        return
    is_late = Event()

    def end() -> None:
        is_late.set()
        with suppress(OSError):
            # Not the method of a TLS socket: it would send the answer in the clear.
            socket.socket.shutdown(connection, socket.SHUT_RD)

    timer = Timer(WHOLE_SECONDS, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    if is_late.is_set():
        raise BadRequest(_CUT_SHORT)


def _refuse_unstorable() -> None:
    """Raises Invalid. PostgreSQL stores no NUL and looks for none."""
    wrong = [name for name, values in request.form.lists() if any("\0" in value for value in values)]
    if wrong:
        raise Invalid(fields=dict.fromkeys(wrong, "Take out the character that cannot be shown."))
