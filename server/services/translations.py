"""A machine's English for a transcript. It is kept beside the words that were said, and never in their place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.domain.ids import new_id
from server.domain.work import Held
from server.models.transcript import Transcript, TranscriptSegment, Translation
from server.services import later_steps, work

Spans = dict[str, list[tuple[int, int]]]


@dataclass(frozen=True)
class ToTranslate:
    """The sound of a transcript by its SHA-256, and from when to when each other language than English is spoken, in
    ms, segment by segment."""

    sha256: str
    spans: Spans


def wanted(session: Session, transcript_id: str) -> ToTranslate | None:
    """None when it is gone or nobody agrees to it any more."""
    sha256 = later_steps.sound_of(session, transcript_id)
    if sha256 is None:
        return None
    whole = session.get_one(Transcript, transcript_id).language
    spans: Spans = {}
    for row in session.scalars(select(TranscriptSegment).where(TranscriptSegment.transcript_id == transcript_id)
                               .order_by(TranscriptSegment.position)):
        language = row.language or whole
        if language != later_steps.ENGLISH and row.start_ms < row.end_ms:
            spans.setdefault(language, []).append((row.start_ms, row.end_ms))
    return ToTranslate(sha256, spans)


def store(session: Session, transcript_id: str, model: str, spans: Spans, texts: Mapping[str, Sequence[str]],
          held: Held) -> None:
    """Keep the English of these stretches, of which there is one text each, and finish the job. What no words came of
    is left out.

    Raises FenceLost, and ValueError where a text is missing. Without agreement nothing is written and the job is
    cancelled.
    """
    if not later_steps.goes_on(session, transcript_id, held):
        return
    passages = sorted([start, end, text.strip()] for language, some in spans.items()
                      for (start, end), text in zip(some, texts[language], strict=True) if text.strip())
    session.execute(delete(Translation).where(Translation.transcript_id == transcript_id))
    session.add(Translation(id=new_id(), transcript_id=transcript_id, model=model, made_at=datetime.now(UTC),
                            passages=passages))
    session.flush()
    work.finish(session, held)
