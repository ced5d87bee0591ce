"""Somebody who agreed to everything and says afterwards that they agree to less."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.domain.sync import PhoneClock
from server.domain.work import Kind
from server.models.consent import ConsentRecord
from server.models.story import Story
from server.models.work import Attempt, Job
from server.parts import parts
from server.services import consents, narrowings
from tests import makers
from tests.services import sending
from tests.storing import do_what_waits

NOTHING_MORE = makers.ALL_USES - {Use.PUBLICATION}


class Told:
    """A story of somebody who agreed to everything, as in the backup, and what they say afterwards."""

    def __init__(self, app: Flask, session: Session, uses: Iterable[Use] = makers.ALL_USES) -> None:
        self.app, self.session = app, session
        self.project = makers.make_project(session)
        self.researcher = makers.make_person(session, self.project, Role.RESEARCHER)
        self.viewer = makers.viewer_of(session, self.researcher)
        self.story: Story = makers.make_story(session, self.project, self.researcher, uses=uses)
        self.store, self._asked = parts().store, 0
        session.commit()

    def says(self, uses: Iterable[Use], participant_id: str | None = None) -> str:
        """A record, and what the worker does about it; its id."""
        self._asked += 1
        wording = makers.wording_of(self.session, self.project)
        self.sent = replace(sending.consent(self.project.id, wording.id, self.story.id, uses), agreed_by="Okoro",
                            given_at=makers.NOON + timedelta(hours=self._asked), participant_id=participant_id)
        self.sends_again()
        return self.sent.id

    def sends_again(self) -> bool:
        """Whether what was said last is new."""
        _, is_new = consents.record(self.session, self.viewer, self.sent, sending.BODY, PhoneClock())
        do_what_waits(self.app, Kind.NOTE)
        return is_new

    def noted(self, record_id: str) -> set[str]:
        """What the note of a record agrees to."""
        return set(json.loads(self.store.read_note(f"narrowed-{self.story.id}-{record_id}"))["agreed"])

    def forget(self, *record_ids: str) -> None:
        """As if the database came back from before these records."""
        self.session.execute(delete(ConsentRecord).where(ConsentRecord.id.in_(record_ids)))
        for owner in (Attempt, Job):
            self.session.execute(delete(owner))
        consents.decide_again(self.session, self.story.id)
        self.session.commit()

    def replay(self) -> int:
        found = narrowings.unknown(self.session, self.store)
        replayed = narrowings.replay(self.session, narrowings.read(self.store, found))
        self.session.commit()
        return len(replayed)

    def uses(self) -> set[Use]:
        return set(consents.agreed_uses(self.session, self.story.id))
