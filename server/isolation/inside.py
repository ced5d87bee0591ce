"""What is done inside a child, and how it says what came of it.

News goes to the parent as JSON, one object a message: {"progress"} and {"part"} on the way, then {"result"} or
{"error", "message", "where"}. A message is one of ours and names no file; `where` is a traceback without one.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from multiprocessing.connection import Connection
from typing import Any, BinaryIO

from server.domain.errors import Refusal, StorageFull
from server.isolation.limits import NO_ROOM, Decoding
from server.tracebacks import where

Details = dict[str, Any]
Tell = Callable[[Details], None]
# How torch and the loader of libraries say it.
_NO_MEMORY = ("allocate memory", "failed to map segment")


def do(decoding: Decoding, details: Details, files: list[BinaryIO], news: Connection) -> None:
    """Do it and tell how it went. `files` are the source and, for what makes a file, the sink."""
    def tell(message: Details) -> None:
        news.send_bytes(json.dumps(message).encode())

    tell(_answer(decoding, details, files, tell))


def _answer(decoding: Decoding, details: Details, files: list[BinaryIO], tell: Tell) -> Details:
    try:
        result = _DOING[decoding](details, files, tell)
        for file in files[1:]:
            file.flush()
        return {"result": result}
    except Refusal as refusal:
        return _error(refusal.code, message=refusal.message)
    except MemoryError:
        return _error("out_of_memory")
    except Exception as error:
        return _error(_code_of(error), where(error))


def _code_of(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return StorageFull.code
    return "out_of_memory" if any(words in str(error) for words in _NO_MEMORY) else "failed"


def _error(code: str, place: str = "", message: str = "") -> Details:
    return {"error": code, "message": message, "where": place}


def _check_audio(details: Details, files: list[BinaryIO], tell: Tell) -> Details:
    from server.media import audio

    return asdict(audio.probe(files[0]))


def _check_photo(details: Details, files: list[BinaryIO], tell: Tell) -> Details:
    from server.media import photos

    return asdict(photos.check(files[0]))


def _check_evidence(details: Details, files: list[BinaryIO], tell: Tell) -> Details:
    from server.media import photos

    return asdict(photos.check_evidence(files[0]))


def _playback(details: Details, files: list[BinaryIO], tell: Tell) -> Details:
    from server.media import audio

    return {"duration_ms": audio.playback_copy(files[0], files[1], details["withheld"])}


def _join(details: Details, files: list[BinaryIO], tell: Tell) -> Details:
    from server.media import joining

    parts = joining.parts_of(files[0], details["sizes"])
    return {"lengths_ms": joining.join(parts, files[1], lambda share: tell({"progress": share}))}


def _clip(details: Details, files: list[BinaryIO], tell: Tell) -> Details:
    from server.media import audio

    return {"duration_ms": audio.cut(files[0], files[1], details["start_ms"], details["end_ms"], details["withheld"])}


def _photo(details: Details, files: list[BinaryIO], tell: Tell) -> Details:
    from server.media import photos

    derived = photos.derive(files[0], regions=details["regions"])
    files[1].write(derived.data)
    return {"width": derived.width, "height": derived.height}


def _samples(details: Details, files: list[BinaryIO], tell: Tell) -> Details:
    from server.media import audio

    return {"samples": audio.write_mono_16k(files[0], files[1], lambda share: tell({"progress": share}))}


def _transcribe(details: Details, files: list[BinaryIO], tell: Tell) -> Details:
    from server.isolation import listening

    return listening.transcribe(details, files[0], tell)


def _translate(details: Details, files: list[BinaryIO], tell: Tell) -> Details:
    from server.isolation import listening

    return listening.translate(details, files[0], tell)


def _speakers(details: Details, files: list[BinaryIO], tell: Tell) -> Details:
    from server.isolation import listening

    return listening.speakers(details, files[0], tell)


def _embed(details: Details, files: list[BinaryIO], tell: Tell) -> Details:
    from server.embedding import model

    texts = json.load(files[0])
    files[1].write(model.embed(texts, lambda share: tell({"progress": share})))
    return {"count": len(texts)}


# Each imports what it needs when it runs: a photo has no use for the speech model's libraries.
_DOING: dict[Decoding, Callable[[Details, list[BinaryIO], Tell], Details]] = {
    Decoding.CHECK_AUDIO: _check_audio, Decoding.CHECK_PHOTO: _check_photo,
    Decoding.CHECK_EVIDENCE: _check_evidence, Decoding.PLAYBACK: _playback,
    Decoding.JOIN: _join, Decoding.CLIP: _clip, Decoding.PHOTO: _photo, Decoding.SAMPLES: _samples,
    Decoding.EMBED: _embed,
    Decoding.TRANSCRIBE: _transcribe, Decoding.TRANSLATE: _translate, Decoding.SPEAKERS: _speakers,
}
