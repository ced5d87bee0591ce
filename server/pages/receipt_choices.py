"""What a participant can do on their receipt once it is open: change an answer, and take back a part or everything."""

from datetime import UTC, datetime

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from server.auth import public
from server.db import db
from server.domain.consent import Scope, Use
from server.domain.errors import NotFound, TooManyAttempts
from server.pages.receipt_frame import frame_for, render
from server.pages.receipts import has_opened, look_up, own_and_frame, too_many, unknown
from server.services import own_stories, withdrawal_steps
from server.services.receipt_codes import Holder
from server.writing_down import write_down

blueprint = Blueprint("receipt_choices", __name__)
blueprint.register_error_handler(TooManyAttempts, too_many)


@blueprint.get("/receipt/<code>/answers")
@public
def answers(code: str) -> ResponseReturnValue:
    """Each use with the answer of now, and the other one beside it. After a change it says what was changed."""
    holder = _holder(code)
    if not isinstance(holder, Holder):
        return holder
    own, frame = own_and_frame(holder)
    changed = next((use for use in own.uses if use.use == request.args.get("changed")), None)
    return render("receipt-answers.html", frame, own=own, code=code, changed=changed)


@blueprint.post("/receipt/<code>/answers")
@public
def answer(code: str) -> ResponseReturnValue:
    """Say yes or no to one use. Raises NotFound for a use there is not."""
    holder = _holder(code)
    if not isinstance(holder, Holder):
        return holder
    use, agrees = request.form.get("use", ""), request.form.get("answer", "")
    if use not in {*Use} or agrees not in ("yes", "no"):
        raise NotFound
    own_stories.answer(db.session(), holder, Use(use), agrees == "yes", datetime.now(UTC))
    return redirect(url_for("receipt_choices.answers", code=code, changed=use, **frame_for().chosen), 303)


@blueprint.get("/receipt/<code>/less")
@public
def less(code: str) -> ResponseReturnValue:
    """The ways to take back a part."""
    holder = _holder(code)
    if not isinstance(holder, Holder):
        return holder
    own, frame = own_and_frame(holder)
    return render("receipt-less.html", frame, own=own, code=code)


@blueprint.get("/receipt/<code>/withdraw", defaults={"scope": Scope.ERASE.value})
@blueprint.get("/receipt/<code>/withdraw/<scope>")
@public
def confirm(code: str, scope: str) -> ResponseReturnValue:
    """Say what will be gone, and ask."""
    holder, chosen = _holder(code), _scope(scope)
    if not isinstance(holder, Holder):
        return holder
    own, frame = own_and_frame(holder)
    return render("receipt-sure.html", frame, own=own, code=code, scope=chosen, of_scope=frame.words.scopes[chosen])


@blueprint.post("/receipt/<code>/withdraw", defaults={"scope": Scope.ERASE.value})
@blueprint.post("/receipt/<code>/withdraw/<scope>")
@public
def withdraw(code: str, scope: str) -> ResponseReturnValue:
    """Do it. A second press of the button changes nothing."""
    holder, chosen = _holder(code), _scope(scope)
    if not isinstance(holder, Holder):
        return holder
    # The language of the consent is known only until then.
    frame = frame_for(own_stories.get(db.session(), holder, datetime.now(UTC)))
    own_stories.take_back(db.session(), holder, chosen, datetime.now(UTC))
    write_down(holder.story_id)
    carried = frame.to(language=frame.language.code, reading=frame.reading.value)
    if chosen in (Scope.ANONYMOUS, Scope.ERASE):
        return redirect(url_for("receipts.show", code=code, **carried), 303)
    return redirect(url_for("receipt_choices.done", code=code, scope=chosen.value, **frame.chosen), 303)


@blueprint.get("/receipt/<code>/withdrawn/<scope>")
@public
def done(code: str, scope: str) -> ResponseReturnValue:
    """What was done and what happens now, to keep."""
    holder, chosen = _holder(code), _scope(scope)
    if not isinstance(holder, Holder):
        return holder
    own, frame = own_and_frame(holder)
    at = next((ended.at for ended in own.parts_ended if ended.scope is chosen), None)
    if chosen is Scope.NO_NEW_USE and not own.is_used:
        at = own.said_at
    if at is None:
        return redirect(url_for("receipts.show", code=code, **frame.chosen))
    summary = None if chosen is Scope.NO_NEW_USE else withdrawal_steps.get_summary(db.session(), holder.story_id)
    return render("receipt-done.html", frame, own=own, code=code, scope=chosen, at=at, summary=summary,
                  of_scope=frame.words.scopes[chosen])


def _holder(code: str) -> Holder | ResponseReturnValue:
    """Whose receipt it is, once it is open; else what to answer."""
    found = look_up(code)
    if found is None:
        return unknown()
    if not isinstance(found, Holder) or not has_opened(found):
        return redirect(url_for("receipts.show", code=code, **frame_for().chosen), 303)
    return found


def _scope(scope: str) -> Scope:
    """Raises NotFound."""
    if scope not in {*Scope}:
        raise NotFound
    return Scope(scope)
