"""GET /changes: what a device has not been told yet, in one order."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from server.api.answers import receipt_json
from server.auth import signed_in, viewer
from server.db import db
from server.domain.consent_wording import Wording
from server.domain.sync import USUAL_CHANGES, Cursor, Receipt
from server.services import feed
from server.services.consent_wordings import Published
from server.services.feed import Content, Ended, Told

blueprint = Blueprint("api_changes", __name__, url_prefix="/api/v1/changes")


@blueprint.get("")
@signed_in
def index() -> ResponseReturnValue:
    cursor = Cursor.read(request.args.get("after", "0"), request.args.get("limit", str(USUAL_CHANGES)))
    page = feed.read(db.session(), viewer(), cursor)
    answer = {"changes": [_told_json(told) for told in page.changes], "next": page.next, "more": page.more}
    return jsonify(answer | {"reset": True} if page.was_reset else answer)


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
    """The main text to agree to, and all texts with what a consent names each by."""
    texts = [_words_json(text.wording) | {"language": text.language, "reading": text.reading, "sha256": text.sha256}
             for text in published.texts]
    return _words_json(published.wording) | {"id": published.id, "version": published.version, "texts": texts}


def _words_json(wording: Wording) -> dict[str, Any]:
    """With a question for each use in the order asked."""
    uses = [{"use": use} | asdict(question) for use, question in wording.questions.items()]
    return {"title": wording.title, "introduction": wording.introduction, "uses": uses}
