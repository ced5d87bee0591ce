"""Listening counts for the words that somebody was shown, and for as long as there was."""

from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.domain import anchor
from server.domain.access import Role
from server.domain.correction import read
from server.domain.errors import Invalid
from server.models.audit import AuditEntry
from server.models.theme import Excerpt
from server.models.transcript import HeardStretch
from server.services import anchors, corrections, excerpts, heard
from server.services.excerpts import Chosen
from tests import makers
from tests.heard import report
from tests.services import talk
from tests.services.talk import correct, now, write
from tests.services.together import together

FIRST = (0, 1900)


@pytest.fixture
def world(session: Session, world):
    """We waited all night. Nobody came. We went home."""
    return talk.told(session, world)


def listen(session: Session, world, version: int | None = None, *stretches: tuple[int, int], **more) -> heard.Heard:
    return heard.listened(session, world.other, world.recording.id,
                          report(world.transcript, stretches or [(0, 2000)], version, **more))


def chosen(session: Session, world) -> Excerpt:
    made = excerpts.make(session, world.commissioner, Chosen(world.recording.id, *FIRST))
    return session.get_one(Excerpt, made.id)


def test_words_that_came_after_the_page_was_opened_are_not_heard(session: Session, world) -> None:
    other = talk.heard_again(session, world.recording, ("We waded all night.", "Nobody came.", "We went home."))
    correct(session, world, kind="adopt", **{"from": other.id}, start_ms=0, end_ms=1900)
    draft = chosen(session, world)
    assert draft.text == "We waded all night."
    assert listen(session, world, 0).quotable == []
    assert listen(session, world, 0).heard == ((0, 499), (901, 2000))
    assert draft.quotable_at is None
    assert listen(session, world, 1).quotable == [draft.id]


def test_nor_are_words_that_went_meanwhile(session: Session, world) -> None:
    write(session, world, 0, "We all night.")
    assert listen(session, world, 0).heard == ((0, 499), (901, 2000))


def test_no_page_shows_a_version_that_there_is_not(session: Session, world) -> None:
    for version in (-1, 1):
        with pytest.raises(Invalid):
            listen(session, world, version)


def test_whoever_heard_a_correction_has_not_heard_what_an_undo_brings_back(session: Session, world) -> None:
    write(session, world, 0, "We waited all day.")
    listen(session, world)
    correct(session, world, kind="undo")
    assert chosen(session, world).quotable_at is None


def test_whoever_heard_a_machines_words_has_not_heard_what_somebody_corrects_or_does_again(session: Session,
                                                                                          world) -> None:
    listen(session, world)
    write(session, world, 0, "We waited all day.")
    by_whom = heard.of_transcript(session, world.other, world.transcript.id)
    assert [(item.name, item.start_ms, item.end_ms) for item in by_whom if item.end_ms > 1500] == [
        ("Sam Okoro", 1500, 1900), ("Mo", 1901, 2000)]
    correct(session, world, kind="undo")
    third = makers.viewer_of(session, makers.make_person(session, world.project, Role.COMMISSIONER, name="Zoe"))
    correct(session, world, third, kind="redo")
    draft = chosen(session, world)
    assert (draft.text, draft.quotable_at) == ("We waited all day.", None)
    correct(session, world, third, kind="undo")
    correct(session, world, kind="redo")
    assert draft.quotable_at is not None  # done again by whoever wrote it


def test_an_excerpt_that_says_something_else_by_now_was_not_heard(session: Session, world) -> None:
    draft = chosen(session, world)
    with pytest.raises(Invalid):
        heard.listened_to_excerpt(session, world.other, draft.id, anchor.hash_of("We waded all night."))
    write(session, world, 0, "We waded all night.")
    with pytest.raises(Invalid):
        heard.listened_to_excerpt(session, world.other, draft.id, anchor.hash_of(draft.text))
    assert draft.quotable_at is None


def test_whoever_hears_the_words_that_an_excerpt_kept_has_not_heard_those_of_the_transcript(session: Session,
                                                                                           world) -> None:
    draft = chosen(session, world)
    other = talk.heard_again(session, world.recording, ("We waded all night.", "Nobody came.", "We went home."))
    correct(session, world, kind="adopt", **{"from": other.id}, start_ms=0, end_ms=1900)
    anchors.keep(session, world.commissioner, draft.id, anchor.hash_of("We waded all night."))
    heard.listened_to_excerpt(session, world.other, draft.id, anchor.hash_of(draft.text))
    assert draft.quotable_at is not None
    by_whom = heard.of_transcript(session, world.other, world.transcript.id)
    assert [(item.start_ms, item.end_ms) for item in by_whom] == [(0, 499), (901, 1900)]


def test_nobody_hears_more_than_the_recording_nor_faster_than_twice_its_speed(session: Session, world) -> None:
    world.recording.duration_ms = 6000
    session.flush()
    week, soon = (0, 7 * 24 * 3_600_000), -3600  # no time has gone by, however slow this machine is
    assert listen(session, world, None, week, open_s=soon).heard == ((0, 2000),)
    session.execute(update(HeardStretch).values(heard_at=datetime.now(UTC) + timedelta(hours=1)))
    assert listen(session, world, None, week).heard == ((0, 4001),)  # what was sent a moment ago counts
    assert listen(session, world, None, week, open_s=soon).heard == ((0, 6000),)
    assert listen(session, world, None, week, open_s=soon).heard == ((0, 6000),)


def test_every_way_out_of_being_a_draft_is_in_the_audit_by_whoever_did_it(session: Session, world) -> None:
    draft = chosen(session, world)
    write(session, world, 0, "We waited all day.", world.other)
    correct(session, world, world.other, kind="undo")
    listen(session, world)
    draft.quotable_at = None
    session.commit()
    write(session, world, 1, "Somebody came.")  # any correction looks at what was heard
    session.commit()
    assert draft.quotable_at is not None
    made = chosen(session, world)
    session.commit()
    assert entries(session, draft.id)[-1] == (world.commissioner.person_id, True)
    excerpts.delete_excerpt(session, world.commissioner, made.id)
    again = chosen(session, world)
    session.commit()
    assert entries(session, again.id) == [(world.commissioner.person_id, True)]


def entries(session: Session, excerpt_id: str) -> list[tuple[str | None, bool]]:
    rows = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == excerpt_id, AuditEntry.action == "changed")
                           .order_by(AuditEntry.sequence))
    return [(row.person_id, row.details["quotable"]) for row in rows if "quotable" in row.details]


def test_the_audit_says_whether_words_were_taken_or_kept(session: Session, world) -> None:
    first = chosen(session, world)
    for text, choose in (("We waded all night.", anchors.keep), ("We waited all day.", anchors.take)):
        write(session, world, 0, text)
        choose(session, world.commissioner, first.id, anchor.hash_of(text))
    session.commit()
    rows = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == first.id).order_by(AuditEntry.sequence))
    assert [row.details["words"] for row in rows if "words" in row.details] == ["kept", "taken"]


def test_an_excerpt_of_other_words_is_no_answer(session: Session, world) -> None:
    first = chosen(session, world)
    assert chosen(session, world).id == first.id
    write(session, world, 0, "We waded all night.")
    anchors.keep(session, world.commissioner, first.id, anchor.hash_of("We waded all night."))
    with pytest.raises(Invalid):
        chosen(session, world)


def test_an_excerpt_goes_while_somebody_corrects_under_it(app, session: Session, world, monkeypatch) -> None:
    draft = chosen(session, world)
    session.commit()
    row, excerpt_id = now(session, world.transcript)[0], draft.id
    where = world.recording.id, world.transcript.id
    change = read({"kind": "words", "segment": row.id, "was": row.text, "text": "We waded all night."})
    session.rollback()
    compares, deletes = Event(), Event()
    compare = anchors._compare

    def slowly(*given) -> None:
        compares.set()
        deletes.wait(0.3)  # as long as the other is made to wait
        compare(*given)

    monkeypatch.setattr(anchors, "_compare", slowly)

    def writes(own: Session) -> None:
        corrections.make(own, world.commissioner, *where, change)
        own.commit()

    def goes(own: Session) -> None:
        compares.wait(5)
        excerpts.delete_excerpt(own, world.other, excerpt_id)
        own.commit()
        deletes.set()

    together(app, [writes, goes])
    assert session.get(Excerpt, excerpt_id, populate_existing=True) is None
