"""The first page: what this person can do now, project by project."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from server.auth import signed_in, viewer
from server.db import db
from server.domain.access import Role
from server.domain.provocation import ProvocationCard
from server.pages.navigation import links_for
from server.pages.retention import warnings
from server.services import custody_overrides, embargoes, projects, provocations

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@signed_in
def show() -> ResponseReturnValue:
    """Each project with its places; researchers get to the phone app from here."""
    person = viewer()
    mine = [
        {"project": project, "roles": [role for role in Role if role in person.roles_in(project.id)],
         "links": links_for(project.id), "questions": _questions(project.id),
         "warnings": warnings(project.id),
         "waiting": embargoes.count_waiting(db.session(), person, project.id),
         "partner_id": person.leads_in(project.id),
         "overrides": custody_overrides.count_unseen(db.session(), person, project.id)}
        for project in projects.list_mine(db.session(), person)
    ]
    collects = any(Role.RESEARCHER in roles for roles in person.roles.values())
    return render_template("home.html", mine=mine, collects=collects)


def _questions(project_id: str) -> list[ProvocationCard]:
    """What a board member is asked, newest first. Nobody else is asked anything."""
    if Role.BOARD_MEMBER not in viewer().roles_in(project_id):
        return []
    return [card for card in provocations.list_provocations(db.session(), viewer(), project_id) if card.is_published]
