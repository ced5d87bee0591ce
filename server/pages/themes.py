"""Themes: the codebook as a tree with what each holds, and a page for each theme. Boards and analysts read,
commissioners write."""

from dataclasses import asdict, dataclass, field
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import allowed, signed_in, viewer
from server.db import db
from server.domain.access import Permission, may
from server.domain.audit import Action
from server.domain.bookmark import read_turn
from server.domain.errors import Invalid, VersionConflict
from server.domain.fields import storable
from server.domain.ids import checked_id
from server.domain.note import Notable
from server.domain.palette import PALETTE
from server.domain.theme import Theme, ThemeKind, ThemeText
from server.pages import conflicts
from server.pages.conflicts import Field
from server.pages.notices import redirect_with
from server.services import notes, theme_list, themes
from server.services.tagged import ThemeEntry
from server.services.theme_list import Wanted

blueprint = Blueprint("themes", __name__)

_FIELDS = (Field("name", "Name"), Field("kind", "Need or asset"), Field("colour", "Colour"),
           Field("description", "What it is about", rows=4), Field("when_to_use", "When to use it", rows=3),
           Field("when_not", "When not to use it", rows=3), Field("example", "An example", rows=3))


@dataclass
class Branch:
    """A theme in the list, with what stands right under it."""

    entry: ThemeEntry
    children: list["Branch"] = field(default_factory=list)


@blueprint.get("/projects/<id:project_id>/themes")
@allowed(Permission.BROWSE_THEMES)
def index(project_id: str) -> ResponseReturnValue:
    """The themes that this person may know of, with how much each holds for them: as a tree, or those of a name."""
    wanted = Wanted(_asked("q"), _asked("kind"), retired="retired" in request.args)
    page = theme_list.get_page(db.session(), viewer(), project_id, wanted, _asked("from"))
    return render_template(
        "themes.html", project_id=project_id, page=page, wanted=wanted,
        before=_address(project_id, wanted, page.previous) if page.has_previous else None,
        after=_address(project_id, wanted, page.next) if page.next else None,
        branches=_branches(page.entries, flat=wanted.is_part), may_tag=may(viewer(), Permission.TAG, project_id))


@blueprint.get("/projects/<id:project_id>/themes/new")
@allowed(Permission.TAG)
def new(project_id: str) -> ResponseReturnValue:
    """The form for a new theme, under another one if the address names that."""
    return _form(project_id, None, ThemeText(""), parent=_asked("under"))


@blueprint.post("/projects/<id:project_id>/themes")
@allowed(Permission.TAG)
def create(project_id: str) -> ResponseReturnValue:
    """Add a theme to the codebook."""
    parent = request.form.get("parent", "")
    try:
        made = themes.create(db.session(), viewer(), project_id, typed(),
                             checked_id(parent, "parent") if parent else None)
    except Invalid as error:
        return _form(project_id, None, typed(), parent=parent, error=error), 422
    return redirect_with("theme_created", url_for("themes.index", project_id=project_id, _anchor=f"theme-{made}"))


@blueprint.get("/themes/<id:theme_id>")
@signed_in
def show(theme_id: str) -> ResponseReturnValue:
    """What a theme is about, and a page of what this person may have of it. A theme that was merged leads to the other
    one."""
    session = db.session()
    theme, page = themes.get_tagged(session, viewer(), theme_id,
                                    read_turn(request.args.get("older"), request.args.get("newer")))
    if theme.id != theme_id:
        return redirect(url_for("themes.show", theme_id=theme.id), 303)
    was_shown(Action.READ, "theme", theme.id, theme.project_id, (part.id for part in page.parts))
    may_tag = may(viewer(), Permission.TAG, theme.project_id)
    return render_template(
        "theme.html", project_id=theme.project_id, theme=theme, page=page, may_tag=may_tag,
        around=theme_list.around(session, viewer(), theme),
        notes=notes.list_on(session, viewer(), Notable.THEME, theme.id) if may_tag else [])


@blueprint.route("/themes/<id:theme_id>/change", methods=["GET", "POST"])
@signed_in
def change(theme_id: str) -> ResponseReturnValue:
    """Write what a theme says anew."""
    theme = themes.get_to_change(db.session(), viewer(), theme_id)
    if request.method == "GET":
        return _form(theme.project_id, theme, theme.text, version=theme.version)
    try:
        themes.change(db.session(), viewer(), theme_id, typed(), conflicts.seen())
    except Invalid as error:
        return _form(theme.project_id, theme, typed(), version=request.form.get("version", ""), error=error), 422
    except VersionConflict as conflict:
        return conflicts.page(conflict, _FIELDS, action=request.path, project_id=theme.project_id,
                              mine=asdict(typed()), back=url_for("themes.show", theme_id=theme_id))
    return redirect_with("theme_changed", url_for("themes.show", theme_id=theme_id))


def typed() -> ThemeText:
    """What a form says of a theme."""
    return ThemeText(**{name: request.form.get(name, "") for name in ThemeText.__dataclass_fields__})


def _form(project_id: str, theme: Theme | None, text: ThemeText, *, parent: str = "", version: int | str = "",
          error: Invalid | None = None) -> str:
    """The form for a theme as somebody typed it; one that is there has its place already."""
    return render_template(
        "theme-form.html", project_id=project_id, theme=theme, text=text, parent=parent, version=version,
        fields=_problems(error), palette=PALETTE, kinds=ThemeKind,
        places=[] if theme else themes.list_themes(db.session(), viewer(), project_id))


def _problems(error: Invalid | None) -> dict[str, str]:
    return (error.fields or {"name": error.message}) if error else {}


def _branches(entries: list[ThemeEntry], *, flat: bool) -> list[Branch]:
    """The entries, which are in order, each within what it stands under."""
    found: list[Branch] = []
    path: list[Branch] = []
    for entry in entries:
        branch = Branch(entry)
        path = [] if flat else path[:entry.node.depth]
        (path[-1].children if path else found).append(branch)
        path.append(branch)
    return found


def _address(project_id: str, wanted: Wanted, start: str | None) -> str:
    """A page of the list that begins with this theme, or the first one."""
    kept = {"q": wanted.name, "kind": wanted.kind, "retired": "yes" if wanted.retired else "", "from": start or ""}
    asked = urlencode({name: value for name, value in kept.items() if value})
    return url_for("themes.index", project_id=project_id) + (f"?{asked}" if asked else "")


def _asked(name: str) -> str:
    """What the address asks for, if it is something that could be stored."""
    value = request.args.get(name, "").strip()
    return value if len(value) <= 200 and storable(value) else ""
