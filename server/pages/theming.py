"""Passages and themes of a story as its page shows them, and one address at which the page looks what others have done.

A page's module asks every few seconds and is answered only when something has changed; what it sends is answered with
the same, so that there is one way in which anything comes to the page.
"""

from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import signed_in, viewer
from server.db import db
from server.domain.access import Permission, require
from server.domain.audit import Action
from server.domain.cleared import ClearedStory
from server.domain.codebook import Node
from server.domain.consent import Audience
from server.pages import listening
from server.pages.whose import whose
from server.services import clearing, codebook, notes, taggings, theming

blueprint = Blueprint("theming", __name__)


@blueprint.get("/stories/<id:story_id>/theming")
@signed_in
def look(story_id: str) -> ResponseReturnValue:
    """What is on the story now, or that nothing has changed."""
    now = theming.stamp(db.session(), viewer(), story_id)
    if now in request.if_none_match:
        answer = Response(status=304)
        answer.set_etag(now)
        return answer
    answer = Response(_fragment(story_id), mimetype="text/html")
    answer.set_etag(now)
    return answer


def answer(story_id: str, **more: Any) -> Response:
    """For a page's module: what is on the story now that it was changed."""
    return jsonify(stamp=theming.stamp(db.session(), viewer(), story_id), html=_fragment(story_id), **more)


def shown(story: ClearedStory) -> dict[str, Any]:
    """What the templates of passages and themes are given."""
    session, who = db.session(), viewer()
    by = whose(story, who, request.args.get("by"), each_alone=taggings.each_alone(session, story.project_id))
    nodes = codebook.tree(session, story.project_id)
    return {
        "project_id": story.project_id, "story": story, "whose": by, "listening": listening.of_story(story, by),
        "themes": by.themes(story), "notes": notes.of_story(session, who, story), "codebook": nodes,
        "theming": {"codebook": [_choice(node) for node in nodes], "by": by.by,
                    "recent": taggings.recent(session, who, story.project_id),
                    "stamp": theming.stamp(session, who, story.id)}}


def _choice(node: Node) -> dict[str, Any]:
    theme = node.theme
    return {"id": theme.id, "name": theme.name, "above": list(node.above), "colour": theme.colour}


def _fragment(story_id: str) -> str:
    story = clearing.get_story(db.session(), viewer(), story_id, Audience.COMMISSIONERS)
    require(viewer(), Permission.TAG, story.project_id)
    was_shown(Action.READ, "story", story.id, story.project_id)
    return render_template("story-theming.html", **shown(story))
