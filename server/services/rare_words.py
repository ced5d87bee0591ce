"""In which stories some words stand, among what readers may be shown: how rare a word is in a collection."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.search_query import Query, Term, keys_of
from server.models.search import SearchPassage
from server.services.clearances import Asked
from server.services.indexing import scope_of
from server.services.search_index import index_of
from server.services.searching import may_find

# A word of as many stories is not rare, and the others are not counted.
MANY = 25
# So many passages are looked at for each word: most of those that stand so often are of many stories.
_PASSAGES = 4 * MANY


def stories_with(session: Session, project_id: str, asked: Asked,
                 words: Collection[str]) -> dict[str, frozenset[str]]:
    """The ids of stories that readers may be shown and that have each of these words, as they are shown; `MANY` or more
    for a word that is not rare."""
    scope = scope_of(project_id, is_for_team=not asked.is_for_others)
    found = {}
    for word in words:
        passages = index_of(session).find(Query((Term(keys_of(word)),)), scope)
        query = (select(SearchPassage.story_id).select_from(passages.tables).where(passages.words, *may_find(asked))
                 .limit(_PASSAGES))
        found[word] = frozenset(session.scalars(query))
    return found
