"""What phones send, read from untrusted fields into plain objects. Every `read_` raises Invalid."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from server.domain.consent import EvidenceKind, ForWhom, Given, People, Use
from server.domain.consent_wording import Reading
from server.domain.embargo import SentEmbargo, read_embargo
from server.domain.fields import Fields, at_address
from server.domain.sync import EARLIEST, plain_receipt_code, receipt_code_hash

QUOTE_CHARACTERS = 5000
NAME_LETTERS = 120
PEOPLE_LETTERS = 500
MOST_PARTICIPANTS = 40
OWN_WORDS_LETTERS = 500
MOST_GROUPS = 100
DEVICE_LETTERS = 120
APP_VERSION_LETTERS = 40
MOST_UNSENT = 1_000_000
MOST_UNSENT_BYTES = 2**50
_CROCKFORD = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_MOST_PARTS = 100_000


@dataclass(frozen=True)
class SentEvidence:
    """What shows that somebody agreed; the file itself is sent later, and must have this hash."""

    id: str
    kind: EvidenceKind
    sha256: str


@dataclass(frozen=True)
class SentConsent:
    """Phones of before say nothing of what comes after `given_at`. Names are empty where nobody stood in."""

    id: str
    project_id: str
    story_id: str
    wording_id: str
    answers: dict[Use, bool]
    how: Given
    for_whom: ForWhom
    given_at: datetime
    participant_id: str | None = None
    wording_sha256: str | None = None
    language: str = ""
    reading: Reading | None = None
    agreed_by: str = ""
    interpreter: str = ""
    witness: str = ""
    evidence: SentEvidence | None = None


@dataclass(frozen=True)
class SentParticipant:
    """One of those who told a story, and the hash of their own receipt code.

    `own_words` is how they describe themselves, `groups` the ids of those they said they belong to. Both are empty
    where they said nothing, and phones of before leave them out.
    """

    id: str
    pseudonym: str
    receipt_code_hash: str
    own_words: str = ""
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class SentStory:
    """`receipt_code_hash` stands for the code, which the server never keeps. `embargo` holds the story back from the
    moment it is here; phones of before leave it out."""

    id: str
    project_id: str
    conversation_id: str
    conversation_started_at: datetime
    conversation_place: str
    pseudonym: str
    told_at: datetime
    place: str
    receipt_code_hash: str
    participants: tuple[SentParticipant, ...] = ()
    embargo: SentEmbargo | None = None


@dataclass(frozen=True)
class SentQuote:
    """`participant_id` says whose words these are, where there were several."""

    id: str
    story_id: str
    text: str
    written_at: datetime
    participant_id: str | None = None


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

    RECORDING = "recording"  # whole, in one file
    SEGMENT = "segment"  # one of a recording's
    PHOTO = "photo"
    EVIDENCE = "evidence"  # of a consent


@dataclass(frozen=True)
class SentPart:
    """A file announced over tus. `length` is bytes, `started_at` the phone's own time; `metadata` is as sent.

    A segment's `position` is its number in the recording `recording_id`. Evidence names its consent, a photo may say
    who can be seen in it.
    """

    id: str
    kind: PartKind
    story_id: str
    sha256: str
    length: int
    started_at: datetime
    description: str
    position: int
    metadata: str
    recording_id: str = ""
    consent_id: str = ""
    evidence_kind: EvidenceKind | None = None
    people: People | None = None
    people_note: str = ""


def read_consent(content: Mapping[str, Any], address_id: str) -> SentConsent:
    fields = at_address(content, address_id)
    answers = fields.object("answers")
    sent = SentConsent(
        id=address_id, project_id=fields.id("project_id"), story_id=fields.id("story_id"),
        wording_id=fields.id("wording_id"), answers={use: answers.flag(use.value) for use in Use},
        how=fields.choice("how", Given), for_whom=fields.choice("for_whom", ForWhom),
        given_at=fields.instant("given_at"), participant_id=fields.id_or_none("participant_id"),
        wording_sha256=fields.sha256("wording_sha256") if content.get("wording_sha256") is not None else None,
        language=_language(fields), reading=fields.choice_or_none("reading", Reading),
        agreed_by=fields.text_or_empty("agreed_by", most=NAME_LETTERS),
        interpreter=fields.text_or_empty("interpreter", most=NAME_LETTERS),
        witness=fields.text_or_empty("witness", most=NAME_LETTERS), evidence=_evidence(fields))
    if sent.how is Given.RECEIPT:
        fields.refuse("how", "Only the receipt page says this.")
    fields.done()
    return sent


def read_story(content: Mapping[str, Any], address_id: str) -> SentStory:
    fields = at_address(content, address_id)
    conversation = fields.object("conversation")
    sent = SentStory(
        id=address_id, project_id=fields.id("project_id"), conversation_id=conversation.id("id"),
        conversation_started_at=conversation.instant("started_at"),
        conversation_place=conversation.text("place", most=120), pseudonym=fields.text("pseudonym", least=1, most=80),
        told_at=fields.instant("told_at"), place=fields.text("place", most=120),
        receipt_code_hash=_receipt_code(fields), participants=_participants(fields, content),
        embargo=read_embargo(fields))
    if sent.participants and sent.participants[0].receipt_code_hash != sent.receipt_code_hash:
        fields.refuse("receipt_code", "This must be the code of the first participant.")
    fields.done()
    return sent


def read_quote(content: Mapping[str, Any], address_id: str) -> SentQuote:
    fields = at_address(content, address_id)
    sent = SentQuote(id=address_id, story_id=fields.id("story_id"), written_at=fields.instant("written_at"),
                     text=fields.text("text", least=1, most=QUOTE_CHARACTERS),
                     participant_id=fields.id_or_none("participant_id"))
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
    is_segment, is_evidence = kind is PartKind.SEGMENT, kind is PartKind.EVIDENCE
    if is_segment and "number" not in metadata:
        fields.refuse("number", "This must be the number of the segment in its recording, from 0 up.")
    sent = SentPart(
        id=fields.id("id"), kind=kind, story_id=fields.id("story_id"), sha256=fields.sha256("sha256"), length=length,
        started_at=EARLIEST if kind is PartKind.PHOTO else fields.instant("started_at"),
        description=fields.text("description", most=2000) if "description" in metadata else "",
        position=fields.number("number" if is_segment else "position", most=_MOST_PARTS), metadata=as_sent,
        recording_id=fields.id("recording_id") if is_segment else "",
        consent_id=fields.id("consent_id") if is_evidence else "",
        evidence_kind=fields.choice("evidence_kind", EvidenceKind) if is_evidence else None,
        people=fields.choice_or_none("people", People), people_note=fields.text_or_empty(
            "people_note", most=PEOPLE_LETTERS))
    fields.done()
    return sent


def _language(fields: Fields) -> str:
    """The shape of BCP 47, not its registry."""
    code = fields.text_or_empty("language", most=35)
    if code and not _LANGUAGE.fullmatch(code):
        fields.refuse("language", "This must be a language as BCP 47 has it, such as en or cy.")
    return code


def _evidence(fields: Fields) -> SentEvidence | None:
    found = fields.object_or_none("evidence")
    return SentEvidence(found.id("id"), found.choice("kind", EvidenceKind), found.sha256("sha256")) if found else None


def _participants(fields: Fields, content: Mapping[str, Any]) -> tuple[SentParticipant, ...]:
    """Those who told a story, each once."""
    if content.get("participants") is None:
        return ()
    found = tuple(
        SentParticipant(one.id("id"), one.text("pseudonym", least=1, most=80), _receipt_code(one),
                        one.text_or_empty("own_words", most=OWN_WORDS_LETTERS), one.ids("groups", most=MOST_GROUPS))
        for one in fields.objects("participants", least=1, most=MOST_PARTICIPANTS))
    if len({one.id for one in found}) < len(found) or len({one.receipt_code_hash for one in found}) < len(found):
        fields.refuse("participants", "Each participant needs an id and a receipt code of their own.")
    return found


def _receipt_code(fields: Fields) -> str:
    """Crockford's base32 (crockford.com/base32.html): 26 characters are 130 bits."""
    code = fields.text("receipt_code", least=26, most=40)
    if code and not _CROCKFORD.fullmatch(plain_receipt_code(code)):
        fields.refuse("receipt_code", "This must be 26 letters and digits without the letter U.")
    return receipt_code_hash(code)
