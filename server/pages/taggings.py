"""Which themes are on an excerpt, a quote or a photo: what was ticked when the form was made, and what is now.

A page's module sends the same as the form, one change at a time, and gets back what is on the story now.
"""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import signed_in, viewer
from server.db import db
from server.domain.access import Permission, require
from server.domain.audit import Action
from server.domain.consent import Audience
from server.domain.ids import checked_id
from server.domain.theme import Taggable
from server.pages import theming
from server.pages.addresses import local_path
from server.pages.notices import redirect_with
from server.problems import wants_json
from server.services import clearing, codebook, taggings
from server.services.taggings import Part

blueprint = Blueprint("taggings", __name__)


@blueprint.route("/excerpts/<id:excerpt_id>/themes", methods=["GET", "POST"])
@signed_in
def excerpt(excerpt_id: str) -> ResponseReturnValue:
    """The themes of an excerpt."""
    return _themes_of(Taggable.EXCERPT, excerpt_id)


@blueprint.route("/quotes/<id:quote_id>/themes", methods=["GET", "POST"])
@signed_in
def quote(quote_id: str) -> ResponseReturnValue:
    """The themes of a quote."""
    return _themes_of(Taggable.QUOTE, quote_id)


@blueprint.route("/photos/<id:photo_id>/themes", methods=["GET", "POST"])
@signed_in
def photo(photo_id: str) -> ResponseReturnValue:
    """The themes of a photo."""
    return _themes_of(Taggable.PHOTO, photo_id)


def _themes_of(kind: Taggable, part_id: str) -> ResponseReturnValue:
    return _show(kind, part_id) if request.method == "GET" else _put(kind, part_id)


def _show(kind: Taggable, part_id: str) -> ResponseReturnValue:
    session, who = db.session(), viewer()
    part = clearing.get_part(session, who, kind, part_id, Audience.COMMISSIONERS)
    require(who, Permission.TAG, part.project_id)
    was_shown(Action.READ, kind, part.id, part.project_id, [part.story_id])
    mine_alone = taggings.each_alone(session, part.project_id)
    ticked = {put.theme.id for put in part.taggings if put.person_id == who.person_id or not mine_alone}
    back = local_path(request.args.get("next"), _at_story(part.story_id, kind, part.id))
    nodes = codebook.tree(session, part.project_id)
    known = {node.theme.id for node in nodes}
    return render_template("themes-on.html", project_id=part.project_id, kind=kind, part=part, ticked=ticked, back=back,
                           address=request.path, codebook=nodes,
                           retired=[theme for theme in part.themes if theme.id in ticked - known])


def _put(kind: Taggable, part_id: str) -> ResponseReturnValue:
    form = request.form
    seen, wanted = ([checked_id(value, "theme") for value in form.getlist(name)] for name in ("seen", "theme"))
    story_id = taggings.put(db.session(), viewer(), Part(kind, part_id), seen, wanted, form.get("new_theme", ""))
    if wants_json():
        return theming.answer(story_id)
    return redirect_with("themes_saved", local_path(form.get("next"), _at_story(story_id, kind, part_id)))


def _at_story(story_id: str, kind: Taggable, part_id: str) -> str:
    """Where it is in its story."""
    name = "passage" if kind is Taggable.EXCERPT else kind
    return url_for("stories.show", story_id=story_id, _anchor=f"{name}-{part_id}")
