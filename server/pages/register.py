"""The register: which stories there are, by what tells them apart, so that a withdrawal can be recorded."""

from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from server.apart import apart
from server.auditing import was_shown
from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission, Role, may
from server.domain.audit import Action
from server.domain.bookmark import read_turn
from server.domain.consent import Scope
from server.domain.fields import storable
from server.pages import who_agreed as agreeing
from server.pages.files import whole_file
from server.pages.retention import warnings
from server.services import (
    consent_documents,
    consent_evidence,
    embargoes,
    going_without,
    register,
    who_agreed,
    withdrawal_scopes,
)
from server.services.register import RegisterEntry
from server.writing_down import write_down

blueprint = Blueprint("register", __name__)

REASON_LETTERS = 200
SEARCH_LETTERS = 100


@blueprint.get("/projects/<id:project_id>/register")
@allowed(Permission.SEE_REGISTER)
def index(project_id: str) -> ResponseReturnValue:
    """A page of the stories this person may withdraw, and how many parts each has. No words of them."""
    asked = request.args
    search = asked.get("search", "").strip()[:SEARCH_LETTERS]
    page = register.get_page(db.session(), viewer(), project_id, read_turn(asked.get("older"), asked.get("newer")),
                             search if storable(search) else "")
    was_shown(Action.READ, "register", project_id, project_id, (entry.story_id for entry in page.entries))
    sees_all = Role.ADMINISTRATOR in viewer().roles_in(project_id)
    return render_template("register.html", page=page, sees_all=sees_all, search=search,
                           sees_embargoes=may(viewer(), Permission.LIFT_EMBARGOES, project_id),
                           warnings=warnings(project_id), filters={"search": search} if search else {})


@blueprint.get("/projects/<id:project_id>/register/<id:story_id>")
@allowed(Permission.SEE_REGISTER)
def show(project_id: str, story_id: str) -> ResponseReturnValue:
    """Who agreed to what, how, and what shows it. No words of the story."""
    entry = register.get_entry(db.session(), viewer(), project_id, story_id)
    agreements = register.list_agreements(db.session(), viewer(), project_id, story_id)
    was_shown(Action.READ, "register entry", story_id, project_id)
    manages = may(viewer(), Permission.MANAGE_PROJECT, project_id)
    incomplete = going_without.list_incomplete(db.session(), viewer(), project_id, story_id) if manages else []
    held = embargoes.list_of_story(db.session(), viewer(), project_id, story_id) if may(
        viewer(), Permission.LIFT_EMBARGOES, project_id) else []
    may_see_evidence = may(viewer(), Permission.SEE_EVIDENCE, project_id)
    tellers = consent_documents.list_tellers(db.session(), viewer(), project_id, story_id) if may_see_evidence else []
    return render_template("register-entry.html", sees_embargoes=may(viewer(), Permission.LIFT_EMBARGOES, project_id),
                           entry=entry, agreements=agreements, incomplete=incomplete,
                           embargoes=held, is_held_back=any(one.lifted_at is None for one in held),
                           may_see_evidence=may_see_evidence, tellers=tellers,
                           stands=agreeing.shown(who_agreed.of_story(db.session(), story_id), entry.participants,
                                                 entry.pseudonym))


@blueprint.get("/projects/<id:project_id>/register/<id:story_id>/evidence/<id:evidence_id>")
@allowed(Permission.SEE_EVIDENCE)
def evidence(project_id: str, story_id: str, evidence_id: str) -> ResponseReturnValue:
    """The very bytes of what shows an agreement, to save. Never shown within a page."""
    with apart() as session:
        found = consent_evidence.take_away(session, viewer(), project_id, story_id, evidence_id)
    was_shown(Action.SEEN, "evidence", evidence_id, project_id, [story_id])
    return whole_file(found.sha256, found.content_type, f"evidence-{found.kind.value}")


@blueprint.get("/projects/<id:project_id>/register/<id:story_id>/withdraw")
@allowed(Permission.WITHDRAW)
def confirm(project_id: str, story_id: str) -> ResponseReturnValue:
    """Ask how much is withdrawn; once that is known, say what will be gone and what stays, and ask again."""
    entry = register.get_entry(db.session(), viewer(), project_id, story_id)
    was_shown(Action.READ, "register entry", story_id, project_id)
    scope = _scope(request.args)
    if scope is not None:
        return render_template("withdraw.html", entry=entry, scope=scope.value)
    return _ask_how_much(entry, is_answered="asked" in request.args)


@blueprint.post("/projects/<id:project_id>/register/<id:story_id>/withdraw")
@allowed(Permission.WITHDRAW)
def withdraw(project_id: str, story_id: str) -> ResponseReturnValue:
    """Record the withdrawal. A second press of the button changes nothing."""
    scope = _scope(request.form)
    if scope is None:
        return _ask_how_much(register.get_entry(db.session(), viewer(), project_id, story_id), is_answered=True)
    reason = request.form.get("reason", "")[:REASON_LETTERS]
    withdrawal_scopes.withdraw(db.session(), viewer(), story_id, scope, datetime.now(UTC), reason)
    write_down(story_id)
    return redirect(url_for("register.withdrawn", project_id=project_id, story_id=story_id), 303)


@blueprint.get("/projects/<id:project_id>/register/<id:story_id>/withdrawn")
@allowed(Permission.WITHDRAW)
def withdrawn(project_id: str, story_id: str) -> ResponseReturnValue:
    """What happened, in words that can be kept."""
    ended = withdrawal_scopes.get_done(db.session(), viewer(), project_id, story_id)
    return render_template("withdrawn.html", ended=ended, story_id=story_id)


def _scope(asked: MultiDict[str, str]) -> Scope | None:
    value = asked.get("scope", "")
    return Scope(value) if value in list(Scope) else None


def _ask_how_much(entry: RegisterEntry, *, is_answered: bool) -> ResponseReturnValue:
    errors = {"scope": "Choose what they asked for."} if is_answered else {}
    left = withdrawal_scopes.list_left(db.session(), entry.story_id)
    return render_template("withdraw-choose.html", entry=entry, left=left, errors=errors), 400 if errors else 200
