"""What a participant sees with the code on their receipt. They have no account, and no word of a story is shown.

A code alone shows nothing of the story. Who types what they are called in it gets a cookie for half an hour, which
opens this receipt and no other: `server/pages/receipt_choices.py` is what they can do then.
"""

from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from server.auditing import was_shown
from server.auth import public
from server.db import db
from server.domain.audit import Action
from server.domain.errors import TooManyAttempts
from server.pages.consent_documents import as_file
from server.pages.receipt_frame import Frame, frame_for, render
from server.services import consent_documents, own_stories, receipt_codes, receipt_visits, withdrawal_steps
from server.services.own_stories import OwnStory
from server.services.receipt_codes import Holder, StoryEnded

blueprint = Blueprint("receipts", __name__)

COOKIE = "earshot_receipt"


@blueprint.errorhandler(TooManyAttempts)
def too_many(error: TooManyAttempts) -> ResponseReturnValue:
    """The same words for whatever was tried too often."""
    minutes = -(-error.wait_seconds // 60)
    db.session.rollback()
    answer = render("receipt-wait.html", frame_for(), 429, minutes=minutes)
    answer.headers["Retry-After"] = str(error.wait_seconds)
    return answer


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
    """What they agreed to, what came of their story, and what they can do; before that their name is asked for."""
    found = look_up(code)
    if found is None:
        return unknown()
    if isinstance(found, StoryEnded):
        return _ended(found)
    if not has_opened(found):
        return render("receipt-gate.html", frame_for(), code=code, errors={})
    own, frame = own_and_frame(found)
    return render("receipt.html", frame, own=own, code=code)


@blueprint.post("/receipt/<code>")
@public
def open_receipt(code: str) -> ResponseReturnValue:
    """Take the name. A wrong one is counted, whatever is wrong with it."""
    found, frame = look_up(code), frame_for()
    if found is None:
        return unknown()
    if isinstance(found, StoryEnded):
        return redirect(url_for("receipts.show", code=code, **frame.chosen), 303)
    typed = request.form.get("name", "")[:200]
    if not typed.strip():
        return _gate(frame, code, frame.words.name_missing)
    taken = receipt_visits.take_try(db.session(), found.code_hash, _address())
    db.session.commit()
    if not found.is_called(typed):
        return _gate(frame, code, frame.words.name_wrong)
    token = receipt_visits.begin(db.session(), found.code_hash, taken, datetime.now(UTC))
    answer = redirect(url_for("receipts.show", code=code, **frame.chosen), 303)
    answer.set_cookie(COOKIE, token, max_age=int(receipt_visits.OPEN_FOR.total_seconds()), path=_path(code),
                      httponly=True, samesite="Strict", secure=request.is_secure)
    return answer


@blueprint.post("/receipt/<code>/close")
@public
def close(code: str) -> ResponseReturnValue:
    """End the visit, on a phone that others use too."""
    receipt_visits.close(db.session(), request.cookies.get(COOKIE, ""))
    answer: Response = redirect(url_for("receipts.show", code=code, **frame_for().chosen), 303)
    answer.delete_cookie(COOKIE, path=_path(code), httponly=True, samesite="Strict", secure=request.is_secure)
    return answer


@blueprint.get("/receipt/<code>/consent.json")
@public
def consent_file(code: str) -> ResponseReturnValue:
    """Everything they agreed to, as a file."""
    found = look_up(code)
    if found is None:
        return unknown()
    if isinstance(found, StoryEnded) or not has_opened(found):
        return redirect(url_for("receipts.show", code=code))
    document = consent_documents.of_participant(db.session(), found.story_id, found.participant_id)
    was_shown(Action.EXPORTED, "consent.json", found.story_id, found.project_id,
              [found.participant_id] if found.participant_id else [])
    return as_file(document)


def look_up(code: str) -> Holder | StoryEnded | None:
    """What a code stands for. Raises TooManyAttempts."""
    return receipt_codes.look_up(db.session(), code, _address())


def has_opened(found: Holder | StoryEnded) -> bool:
    """Whether this browser has shown that the receipt is theirs."""
    token = request.cookies.get(COOKIE, "")
    return bool(token) and receipt_visits.is_open(db.session(), token, found.code_hash, datetime.now(UTC))


def own_and_frame(holder: Holder) -> tuple[OwnStory, Frame]:
    """What they are shown of their own story, which is noted."""
    own = own_stories.get(db.session(), holder, datetime.now(UTC))
    was_shown(Action.READ, "receipt", holder.story_id, holder.project_id)
    return own, frame_for(own)


def unknown() -> ResponseReturnValue:
    """A wrong code is counted although the request failed, in a transaction that may write."""
    db.session.rollback()
    receipt_codes.record_wrong_code(db.session(), _address())
    db.session.commit()
    return render("receipt-unknown.html", frame_for(), 404)


def _ended(ended: StoryEnded) -> ResponseReturnValue:
    """No name is left to ask for: the day is all that it shows. Whoever ended it just now reads what happens next."""
    was_shown(Action.READ, "receipt of withdrawal", ended.story_id, ended.project_id)
    summary = withdrawal_steps.get_summary(db.session(), ended.story_id) if has_opened(ended) else None
    return render("receipt-withdrawn.html", frame_for(), ended=ended, summary=summary)


def _gate(frame: Frame, code: str, problem: str) -> ResponseReturnValue:
    return render("receipt-gate.html", frame, 422, code=code, errors={"name": problem})


def _path(code: str) -> str:
    """The cookie is sent to the pages of this receipt alone, as its code was typed."""
    return url_for("receipts.show", code=code)


def _address() -> str:
    return request.remote_addr or ""
