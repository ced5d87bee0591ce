"""Every version of a transcript there ever was, and machine versions beside each other."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.domain.correction import read
from server.domain.correction_log import SegmentState
from server.domain.errors import Invalid, NotFound, VersionConflict
from server.models.audit import AuditEntry
from server.models.theme import Excerpt
from server.models.transcript import Speaker, Transcript
from server.services import corrections, excerpts, segment_rows, transcript_versions, withdrawals
from server.services.excerpts import Chosen
from tests import makers
from tests.services import talk
from tests.services.talk import correct, now, write

NIGHT, NOBODY, HOME = talk.SAID


@pytest.fixture
def world(session: Session, world: SimpleNamespace) -> SimpleNamespace:
    return talk.told(session, world)


def said(states: list[SegmentState]) -> list[str]:
    return [state.text for state in states]


def test_every_version_can_be_read_again(session: Session, world) -> None:
    write(session, world, 0, "We sat.")
    write(session, world, 1, "")
    correct(session, world, kind="undo")
    versions = [said(transcript_versions.at(session, world.transcript.id, number)) for number in range(4)]
    assert versions == [list(talk.SAID), ["We sat.", NOBODY, HOME], ["We sat.", HOME], ["We sat.", NOBODY, HOME]]
    for number in (-1, 4):
        with pytest.raises(NotFound):
            transcript_versions.at(session, world.transcript.id, number)


def test_a_version_is_shown_with_its_speakers(session: Session, world) -> None:
    correct(session, world, kind="speaker", segments=[now(session, world.transcript)[0].id], speaker="new")
    session.scalars(select(Speaker)).one().name = "Rose"
    shown = [transcript_versions.as_it_was(session, world.commissioner, world.recording.id, world.transcript.id, number)
             for number in (0, 1)]
    assert [segments[0].speaker and segments[0].speaker.name for segments in shown] == [None, "Rose"]


def test_corrections_are_listed_with_who_made_them_and_both_texts(session: Session, world) -> None:
    write(session, world, 1, "Somebody came.", viewer=world.other)
    correct(session, world, kind="undo")
    found = transcript_versions.list_corrections(session, world.commissioner, world.recording.id, world.transcript.id)
    assert [(one.number, one.kind, one.undoes, one.person, one.before, one.after) for one in found] == [
        (2, "undo", 1, "Sam Okoro", ("Somebody came.",), (NOBODY,)),
        (1, "words", None, "Mo", (NOBODY,), ("Somebody came.",))]
    older = transcript_versions.list_corrections(session, world.commissioner, world.recording.id, world.transcript.id,
                                                 before=2)
    assert [one.number for one in older] == [1]


def test_machine_versions_are_listed_and_compared_by_passages(session: Session, world) -> None:
    talk.heard_again(session, world.recording, ["We waited half night.", NOBODY, HOME])
    write(session, world, 2, "We went home")
    ids = world.commissioner, world.recording.id
    assert [(one.number, one.is_current, one.corrections) for one in
            transcript_versions.list_machine_versions(session, *ids)] == [(1, True, 1), (2, False, 0)]
    found = transcript_versions.compare(session, *ids, 2)
    assert [(one.is_same, one.now, one.other) for one in found.passages] == [
        (True, "We waited", "We waited"), (False, "all", "half"), (True, *["night. Nobody came. We went"] * 2),
        (False, "home", "home.")]
    assert (found.current.number, found.other.number, found.count_different) == (1, 2, 2)


def test_taking_over_all_that_differs_makes_both_the_same(session: Session, world) -> None:
    other = talk.heard_again(session, world.recording, ["So we waited the whole night.", "Went home, then."])
    for _ in range(10):
        passages = transcript_versions.compare(session, world.commissioner, world.recording.id, 2).passages
        wanted = next((one for one in passages if not one.is_same), None)
        if wanted is None:
            break
        correct(session, world, **{"kind": "adopt", "from": other.id, "start_ms": wanted.start_ms,
                                   "end_ms": wanted.end_ms})
    assert " ".join(talk.texts(session, world.transcript)) == "So we waited the whole night. Went home, then."
    while correct(session, world, kind="undo").may_undo:
        pass
    assert talk.texts(session, world.transcript) == list(talk.SAID)


def test_what_was_heard_goes_along_where_the_words_are_the_same(session: Session, world) -> None:
    write(session, world, 0, "We waited half night.")
    chosen = excerpts.make(session, world.commissioner, Chosen(world.recording.id, 0, 1950))
    other = talk.heard_again(session, world.recording, ["We waited half evening.", NOBODY])
    assert transcript_versions.use(session, world.commissioner, other.id) == world.recording.id
    session.commit()
    current = session.scalars(select(Transcript).where(Transcript.is_current)).one()
    found = corrections.make(session, world.commissioner, world.recording.id, other.id, read({"kind": "undo"}))
    assert (current.id, found.heard) == (other.id, ((1000, 1400),))
    row = session.get_one(Excerpt, chosen.id)
    assert (row.text, row.changed_text) == ("We waited half night.", "We waited half evening.")
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert entry.details == {"story": world.story.id, "how": "use", "instead_of": world.transcript.id}
    assert transcript_versions.use(session, world.commissioner, world.transcript.id) == world.recording.id


def reading(session: Session, viewer: Any, *ids: str) -> list[Any]:
    """Everything that can be asked of the versions of a recording and of a transcript."""
    return [
        lambda: transcript_versions.list_machine_versions(session, viewer, ids[0]),
        lambda: transcript_versions.list_corrections(session, viewer, *ids),
        lambda: transcript_versions.as_it_was(session, viewer, *ids, 0),
        lambda: transcript_versions.compare(session, viewer, ids[0], 1),
        lambda: transcript_versions.use(session, viewer, ids[1]),
    ]


def test_versions_are_the_teams_alone(session: Session, world) -> None:
    for role in (Role.BOARD_MEMBER, Role.ANALYST, Role.RESEARCHER):
        viewer = makers.viewer_of(session, makers.make_person(session, world.project, role))
        for ask in reading(session, viewer, world.recording.id, world.transcript.id):
            with pytest.raises(NotFound):
                ask()


@pytest.mark.parametrize("why", ["withdrawn", "refused"])
def test_versions_of_what_is_not_cleared_are_not_found(session: Session, world, why: str) -> None:
    ids = world.recording.id, world.transcript.id
    write(session, world, 0, "We sat.")
    session.commit()
    if why == "withdrawn":
        withdrawals.withdraw(session, makers.viewer_of(session, world.researcher), world.story.id)
    else:
        makers.record_consent(session, world.project, world.researcher, world.story.id, {Use.RECORD, Use.COMMISSIONERS})
    session.commit()
    for ask in reading(session, world.commissioner, *ids):
        with pytest.raises(NotFound):
            ask()


STEP = st.tuples(st.sampled_from(["words", "words", "split", "merge", "speaker", "adopt", "undo", "undo", "redo"]),
                 st.integers(0, 7), st.integers(0, 7),
                 st.lists(st.sampled_from(["we", "waited", "Night.", "[laughs]", "好了"]), max_size=4))


def change_of(rows: list[SegmentState], other: Transcript, step: tuple[str, int, int, list[str]]) -> dict[str, Any]:
    """A change, as it is sent; one that is refused now and then."""
    kind, one, more, words = step
    row = rows[one % len(rows)] if rows else SegmentState(1, 0, 0, "", ())
    after = rows[(one + 1) % len(rows)].id if rows else 1
    return {
        "words": {"kind": kind, "segment": row.id, "was": row.text, "text": " ".join(words)},
        "split": {"kind": kind, "segment": row.id, "was": row.text, "word": more},
        "merge": {"kind": kind, "segment": row.id, "was": row.text, "next": after},
        "speaker": {"kind": kind, "segments": [row.id, after], "speaker": "new" if more % 2 else None},
        "adopt": {"kind": kind, "from": other.id, "start_ms": 400 * one, "end_ms": 400 * (one + more)},
        "undo": {"kind": kind, "others": True},
    }.get(kind, {"kind": kind})


@examples(max_examples=7, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=4, max_size=10))
def test_after_any_edits_every_version_comes_back_exactly(session: Session, world, steps) -> None:
    """Joined words are the text and times are in order in every one of them."""
    recording = makers.add_recording(session, world.story)
    transcript = session.scalars(select(Transcript).where(Transcript.recording_id == recording.id)).one()
    talk.say(session, transcript, talk.SAID)
    other = talk.heard_again(session, recording, ["We waited half night.", "They", "all went home."])
    versions = [segment_rows.states(session, transcript.id)]
    for number, step in enumerate(steps):
        change = change_of(versions[-1], other, step)
        note(str(change))
        viewer = world.other if number % 3 else world.commissioner
        try:
            made = corrections.make(session, viewer, recording.id, transcript.id, read(change))
        except (Invalid, NotFound, VersionConflict):
            continue
        if made.version == len(versions):
            versions.append(segment_rows.states(session, transcript.id))
    session.commit()
    assert [transcript_versions.at(session, transcript.id, number) for number in range(len(versions))] == versions
    for version in versions:
        assert all("".join(word.text for word in one.words) == one.text for one in version)
        moments = [at for one in version for word in one.words for at in (word.start_ms, word.end_ms)]
        assert moments == sorted(moments)
    back = read({"kind": "undo", "others": True})
    while corrections.make(session, world.other, recording.id, transcript.id, back).may_undo:
        pass
    assert segment_rows.states(session, transcript.id) == versions[0]


def test_a_segment_comes_back_though_another_transcript_was_given_its_id(session: Session, world) -> None:
    """SQLite gives the highest id again once its row is gone."""
    _, second, third = now(session, world.transcript)
    correct(session, world, kind="merge", segment=second.id, was=NOBODY, next=third.id)
    session.commit()
    talk.heard_again(session, world.recording, talk.SAID)
    for kind, texts in (("undo", [NIGHT, NOBODY, HOME]), ("redo", [NIGHT, f"{NOBODY} {HOME}"]),
                        ("undo", [NIGHT, NOBODY, HOME])):
        correct(session, world, kind=kind)
        assert talk.texts(session, world.transcript) == texts
    assert said(transcript_versions.at(session, world.transcript.id, 0)) == list(talk.SAID)
    write(session, world, 2, "We left.")
    assert talk.texts(session, world.transcript) == [NIGHT, NOBODY, "We left."]
