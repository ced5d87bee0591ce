"""Work on what was said. A child makes bare sound of a recording; the process with the speech model gets only that."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from server.domain import hearing
from server.isolation.supervision import nameless_file
from server.jobs.attempt import Attempt
from server.services import transcripts


def transcribe(attempt: Attempt) -> None:
    """Windows are kept as they are heard, so that another attempt goes on where this one stops."""
    settings, recording_id, held = attempt.parts.settings, attempt.subject_id, attempt.held
    sha256 = transcripts.source(attempt.session, recording_id)
    if sha256 is None:
        return attempt.write(lambda session: transcripts.give_up(session, recording_id, held))
    model = hearing.model_name(settings.whisper_model)
    done = transcripts.heard_before(attempt.session, recording_id, model)
    details = {"model": settings.whisper_model, "weights_dir": str(settings.whisper_dir),
               "done": hearing.to_json(done) if done else None}

    def keep(part: dict[str, Any]) -> None:
        heard = hearing.from_json(part)
        attempt.write(lambda session: transcripts.keep(session, recording_id, model, heard, held))

    with _bare_sound(attempt, sha256) as sound:
        outline = hearing.Outline(**attempt.in_child(details, sound, keep=keep))
    attempt.write(lambda session: transcripts.store(session, recording_id, outline, held))


@contextmanager
def _bare_sound(attempt: Attempt, sha256: str) -> Iterator[BinaryIO]:
    with nameless_file(attempt.parts.settings.data_dir) as sound:
        with attempt.parts.store.open(sha256) as source:
            attempt.decoded(source, sound)
        yield sound
