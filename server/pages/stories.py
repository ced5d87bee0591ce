"""The stories of a project, for commissioners: a list with filters, and each story to hear and read."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import allowed, signed_in, viewer
from server.db import db
from server.domain.access import Permission, may, require
from server.domain.audit import Action
from server.domain.bookmark import read_turn
from server.domain.cleared import ClearedStory, ClearedTheme
from server.domain.consent import Audience, may_keep_photo, may_transcribe
from server.domain.work import Kind
from server.pages import filters, reading, theming
from server.pages import who_agreed as agreeing
from server.services import (
    anchors,
    clearing,
    consents,
    progress,
    self_descriptions,
    story_list,
    who_agreed,
)

blueprint = Blueprint("stories", __name__)


@dataclass(frozen=True)
class Entry:
    """A story in the list. `length_ms` is None when it has no sound."""

    story: ClearedStory
    opening: str
    length_ms: int | None
    themes: list[ClearedTheme]
    allowed: list[reading.Allowance]


@blueprint.get("/projects/<id:project_id>/stories")
@allowed(Permission.BROWSE_STORIES)
def index(project_id: str) -> ResponseReturnValue:
    """A page of the stories that commissioners may have, of all or of those that pass the filter."""
    session, asked = db.session(), request.args
    chosen = filters.of_request("stories.index", project_id)
    to = read_turn(asked.get("older"), asked.get("newer"))
    page = story_list.get_page(session, viewer(), project_id, chosen.only, to)
    flagged = anchors.flagged_for(session, viewer(), project_id)
    shown = [*(story.id for story in page.stories), *(found.story_id for found in flagged)]
    was_shown(Action.READ, "stories", project_id, project_id, dict.fromkeys(shown))
    return render_template(
        "stories.html", project_id=project_id, page=page, entries=[_entry(story) for story in page.stories],
        filters=chosen, flagged=flagged,
    )


@blueprint.get("/stories/<id:story_id>")
@signed_in
def show(story_id: str) -> ResponseReturnValue:
    """One story: listening and reading are one thing."""
    session = db.session()
    story = clearing.get_story(session, viewer(), story_id, Audience.COMMISSIONERS)
    require(viewer(), Permission.BROWSE_STORIES, story.project_id)
    uses = consents.agreed_uses(session, story.id)
    was_shown(Action.READ, "story", story.id, story.project_id)
    return render_template(
        "story.html", opening=reading.opening(story), length_ms=reading.length_ms(story),
        allowed=reading.allowances(story.reaches), stands=_stands(story),
        said_of_self=self_descriptions.of_story(session, story.id), may_transcribe=may_transcribe(uses),
        may_photograph=may_keep_photo(uses),
        may_go_without=may(viewer(), Permission.MANAGE_PROJECT, story.project_id),
        joining={one: stands for (_, one), stands in progress.of(
            session, [Kind.JOIN], [found.id for found in story.unfinished]).items()},
        made=request.args.get("made"), english="english" in request.args, **theming.shown(story),
    )


def _stands(story: ClearedStory) -> list[agreeing.UseCounts]:
    """How many of a group agreed to what; nothing where one person told it, of whom the page says so already."""
    if len(story.told_by) < 2:
        return []
    return agreeing.counted(who_agreed.of_story(db.session(), story.id))


def _entry(story: ClearedStory) -> Entry:
    return Entry(story=story, opening=reading.opening(story), themes=reading.themes_of(story),
                 length_ms=reading.length_ms(story) if story.recordings else None,
                 allowed=reading.allowances(story.reaches))


@blueprint.app_template_filter("clock")
def clock(milliseconds: int) -> str:
    """A position in a recording: 1:05, or 1:00:05 after an hour."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
