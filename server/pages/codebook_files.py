"""The codebook as a file: taken out as CSV or QDC, and brought in after a look at what that would do."""

import base64
import binascii
from datetime import UTC, datetime

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission, require
from server.domain.audit import Action
from server.domain.codebook_file import MOST_BYTES, Line, Unreadable, lines_of
from server.domain.errors import Invalid, NotFound
from server.exports import codebook_csv, codebook_qdc
from server.pages.notices import redirect_with
from server.services import codebook, codebook_imports
from server.services.codebook_imports import Plan

blueprint = Blueprint("codebook_files", __name__)

_TYPES = {"csv": "text/csv", "qdc": "application/xml"}
# What each field is called that a line can change.
_FIELDS = {"name": "name", "description": "description", "when_to_use": "when to use", "when_not": "when not to use",
           "example": "example", "colour": "colour", "kind": "need or asset", "parent": "where it stands",
           "retired": "in use or retired"}


@blueprint.get("/projects/<id:project_id>/codebook")
@allowed(Permission.TAG)
def index(project_id: str) -> ResponseReturnValue:
    """Where the codebook is taken out and brought in."""
    return _page(project_id)


@blueprint.get("/projects/<id:project_id>/codebook.csv")
@allowed(Permission.TAG)
def as_csv(project_id: str) -> ResponseReturnValue:
    """The codebook for a spreadsheet."""
    return _file(project_id, "csv", b"".join(codebook_csv.write(_lines(project_id))))


@blueprint.get("/projects/<id:project_id>/codebook.qdc")
@allowed(Permission.TAG)
def as_qdc(project_id: str) -> ResponseReturnValue:
    """The codebook for other programs that work with themes. There is none of no themes."""
    lines = _lines(project_id)
    if not lines:
        raise NotFound
    return _file(project_id, "qdc", codebook_qdc.write(lines))


@blueprint.post("/projects/<id:project_id>/codebook")
@allowed(Permission.TAG)
def check(project_id: str) -> ResponseReturnValue:
    """What a file would do. Nothing is done."""
    require(viewer(), Permission.TAG, project_id)
    try:
        sent = request.files.get("file")
        content = sent.stream.read(MOST_BYTES + 1) if sent else b""
        if not content:
            raise Unreadable("Choose a file.")
        if len(content) > MOST_BYTES:
            raise Unreadable("This file is too large for a codebook. It can have 300 kilobytes.")
        plan = codebook_imports.plan(db.session(), viewer(), project_id, _read(content))
    except Invalid as error:
        return _page(project_id, error), 422
    return _preview(project_id, plan, content)


@blueprint.post("/projects/<id:project_id>/codebook/take-in")
@allowed(Permission.TAG)
def take_in(project_id: str) -> ResponseReturnValue:
    """Do what somebody was shown, all of it or nothing."""
    try:
        content = base64.b64decode(request.form.get("content", ""), validate=True)
        plan = codebook_imports.take_in(db.session(), viewer(), project_id, _read(content),
                                        request.form.get("seen", ""))
    except (binascii.Error, Invalid) as error:
        return _page(project_id, error if isinstance(error, Invalid) else Unreadable("Choose a file.")), 422
    if plan is not None:
        return _preview(project_id, plan, content, is_other=True), 409
    return redirect_with("codebook_taken_in", url_for("themes.index", project_id=project_id))


def _read(content: bytes) -> list[Line]:
    """A file that begins as XML does is read as such. Raises Unreadable."""
    is_xml = content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") or content[:2] in (b"\xff\xfe", b"\xfe\xff")
    lines = codebook_qdc.read(content) if is_xml else codebook_csv.read(content)
    if not lines:
        raise Unreadable("There is no theme in this file.")
    return lines


def _lines(project_id: str) -> list[Line]:
    return lines_of(codebook.tree(db.session(), project_id, retired=True))


def _file(project_id: str, kind: str, content: bytes) -> Response:
    was_shown(Action.EXPORTED, f"codebook.{kind}", project_id, project_id)
    name = f"earshot-codebook-{datetime.now(UTC):%Y-%m-%d}.{kind}"
    return Response(content, mimetype=_TYPES[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _page(project_id: str, error: Invalid | None = None) -> str:
    return render_template("codebook-files.html", project_id=project_id, has_themes=bool(_lines(project_id)),
                           fields=(error.fields or {"file": error.message}) if error else {})


def _preview(project_id: str, plan: Plan, content: bytes, *, is_other: bool = False) -> str:
    return render_template("codebook-check.html", project_id=project_id, plan=plan, names=_FIELDS, is_other=is_other,
                           content=base64.b64encode(content).decode())
