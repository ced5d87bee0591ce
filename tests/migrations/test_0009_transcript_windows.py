"""Windows of transcriptions that go on are kept beside the transcripts, and let go with the step."""

from tests.migrations.conftest import Step
from tests.migrations.old_rows import ID, NOON, RECORDING, OldDatabase

WORDS = [[" Nobody", 0, 480, 0.93], [" naïve", 480, 900, 0.5]]


def test_transcripts_stay_and_windows_come(old: OldDatabase, step: Step) -> None:
    old.add_project()
    old.add_story()
    old.insert("transcript", id=ID(50), recording_id=RECORDING, language="en", model="base", created_at=NOON)
    old.insert("transcript_segment", transcript_id=ID(50), position=0, start_ms=0, end_ms=900, text="Nobody naïve",
               words=WORDS)
    before = old.everything()
    step.up()
    old.insert("transcript_window", recording_id=RECORDING, position=0, model="base", language="en", start_ms=0,
               end_ms=900, words=WORDS)
    [window] = old.rows("transcript_window")
    assert (window["words"], window["language_probability"]) == (WORDS, None)
    step.back()
    assert old.everything() == before
