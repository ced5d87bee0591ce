"""Those who told a story together, by the names they chose."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.models.story import Participant
from server.services import withholding

Names = dict[str, str]


def names_by_story(session: Session, story_ids: Sequence[str],
                   held: Mapping[str, withholding.OfStory]) -> dict[str, Names]:
    """The names of those who told each of these stories as they are shown, by their ids, in order; nothing where a
    phone named nobody. `held` is what is withheld of each story.

    The caller has checked that the stories may be seen.
    """
    query = (select(Participant.story_id, Participant.id, Participant.pseudonym)
             .where(Participant.story_id.in_(story_ids)).order_by(Participant.position))
    found: dict[str, Names] = {}
    for story_id, participant_id, pseudonym in session.execute(query):
        found.setdefault(story_id, {})[participant_id] = held.get(story_id, withholding.NOTHING).text(pseudonym)
    return found
