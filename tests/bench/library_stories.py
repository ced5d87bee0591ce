"""A library to find one's way through, written straight into the tables: stories with five excerpts each, under two
hundred themes that nest, in real English words that come as often as words do."""

from bisect import bisect
from collections.abc import Iterable
from datetime import timedelta
from itertools import accumulate
from random import Random
from typing import Any

from faker.providers.lorem.en_US import Provider
from sqlalchemy import Table, insert, text
from sqlalchemy.orm import Session

from server.domain.consent import ConsentRecord as Agreed
from server.domain.consent import History, Use, decide
from server.domain.hashes import sha256_of
from server.domain.ids import new_id
from server.domain.search_query import keys_of
from server.domain.transcript import Word
from server.models.consent import Clearance, ConsentRecord
from server.models.row import Row
from server.models.search import SearchPassage, SearchStory
from server.models.story import Conversation, Photo, Quote, Recording, Story
from server.models.theme import Excerpt, Tagging, Theme
from server.models.transcript import HeardStretch, Transcript, TranscriptSegment
from server.services.indexing import EXCERPT, PHOTO, QUOTE, RULES, SAID, scope_of
from server.services.search_index import PLACE_BITS
from tests.bench.world import World
from tests.makers import NOON, digest

SEED = 7
AT_ONCE = 1_000
THEMES, UNDER_EACH = 200, 9
EXCERPTS = 5
PLACES, LANGUAGES = 40, ("en", "en", "en", "cy", "ur", "so")
_ANSWERS = {use.value: True for use in Use}
_CLEARED = decide(History((Agreed(sequence=1, answers=dict.fromkeys(Use, True), given_at=NOON),)))
_PARENTS_FIRST = (Conversation, ConsentRecord, Story, Clearance, Quote, Photo, Recording, Transcript,
                  TranscriptSegment, HeardStretch, Excerpt, Tagging, SearchStory, SearchPassage)

Rows = dict[type[Row], list[dict[str, Any]]]


class Vocabulary:
    """English words, the first of them said most: the n-th one n times as rarely as the first (Zipf's law)."""

    def __init__(self, random: Random) -> None:
        self._random, self.words = random, list(Provider.word_list)
        random.shuffle(self.words)
        self._sums = list(accumulate(1 / number for number in range(1, len(self.words) + 1)))

    def sentence(self, length: int) -> list[str]:
        picks = (self._random.random() * self._sums[-1] for _ in range(length))
        return [self.words[bisect(self._sums, pick)] for pick in picks]

    def around(self, rank: int) -> str:
        """The word that is the so-many-th most said."""
        return self.words[rank]


def make_themes(session: Session, world: World) -> list[str]:
    """Two hundred themes, nine under each of twenty; the ids of all."""
    ids: list[str] = []
    for number in range(THEMES):
        parent_id = ids[number - number % (UNDER_EACH + 1)] if number % (UNDER_EACH + 1) else None
        name = f"Theme {number}"
        session.add(Theme(id=new_id(), project_id=world.project_id, name=name, name_key=name.casefold(),
                          created_at=NOON, parent_id=parent_id))
        session.flush()
        ids.append(session.query(Theme.id).filter_by(name=name).scalar())
    session.commit()
    return ids


class Library:
    """What fills a world's project, the same stories for the same seed."""

    def __init__(self, session: Session, world: World) -> None:
        self.session, self.world = session, world
        self.random = Random(SEED)
        self.vocabulary = Vocabulary(self.random)
        self.theme_ids = make_themes(session, world)
        self.there = 0

    def grow(self, upto: int) -> list[str]:
        """Add stories until there are `upto`; some of their ids, from all over."""
        sample: list[str] = []
        for first in range(self.there, upto, AT_ONCE):
            rows: Rows = {model: [] for model in _PARENTS_FIRST}
            for number in range(first, min(upto, first + AT_ONCE)):
                story_id = self._story(number, rows)
                if not number % max(1, upto // 50):
                    sample.append(story_id)
            for model, found in rows.items():
                table = model.__table__
                assert isinstance(table, Table)
                self.session.execute(insert(table), found)
            self.session.commit()
        self.there = upto
        if self.session.get_bind().dialect.name == "postgresql":
            self.session.execute(text("ANALYZE"))  # which it would do by itself a minute later
            self.session.commit()
        return sample

    def _story(self, number: int, rows: Rows) -> str:
        """The rows of one story. A conversation has four of them; each is told a minute after the one before."""
        at, story_id, place = NOON + timedelta(minutes=number), new_id(), f"Ward {number % PLACES}"
        sent = {"body_sha256": digest(story_id), "body_bytes": 400, "received_at": at}
        world = self.world
        if not number % 4 or not rows[Conversation]:
            rows[Conversation].append({"id": new_id(), "project_id": world.project_id, "place": place,
                                       "researcher_id": world.researcher_id, "started_at": at})
        rows[ConsentRecord].append(sent | {
            "id": new_id(), "project_id": world.project_id, "story_id": story_id, "wording_id": world.wording_id,
            "answers": _ANSWERS, "how": "spoken", "for_whom": "self", "taken_by": world.researcher_id,
            "given_at": at, "given_at_phone": at})
        rows[Story].append(sent | {
            "id": story_id, "project_id": world.project_id, "conversation_id": rows[Conversation][-1]["id"],
            "researcher_id": world.researcher_id, "pseudonym": f"Teller {number}", "place": place, "told_at": at,
            "told_at_phone": at, "receipt_code_hash": digest(f"code {story_id}"),
            "language": LANGUAGES[number % len(LANGUAGES)]})
        rows[Clearance] += [{"story_id": story_id, "audience": found.audience.value, "content": found.content.value}
                            for found in _CLEARED]
        rows[SearchStory].append({"number": number, "story_id": story_id, "rules": RULES})
        self._parts(number, story_id, at, sent, rows)
        return story_id

    def _parts(self, number: int, story_id: str, at: Any, sent: dict[str, Any], rows: Rows) -> None:
        """A quote, a photo in every third, and a recording, of which every sentence was heard and is an excerpt."""
        quote_id, recording_id, transcript_id = new_id(), new_id(), new_id()
        rows[Quote].append(sent | {"id": quote_id, "story_id": story_id, "written_at": at,
                                   "text": " ".join(self.vocabulary.sentence(12))})
        self._index(rows, number, QUOTE, quote_id, rows[Quote][-1]["text"])
        self._tag(rows, at, quote_id=quote_id)
        if not number % 3:
            rows[Photo].append({
                "id": new_id(), "story_id": story_id, "position": 0, "sha256": digest(f"photo {number}"),
                "size": 90_000, "description": " ".join(self.vocabulary.sentence(6)), "width": 800, "height": 600,
                "derivative_sha256": digest(f"copy of photo {number}"), "received_at": at, "stored_at": at})
            self._index(rows, number, PHOTO, rows[Photo][-1]["id"], rows[Photo][-1]["description"])
        sentences = [_timed(self.vocabulary.sentence(18), 10_000 * place) for place in range(EXCERPTS)]
        rows[Recording].append({
            "id": recording_id, "story_id": story_id, "position": 0, "sha256": digest(f"sound {number}"),
            "size": 240_000, "container": "webm", "duration_ms": 10_000 * EXCERPTS, "started_at": at,
            "received_at": at, "stored_at": at, "playback_sha256": digest(f"copy {number}")})
        rows[Transcript].append({"id": transcript_id, "recording_id": recording_id, "language": "en",
                                 "model": "base", "language_probability": 0.99, "created_at": at})
        rows[HeardStretch].append({"transcript_id": transcript_id, "person_id": self.world.commissioner_id,
                                   "start_ms": 0, "end_ms": 10_000 * EXCERPTS, "how": "listened", "heard_at": at})
        for position, words in enumerate(sentences):
            said, excerpt_id = "".join(word.text for word in words).strip(), new_id()
            start_ms, end_ms = words[0].start_ms, words[-1].end_ms
            rows[TranscriptSegment].append({
                "id": number * EXCERPTS + position + 1, "transcript_id": transcript_id, "position": position,
                "text": said, "start_ms": start_ms, "end_ms": end_ms, "words": words})
            self._index(rows, number, SAID, recording_id, said, rows[TranscriptSegment][-1]["id"])
            rows[Excerpt].append({
                "id": excerpt_id, "story_id": story_id, "recording_id": recording_id, "start_ms": start_ms,
                "end_ms": end_ms, "text": said, "words": words, "made_by": self.world.commissioner_id, "made_at": at,
                "text_sha256": sha256_of(said), "quotable_at": at})
            self._index(rows, number, EXCERPT, excerpt_id, said)
            self._tag(rows, at, excerpt_id=excerpt_id)

    def _index(self, rows: Rows, number: int, kind: str, part_id: str, words: str,
               segment_id: int | None = None) -> None:
        """As the index has it. What is said is for the team alone."""
        scopes = [scope_of(self.world.project_id, is_for_team=True)]
        if kind != SAID:
            scopes.append(scope_of(self.world.project_id, is_for_team=False))
        story = rows[SearchStory][-1]
        place = sum(1 for row in reversed(rows[SearchPassage][-2 * EXCERPTS - 2:])
                    if row["story_id"] == story["story_id"])
        rows[SearchPassage].append({
            "id": ((number + 1) << PLACE_BITS) - 1 - place, "story_id": story["story_id"], "kind": kind,
            "part_id": part_id, "segment_id": segment_id, "made_of": digest(words)[:16],
            "tokens": (*keys_of(words), *scopes)})

    def _tag(self, rows: Rows, at: Any, **part: str) -> None:
        on_none = {"excerpt_id": None, "quote_id": None, "photo_id": None}
        rows[Tagging] += [on_none | part | {"id": new_id(), "theme_id": theme_id, "tagged_at": at,
                                            "tagged_by": self.world.commissioner_id}
                          for theme_id in self.random.sample(self.theme_ids, self.random.choice((1, 1, 2)))]


def _timed(words: Iterable[str], start_ms: int) -> tuple[Word, ...]:
    return tuple(Word(f" {word}", start_ms + 500 * at, start_ms + 500 * at + 450, 0.9) for at, word in enumerate(words))
