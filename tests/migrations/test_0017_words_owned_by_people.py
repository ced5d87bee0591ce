"""A transcript that is there becomes the first machine version, and its excerpts drafts that keep their words."""

import hashlib

import pytest

from migrations.taking_back import WouldLose
from tests.migrations.conftest import Step
from tests.migrations.old_rows import ID, NOON, PERSON, PROJECT, RECORDING, STORY, OldDatabase

TRANSCRIPT, EXCERPT = ID(70), ID(71)
WORDS = [["We waited.", 500, 1450, 0.9]]


def add_words(old: OldDatabase) -> None:
    old.add_project()
    old.add_story()
    old.insert("transcript", id=TRANSCRIPT, recording_id=RECORDING, language="en", language_probability=0.9,
               model="base", created_at=NOON)
    old.insert("transcript_segment", transcript_id=TRANSCRIPT, position=0, start_ms=500, end_ms=1450,
               text="We waited.", words=WORDS)
    old.insert("excerpt", id=EXCERPT, story_id=STORY, recording_id=RECORDING, start_ms=500, end_ms=1450,
               text="We waited.", words=WORDS, clip_sha256=None, made_by=PERSON, made_at=NOON)


def test_words_that_are_there_stay_and_are_nobodys_yet(old: OldDatabase, step: Step) -> None:
    add_words(old)
    before = old.everything()
    step.up()
    [transcript], [segment], [excerpt] = (old.rows(name) for name in ("transcript", "transcript_segment", "excerpt"))
    assert transcript == before["transcript"][0] | {"number": 1, "is_current": True, "version": 0}
    assert segment == before["transcript_segment"][0] | {"language": "", "speaker_id": None, "speaker_suggested": False}
    assert excerpt == before["excerpt"][0] | {
        "text_sha256": hashlib.sha256(b"We waited.").hexdigest(), "quotable_at": None, "changed_at": None,
        "changed_text": None, "changed_words": None}
    assert [(row["languages"], row["vocabulary"]) for row in old.rows("project")] == [([], [])]
    step.back()
    assert old.everything() == before


def test_a_recording_has_one_current_transcript(old: OldDatabase, step: Step) -> None:
    add_words(old)
    step.up()
    another = {"id": ID(72), "recording_id": RECORDING, "number": 2, "language": "en", "model": "small",
               "created_at": NOON}
    with pytest.raises(Exception, match=r"(?i)unique"):
        old.insert("transcript", is_current=True, **another)
    old.insert("transcript", is_current=False, **another)


@pytest.mark.parametrize(("what", "change"), [
    ("1 of correction", f"INSERT INTO correction (id, transcript_id, number, made_by, made_at, kind, position, before,"
     f" after) VALUES (1, '{TRANSCRIPT}', 1, '{PERSON}', '2026-05-04 12:00:00', 'words', 0, '[]', '[]')"),
    ("1 of heard_stretch", f"INSERT INTO heard_stretch (id, transcript_id, person_id, start_ms, end_ms, how, heard_at)"
     f" VALUES (1, '{TRANSCRIPT}', '{PERSON}', 0, 9, 'listened', '2026-05-04 12:00:00')"),
    ("1 of translation", f"INSERT INTO translation (id, transcript_id, model, made_at, passages)"
     f" VALUES ('{ID(73)}', '{TRANSCRIPT}', 'base', '2026-05-04 12:00:00', '[]')"),
    ("1 of speaker", f"INSERT INTO speaker (id, story_id, label, made_at)"
     f" VALUES ('{ID(74)}', '{STORY}', 1, '2026-05-04 12:00:00')"),
    ("1 of transcript", f"INSERT INTO transcript (id, recording_id, number, is_current, language, model, created_at)"
     f" VALUES ('{ID(75)}', '{RECORDING}', 2, false, 'en', 'small', '2026-05-04 12:00:00')"),
    ("1 of excerpt", "UPDATE excerpt SET quotable_at = '2026-05-04 12:00:00'"),
    ("1 of project", f"UPDATE project SET vocabulary = '[\"Moorfields\"]' WHERE id = '{PROJECT}'"),
])
def test_what_people_did_since_keeps_the_step_from_being_taken_back(
    old: OldDatabase, step: Step, what: str, change: str
) -> None:
    add_words(old)
    step.up()
    old.run(change)
    after = old.everything()
    with pytest.raises(WouldLose, match=what):
        step.back()
    assert old.everything() == after
