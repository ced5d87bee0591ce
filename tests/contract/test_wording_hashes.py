"""The phone and the server name a wording's text by the same hash: `pwa/tests/domain/wording.test.ts` counts it too."""

import json
from pathlib import Path
from typing import Any

import pytest

from server.domain.consent import Use
from server.domain.consent_wording import Question, Reading, Text, Wording

TEXTS = json.loads((Path(__file__).parent / "wording_hashes.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", TEXTS, ids=[text["language"] for text in TEXTS])
def test_the_server_names_a_text_as_the_phone_does(text: dict[str, Any]) -> None:
    questions = {Use(use["use"]): Question(use["question"], use["explanation"]) for use in text["uses"]}
    wording = Wording(text["title"], text["introduction"], questions)
    assert Text(text["language"], Reading(text["reading"]), wording).sha256 == text["sha256"]
