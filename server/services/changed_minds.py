"""Somebody who agreed changes their mind: with their receipt, or told by a person of the project.

A no holds at once. A yes comes back only as the same person gave it to somebody who asked them, and never for longer.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.domain import consent as rules
from server.domain.access import Viewer
from server.domain.audit import Action
from server.domain.consent import FOREVER, ForWhom, Given, Use
from server.domain.errors import Invalid, NotFound, Withdrawn
from server.domain.ids import new_id
from server.domain.sync import Body
from server.models.consent import ConsentRecord, Withdrawal
from server.services import audit, consents, locks


def change(session: Session, story_id: str, participant_id: str | None, agreed: Collection[Use], at: datetime, *,
           viewer: Viewer | None = None) -> None:
    """Add a record of one of those who told a story that agrees to these uses alone, and act on it.

    There is no viewer where they do it with their receipt. Saying the same once more changes nothing. Raises NotFound
    where nobody was asked about the story, Withdrawn, and Invalid for a yes that they cannot give alone.
    """
    locks.take_story(session, story_id)
    if session.get(Withdrawal, story_id) is not None:
        raise Withdrawn
    before = _rests_on(session, story_id, participant_id)
    ends = ends_to_give(session, story_id, participant_id)
    if set(agreed) - set(ends):
        raise Invalid(fields={use.value: "This needs a talk with the person who listened." for use in
                              sorted(set(agreed) - set(ends))})
    held = consents.ends_by_teller(session, story_id, participant_id)
    row = _row(before, participant_id, {use: min(ends[use], held.get(use, FOREVER)) for use in Use if use in agreed},
               at, viewer)
    if _says_the_same(before, row):
        return
    session.add(row)
    session.flush()
    audit.note(session, row.taken_by, Action.CHANGED, "consent", row.id, row.project_id, story=story_id)
    consents.settle(session, row)


def ends_to_give(session: Session, story_id: str, participant_id: str | None) -> dict[Use, datetime]:
    """The uses that somebody may agree to alone, and until when: what they said yes to when somebody last asked them.

    One that has ended since is in it, and gives nothing back.
    """
    asked = set(session.scalars(select(ConsentRecord.sequence).where(
        ConsentRecord.story_id == story_id, ConsentRecord.how != Given.RECEIPT)))
    history = consents.history_of(session, story_id)
    when_asked = replace(history, withdrawals=(),
                         records=tuple(record for record in history.records if record.sequence in asked))
    if participant_id is None:
        return rules.agreed_until(when_asked)
    return rules.ends_by(participant_id, when_asked)


def _rests_on(session: Session, story_id: str, participant_id: str | None) -> ConsentRecord:
    """Their newest record, or anybody's: what was read to the others was for them too."""
    theirs = or_(ConsentRecord.participant_id == participant_id, ConsentRecord.participant_id.is_(None))
    newest = select(ConsentRecord).where(ConsentRecord.story_id == story_id).order_by(ConsentRecord.sequence.desc())
    found = session.scalars(newest.where(theirs)).first() or session.scalars(newest).first()
    if found is None:
        raise NotFound
    return found


def _row(before: ConsentRecord, participant_id: str | None, ends: Mapping[Use, datetime], at: datetime,
         viewer: Viewer | None) -> ConsentRecord:
    theirs = before.participant_id in (participant_id, None)
    said = {
        "id": new_id(), "story_id": before.story_id, "project_id": before.project_id,
        "participant_id": participant_id, "wording_id": before.wording_id, "wording_sha256": before.wording_sha256,
        "language": before.language, "reading": before.reading,
        "for_whom": before.for_whom if theirs else ForWhom.SELF.value,
        "answers": {use.value: use in ends for use in Use},
        "until": {use.value: end.isoformat() for use, end in ends.items() if end < FOREVER},
        "how": (Given.TICKED if viewer else Given.RECEIPT).value, "taken_by": viewer.person_id if viewer else None}
    body = Body.of(json.dumps({**said, "given_at": at.isoformat()}, sort_keys=True, separators=(",", ":")).encode())
    return ConsentRecord(**said, given_at=at, given_at_phone=at, received_at=at, body_sha256=body.sha256,
                         body_bytes=body.size)


def _says_the_same(before: ConsentRecord, row: ConsentRecord) -> bool:
    """Whether a button was pressed twice."""
    names = "how", "taken_by", "participant_id", "answers", "until"
    return all(getattr(before, name) == getattr(row, name) for name in names)
