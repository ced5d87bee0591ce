"""Very many stories, written straight into the tables: what a year of an organisation's listening leaves behind."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Table, insert, text
from sqlalchemy.orm import Session

from server.domain.consent import ConsentRecord as Agreed
from server.domain.consent import Use, decide
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
_AGREED = Agreed(sequence=1, answers=dict.fromkeys(Use, True), given_at=NOON)
_CLEARED = [(found.audience.value, found.content.value) for found in decide([_AGREED])]
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
    rows[ConsentRecord].append(sent | {
        "id": new_id(), "project_id": world.project_id, "story_id": story_id, "wording_id": world.wording_id,
        "answers": _ANSWERS, "how": "spoken", "for_whom": "self", "taken_by": world.researcher_id, "given_at": at,
        "given_at_phone": at})
    rows[Story].append(sent | {
        "id": story_id, "project_id": world.project_id, "conversation_id": rows[Conversation][-1]["id"],
        "researcher_id": world.researcher_id, "pseudonym": f"Teller {number}", "place": f"Ward {number % 7}",
        "told_at": at, "told_at_phone": at, "receipt_code_hash": digest(f"code {story_id}")})
    rows[Clearance] += [{"story_id": story_id, "audience": audience, "content": content}
                        for audience, content in _CLEARED]
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
