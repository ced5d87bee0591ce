"""Correcting the words of a recording while listening to it: one page, and one address that takes each change.

A page's module sends changes as JSON. Browsers without scripts send the same as forms, one passage at a time.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import signed_in, viewer
from server.db import db
from server.domain import correction
from server.domain.audit import Action
from server.domain.correction import Change, Kind
from server.domain.errors import Invalid, VersionConflict
from server.domain.ids import checked_id
from server.domain.transcript import Segment
from server.pages import transcript_conflicts
from server.pages.addresses import local_path
from server.pages.asked import sent_object
from server.pages.editable import editable, name_of
from server.pages.notices import redirect_with
from server.pages.passages import heard_in_words, passages_of
from server.pages.silent import why_silent
from server.problems import STATUS, problem
from server.services import correction_rows, corrections, heard, speakers
from server.services.clearing import Words
from server.services.corrections import Corrected

blueprint = Blueprint("editing", __name__)

# What the forms of the page send as numbers.
_NUMBERS = ("segment", "word", "next", "version")


@blueprint.get("/recordings/<id:recording_id>/transcript")
@signed_in
def show(recording_id: str) -> ResponseReturnValue:
    """The words with their player. `segment` in the address opens one passage to be corrected."""
    session = db.session()
    story, recording = editable(recording_id)
    transcript = recording.transcript
    was_shown(Action.READ, "transcript", recording_id, story.project_id, [story.id])
    if transcript is None:
        return render_template("editing.html", project_id=story.project_id, story=story, recording=recording,
                               name=name_of(story, recording), passages=[])
    heard_by = heard.of_transcript(session, viewer(), transcript.id)
    passages = passages_of(recording, transcript, story.excerpts, heard_by, viewer().person_id)
    stands = correction_rows.standing_of(session, transcript.id)
    return render_template(
        "editing.html", project_id=story.project_id, story=story, recording=recording, transcript=transcript,
        name=name_of(story, recording), silent=why_silent([recording_id])[recording_id], passages=passages,
        heard_line=heard_in_words(transcript),
        unsure=any(word.is_unsure for passage in passages for word in passage.words),
        may_undo=stands.to_undo is not None, may_redo=stands.to_redo is not None,
        speakers=speakers.list_of_story(session, viewer(), story.id), open_id=_asked_segment())


@blueprint.post("/recordings/<id:recording_id>/corrections")
@signed_in
def correct(recording_id: str) -> ResponseReturnValue:
    """Make one change. A module gets what became of the passages; a form leads back to them."""
    transcript_id, change = _asked_change(recording_id)
    try:
        done = corrections.make(db.session(), viewer(), recording_id, transcript_id, change)
    except VersionConflict as conflict:
        if request.is_json:
            return problem(STATUS[conflict.code], conflict.code, conflict.message, current=dict(conflict.current))
        return transcript_conflicts.page(conflict, recording_id)
    if request.is_json:
        return jsonify(_answer(done))
    return redirect_with("words_saved", local_path(request.form.get("back"), _back(recording_id, done)))


def _asked_segment() -> int | None:
    asked = request.args.get("segment", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else None


def _asked_change(recording_id: str) -> tuple[str, Change]:
    """Of which transcript, and what. Whoever may not change it learns nothing from how they asked."""
    try:
        sent = sent_object(request) if request.is_json else _sent_form()
        return checked_id(sent.get("transcript"), "transcript"), correction.read(sent.get("change"))
    except Invalid:
        editable(recording_id, Words.NONE)
        raise


def _sent_form() -> Mapping[str, Any]:
    """What the form says, in the shape that a module sends."""
    form = request.form
    change: dict[str, Any] = {name: form[name] for name in ("kind", "was", "text", "speaker", "from") if name in form}
    change |= {name: _number(form[name]) for name in (*_NUMBERS, "start_ms", "end_ms") if name in form}
    if "others" in form:
        change |= {"others": form["others"] == "true"}
    if change.get("kind") == Kind.SPEAKER:
        change |= {"segments": [change.get("segment")], "speaker": form.get("speaker") or None}
    return {"transcript": form.get("transcript"), "change": change}


def _number(value: str) -> int | None:
    if not (value.isascii() and value.isdigit() and len(value) < 16):
        raise Invalid
    return int(value)


def _back(recording_id: str, done: Corrected) -> str:
    """To the passage that was changed."""
    shown = done.segments[0].id if done.segments else None
    return url_for("editing.show", recording_id=recording_id, _anchor=f"segment-{shown}" if shown else None)


def _answer(done: Corrected) -> dict[str, Any]:
    return {
        "version": done.version, "segments": [_segment(segment) for segment in done.segments], "gone": done.gone,
        "may_undo": done.may_undo, "may_redo": done.may_redo, "heard": done.heard, "flagged": done.flagged,
    }


def _segment(segment: Segment) -> dict[str, Any]:
    by = segment.speaker
    return {
        "id": segment.id, "start_ms": segment.start_ms, "end_ms": segment.end_ms, "text": segment.text,
        "words": [[word.text, word.start_ms, word.end_ms, word.probability] for word in segment.words],
        "language": segment.language_tag,
        "speaker": {"id": by.id, "name": by.name, "suggested": by.is_suggested} if by else None,
    }


blueprint.add_app_template_filter(heard_in_words, "heard_in_words")
