"""The versions of a recording's words: what computers wrote, who changed what, and how it was before."""

from datetime import UTC, datetime

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import signed_in, viewer
from server.db import db
from server.domain.audit import Action
from server.domain.cleared import ClearedStory
from server.domain.correction import Kind as Change
from server.domain.errors import NotFound, VersionConflict
from server.domain.work import Kind
from server.pages import transcript_conflicts
from server.pages.editable import editable, name_of
from server.pages.notices import redirect_with
from server.services import progress, transcript_versions, transcripts
from server.services.clearing import Words
from server.services.transcript_versions import MadeCorrection

blueprint = Blueprint("transcript_versions", __name__)

_MOST = 50

_WORDS = {
    Change.WORDS: "Changed the words", Change.SPLIT: "Made two passages of one", Change.MERGE: "Joined two passages",
    Change.SPEAKER: "Said who speaks", Change.ADOPT: "Took words from another version",
    Change.UNDO: "Took back change {}", Change.REDO: "Made again what change {} took back",
}


@blueprint.get("/recordings/<id:recording_id>/transcript/versions")
@signed_in
def index(recording_id: str) -> ResponseReturnValue:
    """Every version that a computer wrote, and the changes to the one that people read, the newest first."""
    session = db.session()
    story, recording = editable(recording_id, Words.NONE)
    versions = transcript_versions.list_machine_versions(session, viewer(), recording_id)
    current = next(version for version in versions if version.is_current)
    changes = transcript_versions.list_corrections(session, viewer(), recording_id, current.id,
                                                   _number(request.args.get("before")), _MOST + 1)
    _was_shown(story, recording_id)
    return render_template(
        "transcript-versions.html", project_id=story.project_id, story=story, recording=recording,
        name=name_of(story, recording), versions=versions, current=current, changes=changes[:_MOST],
        older=changes[_MOST - 1].number if len(changes) > _MOST else None, now=datetime.now(UTC),
        work=progress.of(session, [Kind.TRANSCRIBE], [recording_id]).get((Kind.TRANSCRIBE, recording_id)))


@blueprint.get("/recordings/<id:recording_id>/transcript/versions/<number>")
@signed_in
def earlier(recording_id: str, number: str) -> ResponseReturnValue:
    """The words that people read, as they were after so many changes."""
    story, recording = editable(recording_id, Words.NONE)
    versions = transcript_versions.list_machine_versions(db.session(), viewer(), recording_id)
    current = next(version for version in versions if version.is_current)
    wanted = _number(number)
    if wanted is None:
        raise NotFound
    segments = transcript_versions.as_it_was(db.session(), viewer(), recording_id, current.id, wanted)
    _was_shown(story, recording_id)
    return render_template("transcript-earlier.html", project_id=story.project_id, story=story, recording=recording,
                           name=name_of(story, recording), number=wanted, segments=segments, current=current)


@blueprint.get("/recordings/<id:recording_id>/transcript/compare/<number>")
@signed_in
def compare(recording_id: str, number: str) -> ResponseReturnValue:
    """Another version against the one that people read, passage by passage."""
    story, recording = editable(recording_id, Words.NONE)
    wanted = _number(number)
    if wanted is None:
        raise NotFound
    found = transcript_versions.compare(db.session(), viewer(), recording_id, wanted)
    _was_shown(story, recording_id)
    return render_template("transcript-compare.html", project_id=story.project_id, story=story, recording=recording,
                           name=name_of(story, recording), found=found)


@blueprint.post("/recordings/<id:recording_id>/transcribe-again")
@signed_in
def write_again(recording_id: str) -> ResponseReturnValue:
    """Ask for one more version."""
    transcripts.again(db.session(), viewer(), recording_id)
    return redirect_with("writing_again", url_for("transcript_versions.index", recording_id=recording_id))


@blueprint.post("/transcripts/<id:transcript_id>/use")
@signed_in
def use(transcript_id: str) -> ResponseReturnValue:
    """Let people read this version, unless they read something else by now than the page had shown."""
    instead_of, version = request.form.get("instead_of"), _number(request.form.get("version"))
    seen = None if instead_of is None or version is None else (instead_of, version)
    try:
        recording_id = transcript_versions.use(db.session(), viewer(), transcript_id, seen)
    except VersionConflict as conflict:
        return transcript_conflicts.page(conflict, conflict.current["recording"])
    return redirect_with("version_used", url_for("editing.show", recording_id=recording_id))


@blueprint.app_template_filter("change_in_words")
def change_in_words(change: MadeCorrection) -> str:
    """What somebody did: Changed the words."""
    return _WORDS[Change(change.kind)].format(change.undoes)


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 10 else None


def _was_shown(story: ClearedStory, recording_id: str) -> None:
    was_shown(Action.READ, "transcript", recording_id, story.project_id, [story.id])
