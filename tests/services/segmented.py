"""A recording in segments on its way in, as services see it."""

import json
from collections.abc import Sequence
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.sent import PartKind
from server.domain.sent_manifest import read_manifest
from server.domain.sync import Body, Receipt
from server.services import pushes
from server.storage.staging import Staging
from tests.segments import Run, manifest_body
from tests.services import sending
from tests.services.arriving import CLOCK, arrive, keep
from tests.storing import store_what_waits


class Arriving:
    """Sends a recording of these runs to its story, piece by piece."""

    def __init__(self, app: Flask, session: Session, viewer: Viewer, staging: Staging, story_id: str,
                 runs: Sequence[Run], **changes: Any) -> None:
        self.app, self.session, self.viewer, self.staging = app, session, viewer, staging
        self.runs, self.body = list(runs), manifest_body(story_id, runs, **changes)
        self.id = str(self.body["id"])

    def manifest(self) -> tuple[Receipt, bool]:
        content = Body.of(json.dumps(self.body).encode())
        found = pushes.push_manifest(self.session, self.viewer, read_manifest(self.body, self.id), content, CLOCK)
        self.session.commit()
        return found

    def segment(self, number: int, **changes: Any) -> None:
        """Send the whole of one, and have it stored."""
        run = self.runs[number]
        sent = sending.part(self.body["story_id"], run.content, PartKind.SEGMENT, **({
            "id": run.id, "position": number, "recording_id": self.id} | changes))
        arriving = arrive(self.session, self.viewer, sent, self.staging, run.content)
        if not arriving.is_whole:
            keep(self.session, self.viewer, arriving, self.staging)
        store_what_waits(self.app)

    def everything(self) -> None:
        self.manifest()
        for number in range(len(self.runs)):
            self.segment(number)
