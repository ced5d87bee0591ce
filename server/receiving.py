"""What is sent to us: how much, how long we wait for it, and that it is here before the database is asked.

SQLite has one writer. A request that held it while its body trickled in would stop everybody else's.
"""

from flask import Flask, request

from server.db import SAFE_METHODS
from server.domain.errors import Invalid
from server.parts import parts

PIECE_OF_FILE = "application/offset+octet-stream"
# Whoever falls silent for this long has lost their signal, and a thread waits for nobody else.
SILENCE_SECONDS = 30


def init_receiving(app: Flask) -> None:
    """Take in forms and JSON before anything else is done. Pieces of files are read where they are staged."""

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
        request.get_data(parse_form_data=True)
        _refuse_unstorable()


def _refuse_unstorable() -> None:
    """Raises Invalid. PostgreSQL stores no NUL and looks for none."""
    wrong = [name for name, values in request.form.lists() if any("\0" in value for value in values)]
    if wrong:
        raise Invalid(fields=dict.fromkeys(wrong, "Take out the character that cannot be shown."))
