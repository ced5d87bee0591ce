"""Giving a phone whose PIN was forgotten its own key back, which it once sealed to the server."""

from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.audit import Action
from server.services import audit, devices, rescue_keys, sign_in
from server.services.sign_in import Try


def open_phone(session: Session, viewer: Viewer, device_id: str, tried: Try, sealed: bytes) -> bytes:
    """The phone's key, for whoever it was sealed for on this phone, has the phone, and has just given their password.

    Raises NotFound, DeviceRevoked, SignInFailed when the password was changed meanwhile, SealBroken.
    """
    devices.require_own(session, viewer, device_id)
    sign_in.succeed(session, tried)
    secret = rescue_keys.open_sealed(session, sealed, device_id, viewer.person_id)
    audit.note(session, viewer.person_id, Action.UNLOCKED, "device", device_id, None)
    return secret


def note_broken_seal(session: Session, viewer: Viewer, device_id: str) -> None:
    """Enter in the audit that somebody with the right password asked for what was never sealed for them on this phone.

    The front door commits it although the request failed.
    """
    audit.note(session, viewer.person_id, Action.UNLOCK_FAILED, "device", device_id, None)
