"""Those who speak in a story: named once for all of it, and two of them made one."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from server.auth import signed_in, viewer
from server.db import db
from server.domain.errors import Invalid
from server.domain.ids import checked_id
from server.domain.speaker import Speaker
from server.pages.addresses import local_path
from server.pages.asked import sent_object
from server.pages.notices import redirect_with
from server.services import speakers

blueprint = Blueprint("speakers", __name__)


@blueprint.route("/speakers/<id:speaker_id>", methods=["PUT", "POST"])
@signed_in
def rename(speaker_id: str) -> ResponseReturnValue:
    """Give a speaker a name; an empty one gives back their number."""
    speakers.get(db.session(), viewer(), speaker_id)
    name, was = _sent().get("name"), _sent().get("was")
    if not isinstance(name, str):
        raise Invalid(fields={"name": "This must be text."})
    was = was if isinstance(was, str) else None
    return _answer(speakers.rename(db.session(), viewer(), speaker_id, name, was), "speaker_named")


@blueprint.post("/speakers/<id:speaker_id>/merge")
@signed_in
def merge(speaker_id: str) -> ResponseReturnValue:
    """Two speakers are one person: `into` stays."""
    speakers.get(db.session(), viewer(), speaker_id)
    into = checked_id(_sent().get("into"), "into")
    return _answer(speakers.merge(db.session(), viewer(), speaker_id, into), "speakers_merged")


def _sent() -> Mapping[str, Any]:
    return sent_object(request) if request.is_json else request.form


def _answer(speaker: Speaker, notice: str) -> ResponseReturnValue:
    if request.is_json:
        return jsonify(id=speaker.id, name=speaker.shown)
    return redirect_with(notice, local_path(request.form.get("next")))
