"""Files that are left in the staging folder of this machine: uploads nobody went on with, and bytes nobody knows."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.domain.errors import UploadBusy
from server.models.upload import Upload
from server.services import part_rows, withdrawal_steps
from server.storage.staging import Staging


def expire(session: Session, here: Staging, now: datetime) -> int:
    """Give up uploads that nobody went on with, and staged files that no upload knows. Returns how many uploads.

    A whole file that became part of a story stays for as long as it takes to store it.
    """
    given_up = Upload.expires_at <= now, ~part_rows.waits_to_be_stored()
    rows = list(session.scalars(select(Upload).where(*given_up)))
    for row in rows:
        session.delete(row)
    session.flush()
    names = here.names()  # before the rows are read: a row is there before its file is
    staged_here = or_(Upload.staged_on == here.place, Upload.staged_on.is_(None))
    known = set(session.scalars(select(Upload.id).where(Upload.completed_at.is_(None), staged_here)))
    discarded = set()
    for name in names - known:
        with suppress(UploadBusy), here.held(name):
            here.discard(name)
            discarded.add(name)
    if discarded == names - known:
        withdrawal_steps.settle_staged(session, here.place, now)
    return len(rows)
