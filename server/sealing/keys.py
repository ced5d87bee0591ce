"""A key pair on the curve P-256, and the key that a phone and the server agree on with it.

ECDH (NIST SP 800-56A), then HKDF-SHA-256 (RFC 5869) with an empty salt; what is sealed is AES-256-GCM. Browsers have
all three (Web Cryptography).
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from server.domain.errors import SealBroken

POINT_BYTES = 65
_IV_BYTES, _TAG_BYTES, _KEY_BYTES = 12, 16, 32
_OF_A_PHONES_LOCK = "earshot key 1"


def make_private_key() -> bytes:
    """A new key pair as PKCS 8 in DER."""
    made = ec.generate_private_key(ec.SECP256R1())
    return made.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def public_point(private_key: bytes) -> bytes:
    """The public half as an uncompressed point."""
    return _loaded(private_key).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def agreed_key(private_key: bytes, point: bytes, purpose: bytes) -> AESGCM:
    """The cipher that only we and whoever made this point have. Raises SealBroken for what is no point."""
    if len(point) != POINT_BYTES:
        raise SealBroken
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise SealBroken from None
    shared = _loaded(private_key).exchange(ec.ECDH(), theirs)
    return AESGCM(HKDF(SHA256(), _KEY_BYTES, salt=None, info=purpose).derive(shared))


def open_phone_key(private_key: bytes, sealed: bytes, device_id: str, person_id: str) -> bytes:
    """What this phone sealed for this person: the point, an IV and the ciphertext. Raises SealBroken."""
    point, iv = sealed[:POINT_BYTES], sealed[POINT_BYTES:POINT_BYTES + _IV_BYTES]
    ciphertext = sealed[POINT_BYTES + _IV_BYTES:]
    if len(ciphertext) < _TAG_BYTES:
        raise SealBroken
    purpose = f"{_OF_A_PHONES_LOCK} {device_id} {person_id}".encode()
    try:
        return agreed_key(private_key, point, purpose).decrypt(iv, ciphertext, None)
    except InvalidTag:
        raise SealBroken from None


def _loaded(private_key: bytes) -> ec.EllipticCurvePrivateKey:
    found = load_der_private_key(private_key, password=None)
    assert isinstance(found, ec.EllipticCurvePrivateKey)
    return found
