"""Nobody writes over what somebody else did and they have not seen, nor takes it back unasked."""

from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from server.domain.errors import NotFound, VersionConflict
from server.models.transcript import Transcript
from server.services import transcript_versions
from server.services.corrections import Corrected
from tests.services import talk
from tests.services.talk import correct, now, texts, write

NIGHT, NOBODY, HOME = talk.SAID


@pytest.fixture
def world(session: Session, world: SimpleNamespace) -> SimpleNamespace:
    return talk.told(session, world)


@pytest.fixture
def other(session: Session, world: SimpleNamespace) -> Transcript:
    return talk.heard_again(session, world.recording, ("We waded all night.", NOBODY, "We walked home."))


def test_words_are_not_taken_over_where_somebody_wrote_since(session: Session, world, other: Transcript) -> None:
    write(session, world, 0, "We wept all night.", world.other)
    with pytest.raises(VersionConflict) as refused:
        take_over(session, world, other, (0, 1900), version=0)
    assert refused.value.current == {"text": "We wept all night."}
    assert texts(session, world.transcript)[0] == "We wept all night."
    take_over(session, world, other, (0, 1900), version=1)
    assert texts(session, world.transcript)[0] == "We waded all night."


def test_words_are_taken_over_beside_what_somebody_wrote(session: Session, world, other: Transcript) -> None:
    write(session, world, 0, "We wept all night.", world.other)
    take_over(session, world, other, (4500, 4900), version=0)
    assert texts(session, world.transcript) == ["We wept all night.", NOBODY, "We walked home."]


def test_whoever_takes_over_twice_has_what_they_wanted(session: Session, world, other: Transcript) -> None:
    assert take_over(session, world, other, (0, 1900), version=0).version == 1
    assert take_over(session, world, other, (0, 1900), version=0).version == 1


def test_a_version_is_not_used_in_place_of_words_that_were_not_seen(session: Session, world, other: Transcript) -> None:
    write(session, world, 0, "We wept all night.", world.other)
    for seen in ((world.transcript.id, 0), (other.id, 0)):
        with pytest.raises(VersionConflict):
            transcript_versions.use(session, world.commissioner, other.id, seen)
    transcript_versions.use(session, world.commissioner, other.id, (world.transcript.id, 1))
    session.refresh(other)
    assert other.is_current


def test_what_somebody_else_did_is_taken_back_only_when_that_is_meant(session: Session, world) -> None:
    write(session, world, 0, "We sat all night.")
    write(session, world, 1, "Somebody came.", world.other)
    version = write(session, world, 2, "We ran home.").version
    version = correct(session, world, kind="undo", version=version, others=False).version
    with pytest.raises(VersionConflict) as refused:
        correct(session, world, kind="undo", version=version, others=False)
    assert refused.value.current == {"by": "Mo", "change": 2, "kind": "words", "text": "Somebody came.",
                                     "before": NOBODY}
    assert refused.value.version == version
    assert texts(session, world.transcript) == ["We sat all night.", "Somebody came.", HOME]
    with pytest.raises(VersionConflict):
        correct(session, world, kind="undo", version=version - 1, others=True)
    correct(session, world, kind="undo", version=version, others=True)
    assert texts(session, world.transcript) == ["We sat all night.", NOBODY, HOME]
    correct(session, world, kind="undo", others=False)
    assert texts(session, world.transcript) == list(talk.SAID)


def test_a_passage_in_another_version_is_named_where_it_is_one(session: Session, world, other: Transcript) -> None:
    seen = now(session, world.transcript)[0]
    transcript_versions.use(session, world.commissioner, other.id)
    with pytest.raises(VersionConflict) as refused:
        correct(session, world, kind="words", segment=seen.id, was=NIGHT, text="We sat.")
    there = now(session, other)[0]
    assert refused.value.current == {"transcript": other.id, "segment": there.id, "text": "We waded all night."}


def test_a_transcript_that_is_not_there_is_not_found_before_anything_is_compared(session: Session, world) -> None:
    with pytest.raises(NotFound):
        transcript_versions.use(session, world.commissioner, world.story.id, (world.transcript.id, 9))


def take_over(session: Session, world: SimpleNamespace, other: Transcript, stretch: tuple[int, int],
              version: int) -> Corrected:
    return correct(session, world, **{"kind": "adopt", "from": other.id, "start_ms": stretch[0], "end_ms": stretch[1],
                                      "version": version})
