"""Consent wordings: the next version is written text by text, each in one language and reading, and then published."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission
from server.domain.consent import Use
from server.domain.consent_wording import Question, Reading, Text, Wording
from server.domain.errors import Invalid, NotFound, VersionConflict
from server.domain.languages import LANGUAGES
from server.domain.versions import seen_version
from server.pages import conflicts
from server.pages.conflicts import Field
from server.pages.notices import redirect_with
from server.pages.words import piece_name
from server.problems import STATUS
from server.services import consent_wordings, draft_texts

blueprint = Blueprint("wordings", __name__, url_prefix="/projects/<id:project_id>/settings/wording")
# Where the same pages are for the wording of a partner: which of the two may be written, and by whom, the service asks.
OF_A_PARTNER = "/projects/<id:project_id>/partners/<id:organisation_id>/wording"

_NOTHING = Wording("", "", {use: Question("", "") for use in Use})
_CHANGED_MEANWHILE = "Somebody changed the draft while you looked. Read it again, then publish it."


@blueprint.get("")
@allowed(Permission.WRITE_WORDINGS)
def show(project_id: str, organisation_id: str | None = None) -> ResponseReturnValue:
    """The next version as it stands: every language with its two readings."""
    draft = draft_texts.get(db.session(), viewer(), project_id, organisation_id)
    languages = list(dict.fromkeys(drafted.text.language for drafted in draft.texts))
    by_key = {(drafted.text.language, drafted.text.reading): drafted for drafted in draft.texts}
    rows = [(code, [(reading, by_key.get((code, reading))) for reading in Reading]) for code in languages]
    others = [language for code, language in LANGUAGES.items() if code not in languages]
    return render_template("wording.html", draft=draft, rows=rows, others=others,
                           around=_around(project_id, organisation_id))


@blueprint.get("/add")
@allowed(Permission.WRITE_WORDINGS)
def add(project_id: str, organisation_id: str | None = None) -> ResponseReturnValue:
    """Begin another language with its full text."""
    consent_wordings.require_writer(viewer(), project_id, organisation_id)
    code = request.args.get("language", "")
    if code not in LANGUAGES:
        return redirect(_here(project_id, organisation_id), 303)
    return redirect(url_for(".text", project_id=project_id, organisation_id=organisation_id, language=code,
                            reading=Reading.FULL.value), 303)


@blueprint.get("/texts/<language>/<reading>")
@allowed(Permission.WRITE_WORDINGS)
def text(project_id: str, language: str, reading: str, organisation_id: str | None = None) -> ResponseReturnValue:
    """Write one text, starting from its words now or from what we suggest."""
    return _text_page(project_id, organisation_id, language, _reading(reading), {})


@blueprint.post("/texts/<language>/<reading>")
@allowed(Permission.WRITE_WORDINGS)
def save_text(project_id: str, language: str, reading: str, organisation_id: str | None = None) -> ResponseReturnValue:
    """Keep it in the draft."""
    written, which = _written(), _reading(reading)
    try:
        draft_texts.save_text(db.session(), viewer(), project_id, Text(language, which, written), conflicts.seen(),
                              organisation_id)
    except Invalid as refusal:
        return _text_page(project_id, organisation_id, language, which, refusal.fields, written), STATUS[refusal.code]
    except VersionConflict as conflict:
        return conflicts.page(conflict, _fields(), action=request.path, project_id=project_id,
                              back=_here(project_id, organisation_id))
    return redirect_with("text_saved", _here(project_id, organisation_id))


@blueprint.post("/texts/<language>/<reading>/leave-out")
@allowed(Permission.WRITE_WORDINGS)
def leave_out(project_id: str, language: str, reading: str, organisation_id: str | None = None) -> ResponseReturnValue:
    """Leave it out of the next version."""
    draft_texts.leave_out(db.session(), viewer(), project_id, language, _reading(reading), organisation_id)
    return redirect_with("text_left_out", _here(project_id, organisation_id))


@blueprint.get("/term")
@allowed(Permission.WRITE_WORDINGS)
def term(project_id: str, organisation_id: str | None = None) -> ResponseReturnValue:
    """Say for how long a yes to the next version lasts."""
    return _term_page(project_id, organisation_id, {})


@blueprint.post("/term")
@allowed(Permission.WRITE_WORDINGS)
def save_term(project_id: str, organisation_id: str | None = None) -> ResponseReturnValue:
    """Keep it in the draft. Nothing written is for good."""
    typed = request.form.get("months", "").strip()
    # What is no number is none of those that are allowed.
    months = (seen_version(typed) or 0) if typed else None
    try:
        draft_texts.save_months(db.session(), viewer(), project_id, months, conflicts.seen(), organisation_id)
    except Invalid as refusal:
        return _term_page(project_id, organisation_id, refusal.fields, typed), STATUS[refusal.code]
    except VersionConflict as conflict:
        return conflicts.page(conflict, [Field("months", "Months that a yes lasts")], action=request.path,
                              project_id=project_id, back=_here(project_id, organisation_id))
    return redirect_with("term_saved", _here(project_id, organisation_id))


@blueprint.post("/discard")
@allowed(Permission.WRITE_WORDINGS)
def discard(project_id: str, organisation_id: str | None = None) -> ResponseReturnValue:
    """Forget the draft."""
    draft_texts.discard(db.session(), viewer(), project_id, organisation_id)
    return redirect_with("draft_discarded", _here(project_id, organisation_id))


@blueprint.get("/publish")
@allowed(Permission.WRITE_WORDINGS)
def check(project_id: str, organisation_id: str | None = None) -> ResponseReturnValue:
    """Show what would be different."""
    return render_template("wording-publish.html", errors={},
                           draft=draft_texts.get(db.session(), viewer(), project_id, organisation_id))


@blueprint.post("/publish")
@allowed(Permission.WRITE_WORDINGS)
def publish(project_id: str, organisation_id: str | None = None) -> ResponseReturnValue:
    """Publish exactly what was seen."""
    try:
        draft_texts.publish(db.session(), viewer(), project_id, request.form.get("seen", ""), organisation_id)
    except (Invalid, VersionConflict) as refusal:
        words = refusal.fields or {"title": _CHANGED_MEANWHILE}
        draft = draft_texts.get(db.session(), viewer(), project_id, organisation_id)
        return render_template("wording-publish.html", errors=words, draft=draft), STATUS[refusal.code]
    return redirect_with("wording_published", _around(project_id, organisation_id))


def _here(project_id: str, organisation_id: str | None) -> str:
    """The page of this wording: the project's, or the partner's."""
    return url_for(".show", project_id=project_id, organisation_id=organisation_id)


def _around(project_id: str, organisation_id: str | None) -> str:
    """The page that leads to it."""
    if organisation_id is None:
        return url_for("projects.settings", project_id=project_id)
    return url_for("partners.show", project_id=project_id, organisation_id=organisation_id)


def _term_page(project_id: str, organisation_id: str | None, errors: dict[str, str], typed: str | None = None) -> str:
    """The form with what is kept, or with what was typed where that was refused."""
    draft = draft_texts.get(db.session(), viewer(), project_id, organisation_id)
    months = f"{draft.months or ''}" if typed is None else typed
    return render_template("wording-term.html", errors=errors, months=months, draft=draft,
                           version=request.form.get("version", draft.months or 0))


def _text_page(project_id: str, organisation_id: str | None, language: str, reading: Reading,
               errors: dict[str, str], typed: Wording | None = None) -> str:
    """The form with what is kept, or with what was typed where that was refused."""
    found = draft_texts.get_text(db.session(), viewer(), project_id, language, reading, organisation_id)
    full = None
    if reading is Reading.EASY:
        full = draft_texts.get_text(db.session(), viewer(), project_id, language, Reading.FULL,
                                    organisation_id).wording
    return render_template(
        "wording-text.html", errors=errors, language=LANGUAGES[language], reading=reading, full=full,
        wording=typed or found.wording or _NOTHING, found=found,
        version=request.form.get("version", found.version))


def _reading(name: str) -> Reading:
    if name not in list(Reading):
        raise NotFound
    return Reading(name)


def _written() -> Wording:
    form = request.form
    questions = {use: Question(form.get(f"question_{use}", ""), form.get(f"explanation_{use}", "")) for use in Use}
    return Wording(form.get("title", ""), form.get("introduction", ""), questions)


def _fields() -> list[Field]:
    names = ["title", "introduction"]
    names += [f"{part}_{use}" for use in Use for part in ("question", "explanation")]
    return [Field(name, piece_name(name), rows=1 if name.startswith(("title", "question")) else 4) for name in names]
