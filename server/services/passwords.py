"""Passwords as Argon2id hashes. Hashing is made to be slow and to need much memory, so it is done a few at a time and
never inside a transaction: SQLite's one writer does not wait for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from server.domain.errors import TooManyAttempts
from server.domain.password import problem_with

AT_ONCE = 2
IN_LINE = 4
_MANY = "Many people are signing in just now. Wait a few seconds, then try again."

_hasher = PasswordHasher()
# Checked when no account matches, so that a wrong address takes as long as a wrong password. It is the hash of random
# letters that were thrown away; made anew, it would cost every process a second at its start.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$/6IOjC5+UJT8ZCMFM3pP6g$iXhGg9SRVEoByKEYe9ylS/bMK2+IbkMYnCw3i0QsYz8"
_turns = BoundedSemaphore(AT_ONCE)
_line = BoundedSemaphore(IN_LINE)


@dataclass(frozen=True)
class NewPassword:
    """A password somebody chose: what is wrong with it, or what to keep of it."""

    problem: str | None
    hash: str | None


@contextmanager
def turn() -> Iterator[None]:
    """Wait for a turn at hashing. Raises TooManyAttempts when the line is so long that other pages would wait too."""
    if not _line.acquire(blocking=False):
        raise TooManyAttempts(_MANY, wait_seconds=3)
    try:
        with _turns:
            yield
    finally:
        _line.release()


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one of this hash. It takes as long when there is none."""
    try:
        return _hasher.verify(password_hash or NOBODY, password) and password_hash is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def hashed(password: str) -> str:
    """Argon2id with the library's recommended cost."""
    return _hasher.hash(password)


def choose(password: str, email: str) -> NewPassword:
    """Look at a password that somebody with this email address chose, and hash it if it will do."""
    problem = problem_with(password, email=email.strip().casefold())
    return NewPassword(problem, None if problem else hashed(password))
