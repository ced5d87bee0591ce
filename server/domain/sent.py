"""What phones send, read from untrusted fields into plain objects. Every `read_` raises Invalid."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from server.domain.consent import ForWhom, Given, Use
from server.domain.fields import Fields
from server.domain.hashes import is_sha256
from server.domain.sync import EARLIEST, plain_receipt_code, receipt_code_hash

QUOTE_CHARACTERS = 5000
DEVICE_LETTERS = 120
APP_VERSION_LETTERS = 40
MOST_UNSENT = 1_000_000
MOST_UNSENT_BYTES = 2**50
_CROCKFORD = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
_MOST_PARTS = 100_000


@dataclass(frozen=True)
class SentConsent:
    id: str
    project_id: str
    story_id: str
    wording_id: str
    answers: dict[Use, bool]
    how: Given
    for_whom: ForWhom
    given_at: datetime


@dataclass(frozen=True)
class SentStory:
    """`receipt_code_hash` stands for the code, which the server never keeps."""

    id: str
    project_id: str
    conversation_id: str
    conversation_started_at: datetime
    conversation_place: str
    pseudonym: str
    told_at: datetime
    place: str
    receipt_code_hash: str


@dataclass(frozen=True)
class SentQuote:
    id: str
    story_id: str
    text: str
    written_at: datetime


@dataclass(frozen=True)
class SentDevice:
    """What a phone says of itself. `unsent` counts what only it has; `oldest_unsent_at` is by its own clock."""

    id: str
    label: str
    app_version: str
    unsent: int
    unsent_bytes: int
    oldest_unsent_at: datetime | None


class PartKind(StrEnum):
    """What can be sent as a file."""

    RECORDING = "recording"
    PHOTO = "photo"


@dataclass(frozen=True)
class SentPart:
    """A file announced over tus. `length` is bytes, `started_at` the phone's own time; `metadata` is as sent."""

    id: str
    kind: PartKind
    story_id: str
    sha256: str
    length: int
    started_at: datetime
    description: str
    position: int
    metadata: str


def read_consent(content: Mapping[str, Any], address_id: str) -> SentConsent:
    fields = _fields(content, address_id)
    answers = fields.object("answers")
    sent = SentConsent(
        id=address_id, project_id=fields.id("project_id"), story_id=fields.id("story_id"),
        wording_id=fields.id("wording_id"), answers={use: answers.flag(use.value) for use in Use},
        how=fields.choice("how", Given), for_whom=fields.choice("for_whom", ForWhom),
        given_at=fields.instant("given_at"))
    fields.done()
    return sent


def read_story(content: Mapping[str, Any], address_id: str) -> SentStory:
    fields = _fields(content, address_id)
    conversation = fields.object("conversation")
    sent = SentStory(
        id=address_id, project_id=fields.id("project_id"), conversation_id=conversation.id("id"),
        conversation_started_at=conversation.instant("started_at"),
        conversation_place=conversation.text("place", most=120), pseudonym=fields.text("pseudonym", least=1, most=80),
        told_at=fields.instant("told_at"), place=fields.text("place", most=120),
        receipt_code_hash=_receipt_code(fields))
    fields.done()
    return sent


def read_quote(content: Mapping[str, Any], address_id: str) -> SentQuote:
    fields = _fields(content, address_id)
    sent = SentQuote(id=address_id, story_id=fields.id("story_id"), written_at=fields.instant("written_at"),
                     text=fields.text("text", least=1, most=QUOTE_CHARACTERS))
    fields.done()
    return sent


def read_device(content: Mapping[str, Any], address_id: str) -> SentDevice:
    fields = Fields(content)
    oldest = fields.instant("oldest_unsent_at") if content.get("oldest_unsent_at") is not None else None
    sent = SentDevice(
        id=address_id, label=fields.text("label", most=DEVICE_LETTERS), oldest_unsent_at=oldest,
        app_version=fields.text("app_version", most=APP_VERSION_LETTERS),
        unsent=fields.count("unsent", most=MOST_UNSENT),
        unsent_bytes=fields.count("unsent_bytes", most=MOST_UNSENT_BYTES))
    fields.done()
    return sent


def read_part(metadata: Mapping[str, str], length: int, as_sent: str) -> SentPart:
    """From tus metadata; what else a phone says of the file (its type, its length in time) is measured here instead."""
    fields = Fields(metadata)
    kind = fields.choice("kind", PartKind)
    digest = metadata.get("sha256", "").lower()
    if not is_sha256(digest):
        fields.refuse("sha256", "This must be the SHA-256 of the whole file as 64 hexadecimal digits.")
    sent = SentPart(
        id=fields.id("id"), kind=kind, story_id=fields.id("story_id"), sha256=digest, length=length,
        started_at=fields.instant("started_at") if kind is PartKind.RECORDING else EARLIEST,
        description=fields.text("description", most=2000) if "description" in metadata else "",
        position=fields.number("position", most=_MOST_PARTS), metadata=as_sent)
    fields.done()
    return sent


def _fields(content: Mapping[str, Any], address_id: str) -> Fields:
    fields = Fields(content)
    if fields.id("id") not in ("", address_id):
        fields.refuse("id", "This is another id than the one in the address.")
    return fields


def _receipt_code(fields: Fields) -> str:
    """Crockford's base32 (crockford.com/base32.html): 26 characters are 130 bits."""
    code = fields.text("receipt_code", least=26, most=40)
    if code and not _CROCKFORD.fullmatch(plain_receipt_code(code)):
        fields.refuse("receipt_code", "This must be 26 letters and digits without the letter U.")
    return receipt_code_hash(code)
