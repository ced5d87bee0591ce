"""Excerpts while two people correct the transcript at random: they say what they said, and are flagged for what is done
in them and for nothing else, until it is undone."""

import secrets
from random import Random
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.consent import Audience
from server.domain.hashes import sha256_of
from server.domain.transcript import Word
from server.models.theme import Excerpt
from server.services import clearing, excerpts, transcript_rows
from server.services.excerpts import Chosen
from tests.domain.test_anchor_under_edits import named
from tests.heard import listen
from tests.services import talk

STEPS = 20


@pytest.fixture
def world(session: Session, world: SimpleNamespace) -> SimpleNamespace:
    """Thirty words, no two the same, in six sentences, half of which somebody has heard; an excerpt of every three."""
    talk.told(session, world)
    talk.say(session, world.transcript, [" ".join(named(number) for number in range(at, at + 5))
                                         for at in range(0, 30, 5)])
    listen(session, world.commissioner, world.recording, (0, 9_000))
    words = transcript_rows.words_of_transcript(session, world.transcript.id)
    for first in range(0, 27, 3):
        chosen = Chosen(world.recording.id, words[first].start_ms, words[first + 2].end_ms)
        excerpts.make(session, world.commissioner, chosen)
    session.commit()
    return world


class Editors:
    """Two people, who do anything that the editor can do."""

    def __init__(self, session: Session, world: SimpleNamespace, random: Random) -> None:
        self.session, self.world, self.random = session, world, random
        self.names = (f"{named(number)}x" for number in range(200))
        self.done = 0

    def step(self) -> None:
        rows = talk.now(self.session, self.world.transcript)
        place = self.random.randrange(len(rows))
        row, said = rows[place], rows[place].text.split()
        ways = ["write"] * 5 + ["undo"] * 2 + ["redo"] + (["split"] if len(said) > 1 else []) + (
            ["merge"] if row is not rows[-1] else [])
        way = self.random.choice(ways)
        if way == "write":
            self._do(kind="words", segment=row.id, was=row.text, text=" ".join(self._other(said)))
        elif way == "split":
            self._do(kind="split", segment=row.id, was=row.text, word=self.random.randrange(1, len(said)))
        elif way == "merge":
            self._do(kind="merge", segment=row.id, was=row.text, next=rows[place + 1].id)
        elif self.done:
            self._do(kind=way)

    def undo_all(self) -> None:
        while self._do(kind="undo"):
            pass

    def _other(self, said: list[str]) -> list[str]:
        """One to three words put in, or in place of others, or nothing in place of one: never nothing at all."""
        first = self.random.randrange(len(said))
        gone = self.random.randrange(3)
        new = [next(self.names) for _ in range(self.random.randrange(0 if 0 < gone < len(said) else 1, 3))]
        return said[:first] + new + said[first + gone:]

    def _do(self, **change: object) -> bool:
        viewer = self.random.choice([self.world.commissioner, self.world.other])
        made = talk.correct(self.session, self.world, viewer, **change)
        self.done += 1
        return made.may_undo


def said(words: tuple[Word, ...]) -> list[tuple[str, int, int]]:
    return [(word.text.strip(), word.start_ms, word.end_ms) for word in words]


def holds(now: list[tuple[str, int, int]], own: list[tuple[str, int, int]]) -> bool:
    """Whether these words are said one after another at their times."""
    return any(now[at:at + len(own)] == own for at in range(len(now)))


def kept(row: Excerpt) -> tuple[object, ...]:
    return row.text, row.words, row.start_ms, row.end_ms, row.text_sha256, row.clip_sha256


def test_excerpts_hold_on_while_two_people_correct_around_and_in_them(session: Session, world) -> None:
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    editors = Editors(session, world, Random(seed))
    rows = list(session.scalars(select(Excerpt)))
    before, began = {row.id: kept(row) for row in rows}, said(
        transcript_rows.words_of_transcript(session, world.transcript.id))
    quotable = {row.id for row in rows if row.quotable_at}
    assert 0 < len(quotable) < len(rows)
    for _ in range(STEPS):
        editors.step()
        session.expire_all()
        now = said(transcript_rows.words_of_transcript(session, world.transcript.id))
        assert {row.id: kept(row) for row in rows} == before
        assert {row.id for row in rows if row.changed_at} == {
            row.id for row in rows if not holds(now, said(row.words))}
        may_be_quoted = {row.id for row in rows if row.quotable_at}
        assert quotable <= may_be_quoted
        quotable = may_be_quoted
    for row in rows:
        if row.quotable_at:
            found = clearing.get_excerpt(session, world.board_member, row.id, Audience.BOARD)
            assert (sha256_of(found.text), found.changed_text) == (row.text_sha256, None)
    editors.undo_all()
    assert said(transcript_rows.words_of_transcript(session, world.transcript.id)) == began
    assert [row.id for row in rows if row.changed_at] == []
