"""Work on what was said. A child makes bare sound of a recording; the process with the speech model gets only that."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from server.domain import hearing, turns
from server.domain.transcript import Word
from server.isolation.supervision import nameless_file
from server.jobs.attempt import Attempt
from server.media.pcm import place_of
from server.services import later_steps, redaction_checks, speakers, transcripts, translations


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


def check_redaction(attempt: Attempt) -> None:
    """Each stretch of the copy that has something withheld is heard by itself, with what is around it."""
    recording_id, held = attempt.subject_id, attempt.held
    wanted = redaction_checks.wanted(attempt.session, recording_id)
    if wanted is None:
        return attempt.write(lambda session: redaction_checks.give_up(session, recording_id, held))
    said: list[list[Word]] = []
    with _bare_sound(attempt, wanted.sha256) as sound:
        for start_ms, end_ms in wanted.spans:
            said.append(_words_between(attempt, sound, start_ms, end_ms, wanted, len(said)))
    attempt.write(lambda session: redaction_checks.store(session, recording_id, wanted, said, held))


def _words_between(attempt: Attempt, sound: BinaryIO, start_ms: int, end_ms: int, wanted: redaction_checks.Wanted,
                   before: int) -> list[Word]:
    """What is heard there, at its times in the recording; `before` spans were heard already."""
    words: list[Word] = []

    def keep(part: dict[str, Any]) -> None:
        for window in hearing.from_json(part).windows:
            words.extend(Word(word.text, word.start_ms + start_ms, word.end_ms + start_ms) for word in window.words)

    details = _models(attempt) | {"done": None, "hints": hearing.hints_to_json(wanted.hints)}
    with nameless_file(attempt.parts.settings.data_dir) as part:
        sound.seek(place_of(start_ms))
        part.write(sound.read(place_of(end_ms) - place_of(start_ms)))
        part.flush()
        attempt.heard(details, part, keep, lambda share: (before + share) / len(wanted.spans))
    return words


def _listened(attempt: Attempt, sha256: str, details: dict[str, Any],
              keep: Callable[[dict[str, Any]], None] = lambda _part: None) -> dict[str, Any]:
    """What the process with the models says of a recording. `keep` gets each finished part."""
    with _bare_sound(attempt, sha256) as sound:
        return attempt.in_child(_models(attempt) | details, sound, keep=keep)


@contextmanager
def _bare_sound(attempt: Attempt, sha256: str) -> Iterator[BinaryIO]:
    with nameless_file(attempt.parts.settings.data_dir) as sound:
        with attempt.parts.store.open(sha256) as source:
            attempt.decoded(source, sound)
        yield sound


def _models(attempt: Attempt) -> dict[str, Any]:
    settings = attempt.parts.settings
    return {"model": settings.whisper_model, "weights_dir": str(settings.whisper_dir)}
