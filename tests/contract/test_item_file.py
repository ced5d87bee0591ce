"""The server opens exactly what the phone writes: the phone's tests write the same file from the same keys."""

import base64
import io
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from server.sealing.item_file import ItemFile
from server.sealing.keys import open_phone_key, public_point
from tests.item_files import sealed

EXAMPLE = json.loads((Path(__file__).parent / "item_file.json").read_text(encoding="utf-8"))
KEY_ID, PUBLIC_KEY = EXAMPLE["rescue_key"]["id"], base64.b64decode(EXAMPLE["rescue_key"]["public_key"])


def key_of(jwk: dict[str, str]) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(base64.urlsafe_b64decode(jwk["d"] + "=")), ec.SECP256R1())


PRIVATE_KEY = key_of(EXAMPLE["rescue_key"]["private_jwk"]).private_bytes(
    Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def test_the_server_opens_the_phones_file() -> None:
    opened = ItemFile(io.BytesIO(base64.b64decode(EXAMPLE["file"])), {KEY_ID: PRIVATE_KEY}.get)
    item, expected = opened.item, EXAMPLE["item"]
    assert item.person_id == expected["person_id"]
    assert [{"kind": entry.kind, "id": entry.id, "story_id": entry.story_id, "bytes": entry.size,
             "sha256": entry.sha256, "metadata": entry.metadata,
             "body": entry.body.content.decode() if entry.body else None}
            for entry in item.entries] == expected["entries"]
    assert [b"".join(file.blocks) for file in opened.files()] == [base64.b64decode(file) for file in EXAMPLE["files"]]


def test_written_again_from_the_same_keys_it_is_the_same_file() -> None:
    plain = json.dumps(EXAMPLE["item"], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    plain += b"".join(base64.b64decode(file) for file in EXAMPLE["files"])
    again = sealed(PUBLIC_KEY, KEY_ID, plain, ephemeral=key_of(EXAMPLE["ephemeral_jwk"]),
                   frame_bytes=EXAMPLE["frame_bytes"])
    assert base64.b64encode(again).decode() == EXAMPLE["file"]


def test_the_server_opens_what_the_phone_sealed_for_a_forgotten_pin() -> None:
    assert public_point(PRIVATE_KEY) == PUBLIC_KEY
    example = EXAMPLE["sealed_key"]
    opened = open_phone_key(PRIVATE_KEY, base64.b64decode(example["sealed"]), example["device_id"],
                            example["person_id"])
    assert opened == base64.b64decode(example["secret"])
