"""Files on their way in, as far as a test wants them."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.sent import SentPart
from server.domain.sync import PhoneClock
from server.services import arrivals, uploads
from server.storage.staging import Staging

CLOCK = PhoneClock()
LATER = datetime.now(UTC) + timedelta(days=31)


def arrive(session: Session, viewer: Viewer, sent: SentPart, staging: Staging, content: bytes) -> uploads.Arriving:
    """Announce a file and stage this much of it."""
    arriving, _ = uploads.begin(session, viewer, sent, CLOCK, staging)
    assert uploads.take_over(session, arriving, staging)
    size = staging.append(arriving.staged_as, 0, [content], most=len(content))
    assert uploads.advance(session, arriving, size, staging)
    session.commit()
    return uploads.find(session, viewer, sent.id, staging)


def keep(session: Session, viewer: Viewer, arriving: uploads.Arriving, staging: Staging) -> None:
    arrivals.keep(session, viewer, arrivals.check(arriving, staging), staging)
    session.commit()
