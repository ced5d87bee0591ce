"""Where words are looked up: one interface over FTS5 in SQLite and text search in PostgreSQL.

Both are given words that are folded and cut apart already (`server/domain/folded_words.py`), so that neither has rules
of its own about languages, and both find the same. Neither has stems of words: those are a language's own, and a story
may be in any. Whoever wants "waited" with "waiting" looks for wait*.

Ids rise with the time of the story, so both give what is newest first without sorting what they find: a page costs the
same whether ten passages have the words or all.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import BigInteger, ColumnElement, Connection, FromClause, Join, column, literal, table
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session

from server.domain.search_query import Query, Term
from server.models.search import SearchPassage, quoted
from server.models.story import Story

# So many bits of a passage's id are its place in its story, counted down; the rest is the number of its story.
PLACE_BITS = 15


@dataclass(frozen=True)
class Found:
    """SQL: passages that have the words, alone or with their stories. `id` gives them newest first."""

    tables: FromClause
    with_stories: FromClause
    words: ColumnElement[bool]
    id: ColumnElement[int]


class SearchIndex(Protocol):
    """Passages by their words."""

    def find(self, query: Query, scope: str) -> Found:
        """What has these words, and stands in the scope too: a word that begins with "=". The query is not empty."""

    def forget_deleted(self, connection: Connection) -> None:
        """Let go of words whose passages are gone, so that they are not in the files of the database."""

    def rebuild(self, connection: Connection) -> None:
        """Make it anew of the passages that are there."""


def index_of(session: Session) -> SearchIndex:
    """That of the database."""
    return Fts5() if session.get_bind().dialect.name == "sqlite" else TextSearch()


class Fts5:
    """SQLite's (https://www.sqlite.org/fts5.html). Words between spaces are put in as one text, cut by its ascii
    tokenizer, for which whatever is not ASCII is part of a word."""

    def find(self, query: Query, scope: str) -> Found:
        words = table("search_text", column("rowid", BigInteger), column("search_text"))
        passages = _InTurn(words, SearchPassage.__table__, SearchPassage.id == words.c.rowid)
        stories = _InTurn(passages, Story.__table__, Story.id == SearchPassage.story_id)
        has = words.c.search_text.op("MATCH", is_comparison=True)(self._written(query, scope))
        return Found(passages, stories, has, words.c.rowid)

    def forget_deleted(self, connection: Connection) -> None:
        """Deleted words are marked as such, and go when parts of the index are merged: all of them, now."""
        connection.exec_driver_sql("INSERT INTO search_text (search_text) VALUES ('optimize')")

    def rebuild(self, connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO search_text (search_text) VALUES ('rebuild')")

    def _written(self, query: Query, scope: str) -> str:
        wanted = " AND ".join([*map(self._term, query.wanted), f'"{scope}"'])
        unwanted = " OR ".join(map(self._term, query.unwanted))
        return f"({wanted}) NOT ({unwanted})" if unwanted else wanted

    def _term(self, term: Term) -> str:
        return f'"{" ".join(term.keys)}"' + (" *" if term.is_prefix else "")


class TextSearch:
    """PostgreSQL's (https://www.postgresql.org/docs/current/datatype-textsearch.html), without its dictionaries."""

    def find(self, query: Query, scope: str) -> Found:
        asked = literal(self._written(query, scope)).cast(postgresql.TSQUERY)
        stories = Join(SearchPassage.__table__, Story.__table__, Story.id == SearchPassage.story_id)
        return Found(SearchPassage.__table__, stories,
                     SearchPassage.tokens.op("@@", is_comparison=True)(asked), SearchPassage.__table__.c.id)

    def forget_deleted(self, connection: Connection) -> None:
        """The table is written anew, and with it what looks words up (`server/services/erasures.py`)."""

    def rebuild(self, connection: Connection) -> None:
        connection.exec_driver_sql("REINDEX INDEX search_text")

    def _written(self, query: Query, scope: str) -> str:
        return " & ".join([*map(self._term, query.wanted), quoted(scope),
                           *(f"!({self._term(term)})" for term in query.unwanted)])

    def _term(self, term: Term) -> str:
        return " <-> ".join(map(quoted, term.keys)) + (":*" if term.is_prefix else "")


class _InTurn(Join):
    """A join whose left side SQLite reads first (https://www.sqlite.org/optoverview.html#crossjoin): else it may look
    for the words of each passage, one after the other."""

    inherit_cache = True


@compiles(_InTurn)
def _in_turn(element: _InTurn, compiler: Any, **options: Any) -> str:
    options.pop("asfrom", None)
    left, right = (compiler.process(side, asfrom=True, **options) for side in (element.left, element.right))
    return f"{left} CROSS JOIN {right} ON {compiler.process(element.onclause, **options)}"
