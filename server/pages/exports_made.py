"""Files that were taken away: who has them, what of them should not be used any more, and a letter that says so."""

from collections.abc import Mapping

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission
from server.domain.bookmark import read_turn
from server.domain.export import Stale, row_of
from server.exports.letter import write_letter
from server.exports.manifest import write_manifest
from server.services import export_list, projects

blueprint = Blueprint("exports_made", __name__)

STALE_NAMES: Mapping[Stale, str] = {
    Stale.WITHDRAWN: "withdrawn", Stale.NARROWED: "agreed to less", Stale.EXPIRED: "consent has ended",
    Stale.WITHHELD: "words withheld since", Stale.EMBARGO: "not to be used for now",
    Stale.KEPT: "kept by the partner that collected it"}


@blueprint.get("/projects/<id:project_id>/exports/made")
@allowed(Permission.SEE_EXPORTS)
def index(project_id: str) -> ResponseReturnValue:
    """A page of the files, by who has each and how much of it should not be used any more. No words."""
    page = export_list.get_page(db.session(), viewer(), project_id,
                                read_turn(request.args.get("older"), request.args.get("newer")))
    return render_template("exports-made.html", project_id=project_id, page=page, stale_names=STALE_NAMES)


@blueprint.get("/projects/<id:project_id>/exports/made/<id:export_id>")
@allowed(Permission.SEE_EXPORTS)
def show(project_id: str, export_id: str) -> ResponseReturnValue:
    """What to remove from one file, and the letter to whoever has it."""
    file = export_list.get_file(db.session(), viewer(), project_id, export_id)
    name = projects.get_name(db.session(), viewer(), project_id).name
    return render_template("export-made.html", project_id=project_id, file=file, row_of=row_of,
                           letter=write_letter(file, name) if file.stale else "", stale_names=STALE_NAMES)


@blueprint.get("/projects/<id:project_id>/exports/made/<id:export_id>/manifest.json")
@allowed(Permission.SEE_EXPORTS)
def manifest(project_id: str, export_id: str) -> ResponseReturnValue:
    """What is in a file and what was left out, by ids, for a program to read."""
    file = export_list.get_file(db.session(), viewer(), project_id, export_id)
    return _saved(write_manifest(file), "application/json", f"earshot-manifest-{export_id[-8:]}.json")


@blueprint.get("/projects/<id:project_id>/exports/made/<id:export_id>/letter.txt")
@allowed(Permission.SEE_EXPORTS)
def letter(project_id: str, export_id: str) -> ResponseReturnValue:
    """The letter as a file, to paste into an email."""
    file = export_list.get_file(db.session(), viewer(), project_id, export_id)
    name = projects.get_name(db.session(), viewer(), project_id).name
    return _saved(write_letter(file, name), "text/plain; charset=utf-8", f"earshot-letter-{export_id[-8:]}.txt")


def _saved(content: str, content_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=content_type, headers=headers)
