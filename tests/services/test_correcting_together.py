"""What two people who correct the same transcript do to each other, and to a story that is withdrawn meanwhile."""

from collections.abc import Callable
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server.domain.correction import read
from server.domain.errors import NotFound, VersionConflict
from server.models.transcript import Correction, HeardStretch, Transcript, TranscriptSegment
from server.services import corrections, withdrawals
from tests import makers
from tests.services import talk
from tests.services.talk import correct, now, texts, write
from tests.services.together import together

NIGHT, NOBODY, HOME = talk.SAID


@pytest.fixture
def world(session: Session, world: SimpleNamespace) -> SimpleNamespace:
    return talk.told(session, world)


def test_what_somebody_did_not_see_is_not_written_over(session: Session, world) -> None:
    row = now(session, world.transcript)[0]
    write(session, world, 0, "We stayed all night.")
    with pytest.raises(VersionConflict) as refusal:
        correct(session, world, kind="words", segment=row.id, was=NIGHT, text="We sat all night.")
    assert refusal.value.current == {"segment": row.id, "text": "We stayed all night."}
    assert refusal.value.version == 1
    for change in ({"kind": "split", "word": 1}, {"kind": "merge", "next": 1}):
        with pytest.raises(VersionConflict):
            correct(session, world, segment=row.id, was=NIGHT, **change)
    assert texts(session, world.transcript)[0] == "We stayed all night."


def test_pressing_the_button_twice_is_no_conflict(session: Session, world) -> None:
    row = now(session, world.transcript)[0]
    for _ in range(2):
        made = correct(session, world, kind="words", segment=row.id, was=NIGHT, text="We sat.")
    assert made.version == 1


def test_a_segment_that_is_no_more_is_a_conflict_with_what_took_its_place(session: Session, world) -> None:
    first, second, _ = now(session, world.transcript)
    correct(session, world, kind="merge", segment=first.id, was=NIGHT, next=second.id)
    with pytest.raises(VersionConflict) as refusal:
        correct(session, world, kind="words", segment=second.id, was=NOBODY, text="Somebody came.")
    assert refusal.value.current == {"segment": None, "text": f"{NIGHT} {NOBODY}"}
    with pytest.raises(NotFound):
        correct(session, world, kind="words", segment=2**31 - 1, was=NOBODY, text="Somebody came.")


def test_a_machine_version_that_is_not_current_is_not_corrected(session: Session, world) -> None:
    row = now(session, world.transcript)[0]
    other = talk.heard_again(session, world.recording, ["We waited half night."])
    session.execute(update(Transcript).where(Transcript.id == world.transcript.id).values(is_current=False))
    session.execute(update(Transcript).where(Transcript.id == other.id).values(is_current=True))
    with pytest.raises(VersionConflict) as refusal:
        correct(session, world, kind="words", segment=row.id, was=NIGHT, text="We sat.")
    [there] = now(session, other)
    assert refusal.value.current == {"transcript": other.id, "segment": there.id, "text": "We waited half night."}


def test_two_editors_on_different_segments_both_stay(app: Flask, session: Session, world) -> None:
    def act(place: int, viewer: Any) -> Callable[[Session], object]:
        row = now(session, world.transcript)[place]
        change = read({"kind": "words", "segment": row.id, "was": row.text, "text": f"Said again {place}."})
        ids = world.recording.id, world.transcript.id
        return lambda own: corrections.make(own, viewer, *ids, change).version

    versions = together(app, [act(place, viewer) for place, viewer in enumerate(
        [world.commissioner, world.other, world.commissioner])])
    session.expire_all()
    assert sorted(versions) == [1, 2, 3]
    assert texts(session, world.transcript) == ["Said again 0.", "Said again 1.", "Said again 2."]


def test_of_two_editors_on_one_segment_the_later_sees_both_texts_and_nothing_is_lost(
    app: Flask, session: Session, world
) -> None:
    """fault 25"""
    row = now(session, world.transcript)[0]

    def act(text: str) -> Callable[[Session], tuple[str, str]]:
        change = read({"kind": "words", "segment": row.id, "was": row.text, "text": text})
        ids = world.recording.id, world.transcript.id

        def make(own: Session) -> tuple[str, str]:
            try:
                corrections.make(own, world.commissioner, *ids, change)
            except VersionConflict as conflict:
                return "conflict", conflict.current["text"]
            return "saved", text

        return make

    answers = dict(together(app, [act("We sat."), act("We stood.")]))
    session.expire_all()
    assert set(answers) == {"saved", "conflict"}
    assert answers["saved"] == answers["conflict"] == texts(session, world.transcript)[0]


def test_a_correction_beside_a_withdrawal_leaves_no_word_behind(app: Flask, session: Session, world) -> None:
    row = now(session, world.transcript)[0]
    change = read({"kind": "words", "segment": row.id, "was": NIGHT, "text": "We sat."})
    ids, story_id = (world.recording.id, world.transcript.id), world.story.id
    researcher = makers.viewer_of(session, world.researcher)

    def make(own: Session) -> None:
        with suppress(NotFound):
            corrections.make(own, world.commissioner, *ids, change)

    together(app, [make, lambda own: withdrawals.withdraw(own, researcher, story_id), make])
    session.expire_all()
    for model in (Correction, HeardStretch, TranscriptSegment, Transcript):
        assert session.scalar(select(func.count()).select_from(model)) == 0
