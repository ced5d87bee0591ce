"""A device that keeps one passkey, written from the standard (WebAuthn level 3, 6.1 and 6.5), for tests.

It can also do what no honest device does: sign for another site, skip its owner, or turn its counter back.
"""

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, KEY_FOLLOWS = 0x01, 0x04, 0x40


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Authenticator:
    """`counter` is what the next signature carries. `origin` and `site` are what the browser says where it is."""

    origin: str
    site: str
    counter: int = 0
    verifies: bool = True
    user_handle: str | None = None
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))

    def make(self, options: str) -> str:
        """The answer to a question for a new passkey."""
        asked = json.loads(options)
        self.user_handle = asked["user"]["id"]
        client = self._client("webauthn.create", asked["challenge"])
        numbers = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})
        length = len(self.credential_id).to_bytes(2)
        auth = self._authenticator_part(KEY_FOLLOWS) + bytes(16) + length + self.credential_id + public
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": auth})
        return self._answer(clientDataJSON=_text(client), attestationObject=_text(attestation))

    def sign(self, options: str) -> str:
        """The answer to a question for a sign-in."""
        client = self._client("webauthn.get", json.loads(options)["challenge"])
        auth = self._authenticator_part(0)
        signature = self.key.sign(auth + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=_text(client), authenticatorData=_text(auth), signature=_text(signature),
                            userHandle=self.user_handle)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _authenticator_part(self, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4)

    def _answer(self, **response: Any) -> str:
        named = _text(self.credential_id)
        return json.dumps({"id": named, "rawId": named, "type": "public-key", "response": response})
