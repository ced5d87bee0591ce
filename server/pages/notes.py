"""Notes of the team: on one thing, all of a project, written again, and deleted after a question."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import allowed, signed_in, viewer
from server.db import db
from server.domain.access import Permission
from server.domain.audit import Action
from server.domain.bookmark import read_turn
from server.domain.errors import Invalid, VersionConflict
from server.domain.fields import storable
from server.domain.note import Notable
from server.pages import conflicts
from server.pages.addresses import local_path
from server.pages.conflicts import Field
from server.pages.notices import redirect_with
from server.problems import STATUS
from server.services import notes
from server.services.notes import NoteSubject, ShownNote

blueprint = Blueprint("notes", __name__)

_FIELDS = (Field("text", "Note", rows=6),)
# What each thing is called in a sentence.
_NAMES = {Notable.STORY: "a story", Notable.EXCERPT: "an excerpt", Notable.QUOTE: "a quote", Notable.PHOTO: "a photo",
          Notable.THEME: "a theme", Notable.PROVOCATION: "a provocation", Notable.COLLECTION: "a collection"}


@blueprint.get("/projects/<id:project_id>/notes")
@allowed(Permission.TAG)
def index(project_id: str) -> ResponseReturnValue:
    """A page of all notes of the project, or of those that one person wrote."""
    by = request.args.get("by", "")
    by = by if storable(by) else ""
    to = read_turn(request.args.get("older"), request.args.get("newer"))
    page = notes.get_page(db.session(), viewer(), project_id, by or None, to)
    shown = dict.fromkeys(note.story_id or note.subject_id for note in page.notes)
    was_shown(Action.READ, "notes", project_id, project_id, shown)
    return render_template("notes.html", project_id=project_id, page=page, by=by, filters={"by": by} if by else {})


@blueprint.route("/stories/<id:story_id>/notes", methods=["GET", "POST"])
@signed_in
def on_story(story_id: str) -> ResponseReturnValue:
    """The notes on a story, and one more."""
    return _on(Notable.STORY, story_id)


@blueprint.route("/excerpts/<id:excerpt_id>/notes", methods=["GET", "POST"])
@signed_in
def on_excerpt(excerpt_id: str) -> ResponseReturnValue:
    """The notes on an excerpt, and one more."""
    return _on(Notable.EXCERPT, excerpt_id)


@blueprint.route("/quotes/<id:quote_id>/notes", methods=["GET", "POST"])
@signed_in
def on_quote(quote_id: str) -> ResponseReturnValue:
    """The notes on a quote, and one more."""
    return _on(Notable.QUOTE, quote_id)


@blueprint.route("/photos/<id:photo_id>/notes", methods=["GET", "POST"])
@signed_in
def on_photo(photo_id: str) -> ResponseReturnValue:
    """The notes on a photo, and one more."""
    return _on(Notable.PHOTO, photo_id)


@blueprint.route("/themes/<id:theme_id>/notes", methods=["GET", "POST"])
@signed_in
def on_theme(theme_id: str) -> ResponseReturnValue:
    """The notes on a theme, and one more."""
    return _on(Notable.THEME, theme_id)


@blueprint.route("/provocations/<id:provocation_id>/notes", methods=["GET", "POST"])
@signed_in
def on_provocation(provocation_id: str) -> ResponseReturnValue:
    """The notes on a provocation, and one more."""
    return _on(Notable.PROVOCATION, provocation_id)


@blueprint.route("/collections/<id:collection_id>/notes", methods=["GET", "POST"])
@signed_in
def on_collection(collection_id: str) -> ResponseReturnValue:
    """The notes on a collection, and one more."""
    return _on(Notable.COLLECTION, collection_id)


@blueprint.route("/notes/<id:note_id>/change", methods=["GET", "POST"])
@signed_in
def change(note_id: str) -> ResponseReturnValue:
    """Write a note of one's own again."""
    note = notes.get_own(db.session(), viewer(), note_id)
    _was_shown(note)
    if request.method == "GET":
        return _change_form(note, note.text, note.version, {})
    try:
        notes.change(db.session(), viewer(), note_id, request.form.get("text", ""), conflicts.seen())
    except Invalid as refusal:
        form = _change_form(note, request.form.get("text", ""), request.form.get("version", ""), refusal.fields)
        return form, STATUS[refusal.code]
    except VersionConflict as conflict:
        return conflicts.page(conflict, _FIELDS, action=request.path, project_id=note.project_id, back=place_of(note))
    return redirect_with("note_saved", place_of(note))


@blueprint.route("/notes/<id:note_id>/delete", methods=["GET", "POST"])
@signed_in
def delete(note_id: str) -> ResponseReturnValue:
    """Ask, then let go of it."""
    if request.method == "GET":
        note = notes.get(db.session(), viewer(), note_id)
        _was_shown(note)
        return render_template("note-delete.html", project_id=note.project_id, note=note)
    was = notes.delete_note(db.session(), viewer(), note_id)
    return redirect_with("note_deleted", place_of(was))


def _on(kind: Notable, subject_id: str) -> ResponseReturnValue:
    session, subject = db.session(), notes.get_subject(db.session(), viewer(), kind, subject_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            notes.add(session, viewer(), kind, subject_id, request.form.get("text", ""))
            return redirect_with("note_saved", local_path(request.form.get("next"), place_of(subject)))
        except Invalid as refusal:
            errors = refusal.fields
    found = notes.list_on(session, viewer(), kind, subject_id)
    was_shown(Action.READ, "notes", subject_id, subject.project_id, [subject.story_id] if subject.story_id else [])
    page = render_template("notes-on.html", project_id=subject.project_id, subject=subject, notes=found, errors=errors,
                           typed=request.form.get("text", ""))
    return (page, STATUS[Invalid.code]) if errors else page


def _change_form(note: ShownNote, text: str, version: int | str, errors: dict[str, str]) -> str:
    return render_template("note-change.html", project_id=note.project_id, note=note, text=text, version=version,
                           errors=errors)


def _was_shown(note: ShownNote) -> None:
    was_shown(Action.READ, "note", note.id, note.project_id, [note.story_id] if note.story_id else [])


@blueprint.app_template_filter("place_of_note")
def place_of(found: ShownNote | NoteSubject) -> str:
    """Where the thing is that a note is on, at its notes."""
    subject_id = found.subject_id if isinstance(found, ShownNote) else found.id
    anchor = f"notes-{found.kind}-{subject_id}"
    match found.kind:
        case Notable.THEME:
            return url_for("themes.show", theme_id=subject_id, _anchor=anchor)
        case Notable.PROVOCATION:
            return url_for("provocations.show", provocation_id=subject_id, _anchor=anchor)
        case Notable.COLLECTION:
            return url_for("collections.show", collection_id=subject_id, _anchor=anchor)
        case Notable.EXCERPT:
            return url_for("excerpts.show", excerpt_id=subject_id, _anchor=anchor)
        case _:
            return url_for("stories.show", story_id=found.story_id, _anchor=anchor)


@blueprint.app_template_filter("note_subject")
def note_subject(kind: Notable) -> str:
    """What a note is on: a story, an excerpt."""
    return _NAMES[kind]
