"""Every refusal the product can give, each with a stable code.

A code is part of the interface: phones, integrators and tests match on it, so it never changes meaning.
`server/problems.py` maps codes to HTTP; the message says what to do next and is safe to show to anybody.
"""

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """Something asked for cannot be done. `code` is stable; `message` says what to do about it."""

    code = "refused"
    message = "That could not be done."

    def __init__(self, message: str | None = None, *, fields: dict[str, str] | None = None) -> None:
        self.message = message or type(self).message
        self.fields = fields or {}
        super().__init__(self.message)


class Invalid(Refusal):
    """What was sent does not have the right shape; `fields` says which part and why."""

    code = "invalid"
    message = "Some of what was sent is missing or wrong. Check it and send it again."


class VersionConflict(Refusal):
    """It is not as it was when somebody began to change it.

    `current` is what each field says now, and `version` the version to name when it is changed from there.
    """

    code = "version_conflict"
    message = "This was changed while you were writing. Nothing is lost. Look at both, then choose."

    def __init__(self, current: Mapping[str, Any], version: int) -> None:
        super().__init__()
        self.current = current
        self.version = version


class VersionMissing(VersionConflict):
    """A change that does not say what it started from."""

    code = "version_missing"
    message = "This page is too old to save from. Nothing is lost. Look at what is there now, then choose."


class NotFound(Refusal):
    """It does not exist, or this person may not know that it does: the two look the same."""

    code = "not_found"
    message = "We cannot find that. Check the address, or go back and choose it again."


class SignedOut(Refusal):
    code = "signed_out"
    message = "You are signed out. Sign in again to carry on. Nothing is lost."


class CsrfFailed(Refusal):
    code = "csrf_failed"
    message = "This page was open too long to be safe. Go back, reload it and try again."


class DeviceRevoked(Refusal):
    code = "device_revoked"
    message = "This phone was shut out. Ask an administrator of your project whether it can be let in again."


class TooManyAttempts(Refusal):
    """`wait_seconds` is how long until there is a try left."""

    code = "too_many_attempts"
    message = "There have been too many tries. Wait 15 minutes, then try again."

    def __init__(self, message: str | None = None, *, wait_seconds: int = 15 * 60) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds


class SignInFailed(Refusal):
    code = "sign_in_failed"
    message = "The email address or the password is not right. Check both and try again."


class LinkExpired(Refusal):
    code = "link_expired"
    message = "This link has been used already or is too old. Ask for a new one."


class LastAdministrator(Refusal):
    code = "last_administrator"
    message = "This is the last administrator. Invite another one first, then remove this one."


class LastLead(Refusal):
    code = "last_lead"
    message = "This is the last lead of this partner. Invite another one first, or have the partner leave the project."


class RoleHeldForAnother(Refusal):
    code = "role_held_for_another"
    message = "You hold this role here already, for somebody else. Ask an administrator to take it away first."


class SameIdOtherContent(Refusal):
    code = "same_id_other_content"
    message = "Something else was already stored under this id. Both are kept. Ask an administrator to look."


class Withdrawn(Refusal):
    code = "withdrawn"
    message = "This story was withdrawn. Nothing of it may be kept or sent."


class UseRefused(Refusal):
    code = "use_refused"
    message = "The person said no to this. It cannot be sent, and should be deleted from the phone."


class WordingMismatch(Refusal):
    """The words that somebody agreed to are not those of the version that is named."""

    code = "wording_mismatch"
    message = "These are not the words that the project published. Keep it on the phone and tell an administrator."


class EmptyFile(Refusal):
    code = "empty_file"
    message = "This file has nothing in it. Record or take it again if you can."


class TooLarge(Refusal):
    code = "too_large"
    message = "This file is too large to send. Ask an administrator for help."


class UnsupportedAudio(Refusal):
    code = "unsupported_audio"
    message = "This is not a sound file we can read. Send WebM, MP4, Ogg, FLAC, MP3, WAV or AAC."


class AudioDamaged(Refusal):
    code = "audio_damaged"
    message = "This recording is damaged and no sound could be read from it. Keep the copy on the phone."


class UnsupportedImage(Refusal):
    code = "unsupported_image"
    message = "This is not a photo we can read. Send JPEG, PNG, WebP or HEIC."


class ImageTooLarge(Refusal):
    code = "image_too_large"
    message = "This photo has too many pixels. Send a smaller copy."


class ImageDamaged(Refusal):
    code = "image_damaged"
    message = "This photo is damaged or cut short. Take it again, or send another copy."


class HashMismatch(Refusal):
    code = "hash_mismatch"
    message = "What arrived is not what was sent. It will be sent again from the start."


class ManifestMismatch(Refusal):
    code = "manifest_mismatch"
    message = "This part is not one of those the recording is made of. Keep it on the phone and tell an administrator."


class NothingMissing(Refusal):
    code = "nothing_missing"
    message = "No part of this recording is awaited any more. It is there, or is being put together. Look again soon."


class NothingCame(Refusal):
    code = "nothing_came"
    message = "No part of this recording that can be played has come yet, so nothing can be made of it."


class BeingStored(Refusal):
    """What came whole is not in the store yet."""

    code = "being_stored"
    message = "A part of this recording is here, and is being stored. Nothing is decided until then. Look again soon."


class MediaMissing(Refusal):
    code = "media_missing"
    message = "This file is not in the store. Tell an administrator."


class StorageFull(Refusal):
    code = "storage_full"
    message = "The server has no room left. Nothing is lost: keep it on the phone and try later."


class StoreUnavailable(Refusal):
    code = "store_unavailable"
    message = "The place where files are kept does not answer. Nothing is lost. Try again in a minute."


class WeightsMissing(Refusal):
    code = "weights_missing"
    message = "The speech model is not on this server, so there is no transcript yet. Run: make weights"


class VoicesMissing(WeightsMissing):
    code = "voices_missing"
    message = "The voice model is not on this server, so nobody is suggested as a speaker yet. Run: make weights"


class Unavailable(Refusal):
    code = "unavailable"
    message = "The server is busy. Nothing is lost. Try again in a minute."


class CheckInterrupted(Unavailable):
    """The look at a file was ended from outside or for want of memory, which says nothing of the file as yet.
    `damaged` is what the file is called when that goes on and on."""

    def __init__(self, damaged: type[Refusal]) -> None:
        super().__init__()
        self.damaged = damaged


class BadRequest(Refusal):
    """A program broke the protocol: people never cause this."""

    code = "bad_request"
    message = "This was not sent in the way the description of the interface asks for."


class WrongContentType(Refusal):
    code = "wrong_content_type"
    message = "This was sent as the wrong type of content."


class WrongTusVersion(Refusal):
    code = "wrong_tus_version"
    message = "Send files with tus 1.0.0."


class WrongOffset(Refusal):
    code = "wrong_offset"
    message = "The server has another number of bytes of this file. Ask it how many, then go on from there."


class UploadBusy(Refusal):
    code = "upload_busy"
    message = "This file is still arriving over an earlier connection. Try again in half a minute."


class TooMuchUnfinished(Refusal):
    code = "too_much_unfinished"
    message = "Too many files of yours are on their way already. They go on; this one waits for its turn on the phone."


class ChecksumMismatch(Refusal):
    code = "checksum_mismatch"
    message = "This piece was changed on its way here and was not kept. Send it again."


class SealBroken(Refusal):
    code = "seal_broken"
    message = "This was not sealed for this server, or it is damaged. Nothing on the phone was changed."


class NotAnItem(Refusal):
    code = "not_an_item"
    message = "This is not a file that Earshot saved on a phone, or it is from a newer Earshot. Choose another file."


class ItemOfAnotherServer(Refusal):
    code = "item_of_another_server"
    message = "This file was saved for another Earshot server, and only that one can open it."


class ItemDamaged(Refusal):
    code = "item_damaged"
    message = "This file is damaged or cut short. Nothing of it was taken in. Save it on the phone again."


class ItemOfAnotherProject(Refusal):
    code = "item_of_another_project"
    message = "Its story is not in this project. Bring it in where its story is, or in one file with its story."


class ItemOfNobodyHere(Refusal):
    code = "item_of_nobody_here"
    message = "Whoever saved this file does not collect for this project. Make them a researcher here, then try again."
