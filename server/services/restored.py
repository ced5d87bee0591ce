"""What has to be put right when rows come back from a backup, perhaps to another machine."""

from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from server.domain.consent import Scope
from server.domain.work import Kind, State
from server.models.consent import PartialWithdrawal, Withdrawal
from server.models.segment import RecordingManifest
from server.models.story import Photo, Recording, Story
from server.models.theme import Excerpt
from server.models.upload import Upload
from server.models.work import Attempt, Job
from server.services import joining, work
from server.services.part_rows import ROWS


def settle_files(session: Session, staged: Collection[str], place: str) -> None:
    """Have uploads say what is on this disk: `staged` are the ids of those whose bytes came back, whole.

    Of the others nothing came back. A part that was made of one goes: nobody was told that it is stored, so its
    phone has it still and sends it again.
    """
    waiting = session.scalars(select(Upload).where(Upload.completed_at.is_(None))).all()
    for upload in waiting:
        if upload.id in staged:
            upload.staged_on = place
        else:
            upload.offset, upload.staged_on = 0, None
            upload.details = {name: value for name, value in upload.details.items() if name != "checked"}
    session.flush()
    session.execute(update(Job).where(Job.kind == Kind.STORE).values(place=place))
    here = select(Upload.part_id).where(Upload.completed_at.is_(None), Upload.id.in_(staged))
    for owner in ROWS.values():
        lost = session.scalars(select(owner.id).where(owner.stored_at.is_(None), owner.id.not_in(here))).all()
        _delete_jobs(session, lost)
        session.execute(delete(owner).where(owner.id.in_(lost)))


def make_again(session: Session, missing: Collection[str]) -> None:
    """Ask for copies that the backup names and does not have to be made from the originals once more."""
    joined = (select(RecordingManifest.id).join(Recording, Recording.id == RecordingManifest.id)
              .where(Recording.sha256.in_((Recording.playback_sha256, Recording.clean_sha256)),
                     Recording.sha256.in_(missing)))
    for recording_id in session.scalars(joined).all():
        joining.join_again(session, recording_id)
    for owner, column, kind in (
        (Recording, Recording.playback_sha256, Kind.PLAYBACK),
        (Recording, Recording.clean_sha256, Kind.PLAYBACK),
        (Photo, Photo.derivative_sha256, Kind.PHOTO),
        (Photo, Photo.clean_sha256, Kind.PHOTO),
        (Excerpt, Excerpt.clip_sha256, Kind.CLIP),
    ):
        rows = session.execute(select(owner.id, Story.id.label("story_id"), Story.project_id)
                               .join(Story, Story.id == owner.story_id).where(column.in_(missing))).all()
        session.execute(update(owner).where(column.in_(missing)).values({column.key: None}))
        for row in rows:
            session.execute(update(Job).where(Job.kind == kind, Job.subject_id == row.id)
                            .values(state=State.CANCELLED))
            work.request(session, kind=kind, subject_id=row.id, story_id=row.story_id, project_id=row.project_id)


def write_withdrawals_down_again(session: Session) -> None:
    """This store may have no notes of them."""
    session.execute(update(Withdrawal).values(written_down_at=None))
    session.execute(update(PartialWithdrawal).where(PartialWithdrawal.scope == Scope.WORDS_ONLY)
                    .values(written_down_at=None))


def _delete_jobs(session: Session, subject_ids: Collection[str]) -> None:
    jobs = select(Job.id).where(Job.subject_id.in_(subject_ids))
    session.execute(delete(Attempt).where(Attempt.job_id.in_(jobs)))
    session.execute(delete(Job).where(Job.id.in_(jobs)))
