"""In which stories some words stand, among what readers may be shown: how rare a word is in a collection."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from server.models.redaction import Redaction
from server.models.story import Quote, Story
from server.models.theme import Excerpt
from server.services.clearances import Asked, may_have_part

# Of so many of the newest passages and of so many of the newest quotes; others would make everybody wait.
LOOKED_THROUGH = 2000
# A word of as many stories is not rare, and the others are not counted.
MANY = 25


def stories_with(session: Session, project_id: str, asked: Asked,
                 words: Collection[str]) -> dict[str, frozenset[str]]:
    """The ids of stories that readers may be shown and that have each of these words, as they are written; at least
    `MANY` for a word that is not rare.

    Stories of which something is withheld count for no word: the word may be what is withheld.
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    if not words:
        return {}
    shown = union_all(*(
        select(part.story_id, func.lower(part.text).label("text")).join(Story, Story.id == part.story_id)
        .where(Story.project_id == project_id, may_have_part(part, asked),
               part.story_id.not_in(select(Redaction.story_id)))
        .order_by(part.id.desc()).limit(LOOKED_THROUGH).subquery().select()
        for part in (Excerpt, Quote))).subquery()
    each = union_all(*(
        select(literal(word), shown.c.story_id).where(shown.c.text.contains(word.lower(), autoescape=True))
        .distinct().limit(MANY).subquery().select()
        for word in words))
    for word, story_id in session.execute(each):
        found[word].add(story_id)
    return {word: frozenset(found[word]) for word in words}
