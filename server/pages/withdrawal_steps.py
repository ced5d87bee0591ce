"""The checklist of a withdrawal: what has gone and when, what is waited for, who has files, and the receipt."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission, Role, may
from server.domain.consent import Scope
from server.domain.withdrawal_step import PhoneToTell, Place, Step, may_have_receipt, summed_up
from server.services import (
    anonymous_stories,
    consent_documents,
    exports_made,
    past_withdrawals,
    projects,
    withdrawal_steps,
)

blueprint = Blueprint("withdrawal_steps", __name__)

PLACE_NAMES: Mapping[Place, str] = {
    Place.ROWS: "Words and details in the database",
    Place.QUEUED_WORK: "Work on it that waited or ran",
    Place.INDEX: "The search index",
    Place.EMBEDDINGS: "What a computer compares words by",
    Place.PACKS: "Board packs",
    Place.ORIGINALS: "Recordings and photos as they came",
    Place.DERIVATIVES: "Copies made of them",
    Place.EVIDENCE: "What shows the agreement, such as a signature",
    Place.STAGED: "Files that were on their way in",
    Place.VERSIONS: "Older versions in the store",
    Place.DATABASE_PAGES: "Traces in the database’s own files",
    Place.CACHES: "Copies that browsers keep: none, since every page forbids it",
    Place.PHONES: "Phones that collected it",
    Place.BACKUPS: "Backups",
}

SCOPE_NAMES: Mapping[Scope, str] = {
    Scope.NO_NEW_USE: "Kept, and used for nothing new",
    Scope.WORDS_ONLY: "Voice and faces erased",
    Scope.ANONYMOUS: "Made anonymous",
    Scope.ERASE: "All of it erased",
}


@dataclass(frozen=True)
class ShownPlace:
    """A place in the checklist: how much was there, since when it is gone, or until when it will be."""

    place: Place
    count: int
    waiting: int
    done_at: datetime | None
    due_at: datetime | None
    is_late: bool
    phones: tuple[tuple[Step, PhoneToTell | None], ...]


@dataclass(frozen=True)
class PassagesKnown:
    """Until when it is known which passages of a story of nobody are from this one; None where it is not any more."""

    until: datetime | None


@blueprint.get("/projects/<id:project_id>/register/withdrawn")
@allowed(Permission.WITHDRAW)
def index(project_id: str) -> ResponseReturnValue:
    """What was withdrawn, so that each checklist is found again, and those of participants who did it alone."""
    found = past_withdrawals.list_past(db.session(), viewer(), project_id, datetime.now(UTC))
    return render_template("past-withdrawals.html", project_id=project_id, found=found, scope_names=SCOPE_NAMES,
                           is_all=len(found) < past_withdrawals.LISTED,
                           sees_all=Role.ADMINISTRATOR in viewer().roles_in(project_id))


@blueprint.get("/projects/<id:project_id>/register/<id:story_id>/withdrawn/steps")
@allowed(Permission.WITHDRAW)
def show(project_id: str, story_id: str) -> ResponseReturnValue:
    """Everything that had to go, whatever was withdrawn of a story."""
    session, now = db.session(), datetime.now(UTC)
    steps = withdrawal_steps.get_checklist(session, viewer(), project_id, story_id)
    phones, scopes = (withdrawal_steps.list_phones(session, steps),
                      withdrawal_steps.list_scopes(session, project_id, story_id))
    may_show = may(viewer(), Permission.SEE_EVIDENCE, project_id) and withdrawal_steps.has_ended(session, story_id)
    return render_template(
        "withdrawal-steps.html", project_id=project_id, story_id=story_id, places=_places(steps, phones, now),
        scopes=scopes, now=now, passages=_passages(session, story_id, scopes, steps),
        holding=exports_made.list_holding(session, viewer(), project_id, story_id), has_steps=bool(steps),
        may_have_receipt=bool(steps) and may_have_receipt(steps, phones, now), names=PLACE_NAMES,
        asked=consent_documents.list_asked(session, viewer(), project_id, story_id) if may_show else [],
        scope_names=SCOPE_NAMES, may_write=may(viewer(), Permission.SEE_EXPORTS, project_id))


@blueprint.get("/projects/<id:project_id>/register/<id:story_id>/withdrawn/receipt")
@allowed(Permission.WITHDRAW)
def receipt(project_id: str, story_id: str) -> ResponseReturnValue:
    """The receipt, to print and hand over."""
    session, now = db.session(), datetime.now(UTC)
    found = withdrawal_steps.get_receipt(session, viewer(), project_id, story_id, now)
    phones = withdrawal_steps.list_phones(session, found.steps)
    return render_template("withdrawal-receipt.html", project_id=project_id, story_id=story_id, receipt=found,
                           places=_places(found.steps, phones, now), names=PLACE_NAMES, scope_names=SCOPE_NAMES,
                           passages=_passages(session, story_id, found.scopes, found.steps),
                           project_name=projects.get_name(session, viewer(), project_id).name)


@blueprint.get("/projects/<id:project_id>/register/<id:story_id>/withdrawn/receipt.json")
@allowed(Permission.WITHDRAW)
def receipt_json(project_id: str, story_id: str) -> ResponseReturnValue:
    """The very bytes that the receipt's SHA-256 is of."""
    found = withdrawal_steps.get_receipt(db.session(), viewer(), project_id, story_id, datetime.now(UTC))
    headers = {"Content-Disposition": f'attachment; filename="earshot-withdrawal-{story_id[-8:]}.json"'}
    return Response(found.to_bytes(), content_type="application/json", headers=headers)


def _passages(session: Session, story_id: str, scopes: Collection[tuple[Scope, datetime]],
              steps: Collection[Step]) -> PassagesKnown | None:
    """None where the story was not made anonymous, or is what came of one that was."""
    if not steps or Scope.ANONYMOUS not in {scope for scope, _ in scopes}:
        return None
    is_known = anonymous_stories.is_origin_known(session, story_id)
    return PassagesKnown(summed_up(steps).last_copy_dies_at if is_known else None)


def _places(steps: tuple[Step, ...] | list[Step], phones: Mapping[str, PhoneToTell],
            now: datetime) -> list[ShownPlace]:
    return [_shown(place, [step for step in steps if step.place is place], phones, now)
            for place in Place if any(step.place is place for step in steps)]


def _shown(place: Place, steps: list[Step], phones: Mapping[str, PhoneToTell], now: datetime) -> ShownPlace:
    left = [step for step in steps if step.done_at is None]
    done = [step.done_at for step in steps if step.done_at is not None]
    due = [step.due_at for step in left if step.due_at is not None]
    return ShownPlace(
        place, sum(step.count for step in steps), sum(step.count for step in left),
        None if left else max(done), max(due, default=None), any(step.is_late(now) for step in left),
        tuple((step, phones.get(step.subject)) for step in steps) if place is Place.PHONES else ())
