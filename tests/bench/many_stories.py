"""Very many stories, written straight into the tables: what a year of an organisation's listening leaves behind."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Table, insert, text
from sqlalchemy.orm import Session

from server.domain.consent import Clearance as Cleared
from server.domain.consent import ConsentRecord as Agreed
from server.domain.consent import History, Use, decide
from server.domain.ids import new_id
from server.domain.transcript import Word
from server.models.change import Change
from server.models.consent import Clearance, ConsentRecord
from server.models.row import Row
from server.models.story import Conversation, Quote, Recording, Story
from server.models.transcript import Transcript, TranscriptSegment
from server.models.work import Attempt, Job
from tests.bench.world import World
from tests.makers import NOON, digest

AT_ONCE = 2_000
WORDS = "We waited all night for a bed and nobody told us he had moved."
TIMED = tuple(Word(f" {word}", 500 * at, 500 * at + 450, 0.9) for at, word in enumerate(WORDS.split()))
_ANSWERS = {use.value: True for use in Use}
# What is said later by every tenth, and written down where no backup forgets it.
_LESS = _ANSWERS | {Use.PUBLICATION.value: False}
_CHANGED_THEIR_MIND = 10
_AGREED = Agreed(sequence=1, answers=dict.fromkeys(Use, True), given_at=NOON)
_AGREED_TO_LESS = Agreed(sequence=2, answers={use: _LESS[use.value] for use in Use}, given_at=NOON)
_CLEARED, _CLEARED_BY_LESS = decide(History((_AGREED,))), decide(History((_AGREED, _AGREED_TO_LESS)))
_PARENTS_FIRST = (Conversation, ConsentRecord, Story, Clearance, Quote, Recording, Transcript, TranscriptSegment,
                  Change, Job, Attempt)

Rows = dict[type[Row], list[dict[str, Any]]]


def fill(session: Session, world: World, upto: int, there: int = 0) -> list[str]:
    """Add stories until there are `upto`, each with a quote and a transcribed recording. Some of their ids."""
    sample: list[str] = []
    for first in range(there, upto, AT_ONCE):
        rows: Rows = {model: [] for model in _PARENTS_FIRST}
        for number in range(first, min(upto, first + AT_ONCE)):
            story_id = _one(world, number, rows)
            if not number % max(1, upto // 50):
                sample.append(story_id)
        for model, found in rows.items():
            table = model.__table__
            assert isinstance(table, Table)
            session.execute(insert(table), found)
        session.commit()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE"))  # which it would do by itself a minute later
        session.commit()
    return sample


def _one(world: World, number: int, rows: Rows) -> str:
    """The rows of one story. A conversation has four of them; each is told a minute after the one before."""
    at = NOON + timedelta(minutes=number)
    story_id, recording_id, transcript_id, quote_id = (new_id() for _ in range(4))
    if not number % 4 or not rows[Conversation]:
        rows[Conversation].append({"id": new_id(), "project_id": world.project_id, "place": f"Ward {number % 7}",
                                   "researcher_id": world.researcher_id, "started_at": at})
    sent = {"body_sha256": digest(story_id), "body_bytes": 400, "received_at": at}
    cleared = _agree(rows, sent, world, story_id, number % _CHANGED_THEIR_MIND == 0)
    rows[Story].append(sent | {
        "id": story_id, "project_id": world.project_id, "conversation_id": rows[Conversation][-1]["id"],
        "researcher_id": world.researcher_id, "pseudonym": f"Teller {number}", "place": f"Ward {number % 7}",
        "told_at": at, "told_at_phone": at, "receipt_code_hash": digest(f"code {story_id}")})
    rows[Clearance] += [{"story_id": story_id, "audience": found.audience.value, "content": found.content.value}
                        for found in cleared]
    rows[Quote].append(sent | {"id": quote_id, "story_id": story_id, "text": WORDS, "written_at": at})
    rows[Recording].append({
        "id": recording_id, "story_id": story_id, "position": 0, "sha256": digest(f"sound {number}"), "size": 240_000,
        "container": "webm", "duration_ms": TIMED[-1].end_ms, "started_at": at, "received_at": at, "stored_at": at,
        "playback_sha256": digest(f"copy {number}")})
    rows[Transcript].append({"id": transcript_id, "recording_id": recording_id, "language": "en", "model": "base",
                             "language_probability": 0.99, "created_at": at})
    rows[TranscriptSegment].append({"transcript_id": transcript_id, "position": 0, "start_ms": 0, "text": WORDS,
                                    "end_ms": TIMED[-1].end_ms, "words": TIMED})
    rows[Change] += [{"kind": "receipt", "subject_id": part, "project_id": world.project_id, "at": at,
                      "person_id": world.researcher_id} for part in (story_id, quote_id, recording_id)]
    for kind in ("store", "playback", "transcribe"):
        _done(rows, kind, recording_id, story_id, world, at)
    return story_id


def _agree(rows: Rows, sent: dict[str, Any], world: World, story_id: str, is_less: bool) -> Iterable[Cleared]:
    """A consent record, and a second one where somebody agrees to less later. Returns what they clear."""
    at = sent["received_at"]
    for answers in (_ANSWERS, _LESS)[:2 if is_less else 1]:
        rows[ConsentRecord].append(sent | {
            "id": new_id(), "project_id": world.project_id, "story_id": story_id, "wording_id": world.wording_id,
            "answers": answers, "how": "spoken", "for_whom": "self", "taken_by": world.researcher_id, "given_at": at,
            "given_at_phone": at})
    if is_less:
        _done(rows, "note", rows[ConsentRecord][-1]["id"], story_id, world, at)
    return _CLEARED_BY_LESS if is_less else _CLEARED


def _done(rows: Rows, kind: str, subject_id: str, story_id: str, world: World, at: Any) -> None:
    """A job that one attempt finished."""
    job_id = new_id()
    rows[Job].append({"id": job_id, "kind": kind, "subject_id": subject_id, "story_id": story_id, "state": "done",
                      "project_id": world.project_id, "fence": 1, "tries": 1, "created_at": at, "finished_at": at})
    rows[Attempt].append({"job_id": job_id, "fence": 1, "worker": "bench:1", "started_at": at, "heartbeat_at": at,
                          "progress": 1.0, "finished_at": at, "outcome": "done"})


def in_turn(ids: list[str]) -> Callable[[], str]:
    """One id after the other, again from the start when all were given."""
    def turning() -> Iterator[str]:
        while True:
            yield from ids

    found = turning()
    return lambda: next(found)
