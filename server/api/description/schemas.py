"""The shapes of what is sent and answered, as JSON Schema 2020-12."""

from typing import Any

from server.domain.consent import EvidenceKind, ForWhom, Given, Use
from server.domain.consent_wording import Reading
from server.domain.embargo import REASON_LETTERS
from server.domain.sent import MOST_GROUPS, MOST_PARTICIPANTS, NAME_LETTERS, OWN_WORDS_LETTERS, QUOTE_CHARACTERS
from server.problems import STATUS

Schema = dict[str, Any]

ID: Schema = {"type": "string", "format": "uuid", "description": "A UUID made by whoever made the thing."}
TIME: Schema = {"type": "string", "format": "date-time", "description": "ISO 8601 with an offset, from 1970 to 9999."}
SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
COUNT: Schema = {"type": "integer", "minimum": 0}
TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
USE: Schema = {"enum": [use.value for use in Use]}
LANGUAGE: Schema = {"type": "string", "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", "maxLength": 35,
                    "description": "BCP 47, such as en, cy or ur."}
READING: Schema = {"enum": [reading.value for reading in Reading]}


def reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def text(most: int, *, least: int = 0, **more: Any) -> Schema:
    return {"type": "string", "minLength": least, "maxLength": most} | more


def shape(description: str, optional: tuple[str, ...] = (), /, **properties: Schema) -> Schema:
    """An object; all its properties are required but the optional ones."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "description": description, "properties": properties, "required": required}


def or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def rows(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_CODE: Schema = text(40, least=26, description=(
    "Made on the phone from 130 random bits: 26 characters of Crockford's base32; dashes are ignored. The server keeps "
    "its hash alone."))
_KIND: Schema = {"enum": ["consent", "story", "quote", "manifest", "recording", "segment", "photo", "evidence",
                          "withdrawal"]}
_RECEIPT: dict[str, Schema] = {
    "id": ID, "kind": _KIND,
    "sha256": SHA256 | {"description": "Of the file for media, otherwise of the exact bytes of the request."},
    "bytes": COUNT, "received_at": TIME,
    "notices": rows(shape("Something to tell the researcher. Only in answers to PUT.", code={"enum": ["clock_wrong"]},
                          message=TEXT)),
}

SCHEMAS: dict[str, Schema] = {
    "Problem": shape(
        "A refusal. `code` never changes meaning; `message` says what to do next and may be shown to people.",
        ("fields",), type=TEXT, title=TEXT, status={"type": "integer"}, code={"enum": sorted(STATUS)}, message=TEXT,
        fields={"type": "object", "description": "What is wrong, by the name of the field.",
                "additionalProperties": TEXT}),
    "Session": shape(
        "Who is signed in. There is no CSRF token beside a key.", person=shape("", id=ID, name=TEXT),
        csrf_token={"type": ["string", "null"]}, server_time=TIME,
        rescue_key={"anyOf": [{"type": "null"}, shape(
            "What the phone seals to the server. `public_key` is an uncompressed point of P-256 in base64. It is null "
            "while a full or busy disk keeps the first one from being made.", id=ID, public_key=TEXT)]}),
    "Consent": shape(
        "One agreement. A story that is asked about again has several. One that was given and has come after another "
        "takes its place; of two whose order is in doubt, what both agree to holds. Each of several participants has "
        "consents of their own, and what all of them agree to holds.",
        ("participant_id", "wording_sha256", "language", "reading", "agreed_by", "interpreter", "witness", "evidence"),
        id=ID,
        project_id=ID, story_id=ID, wording_id=ID, answers=shape("", (), **{use.value: FLAG for use in Use}),
        how={"enum": [given.value for given in Given if given is not Given.RECEIPT]},
        for_whom={"enum": [whom.value for whom in ForWhom]},
        given_at=TIME, participant_id=or_null(ID), wording_sha256=or_null(SHA256 | {"description": (
            "Of the text that was read, as published in this language and reading; otherwise `wording_mismatch`.")}),
        language=LANGUAGE, reading=READING,
        agreed_by=text(NAME_LETTERS, description="Who agreed for the participant; empty for themselves."),
        interpreter=text(NAME_LETTERS), witness=text(NAME_LETTERS), evidence=or_null(shape(
            "What shows the agreement; its file comes over tus and must have this hash.", id=ID,
            kind={"enum": [kind.value for kind in EvidenceKind]}, sha256=SHA256))),
    "Story": shape(
        "A story; its parts are sent on their own. Stories of one conversation name the same conversation. One that "
        "several people told names them all, and is held until a consent of each has come.",
        ("participants", "embargo"), id=ID,
        project_id=ID, conversation=shape("", id=ID, started_at=TIME, place=text(120)), pseudonym=text(80, least=1),
        told_at=TIME, place=text(120),
        receipt_code=_CODE, participants={
            "type": ["array", "null"], "minItems": 1, "maxItems": MOST_PARTICIPANTS,
            "items": shape("One of those who told it. The first has the story's own receipt code.",
                           ("own_words", "groups"), id=ID, pseudonym=text(80, least=1), receipt_code=_CODE,
                           own_words=or_null(text(OWN_WORDS_LETTERS, description=(
                               "How they describe themselves, in their own words; left out where they do not."))),
                           groups=or_null({"type": "array", "items": ID, "maxItems": MOST_GROUPS, "description": (
                               "Which groups of the project they said they belong to. One that the project does not "
                               "have is passed over.")}))},
        embargo=or_null(shape(
            "A worry about somebody's safety: nothing of the story leaves until the named person lifts it. Where "
            "nobody is named, or they may not be, administrators are asked.", ("named_id",), id=ID,
            reason=text(REASON_LETTERS, least=1), named_id=or_null(ID)))),
    "Quote": shape("Something said, kept word for word; of one participant, where it is known of whom.",
                   ("participant_id",), id=ID, story_id=ID, text=text(QUOTE_CHARACTERS, least=1),
                   written_at=TIME, participant_id=or_null(ID)),
    "Receipt": shape("What the server holds.", ("notices",), **_RECEIPT),
    "HeldReceipt": shape("What the server holds and shows to nobody yet.", (), **_RECEIPT, held={"const": True}),
    "NotYet": shape(
        "It came, and the phone keeps its own copy for now. `being_stored`: it is being copied into the store and read "
        "back. `held`: the consent or the story it belongs to has not come.",
        id=ID, kind=_KIND, state={"enum": ["being_stored", "held"]}),
}
