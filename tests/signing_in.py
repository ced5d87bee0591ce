"""What the sign-in page and the account page do with a password, without HTTP."""

from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.errors import Invalid, SignInFailed
from server.models.people import Person
from server.services import passwords, people, sign_in

PASSWORD = "four words in a row"


def signs_in(session: Session, email: str, password: str, address: str = "10.0.0.1", browser: str = "") -> Person:
    """The person with this email and password. Raises SignInFailed, TooManyAttempts."""
    tried = sign_in.begin_try(session, email, address, browser)
    if not passwords.is_right(tried.password_hash, password):
        raise SignInFailed
    return sign_in.succeed(session, tried)


def changes_password(session: Session, viewer: Viewer, current: str, new: str, *, keep: str = "") -> None:
    """Change it, as somebody does who types both. Raises Invalid, TooManyAttempts."""
    tried = people.begin_password_try(session, viewer)
    if tried.password_hash and not passwords.is_right(tried.password_hash, current):
        raise Invalid(fields={"current_password": "wrong"})
    people.change_password(session, tried, passwords.choose(new, ""), keep=keep)
