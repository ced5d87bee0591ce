"""What those who told a story said of themselves, for the team that reads the story."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.models.group import Belonging, Group, SelfDescription
from server.models.story import Participant
from server.services import withholding


@dataclass(frozen=True)
class SaidOfSelf:
    """What one of those who told a story said of themselves: their own words, which may be empty, and the names of the
    groups they chose."""

    pseudonym: str
    own_words: str
    groups: tuple[str, ...]


def of_story(session: Session, story_id: str) -> tuple[SaidOfSelf, ...]:
    """What each of them said, in the order in which they are named, without what is withheld; nothing of who said
    nothing. The caller has cleared the story for the team: nobody else is told this."""
    query = (select(SelfDescription, Participant.pseudonym)
             .join(Participant, Participant.id == SelfDescription.participant_id)
             .where(SelfDescription.story_id == story_id).order_by(Participant.position))
    found = session.execute(query).all()
    if not found:
        return ()
    held, chosen = withholding.of_story(session, story_id), _groups(session, story_id)
    return tuple(
        SaidOfSelf(held.text(pseudonym), held.text(row.own_words), chosen.get(row.participant_id, ()))
        for row, pseudonym in found)


def _groups(session: Session, story_id: str) -> dict[str, tuple[str, ...]]:
    query = (select(Belonging.participant_id, Group.name).join(Group, Group.id == Belonging.group_id)
             .where(Belonging.story_id == story_id).order_by(Group.position, Group.name_key))
    found: dict[str, tuple[str, ...]] = {}
    for participant_id, name in session.execute(query):
        found[participant_id] = (*found.get(participant_id, ()), name)
    return found
