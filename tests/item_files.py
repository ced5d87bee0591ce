"""Writing a file as a phone does that saves what it cannot send: by hand, from the words of the format."""

import base64
import hashlib
import io
import json
from collections.abc import Iterable
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

FIRST_LINE = b"EARSHOT-ITEM 1\n"
FRAME_BYTES = 1024 * 1024
SAVED_AT = "2026-05-04T12:30:00+00:00"


def entry_of(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """Something that a phone would PUT."""
    text = json.dumps(body, ensure_ascii=False)
    return {"kind": kind, "id": body["id"], "story_id": body.get("story_id", body["id"]), "body": text,
            "metadata": None, "bytes": len(text.encode()), "sha256": hashlib.sha256(text.encode()).hexdigest()}


def file_entry_of(content: bytes, metadata: dict[str, Any]) -> dict[str, Any]:
    """A file that a phone would announce with this metadata."""
    digest = hashlib.sha256(content).hexdigest()
    return {"kind": metadata["kind"], "id": metadata["id"], "story_id": metadata["story_id"], "body": None,
            "metadata": {"sha256": digest} | metadata, "bytes": len(content), "sha256": digest}


def opening(person_id: str, told: Iterable[dict[str, Any]], **changes: Any) -> bytes:
    content = {"version": 1, "person_id": person_id, "saved_at": SAVED_AT, "entries": list(told)} | changes
    return json.dumps(content, ensure_ascii=False).encode() + b"\n"


def sealed(public_key: bytes, key_id: str, plain: bytes, *, ephemeral: ec.EllipticCurvePrivateKey | None = None,
           frame_bytes: int = FRAME_BYTES, empty_after: int | None = None) -> bytes:
    """The whole file with this inside, sealed to this point. `empty_after`: where a frame with nothing in it comes."""
    mine = ephemeral or ec.generate_private_key(ec.SECP256R1())
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    key = HKDF(SHA256(), 32, salt=b"", info=b"earshot item 1").derive(mine.exchange(ec.ECDH(), theirs))
    point = mine.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    to = {"key_id": key_id, "ephemeral": base64.b64encode(point).decode()}
    blocks = [plain[start:start + frame_bytes] for start in range(0, len(plain), frame_bytes)] or [b""]
    if empty_after is not None:
        blocks.insert(empty_after, b"")
    sink = io.BytesIO()
    sink.write(FIRST_LINE + json.dumps(to, separators=(",", ":")).encode() + b"\n")
    for number, block in enumerate(blocks):
        sink.write(_frame(AESGCM(key), number, block, is_last=number == len(blocks) - 1))
    return sink.getvalue()


def _frame(cipher: AESGCM, number: int, block: bytes, *, is_last: bool) -> bytes:
    ciphertext = cipher.encrypt(number.to_bytes(12), block, number.to_bytes(4) + bytes([is_last]))
    return len(ciphertext).to_bytes(4) + ciphertext
