"""Work on what was said. A child makes bare sound of a recording; the process with the speech model gets only that."""

from collections.abc import Callable
from typing import Any

from server.domain import hearing, turns
from server.isolation.supervision import nameless_file
from server.jobs.attempt import Attempt
from server.services import later_steps, speakers, transcripts, translations


def transcribe(attempt: Attempt) -> None:
    """Windows are kept as they are heard, so that another attempt goes on where this one stops."""
    recording_id, held = attempt.subject_id, attempt.held
    sha256 = transcripts.source(attempt.session, recording_id)
    if sha256 is None:
        return attempt.write(lambda session: transcripts.give_up(session, recording_id, held))
    model = hearing.model_name(attempt.parts.settings.whisper_model)
    done = transcripts.heard_before(attempt.session, recording_id, model)
    details = {"done": hearing.to_json(done) if done else None,
               "hints": hearing.hints_to_json(transcripts.hints(attempt.session, recording_id))}

    def keep(part: dict[str, Any]) -> None:
        heard = hearing.from_json(part)
        attempt.write(lambda session: transcripts.keep(session, recording_id, model, heard, held))

    outline = hearing.Outline(**_listened(attempt, sha256, details, keep))
    attempt.write(lambda session: transcripts.store(session, recording_id, outline, held))


def suggest_speakers(attempt: Attempt) -> None:
    transcript_id, held = attempt.subject_id, attempt.held
    sha256 = later_steps.sound_of(attempt.session, transcript_id)
    if sha256 is None:
        return attempt.write(lambda session: later_steps.give_up(session, transcript_id, held))
    found = turns.from_json(_listened(attempt, sha256, {}))
    attempt.write(lambda session: speakers.store_suggestion(session, transcript_id, found, held))


def translate(attempt: Attempt) -> None:
    transcript_id, held = attempt.subject_id, attempt.held
    wanted = translations.wanted(attempt.session, transcript_id)
    if wanted is None:
        return attempt.write(lambda session: later_steps.give_up(session, transcript_id, held))
    model = hearing.model_name(attempt.parts.settings.whisper_model)
    texts = _listened(attempt, wanted.sha256, {"spans": wanted.spans})["texts"]
    attempt.write(lambda session: translations.store(session, transcript_id, model, wanted.spans, texts, held))


def _listened(attempt: Attempt, sha256: str, details: dict[str, Any],
              keep: Callable[[dict[str, Any]], None] = lambda _part: None) -> dict[str, Any]:
    """What the process with the models says of a recording. `keep` gets each finished part."""
    settings = attempt.parts.settings
    model = {"model": settings.whisper_model, "weights_dir": str(settings.whisper_dir)}
    with nameless_file(settings.data_dir) as sound:
        with attempt.parts.store.open(sha256) as source:
            attempt.decoded(source, sound)
        return attempt.in_child(model | details, sound, keep=keep)
