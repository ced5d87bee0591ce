"""Browsers that a person has signed in with before. Each has its own allowance of wrong tries, so that no stranger can
lock an account for them.

A browser carries a random name and, for each of the last few people who signed in with it, a sign that only the
server can make. The sign rests on what the server keeps of the password, so a new password forgets every browser.
"""

import hashlib
import hmac
import re
import secrets

PEOPLE_AT_MOST = 6
_NAME = re.compile(r"[\w-]{22}")


def remember(carried: str, person_id: str, password_hash: str) -> str:
    """What the browser carries from now on, after this person signed in with it."""
    name, *signs = carried.split(".")
    if not _NAME.fullmatch(name):
        name, signs = secrets.token_urlsafe(16), []
    sign = _sign(name, person_id, password_hash)
    return ".".join([name, sign, *[other for other in signs if other != sign][:PEOPLE_AT_MOST - 1]])


def name_of(carried: str, person_id: str, password_hash: str) -> str | None:
    """The name of the browser if this person has signed in with it, else None."""
    name, *signs = carried.split(".")
    expected = _sign(name, person_id, password_hash)
    known = any(hmac.compare_digest(sign.encode(), expected.encode()) for sign in signs[:PEOPLE_AT_MOST])
    return name if known else None


def _sign(name: str, person_id: str, password_hash: str) -> str:
    words = f"known browser {name} {person_id}"
    return hmac.new(password_hash.encode(), words.encode(), hashlib.sha256).hexdigest()[:32]
