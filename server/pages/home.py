"""The first page: what this person can do now, project by project."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from server.auth import signed_in, viewer
from server.db import db
from server.domain.access import Role
from server.pages.navigation import links_for
from server.services import projects

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@signed_in
def show() -> ResponseReturnValue:
    """Each project with its places; researchers get to the phone app from here."""
    person = viewer()
    mine = [
        {"project": project, "roles": [role for role in Role if role in person.roles_in(project.id)],
         "links": links_for(project.id)}
        for project in projects.list_mine(db.session(), person)
    ]
    collects = any(Role.RESEARCHER in roles for roles in person.roles.values())
    return render_template("home.html", mine=mine, collects=collects)
