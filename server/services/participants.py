"""Those who told a story together, by the names they chose."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from server.models.story import Participant

Names = dict[str, str]


def names_by_story(session: Session, story_ids: Select[str]) -> dict[str, Names]:
    """The names of those who told each of these stories, by their ids, in order; nothing where a phone named nobody.

    The caller has checked that the stories may be seen.
    """
    query = (select(Participant.story_id, Participant.id, Participant.pseudonym)
             .where(Participant.story_id.in_(story_ids)).order_by(Participant.position))
    found: dict[str, Names] = {}
    for story_id, participant_id, pseudonym in session.execute(query):
        found.setdefault(story_id, {})[participant_id] = pseudonym
    return found
