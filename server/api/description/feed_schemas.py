"""The shapes of what a device is told of, and of what it tells about itself."""

from server.api.description.schemas import (
    COUNT,
    FLAG,
    ID,
    LANGUAGE,
    READING,
    SHA256,
    TEXT,
    TIME,
    USE,
    Schema,
    or_null,
    reference,
    rows,
    shape,
    text,
)
from server.domain.consent_wording import MOST_MONTHS
from server.domain.phone_settings import LEAST_PHOTO_PIXELS, MOST_KEEP_HOURS, MOST_PHOTO_PIXELS
from server.domain.sent import APP_VERSION_LETTERS, DEVICE_LETTERS, MOST_UNSENT, MOST_UNSENT_BYTES
from server.domain.sync import ChangeKind

_VERSION: Schema = {"type": "integer", "minimum": 1}
_WORDS: dict[str, Schema] = {
    "title": TEXT, "introduction": TEXT,
    "uses": rows(shape("One question, in the order to ask them.", use=USE, question=TEXT, explanation=TEXT))}
_OF = {
    ChangeKind.PROJECT: "Project",
    ChangeKind.GUIDE: "Guide",
    ChangeKind.WORDING: "Wording",
    ChangeKind.CODEBOOK: "Codebook",
    ChangeKind.MEMBERSHIP: "Membership",
    ChangeKind.RECEIPT: "Receipt",
    ChangeKind.TOMBSTONE: "Tombstone",
}

FEED_SCHEMAS: dict[str, Schema] = {
    "Project": shape(
        "A project to collect for.", id=ID, name=TEXT, introduction=TEXT, is_demo=FLAG, version=_VERSION,
        places={"type": "array", "items": TEXT,
                "description": "Where this person collected stories before, latest first."},
        keep_hours={"type": "integer", "minimum": 0, "maximum": MOST_KEEP_HOURS,
                    "description": "How long to keep a file after its receipt has come."},
        photo_pixels={"type": "integer", "minimum": LEAST_PHOTO_PIXELS, "maximum": MOST_PHOTO_PIXELS,
                      "description": "The longer side of a photo, at most."},
        groups=rows(shape("A group whose voices the project hopes to hear, in the order in which to ask.", id=ID,
                          name=TEXT)),
        may_be_named=rows(shape("Somebody to whom this person may turn with a worry about somebody's safety.",
                                id=ID, name=TEXT))),
    "Guide": shape("What to ask, in order.", version=_VERSION, prompts=rows(shape(
        "", id=ID, text=TEXT, texts={"type": "object", "description": "The same in other languages, by their codes.",
                                     "additionalProperties": TEXT}))),
    "Wording": shape(
        "The consent wording to show now: its main text, and all of them.", id=ID, version=_VERSION, **_WORDS,
        months=or_null({"type": "integer", "minimum": 1, "maximum": MOST_MONTHS, "description": (
            "For how many months a yes lasts from when it was given; null where it has no end.")}),
        texts=rows(shape(
            "A text, the main one first. A consent names what was read by its `sha256`: of the UTF-8 of the JSON "
            "[language, reading, title, introduction, [[use, question, explanation], …]] without spaces.",
            language=LANGUAGE, reading=READING, sha256=SHA256, **_WORDS))),
    "Codebook": shape("The themes of a project.", themes=rows(
        shape("", id=ID, name=TEXT, description=TEXT, version=_VERSION))),
    "Membership": shape("Whether the person collects for the project now.", project_id=ID, collects=FLAG),
    "Tombstone": shape("A story was withdrawn: delete the copy on the phone.", withdrawn_at=TIME),
    "Change": shape(
        "Something is not as it was. What it is about stands under the name of its kind, as it is now. `id` is of a "
        "project, of what was sent for a receipt, of a story for a tombstone. Kinds that are not known here are to be "
        "passed over.",
        tuple(kind.value for kind in _OF), sequence=COUNT, kind={"enum": [kind.value for kind in ChangeKind]}, id=ID,
        project_id=ID, **{kind.value: reference(name) for kind, name in _OF.items()}),
    "Changes": shape(
        "Some changes in order. Kept with `next` in one transaction, nothing is ever missed. `reset`: the server has "
        "gone back to an older copy of itself and begins from the start; what is not told again is not there.",
        ("reset",), changes=rows(reference("Change")), next=COUNT, more=FLAG, reset={"const": True}),
    "Device": shape(
        "A phone, and what it holds that was not sent.", ("last_seen_at",), label=text(DEVICE_LETTERS),
        app_version=text(APP_VERSION_LETTERS), unsent=COUNT | {"maximum": MOST_UNSENT},
        unsent_bytes=COUNT | {"maximum": MOST_UNSENT_BYTES},
        oldest_unsent_at={"anyOf": [TIME, {"type": "null"}]}, last_seen_at=TIME | {"description": "In answers only."}),
}
