"""From the staging folder into the store: the last step of a file, and the one from which on the server answers for it.

The bytes are expected before they are copied, and named in the transaction that says they are stored. So whatever is
killed half-way, either the part names the bytes or the sweep knows of them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from server.domain.consent import may_transcribe
from server.domain.sent import PartKind
from server.domain.sync import ChangeKind
from server.domain.work import Held, Kind, State
from server.models.segment import RecordingSegment
from server.models.story import Story
from server.models.upload import Upload
from server.models.work import Job
from server.services import changes, consents, erasures, joining, part_rows, uploads, work

# What failed is tried again for as long as it takes: until then the phone has the only other copy.
_TRY_AGAIN_AFTER = timedelta(minutes=10)
# By then no copy can still be on its way into the store.
_COPIED_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class Waiting:
    """A staged file that the store does not have yet, and whether there still is agreement to keep it."""

    part_id: str
    sha256: str
    staged_as: str
    is_agreed: bool


def ask(session: Session, upload: Upload, project_id: str) -> None:
    """Ask for a whole staged file to be stored, by a worker of the place where it is."""
    job = work.request(session, kind=Kind.STORE, subject_id=upload.part_id, story_id=upload.story_id,
                       project_id=project_id, place=upload.staged_on)
    if job.state in (State.FAILED, State.BLOCKED):
        job.state, job.tries, job.finished_at = State.WAITING, 0, None


def begin(session: Session, part_id: str) -> Waiting | None:
    """The file to store, whose bytes are expected from now on; None when there is nothing left to store.

    Commit it before copying.
    """
    upload = session.scalar(select(Upload).where(Upload.part_id == part_id, Upload.completed_at.is_(None)))
    if upload is None:
        return None
    is_agreed = uploads.may_keep(session, PartKind(upload.kind), upload.story_id)
    if is_agreed:
        erasures.expect(session, upload.sha256, until=datetime.now(UTC) + _COPIED_WITHIN)
    return Waiting(upload.part_id, upload.sha256, upload.id, is_agreed)


def settle(session: Session, waiting: Waiting, held: Held) -> None:
    """The store has the bytes: say so, and ask for the work on them. Raises FenceLost.

    Where nobody agrees to the part any more it goes, and its bytes with it.
    """
    story_id = session.scalar(select(Upload.story_id).where(Upload.id == waiting.staged_as))
    work.hold(session, held, story_id)
    upload = session.get(Upload, waiting.staged_as, with_for_update=True, populate_existing=True)
    part = part_rows.find(session, upload.kind, upload.part_id) if upload is not None else None
    if upload is None or part is None or not uploads.may_keep(session, PartKind(upload.kind), part.story_id):
        _give_up(session, waiting, held)
        return
    now = datetime.now(UTC)
    erasures.keep(session, waiting.sha256)
    part.stored_at = upload.completed_at = now
    project_id = session.get_one(Story, part.story_id).project_id
    for kind in _work_on(session, upload):
        work.request(session, kind=kind, subject_id=part.id, story_id=part.story_id, project_id=project_id)
    if isinstance(part, RecordingSegment):
        joining.go_on(session, part.recording_id)
    changes.note(session, ChangeKind.RECEIPT, part.id, project_id, upload.person_id)
    work.finish(session, held)


def give_up(session: Session, waiting: Waiting, held: Held) -> None:
    """Forget a part that cannot be stored: the staged file is gone or spoilt, so that the phone sends it again, or
    nobody agrees to it any more. Raises FenceLost."""
    work.hold(session, held)
    _give_up(session, waiting, held)


def abandoned(session: Session, waiting: Waiting) -> None:
    """Nobody waits for the copy any more, which may be in the store nevertheless."""
    erasures.ask(session, [waiting.sha256], project_id=None)


def ask_again(session: Session, here: str, now: datetime) -> int:
    """Try again what failed here some minutes ago. Returns how many files that is."""
    freed = session.execute(
        update(Job).where(Job.kind == Kind.STORE, Job.place == here, Job.state == State.FAILED,
                          Job.finished_at <= now - _TRY_AGAIN_AFTER)
        .values(state=State.WAITING, tries=0, finished_at=None).returning(Job.id)).all()
    return len(freed)


def _give_up(session: Session, waiting: Waiting, held: Held) -> None:
    for rows in (
        *part_rows.forget(waiting.part_id),
        delete(Upload).where(Upload.id == waiting.staged_as),
    ):
        session.execute(rows.execution_options(synchronize_session=False))
    work.forget(session, held)
    erasures.ask(session, [waiting.sha256], project_id=None)


def _work_on(session: Session, upload: Upload) -> list[Kind]:
    if upload.kind == PartKind.PHOTO:
        return [Kind.PHOTO]
    if upload.kind in (PartKind.SEGMENT, PartKind.EVIDENCE):
        return []
    agreed = consents.agreed_uses(session, upload.story_id)
    return [Kind.PLAYBACK, Kind.TRANSCRIBE] if may_transcribe(agreed) else [Kind.PLAYBACK]
