"""What a participant sees with the code on their receipt. They have no account, and no word of a story is shown."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import public
from server.db import db
from server.domain.audit import Action
from server.services import receipt_codes
from server.services.receipt_codes import StoryEnded
from server.writing_down import write_down

blueprint = Blueprint("receipts", __name__)


@blueprint.get("/receipt")
@public
def ask() -> ResponseReturnValue:
    """Ask for the code, or go on to its page."""
    code = "".join(request.args.get("code", "").replace("/", "").split())
    if code:
        return redirect(url_for("receipts.show", code=code))
    return render_template("receipt-ask.html", is_empty="code" in request.args)


@blueprint.get("/receipt/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    """What became of one story, in a few words, and what its holder agreed to."""
    found = receipt_codes.look_up(db.session(), code, _address())
    if found is None:
        return _unknown()
    if isinstance(found, StoryEnded):
        was_shown(Action.READ, "receipt of withdrawal", found.story_id, found.project_id)
        return render_template("receipt-withdrawn.html", ended=found)
    was_shown(Action.READ, "receipt", found.story_id, found.project_id)
    return render_template("receipt.html", kept=found, code=code)


@blueprint.get("/receipt/<code>/withdraw")
@public
def confirm(code: str) -> ResponseReturnValue:
    """Say what will be gone, and ask."""
    found = receipt_codes.look_up(db.session(), code, _address())
    if found is None:
        return _unknown()
    if isinstance(found, StoryEnded):
        return redirect(url_for("receipts.show", code=code))
    was_shown(Action.READ, "receipt", found.story_id, found.project_id)
    return render_template("receipt-withdraw.html", kept=found, code=code)


@blueprint.post("/receipt/<code>/withdraw")
@public
def withdraw(code: str) -> ResponseReturnValue:
    """End the story. A second press of the button changes nothing."""
    story_id = receipt_codes.withdraw(db.session(), code, _address())
    if story_id is None:
        return _unknown()
    write_down(story_id)
    return redirect(url_for("receipts.show", code=code), 303)


def _unknown() -> ResponseReturnValue:
    """A wrong code is counted although the request failed, in a transaction that may write."""
    db.session.rollback()
    receipt_codes.record_wrong_code(db.session(), _address())
    db.session.commit()
    return render_template("receipt-unknown.html"), 404


def _address() -> str:
    return request.remote_addr or ""
