"""What a phone asks for itself, and how it says that a story is taken back."""

from typing import Any

from server.api.description.operations import CSRF, DEVICE_TIME, UNSAFE, answer, in_path, operation
from server.api.description.schemas import ID, SHA256, TEXT, TIME, Schema, or_null, reference, rows, shape, text
from server.domain.sent import MOST_PARTICIPANTS
from server.domain.sent_unlock import SEALED_LETTERS
from server.domain.sent_withdrawal import REASON_LETTERS

_BODY = ("not_found", "invalid", "bad_request", "wrong_content_type", "too_large")


def _body(schema: str) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": reference(schema)}}}


PHONE_SCHEMAS: dict[str, Schema] = {
    "Withdrawal": shape(
        "Somebody takes their story back. The server may never have seen it: then it takes nothing of it, ever.",
        ("receipt_code_hashes",), id=ID, project_id=ID, story_id=ID, reason=text(REASON_LETTERS), withdrawn_at=TIME,
        receipt_code_hashes=or_null(rows(SHA256) | {"maxItems": MOST_PARTICIPANTS, "description": (
            "The SHA-256 of each receipt code of those who told it, as 26 characters without dashes, in upper case. By "
            "them their receipts say that a story which never came was taken back, and a colleague may withdraw one "
            "that came. A code of another story is left out.")})),
    "Unlock": shape(
        "The phone's key as it was sealed to `rescue_key` of GET /session, in base64: an uncompressed point of P-256, "
        "an IV of 12 bytes, and AES-256-GCM under HKDF-SHA-256 of the ECDH secret, info `earshot key 1`, "
        "the phone's id and the person's, with spaces between.",
        sealed=text(SEALED_LETTERS, least=1), password=TEXT),
    "Unlocked": shape("What was sealed, in base64.", secret=TEXT),
}

PHONE_PATHS: dict[str, Any] = {
    "/withdrawals/{withdrawal_id}": {
        "parameters": [in_path("withdrawal_id")],
        "put": operation(
            "put_withdrawal", "parts", "Withdraw a story, whether it was sent or not",
            {"201": answer("The story has ended.", "Receipt"),
             "200": answer("It was sent before: the first receipt.", "Receipt"),
             "202": answer("The story has ended, and a restored backup could still forget that: the phone remembers it "
                           "and sends the same again later.", "HeldReceipt")},
            (*UNSAFE, *_BODY, "same_id_other_content"), parameters=[CSRF, DEVICE_TIME],
            requestBody=_body("Withdrawal"))},
    "/devices/{device_id}/unlock": {
        "parameters": [in_path("device_id")],
        "post": operation(
            "unlock_device", "phone", "Get a phone's own key back where its PIN was forgotten",
            {"200": answer("The key.", "Unlocked")},
            (*UNSAFE, *_BODY, "sign_in_failed", "too_many_attempts", "seal_broken"), parameters=[CSRF],
            requestBody=_body("Unlock"))},
}
