"""What somebody who told a story sees and changes with their receipt, once they have shown that it is theirs.

It holds no word of the story, and nothing of the others who told it but that there are some.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from server.domain import consent as rules
from server.domain.consent import FOREVER, NEVER, Given, History, Scope, Standing, Use
from server.models.consent import ConsentRecord
from server.models.project import Project
from server.models.story import Participant, Story
from server.services import changed_minds, consents, locks, uses_made, withdrawal_scopes
from server.services.receipt_codes import Holder
from server.services.uses_made import UseMade


@dataclass(frozen=True)
class OwnUse:
    """How one person's answer to one use stands. `until` is when their yes ends or has ended, where it does.

    A yes of theirs that is not `is_done` waits for somebody else's, or was ended by a lesser withdrawal: `is_over`.
    `may_agree`: they may say yes to it again by themselves.
    """

    use: Use
    standing: Standing
    until: datetime | None
    is_done: bool
    is_over: bool
    may_agree: bool


@dataclass(frozen=True)
class OwnStory:
    """`language` and `reading` are those of their consent, empty where their phone did not say. `how` and `said_at`
    are of what they said last. `parts_ended` are the lesser withdrawals, with when they were."""

    story_id: str
    project_name: str
    complaints: str
    received_at: datetime
    name: str
    is_shared: bool
    language: str
    reading: str
    how: Given | None
    said_at: datetime | None
    uses: tuple[OwnUse, ...]
    parts_ended: tuple[rules.Withdrawal, ...]
    made: tuple[UseMade, ...]

    @property
    def is_used(self) -> bool:
        """Whether they agree to anything at all."""
        return any(use.standing is Standing.GRANTED and not use.is_over for use in self.uses)

    @property
    def scopes(self) -> list[Scope]:
        """The lesser withdrawals that are left to choose."""
        ended = {withdrawal.scope for withdrawal in self.parts_ended}
        left = [Scope.NO_NEW_USE] if self.is_used else []
        if not ended:
            left.append(Scope.WORDS_ONLY)
        return left if Scope.ANONYMOUS in ended else [*left, Scope.ANONYMOUS]


def get(session: Session, holder: Holder, now: datetime) -> OwnStory:
    """Everything that the page of a receipt shows. The caller has asked for the name."""
    story = session.get_one(Story, holder.story_id)
    project = session.get_one(Project, holder.project_id)
    history = consents.history_of(session, holder.story_id)
    people = session.scalar(select(func.count()).select_from(Participant).where(Participant.story_id == story.id)) or 1
    newest = _newest(session, holder)
    return OwnStory(
        story.id, project.name, project.complaints, story.received_at, holder.name, people > 1,
        newest.language if newest else "", newest.reading if newest else "",
        Given(newest.how) if newest else None, min(newest.given_at, newest.received_at) if newest else None,
        _uses(session, holder, history, now), tuple(sorted(history.withdrawals, key=lambda ended: ended.at)),
        tuple(uses_made.list_of(session, story.id, story.project_id)))


def answer(session: Session, holder: Holder, use: Use, agrees: bool, now: datetime) -> None:
    """Say yes or no to one use, and leave the others as they are. Raises Invalid for a yes they may not give alone."""
    given = consents.ends_by_teller(session, holder.story_id, holder.participant_id)
    held = set(given) & set(changed_minds.ends_to_give(session, holder.story_id, holder.participant_id))
    changed_minds.change(session, holder.story_id, holder.participant_id,
                         held | {use} if agrees else held - {use}, now)


def take_back(session: Session, holder: Holder, scope: Scope, now: datetime) -> None:
    """Withdraw the story as far as `scope` says."""
    locks.take_story(session, holder.story_id)
    # The lock keeps parts of the story from arriving until this transaction has ended.
    session.execute(select(Story.id).where(Story.id == holder.story_id).with_for_update())
    withdrawal_scopes.carry_out(session, None, holder.story_id, holder.project_id, scope, now,
                                participant_id=holder.participant_id)


def _uses(session: Session, holder: Holder, history: History, now: datetime) -> tuple[OwnUse, ...]:
    stands = rules.standings(replace(history, withdrawals=()), now).get(holder.participant_id, {})
    ends = consents.ends_by_teller(session, holder.story_id, holder.participant_id)
    to_give = changed_minds.ends_to_give(session, holder.story_id, holder.participant_id)
    done = rules.agreed_uses(history, now)
    before = rules.agreed_uses(replace(history, withdrawals=()), now)
    return tuple(OwnUse(
        use, stands.get(use, Standing.GRANTED if use in done else Standing.REFUSED),
        ends[use] if NEVER < ends.get(use, NEVER) < FOREVER else None, use in done, use in before - done,
        to_give.get(use, NEVER) > now) for use in Use)


def _newest(session: Session, holder: Holder) -> ConsentRecord | None:
    """What they said last."""
    theirs = or_(ConsentRecord.participant_id == holder.participant_id, ConsentRecord.participant_id.is_(None))
    return session.scalars(select(ConsentRecord).where(ConsentRecord.story_id == holder.story_id, theirs)
                           .order_by(ConsentRecord.sequence.desc())).first()
