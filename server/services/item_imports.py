"""What a phone saved to a file, brought in as if the phone had sent it: by the same rules, in the sender's name."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, may, require
from server.domain.audit import Action
from server.domain.errors import Invalid, ItemOfAnotherProject, ItemOfNobodyHere
from server.domain.item import Became, Item, ItemEntry, Outcome
from server.domain.sent import SentPart, read_consent, read_part, read_quote, read_story
from server.domain.sent_manifest import read_manifest
from server.domain.sent_withdrawal import read_withdrawal
from server.domain.sync import Body, PhoneClock, Receipt, Standing
from server.domain.tus import read_metadata, write_metadata
from server.models.consent import ConsentRecord, Withdrawal
from server.models.held import HeldArrival
from server.models.people import Person
from server.models.story import Story
from server.services import audit, held, pushes, sign_in

_Push = Callable[[Session, Viewer, str, str, Body, PhoneClock], tuple[Receipt, bool]]


def sender_of(session: Session, viewer: Viewer | None, project_id: str, item: Item) -> Viewer:
    """Whoever saved the file, with what they may do in this project alone. Where they have left, and all that is in it
    is that stories were taken back, it is `viewer`, the administrator who brings it in. Raises ItemOfNobodyHere."""
    person = session.get(Person, item.person_id)
    found = sign_in.viewer_of(session, person) if person else None
    if found is None or not may(found, Permission.COLLECT, project_id):
        found = viewer if all(entry.kind == "withdrawal" for entry in item.entries) else None
    if found is None:
        raise ItemOfNobodyHere
    return replace(found, roles={project_id: found.roles_in(project_id)}, is_operator=False)


def require_may_import(viewer: Viewer, project_id: str) -> None:
    """Raises NotFound."""
    require(viewer, Permission.MANAGE_PROJECT, project_id)


def clock_of(item: Item, now: datetime) -> PhoneClock:
    """When it was saved is no sign of a slow clock; a time that has not come yet is one of a fast clock."""
    return PhoneClock.at(item.saved_at.isoformat(), now) if item.saved_at > now else PhoneClock()


def in_order(item: Item) -> list[ItemEntry]:
    """What is no file, in the order in which each lets the next one in."""
    kinds = list(_PUSHES)
    rank = {kind: place for place, kind in enumerate(kinds)}
    return sorted((entry for entry in item.entries if entry.body is not None),
                  key=lambda entry: rank.get(entry.kind, len(kinds)))


def push(session: Session, sender: Viewer, project_id: str, entry: ItemEntry, clock: PhoneClock) -> Outcome:
    """Take in something that is no file, as its own address does. Raises what that raises, and
    ItemOfAnotherProject."""
    act = _PUSHES.get(entry.kind)
    if act is None or entry.body is None:
        raise Invalid("This server does not know this kind of thing. It stays on the phone.")
    receipt, is_new = act(session, sender, project_id, entry.id, entry.body, clock)
    return outcome_of(entry, receipt, is_new=is_new)


def announced(entry: ItemEntry) -> SentPart:
    """A file as a phone announces it. Raises BadRequest, and Invalid, also where what it says of itself is not
    what the entry says."""
    as_sent = write_metadata(entry.metadata or {})
    # By the rules for what a phone announces, since it is told again in a header.
    sent = read_part(read_metadata(as_sent), entry.size, as_sent)
    if (sent.id, sent.kind, sent.story_id, sent.sha256) != (entry.id, entry.kind, entry.story_id, entry.sha256):
        raise Invalid
    return sent


def require_of_project(session: Session, project_id: str, story_id: str) -> None:
    """What is of no story of this project stays out: held for a story that is to come, it could end in any project of
    the sender. Raises ItemOfAnotherProject, whether the story is elsewhere or nowhere."""
    known = set(session.scalars(
        select(Story.project_id).where(Story.id == story_id)
        .union(select(ConsentRecord.project_id).where(ConsentRecord.story_id == story_id),
               select(Withdrawal.project_id).where(Withdrawal.story_id == story_id))))
    if not known:
        held_story = HeldArrival.story_id == story_id, HeldArrival.kind == held.STORY
        known = set(session.scalars(select(HeldArrival.project_id).where(*held_story)))
    if known != {project_id}:
        raise ItemOfAnotherProject


def outcome_of(entry: ItemEntry, receipt: Receipt, *, is_new: bool) -> Outcome:
    # A withdrawal is held from its phone alone, which is not to forget it yet: here it has ended its story.
    if receipt.standing is Standing.HELD and entry.kind != "withdrawal":
        return Outcome(entry.kind, entry.id, Became.WAITS)
    return Outcome(entry.kind, entry.id, Became.CAME_IN if is_new else Became.WAS_HERE)


def note_begun(session: Session, viewer: Viewer | None, project_id: str, item: Item, sha256: str) -> None:
    """Enter in the audit who begins to bring in whose file. `sha256` is that of the file."""
    audit.note(session, viewer.person_id if viewer else None, Action.IMPORTED, "item", sha256, project_id,
               sent_by=item.person_id, begun=True)


def note(session: Session, viewer: Viewer | None, project_id: str, item: Item, sha256: str,
         outcomes: list[Outcome]) -> None:
    """Enter in the audit what came in of a file that was begun."""
    numbers = {became.value: sum(outcome.became is became for outcome in outcomes) for became in Became}
    came_in = [outcome.id for outcome in outcomes if outcome.became in (Became.CAME_IN, Became.WAITS)]
    audit.note(session, viewer.person_id if viewer else None, Action.IMPORTED, "item", sha256, project_id,
               sent_by=item.person_id, parts=came_in, **numbers)


def _push(read: Callable[[dict[str, Any], str], Any],
          act: Callable[[Session, Viewer, Any, Body, PhoneClock], tuple[Receipt, bool]], session: Session,
          viewer: Viewer, project_id: str, part_id: str, body: Body, clock: PhoneClock) -> tuple[Receipt, bool]:
    sent = read(body.read(), part_id)
    if not hasattr(sent, "project_id"):
        require_of_project(session, project_id, sent.story_id)
    elif sent.project_id != project_id:
        raise ItemOfAnotherProject
    return act(session, viewer, sent, body, clock)


_PUSHES: dict[str, _Push] = {
    "withdrawal": partial(_push, read_withdrawal, pushes.push_withdrawal),
    "consent": partial(_push, read_consent, pushes.push_consent),
    "story": partial(_push, read_story, pushes.push_story),
    "quote": partial(_push, read_quote, pushes.push_quote),
    "manifest": partial(_push, read_manifest, pushes.push_manifest),
}
