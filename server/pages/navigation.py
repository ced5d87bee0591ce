"""What is beside what: the parts of a project that this person may open, in one order everywhere."""

from dataclasses import dataclass

from flask import g, request, url_for

from server.db import db
from server.domain.access import Permission, may
from server.services import projects


@dataclass(frozen=True)
class Place:
    """One entry of a project's navigation. `purpose` says what one does there."""

    text: str
    endpoint: str
    permission: Permission
    purpose: str


PLACES = (
    Place("Stories", "stories.index", Permission.BROWSE_STORIES, "Hear and read what people said."),
    Place("Search", "searching.index", Permission.SEARCH, "Find where people said something."),
    Place("Themes", "themes.index", Permission.BROWSE_THEMES, "See what comes back in many stories."),
    Place("Collections", "collections.index", Permission.SEE_COLLECTIONS, "Find again what was put together or kept."),
    Place("Voices", "voices.index", Permission.SEE_VOICES, "See whom we have heard, and whose voice is missing."),
    Place("Provocations", "provocations.index", Permission.SEE_PROVOCATIONS,
          "Questions for the board, and the voices behind them."),
    Place("Export", "exports.index", Permission.EXPORT, "Download quotes that may be published."),
    Place("Files", "exports_made.index", Permission.SEE_EXPORTS, "See who took which file away, and what to remove."),
    Place("Register", "register.index", Permission.SEE_REGISTER, "Record it when somebody changes their mind."),
    Place("Partners", "partners.index", Permission.SEE_PARTNERS,
          "See which organisations collect, and who has what they collected."),
    Place("People", "people.index", Permission.MANAGE_PEOPLE, "Invite people, and see who can do what."),
    Place("Work", "work.index", Permission.SEE_WORK, "See how transcripts and photos are coming on."),
    Place("Settings", "projects.settings", Permission.MANAGE_PROJECT, "Change the questions and the consent wording."),
)


# Pages that are a part of another place.
_WITHIN = {"codebook": "themes", "codebook_files": "themes",
           "wordings": "projects", "prompts": "projects", "phone_settings": "projects",
           "suggestion_settings": "projects", "suggestions": "themes", "retention": "projects",
           "processing": "projects", "incomplete": "register", "embargoes": "register",
           "collection_shares": "collections", "reidentification": "collections",
           "consent_documents": "register", "notes": "stories", "agreement": "themes",
           "sharing": "partners", "partner_wordings": "partners", "partner_files": "partners",
           "withdrawal_steps": "register", "groups": "voices"}


@dataclass(frozen=True)
class Link:
    text: str
    href: str
    current: bool
    purpose: str


@dataclass(frozen=True)
class ProjectFrame:
    """What stands above every page of a project."""

    name: str
    is_demo: bool
    links: tuple[Link, ...]


def project_frame(project_id: str | None) -> ProjectFrame | None:
    """The name and navigation of a project, for its members alone."""
    viewer = g.get("viewer")
    if viewer is None or not project_id or not viewer.roles_in(project_id):
        return None
    project = projects.get_name(db.session(), viewer, project_id)
    return ProjectFrame(project.name, project.is_demo, tuple(links_for(project_id)))


def links_for(project_id: str) -> list[Link]:
    """The places of a project that this person may open."""
    here = (request.endpoint or "").rpartition(".")[0]
    here = _WITHIN.get(here, here)
    return [
        Link(place.text, url_for(place.endpoint, project_id=project_id), place.endpoint.rpartition(".")[0] == here,
             place.purpose)
        for place in PLACES
        if may(g.viewer, place.permission, project_id)
    ]
