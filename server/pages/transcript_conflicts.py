"""What somebody without scripts sees when a transcript is not as it was when they chose what to do with it."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.domain.correction import Kind
from server.domain.errors import VersionConflict
from server.pages import conflicts
from server.pages.addresses import local_path
from server.pages.conflicts import Field
from server.pages.editable import editable
from server.problems import STATUS
from server.services.clearing import Words

_WORDS = (Field("text", "Words", rows=4),)


def page(conflict: VersionConflict, recording_id: str) -> ResponseReturnValue:
    """Words can be put in the place of those that are there now. Anything else is chosen again on the page that it was
    chosen on, and what somebody else did is taken back only once that is said."""
    form, now = request.form, conflict.current
    story, _ = editable(recording_id, Words.NONE)
    back = local_path(form.get("back"), url_for("editing.show", recording_id=recording_id))
    if form.get("kind") == Kind.WORDS and now.get("segment") is not None:
        carried = {"kind": Kind.WORDS.value, "transcript": str(now.get("transcript", form.get("transcript", ""))),
                   "segment": str(now["segment"]), "was": str(now.get("text", ""))}
        return conflicts.page(conflict, _WORDS, action=request.path, project_id=story.project_id, back=back,
                              carried=carried)
    html = render_template("transcript-conflict.html", conflict=conflict, now=now, action=request.path, back=back,
                           project_id=story.project_id, wrote=form.get("text"), was=form.get("was"),
                           transcript=form.get("transcript"))
    return html, STATUS[conflict.code]
