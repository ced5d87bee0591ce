"""The second step: a code from an app on a phone (TOTP, RFC 6238), or one of ten recovery codes. Each is taken once."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hmac import compare_digest

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.audit import Action
from server.domain.errors import Invalid, NotFound, SignInFailed
from server.domain.hashes import sha256_of
from server.models.people import Person
from server.models.second_step import CodeApp, RecoveryCode
from server.services import attempts, audit, sign_in, sign_in_challenges
from server.services.attempts import Limit

ISSUER = "Earshot"
STEP_SECONDS = 30
RECOVERY_CODES = 10
SET_UP_WITHIN = timedelta(hours=1)
# A stranger who has the password gets few tries. In a browser the person has used, or signed in, they get their own.
TRIES_OF_STRANGERS = 5
TRIES = 10
_WRONG = "This code is not right, or was used already. Wait for the next code and type that."
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_RECOVERY_LETTERS = 16


@dataclass(frozen=True)
class CodesFromApp:
    """Whether a person is asked for codes, since when, and how many of their recovery codes are left."""

    on_since: datetime | None
    recovery_codes_left: int


@dataclass(frozen=True)
class SetUp:
    """What the app needs. `address` is for its camera, `secret` (base32) for typing."""

    secret: str
    address: str


def state(session: Session, viewer: Viewer) -> CodesFromApp:
    """The viewer's second step."""
    left = session.execute(select(func.count()).where(
        RecoveryCode.person_id == viewer.person_id, RecoveryCode.used_at.is_(None))).scalar_one()
    return CodesFromApp(_on_since(session, viewer.person_id), left)


def is_on(session: Session, person_id: str) -> bool:
    """Whether this person is asked for a code when they sign in."""
    return _on_since(session, person_id) is not None


def begin(session: Session, viewer: Viewer) -> None:
    """Make a secret for the viewer's app. It counts for nothing until a code of it was typed. Raises NotFound."""
    if is_on(session, viewer.person_id):
        raise NotFound
    session.execute(delete(CodeApp).where(CodeApp.person_id == viewer.person_id, CodeApp.confirmed_at.is_(None)))
    session.add(CodeApp(person_id=viewer.person_id, secret=pyotp.random_base32(), last_step=0,
                        created_at=datetime.now(UTC), confirmed_at=None))
    session.flush()


def set_up(session: Session, viewer: Viewer) -> SetUp:
    """What to put into the app, until a code of it was typed. Raises NotFound."""
    row = session.scalar(select(CodeApp).where(
        CodeApp.person_id == viewer.person_id, CodeApp.confirmed_at.is_(None),
        CodeApp.created_at > datetime.now(UTC) - SET_UP_WITHIN))
    if row is None:
        raise NotFound
    email = session.get_one(Person, viewer.person_id).email
    return SetUp(row.secret, pyotp.TOTP(row.secret).provisioning_uri(name=email, issuer_name=ISSUER))


def confirm(session: Session, viewer: Viewer, code: str) -> list[str]:
    """Turn codes on with a first one, and give ten recovery codes, which are kept only as hashes.

    Raises NotFound, Invalid, TooManyAttempts.
    """
    taken = attempts.take(session, [_limit_when_signed_in(viewer)])
    step = _step_of(set_up(session, viewer).secret, code)
    if step is None:
        raise Invalid(fields={"code": "This code is not right. Wait for the next code in the app and type that."})
    turned_on = session.execute(
        update(CodeApp).where(CodeApp.person_id == viewer.person_id, CodeApp.confirmed_at.is_(None))
        .values(confirmed_at=datetime.now(UTC), last_step=step).returning(CodeApp.person_id)).scalar_one_or_none()
    if turned_on is None:
        raise NotFound
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == viewer.person_id))
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(code_hash=_recovery_hash(viewer.person_id, made), person_id=viewer.person_id)
                    for made in codes)
    attempts.give_back(session, taken)
    audit.note(session, viewer.person_id, Action.MADE, "code app", viewer.person_id, None)
    session.flush()
    return codes


def check(session: Session, person_id: str, code: str, known_browser: str | None) -> None:
    """Take a code, once. The front door commits the try also when it fails. Raises SignInFailed, TooManyAttempts."""
    limit = (Limit(f"code:{person_id}:browser:{known_browser}", TRIES) if known_browser
             else Limit(f"code:{person_id}", TRIES_OF_STRANGERS))
    _take(session, person_id, code, limit)


def remove(session: Session, viewer: Viewer, code: str) -> None:
    """Ask the viewer for no more codes, after one last. Raises Invalid, TooManyAttempts."""
    try:
        _take(session, viewer.person_id, code, _limit_when_signed_in(viewer))
    except SignInFailed as refusal:
        raise Invalid(fields={"last_code": refusal.message}) from None
    end(session, viewer.person_id)
    audit.note(session, viewer.person_id, Action.REMOVED, "code app", viewer.person_id, None)


def end(session: Session, person_id: str) -> None:
    """Forget a person's app and recovery codes."""
    sign_in_challenges.forget(session, person_id)
    session.execute(delete(CodeApp).where(CodeApp.person_id == person_id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))


def _take(session: Session, person_id: str, code: str, limit: Limit) -> None:
    taken = attempts.take(session, [limit])
    if not (_take_app_code(session, person_id, code) or _take_recovery_code(session, person_id, code)):
        sign_in.note_failure(session, person_id, "code")
        raise SignInFailed(_WRONG)
    attempts.give_back(session, taken)


def _take_app_code(session: Session, person_id: str, code: str) -> bool:
    secret = session.scalar(select(CodeApp.secret).where(
        CodeApp.person_id == person_id, CodeApp.confirmed_at.is_not(None)))
    step = _step_of(secret, code) if secret else None
    if step is None:
        return False
    # One statement, so that of two requests with the same code one alone moves the step on.
    moved = session.execute(update(CodeApp).where(CodeApp.person_id == person_id, CodeApp.last_step < step)
                            .values(last_step=step).returning(CodeApp.person_id))
    return moved.scalar_one_or_none() is not None


def _take_recovery_code(session: Session, person_id: str, code: str) -> bool:
    used = session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.code_hash == _recovery_hash(person_id, code), RecoveryCode.used_at.is_(None))
        .values(used_at=datetime.now(UTC)).returning(RecoveryCode.person_id))
    return used.scalar_one_or_none() is not None


def _step_of(secret: str, code: str) -> int | None:
    """The step the code is for: this one, the one before or the one after, since clocks differ."""
    typed, now = "".join(code.split()), int(datetime.now(UTC).timestamp()) // STEP_SECONDS
    app = pyotp.HOTP(secret)
    fitting = [step for step in (now - 1, now, now + 1) if compare_digest(app.at(step).encode(), typed.encode())]
    return max(fitting, default=None)


def _on_since(session: Session, person_id: str) -> datetime | None:
    return session.scalar(select(CodeApp.confirmed_at).where(CodeApp.person_id == person_id))


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_RECOVERY_LETTERS))
    return "-".join(letters[start:start + 4] for start in range(0, _RECOVERY_LETTERS, 4))


def _recovery_hash(person_id: str, code: str) -> str:
    """The same however it is typed, and another for everybody else."""
    typed = code.casefold().replace("o", "0").replace("i", "1").replace("l", "1")
    return sha256_of(f"recovery {person_id} " + "".join(letter for letter in typed if letter in _ALPHABET))


def _limit_when_signed_in(viewer: Viewer) -> Limit:
    return Limit(f"code:{viewer.person_id}:signed in", TRIES)
