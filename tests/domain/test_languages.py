"""What languages are called on the web."""

import pytest

from server.domain.languages import tag_of
from server.domain.speech_settings import SPOKEN


def test_javanese_which_whisper_calls_by_an_old_code_has_the_tag_of_bcp_47() -> None:
    assert tag_of("jw") == "jv"


@pytest.mark.parametrize("code", ["", *sorted(set(SPOKEN) - {"jw"})])
def test_every_other_code_is_its_own_tag(code: str) -> None:
    assert tag_of(code) == code
