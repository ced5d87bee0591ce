"""A transcript as JSON, with every word and its times."""

import json

from server.domain.transcript import Transcription, to_json


def write_json(transcription: Transcription) -> str:
    """The fields of `Transcription`, indented, letters as they are."""
    return json.dumps(to_json(transcription), ensure_ascii=False, indent=2) + "\n"
