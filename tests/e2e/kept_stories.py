"""Stories that wait on a phone, put there as the first version kept them: many at once, without a tap for each."""

import base64
import hashlib
import io
import json
from dataclasses import dataclass, field
from typing import Any

from PIL import Image
from playwright.sync_api import Page

from server.domain.access import Role
from tests.e2e.first_version import KEEP
from tests.e2e.people import People

TOLD_AT = "2026-11-21T10:00:00.000+00:00"
ROW = 1024 * 1024


@dataclass
class KeptStory:
    """One consent, one story, one quote and, unless `photo` is empty, one photo. `number` makes its ids."""

    number: int
    name: str
    photo: bytes = b""
    ids: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        kinds = ("story", "consent", "quote", "photo")
        self.ids = {kind: f"01900000-0000-7000-8{self.number:03d}-00000000000{place}"
                    for place, kind in enumerate(kinds)}

    @property
    def words(self) -> str:
        return f"What {self.name} said."


def large_photo(seed: int = 7) -> bytes:
    """About three megabytes of JPEG, which is sent in several pieces."""
    noise = Image.effect_noise((2200, 1600), 90 + seed)
    sink = io.BytesIO()
    noise.convert("RGB").save(sink, "JPEG", quality=82)
    return sink.getvalue()


def keep(page: Page, people: People, stories: list[KeptStory]) -> None:
    """Put them on the phone of `page`, which must be at an address of Earshot and not yet have opened the app."""
    given = [_rows(people, stories)]
    page.evaluate("async (given) => {" + KEEP + "}", given)


def bodies(people: People, story: KeptStory) -> dict[str, bytes]:
    """What is sent for each kind, byte for byte."""
    of = {"project_id": people.project_id, "story_id": story.ids["story"]}
    answers = dict.fromkeys(("record", "transcribe", "commissioners", "board", "publication", "photos"), True)
    consent = {"id": story.ids["consent"], **of, "wording_id": people.wording_id, "answers": answers, "how": "spoken",
               "for_whom": "self", "given_at": TOLD_AT}
    told = {"id": story.ids["story"], "project_id": people.project_id,
            "conversation": {"id": story.ids["consent"], "started_at": TOLD_AT, "place": "Northgate"},
            "pseudonym": story.name, "told_at": TOLD_AT, "place": "Northgate", "receipt_code": _receipt_code(story)}
    quote = {"id": story.ids["quote"], "story_id": story.ids["story"], "text": story.words, "written_at": TOLD_AT}
    return {kind: json.dumps(body, separators=(",", ":")).encode()
            for kind, body in (("consent", consent), ("story", told), ("quote", quote))}


def _receipt_code(story: KeptStory) -> str:
    return f"{story.number:03d}3456789ABCDEFGHJKMNPQRS"


def _rows(people: People, stories: list[KeptStory]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {
        "people": [{"id": people.id(Role.RESEARCHER), "name": "Researcher", "seenAt": TOLD_AT}],
        "stories": [], "consents": [], "quotes": [], "photos": [], "recordings": [], "chunks": [], "outbox": []}
    for story in stories:
        _add(found, people, story)
    return found


def _add(rows: dict[str, list[dict[str, Any]]], people: People, story: KeptStory) -> None:
    ids, person = story.ids, people.id(Role.RESEARCHER)
    sent = bodies(people, story)
    answers = json.loads(sent["consent"])["answers"]
    rows["stories"].append({
        "id": ids["story"], "projectId": people.project_id, "personId": person, "conversationId": ids["consent"],
        "pseudonym": story.name, "place": "Northgate", "toldAt": TOLD_AT, "receiptCode": _receipt_code(story)})
    rows["consents"].append({
        "id": ids["consent"], "projectId": people.project_id, "storyId": ids["story"], "wordingId": people.wording_id,
        "answers": answers, "how": "spoken", "forWhom": "self", "givenAt": TOLD_AT})
    rows["quotes"].append({"id": ids["quote"], "storyId": ids["story"], "text": story.words, "writtenAt": TOLD_AT,
                           "position": 1})
    rows["outbox"] += [_entry(kind, story, person, content) for kind, content in sent.items()]
    if story.photo:
        rows["photos"].append({
            "id": ids["photo"], "storyId": ids["story"], "size": len(story.photo), "type": "image/jpeg", "width": 2200,
            "height": 1600, "description": "A window", "takenAt": TOLD_AT, "position": 2, "released": False})
        pieces = [story.photo[start:start + ROW] for start in range(0, len(story.photo), ROW)]
        rows["chunks"] += [{"partId": ids["photo"], "number": number, "bytes": base64.b64encode(piece).decode(),
                            "size": len(piece), "untilMs": 0} for number, piece in enumerate(pieces)]
        rows["outbox"].append(_entry("photo", story, person, story.photo))


def _entry(kind: str, story: KeptStory, person: str, content: bytes) -> dict[str, Any]:
    return {"id": story.ids[kind], "kind": kind, "storyId": story.ids["story"], "personId": person,
            "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content),
            "body": None if kind == "photo" else content.decode(), "position": 2 if kind == "photo" else 0,
            "state": "waiting", "attempts": 0, "nextTryAt": 0, "code": None, "message": None, "sentBytes": 0,
            "receipt": None, "notices": [], "createdAt": TOLD_AT}
