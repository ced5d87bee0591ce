"""The shapes of what is sent and answered, as JSON Schema 2020-12."""

from typing import Any

from server.domain.consent import ForWhom, Given, Use
from server.domain.sent import QUOTE_CHARACTERS
from server.problems import STATUS

Schema = dict[str, Any]

ID: Schema = {"type": "string", "format": "uuid", "description": "A UUID made by whoever made the thing."}
TIME: Schema = {"type": "string", "format": "date-time", "description": "ISO 8601 with an offset, from 1970 to 9999."}
SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
COUNT: Schema = {"type": "integer", "minimum": 0}


def reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def text(most: int, *, least: int = 0, **more: Any) -> Schema:
    return {"type": "string", "minLength": least, "maxLength": most} | more


def shape(description: str, optional: tuple[str, ...] = (), **properties: Schema) -> Schema:
    """An object; all its properties are required but the optional ones."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "description": description, "properties": properties, "required": required}


def rows(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_USE: Schema = {"enum": [use.value for use in Use]}

SCHEMAS: dict[str, Schema] = {
    "Problem": shape(
        "A refusal. `code` never changes meaning; `message` says what to do next and may be shown to people.",
        ("fields",), type=_TEXT, title=_TEXT, status={"type": "integer"}, code={"enum": sorted(STATUS)}, message=_TEXT,
        fields={"type": "object", "description": "What is wrong, by the name of the field.",
                "additionalProperties": _TEXT}),
    "Session": shape(
        "Who is signed in. There is no CSRF token beside a key.", person=shape("", id=ID, name=_TEXT),
        csrf_token={"type": ["string", "null"]}, server_time=TIME),
    "Wording": shape(
        "The consent wording to show now.", id=ID, version={"type": "integer", "minimum": 1}, title=_TEXT,
        introduction=_TEXT,
        uses=rows(shape("One question, in the order to ask them.", use=_USE, question=_TEXT, explanation=_TEXT))),
    "Project": shape(
        "Everything needed to collect for a project without a signal.", id=ID, name=_TEXT, introduction=_TEXT,
        is_demo=_FLAG, wording=reference("Wording"), prompts=rows(shape("", id=ID, text=_TEXT)),
        places={"type": "array", "items": _TEXT,
                "description": "Where this person collected stories before, latest first."}),
    "Projects": shape("The projects the person collects for.", projects=rows(reference("Project"))),
    "Consent": shape(
        "One agreement. A story that is asked about again has several; the last to arrive counts.", id=ID,
        project_id=ID, story_id=ID, wording_id=ID, answers=shape("", (), **{use.value: _FLAG for use in Use}),
        how={"enum": [given.value for given in Given]}, for_whom={"enum": [whom.value for whom in ForWhom]},
        given_at=TIME),
    "Story": shape(
        "A story; its parts are sent on their own. Stories of one conversation name the same conversation.", id=ID,
        project_id=ID, conversation=shape("", id=ID, started_at=TIME, place=text(120)), pseudonym=text(80, least=1),
        told_at=TIME, place=text(120),
        receipt_code=text(40, least=26, description=(
            "Made on the phone from 130 random bits: 26 characters of Crockford's base32; dashes are ignored. The "
            "server keeps its hash alone."))),
    "Quote": shape("Something said, kept word for word.", id=ID, story_id=ID, text=text(QUOTE_CHARACTERS, least=1),
                   written_at=TIME),
    "Receipt": shape(
        "What the server holds.", ("notices",), id=ID,
        kind={"enum": ["consent", "story", "quote", "recording", "photo"]},
        sha256=SHA256 | {"description": "Of the file for media, otherwise of the exact bytes of the request."},
        bytes=COUNT, received_at=TIME,
        notices=rows(shape("Something to tell the researcher. Only in answers to PUT.", code={"enum": ["clock_wrong"]},
                           message=_TEXT))),
}
