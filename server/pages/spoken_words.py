"""The words of a recording as a file to keep, and as captions for players. Consent is asked for each request."""

from collections.abc import Callable

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from server.apart import apart
from server.auditing import was_shown
from server.auth import signed_in, viewer
from server.db import db
from server.domain.audit import Action
from server.exports.transcripts import FORMS
from server.exports.vtt import write_excerpt_vtt, write_vtt
from server.services import spoken_words
from server.services.spoken_words import SpokenWords

blueprint = Blueprint("spoken_words", __name__)

VTT = FORMS["vtt"].content_type


@blueprint.get("/recordings/<id:recording_id>/captions.vtt")
@signed_in
def recording_captions(recording_id: str) -> ResponseReturnValue:
    """What is said in a recording, in step with its sound."""
    found = spoken_words.of_recording(db.session(), viewer(), recording_id)
    was_shown(Action.READ, "captions", recording_id, found.project_id, [found.story_id])
    return _text(write_vtt(found.transcript), VTT)


@blueprint.get("/excerpts/<id:excerpt_id>/captions.vtt")
@signed_in
def excerpt_captions(excerpt_id: str) -> ResponseReturnValue:
    """What is said in an excerpt, from the beginning of its own few seconds."""
    excerpt = spoken_words.of_excerpt(db.session(), viewer(), excerpt_id)
    was_shown(Action.READ, "captions", excerpt_id, excerpt.project_id, [excerpt.story_id])
    return _text(write_excerpt_vtt(excerpt), VTT)


def _saving(form: str) -> Callable[[str], ResponseReturnValue]:
    """The view that gives a recording's words as a file of this form."""
    @signed_in
    def save(recording_id: str) -> ResponseReturnValue:
        with apart() as session:
            found = spoken_words.take_away(session, viewer(), recording_id, form)
        was_shown(Action.EXPORTED, f"transcript.{form}", recording_id, found.project_id, [found.story_id])
        answer = _text(FORMS[form].write(found.transcript), FORMS[form].content_type)
        answer.headers["Content-Disposition"] = f'attachment; filename="{_file_name(found, form)}"'
        return answer

    return save


for _form in FORMS:
    blueprint.add_url_rule(f"/recordings/<id:recording_id>/transcript.{_form}", endpoint=_form,
                           view_func=_saving(_form))


def _file_name(found: SpokenWords, form: str) -> str:
    """When it was told and the end of the recording's id: no name of anybody. A form may have no room to say that the
    words were not checked, so their name does."""
    kind = "transcript" if found.transcript.is_checked else "transcript-not-checked"
    return f"earshot-{kind}-{found.told_on:%Y-%m-%d}-{found.transcript.recording_id[-8:]}.{form}"


def _text(content: str, content_type: str) -> Response:
    return Response(content, content_type=f"{content_type}; charset=utf-8")
