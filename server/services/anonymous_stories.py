"""What stays of a story that is made anonymous, in a story of nobody: passages that were chosen and heard, and quotes.

They are copied under new ids, which say nothing of when or on which phone the old ones were made, with no name and no
place, and of each day the month alone: the audit knows to the moment what was done with the old ones. What was withheld
of them is gone for good. The story that they are from then ends as one that is erased does.

Which story they are from is known for as long as a backup may hold that, so that it is carried over into the same story
again where such a backup is restored. Then it is forgotten.
"""

from dataclasses import replace
from datetime import datetime
from secrets import token_hex
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from server.domain.audit import Action
from server.domain.consent import FOREVER, ForWhom, Scope, Use, agreed_until, may_keep_quote, may_transcribe
from server.domain.hashes import sha256_of
from server.domain.transcript import Segment
from server.domain.withdrawal_step import Place
from server.domain.work import Kind
from server.models.consent import ConsentRecord, Embargo, PartialWithdrawal, Withdrawal, WithdrawalStep
from server.models.provocation import Evidence
from server.models.story import Conversation, Quote, Recording, Story
from server.models.theme import Excerpt, Tagging
from server.services import audit, consents, indexing, withholding, work
from server.services.voice_and_faces import NOBODY
from server.services.withholding import OfStory

HELD_BACK = "The story was held back before it was made anonymous. Look again whether it may leave."

Copied = TypeVar("Copied", Excerpt, Quote)


def carry_over(session: Session, story_id: str, at: datetime, new_id: str | None = None) -> str | None:
    """Copy what stays into a new story; its id, None where nothing may stay: nobody may have it, or there is nothing.

    The caller holds the old story, and ends it in the same transaction. `new_id` is what it was called before a backup
    was restored that does not know it.
    """
    story, history = session.get(Story, story_id), consents.history_of(session, story_id)
    if story is None:
        return None
    # What was withdrawn before, such as the voice, says nothing of the words.
    ends = agreed_until(replace(history, withdrawals=(), is_under_embargo=False))
    agreed = frozenset(use for use, end in ends.items() if at < end)
    passages = _chosen(session, story_id) if may_transcribe(agreed) else []
    quotes = list(session.scalars(select(Quote).where(Quote.story_id == story_id)))
    if not may_keep_quote(agreed) or not (passages or quotes):
        return None
    new_id = new_id or str(uuid4())
    held = withholding.of_story(session, story_id)
    _add_story(session, story, new_id)
    for quote in quotes:
        _move(session, quote, _quote(quote, new_id, held))
    _copy_passages(session, passages, new_id, held)
    _add_consent(session, story, new_id, {use: ends[use] for use in agreed})
    session.add(PartialWithdrawal(story_id=new_id, scope=Scope.ANONYMOUS.value, project_id=story.project_id,
                                  at=month_of(at), written_down_at=month_of(at)))
    if history.is_under_embargo:
        embargo_id = str(uuid4())
        session.add(Embargo(id=embargo_id, story_id=new_id, project_id=story.project_id, reason=HELD_BACK,
                            put_at=month_of(at)))
        audit.note(session, None, Action.MADE, "embargo", embargo_id, story.project_id, story=new_id)
    session.flush()
    consents.decide_again(session, new_id)
    indexing.ask(session, new_id)
    return new_id


def forget_origins(session: Session) -> int:
    """Forget of which story the passages of a story of nobody are, wherever no backup holds that story any more; how
    many. A backup that turns up later has nothing carried over from it: its story ends as one that is erased."""
    waiting = exists().where(WithdrawalStep.story_id == Withdrawal.story_id, WithdrawalStep.place == Place.BACKUPS,
                             WithdrawalStep.done_at.is_(None))
    rows = session.scalars(select(Withdrawal).where(Withdrawal.became_id.is_not(None), ~waiting)).all()
    for row in rows:
        # The note is written again without it, and then the database's files, in which it could still be read.
        row.became_id = row.written_down_at = None
        work.request_again(session, kind=Kind.SCRUB, subject_id=row.story_id, story_id=None, project_id=row.project_id)
    session.flush()
    return len(rows)


def is_origin_known(session: Session, story_id: str) -> bool:
    """Whether it is still known which passages are from this story, which ended. The caller has asked who may know."""
    known = Withdrawal.story_id == story_id, Withdrawal.became_id.is_not(None)
    return bool(session.scalar(select(exists().where(*known))))


def month_of(moment: datetime) -> datetime:
    """Its first moment, in UTC."""
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _chosen(session: Session, story_id: str) -> list[Excerpt]:
    query = select(Excerpt).where(Excerpt.story_id == story_id, Excerpt.quotable_at.is_not(None))
    return list(session.scalars(query.order_by(Excerpt.recording_id, Excerpt.start_ms, Excerpt.end_ms)))


def _add_story(session: Session, story: Story, new_id: str) -> None:
    told_at, conversation_id = month_of(story.told_at), str(uuid4())
    session.add(Conversation(id=conversation_id, project_id=story.project_id, place="", started_at=told_at))
    session.flush()
    session.add(Story(
        id=new_id, project_id=story.project_id, conversation_id=conversation_id, pseudonym=NOBODY, place="",
        told_at=told_at, told_at_phone=told_at, receipt_code_hash=token_hex(32), body_sha256=token_hex(32),
        body_bytes=0, received_at=month_of(story.received_at), organisation_id=story.organisation_id,
        custody=story.custody))
    session.flush()


def _copy_passages(session: Session, passages: list[Excerpt], new_id: str, held: OfStory) -> None:
    """Each beside those of the same recording, of which nothing is left but that."""
    of: dict[str, str] = {}
    for row in passages:
        if row.recording_id not in of:
            of[row.recording_id] = _add_recording(session, row.recording_id, new_id)
        said = held.of(row.recording_id).segment(Segment(row.text, row.start_ms, row.end_ms, row.words))
        _move(session, row, Excerpt(
            id=str(uuid4()), story_id=new_id, recording_id=of[row.recording_id], start_ms=row.start_ms,
            end_ms=row.end_ms, text=said.text, words=said.words, made_by=row.made_by, made_at=month_of(row.made_at),
            text_sha256=sha256_of(said.text), quotable_at=row.quotable_at and month_of(row.quotable_at)))


def _add_recording(session: Session, recording_id: str, new_id: str) -> str:
    row, copied_id = session.get_one(Recording, recording_id), str(uuid4())
    session.add(Recording(
        id=copied_id, story_id=new_id, position=row.position, sha256="", size=0, container="",
        started_at=month_of(row.started_at), received_at=month_of(row.received_at),
        stored_at=month_of(row.received_at)))
    session.flush()
    return copied_id


def _quote(row: Quote, new_id: str, held: OfStory) -> Quote:
    return Quote(id=str(uuid4()), story_id=new_id, text=held.text(row.text), written_at=month_of(row.written_at),
                 body_sha256=token_hex(32), body_bytes=0, received_at=month_of(row.received_at))


def _move(session: Session, old: Copied, new: Copied) -> None:
    """Put the copy where the part was: under its themes, and under provocations."""
    session.add(new)
    session.flush()
    _hand_over(session, "excerpt_id" if isinstance(old, Excerpt) else "quote_id", old.id, new.id)


def _hand_over(session: Session, column: str, old_id: str, new_id: str) -> None:
    """Have what is on one part, by that column, be on another, with nothing that says when it was put there."""
    taggings = session.scalars(select(Tagging).where(getattr(Tagging, column) == old_id)).all()
    evidence = session.scalars(select(Evidence).where(getattr(Evidence, column) == old_id)).all()
    for tagging in taggings:
        tagging.tagged_at = month_of(tagging.tagged_at)
    rows: list[Tagging | Evidence] = [*taggings, *evidence]
    for row in rows:
        row.id = str(uuid4())  # it had the moment in it, too
        setattr(row, column, new_id)
    session.flush()


def _add_consent(session: Session, story: Story, new_id: str, ends: dict[Use, datetime]) -> None:
    """What everybody agreed to, as one record of nobody. An end is a day too, so it comes with its month."""
    newest = select(ConsentRecord).where(ConsentRecord.story_id == story.id).order_by(ConsentRecord.sequence.desc())
    row = session.scalars(newest).first()
    assert row is not None  # somebody agreed to something
    given_at = month_of(story.told_at)
    session.add(ConsentRecord(
        id=str(uuid4()), project_id=story.project_id, story_id=new_id, wording_id=row.wording_id,
        answers={use.value: use in ends for use in Use},
        until={use.value: month_of(end).isoformat() for use, end in ends.items() if end < FOREVER},
        how=row.how, for_whom=ForWhom.SELF.value, given_at=given_at, given_at_phone=given_at,
        body_sha256=token_hex(32), body_bytes=0, received_at=month_of(story.received_at)))
    session.flush()
