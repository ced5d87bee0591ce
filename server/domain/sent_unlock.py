"""What a phone sends whose PIN was forgotten."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from server.domain.fields import Fields

SEALED_LETTERS = 4096
_PASSWORD_LETTERS = 1000


@dataclass(frozen=True)
class SentUnlock:
    """The phone's own key, sealed to the server, and the account's password."""

    sealed: bytes = field(repr=False)
    password: str = field(repr=False)


def read_unlock(content: Mapping[str, Any]) -> SentUnlock:
    """Raises Invalid."""
    fields = Fields(content)
    sealed = b""
    try:
        sealed = base64.b64decode(fields.text("sealed", least=1, most=SEALED_LETTERS), validate=True)
    except (binascii.Error, ValueError):
        fields.refuse("sealed", "This must be base64.")
    sent = SentUnlock(sealed, fields.text("password", most=_PASSWORD_LETTERS))
    fields.done()
    return sent
