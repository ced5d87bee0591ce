"""GET /changes: what a device has not been told yet, in one order."""

from dataclasses import asdict
from functools import partial
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from server.apart import note_apart
from server.api.answers import receipt_json
from server.auth import calling_device, signed_in, viewer
from server.db import db
from server.domain.consent_wording import Wording
from server.domain.sync import USUAL_CHANGES, Cursor, Receipt
from server.services import devices, feed
from server.services.consent_wordings import Published
from server.services.feed import Content, Ended, Told

blueprint = Blueprint("api_changes", __name__, url_prefix="/api/v1/changes")


@blueprint.get("")
@signed_in
def index() -> ResponseReturnValue:
    cursor = Cursor.read(request.args.get("after", "0"), request.args.get("limit", str(USUAL_CHANGES)))
    page = feed.read(db.session(), viewer(), cursor)
    if not page.was_reset:
        _note_what_was_read(calling_device(), cursor.after)
    answer = {"changes": [_told_json(told) for told in page.changes], "next": page.next, "more": page.more}
    return jsonify(answer | {"reset": True} if page.was_reset else answer)


def _note_what_was_read(phone: str | None, up_to: int) -> None:
    """A phone asks for what comes after a change once it has acted on it."""
    if phone is not None and not devices.is_known_to_have_read(db.session(), viewer(), phone, up_to):
        note_apart("what a phone has read",
                   partial(devices.note_read, viewer=viewer(), device_id=phone, up_to=up_to))


def _told_json(told: Told) -> dict[str, Any]:
    return {"sequence": told.sequence, "kind": told.kind, "id": told.id, "project_id": told.project_id,
            told.kind.value: _content_json(told.content)}


def _content_json(content: Content) -> dict[str, Any]:
    match content:
        case Receipt():
            return receipt_json(content)
        case Published():
            return _wording_json(content)
        case Ended():
            return {"withdrawn_at": content.withdrawn_at.isoformat()}
    return asdict(content)


def _wording_json(published: Published) -> dict[str, Any]:
    """The main text to agree to, all texts with what a consent names each by, and for how long a yes lasts."""
    texts = [_words_json(text.wording) | {"language": text.language, "reading": text.reading, "sha256": text.sha256}
             for text in published.texts]
    about = {"id": published.id, "version": published.version, "months": published.months, "texts": texts}
    return _words_json(published.wording) | about


def _words_json(wording: Wording) -> dict[str, Any]:
    """With a question for each use in the order asked."""
    uses = [{"use": use} | asdict(question) for use, question in wording.questions.items()]
    return {"title": wording.title, "introduction": wording.introduction, "uses": uses}
