"""Each use refused, after everything was made with all of them: at every address, everybody finds what is left to them.

The kinds of content that a person may find are worked out here, apart from the code that decides. Both ways are
tested at once: what is refused is nowhere, and what is agreed to is somewhere. Then what was refused is deleted, and
no page of an audience may change by that: no count, order or heading gives it away.
"""

from collections.abc import Callable, Iterable

import pytest
from flask import Flask
from sqlalchemy import delete, or_, select

from server.domain.access import Role
from server.domain.consent import Use
from server.domain.work import Held, Kind
from server.models.collection import CollectionItem
from server.models.people import Membership
from server.models.provocation import Evidence
from server.models.redaction import PhotoRegion
from server.models.reidentification import ReidentificationLook
from server.models.segment import RecordingGap, RecordingManifest, RecordingMarker, RecordingSegment
from server.models.story import Photo, Quote, Recording
from server.models.theme import Excerpt, Tagging
from server.models.transcript import Correction, HeardStretch, Speaker, Transcript, TranscriptSegment, Translation
from server.models.work import Attempt, Job
from server.services import excerpts, work
from tests import makers
from tests.conftest import Browser
from tests.pages.everywhere import (
    ASKED,
    BYTES,
    CORRECTED,
    DESCRIPTION,
    DRAFTED,
    MEMO,
    MEMO_ON_PHOTO,
    MEMO_ON_WORDS,
    NAME,
    NOTE,
    PLACE,
    QUOTE,
    SPEAKER,
    TELLER,
    UNFINISHED,
    WITNESS,
    Place,
    Victim,
    pages,
)

# What tells each kind of content, and which uses it takes beside that of the audience.
MARKS = {"name": NAME.encode(), "place": PLACE.encode(), "quote": QUOTE.encode(), "transcript": b"owls",
         "excerpt": b"corridors", "photo": DESCRIPTION.encode(), "picture": BYTES["derivative"],
         "sound": BYTES["playback"], "clip": BYTES["clip"], "original": BYTES["original"], "as taken": BYTES["photo"],
         "segment": BYTES["segment"], "marker": ASKED.encode(), "gap": b"Recording stopped here",
         "unfinished": UNFINISHED.encode(), "teller": TELLER.encode(), "witness": WITNESS.encode(),
         "note": NOTE.encode(), "evidence": BYTES["evidence"], "speaker": SPEAKER.encode(),
         "draft": DRAFTED.encode(), "drafted": BYTES["drafted"], "corrected": CORRECTED.encode(),
         "memo": MEMO.encode(), "memo on words": MEMO_ON_WORDS.encode(), "memo on photo": MEMO_ON_PHOTO.encode()}
# What only the team has of what was said: nobody may have heard it, or somebody will look at it again.
OF_WORDS = {"transcript", "speaker", "draft", "drafted", "corrected", "marker", "memo on words"}
OF_TEAM = {*OF_WORDS, "memo", "memo on photo"}
TAKES = {"name": set(), "place": set(), "quote": set(), "transcript": {Use.RECORD, Use.TRANSCRIBE},
         "excerpt": {Use.RECORD, Use.TRANSCRIBE}, "photo": {Use.PHOTOS}, "picture": {Use.PHOTOS},
         "sound": {Use.RECORD}, "clip": {Use.RECORD, Use.TRANSCRIBE}, "marker": {Use.RECORD, Use.TRANSCRIBE},
         "gap": {Use.RECORD}, "unfinished": {Use.RECORD}, "teller": set(),
         "memo": set(), "memo on photo": {Use.PHOTOS},
         **{kind: {Use.RECORD, Use.TRANSCRIBE} for kind in OF_WORDS}}
REACHES = {
    Role.COMMISSIONER: (Use.COMMISSIONERS, set(TAKES)),
    Role.BOARD_MEMBER: (Use.BOARD, set(TAKES) - OF_TEAM - {"sound", "gap", "unfinished", "teller"}),
    Role.ANALYST: (Use.PUBLICATION, {"name", "place", "quote", "excerpt"}),
}
REGISTER = {"name", "place", "teller", "witness"}
AGREEMENTS = {"nothing": set(Use), "everything": set(), **{use.value: set(Use) - {use} for use in Use}}
# Every other no is tried in `make check`.
QUICK = ("nothing", "board")
ERROR = "Traceback: " + QUOTE + DESCRIPTION


def allowed(roles: Iterable[Role], uses: set[Use]) -> set[str]:
    """The kinds of content that somebody with these roles may find."""
    found = set()
    for role in roles:
        use, kinds = REACHES.get(role, (None, set()))
        if use in uses:
            found |= {kind for kind in kinds if TAKES[kind] <= uses}
        if role in (Role.ADMINISTRATOR, Role.RESEARCHER):
            found |= REGISTER
        if role is Role.ADMINISTRATOR:
            # Whoever decides whether a recording is made of what came is told what has not come.
            found |= {"evidence"} | ({"unfinished"} if Use.RECORD in uses else set())
    return found


def members(place: Place, sign_in_as: Callable[..., Browser]) -> list[tuple[str, set[Role], Browser]]:
    """Each role, and people with two."""
    pairs: list[set[Role]] = [{Role.BOARD_MEMBER, Role.ANALYST}, {Role.COMMISSIONER, Role.BOARD_MEMBER}]
    return [(role.value, {role}, browser) for role, browser in place.browsers.items()] + [
        ("two roles", pair, sign_in_as(makers.make_person(place.session, place.project, *pair))) for pair in pairs]


def others(app: Flask, place: Place, sign_in_as: Callable[..., Browser]) -> list[tuple[str, Browser]]:
    """Somebody of another project, somebody removed while signed in, an operator, and somebody signed out."""
    session = place.session
    outsider = makers.make_person(session, makers.make_project(session, "Another project"), *Role)
    removed, operator = makers.make_person(session, place.project, *Role), makers.make_person(session)
    operator.is_operator = True
    found = [(name, sign_in_as(person)) for name, person in
             (("outsider", outsider), ("removed", removed), ("operator", operator))]
    session.execute(delete(Membership).where(Membership.person_id == removed.id))
    session.commit()
    return [*found, ("signed out", app.test_client())]


def ask_for_work(place: Place, victim: Victim) -> None:
    """Work of every kind on the story, one job failed with its words in the error."""
    session = place.session
    for kind, part_id in ((Kind.PHOTO, victim.photo.id), (Kind.PLAYBACK, victim.recording.id),
                          (Kind.TRANSCRIBE, victim.recording.id), (Kind.CLIP, victim.excerpt.id)):
        job = work.request(session, kind=kind, subject_id=part_id, story_id=victim.story.id,
                           project_id=place.project.id)
        for _ in range(3):
            claimed = work.claim(session, job.id, NAME, makers.NOON)
            assert claimed
            work.fail(session, Held(job.id, claimed[0].fence), "failed", ERROR)
    session.commit()


def kinds_found(app: Flask, place: Place, victim: Victim, browser: Browser) -> set[str]:
    """Every kind of content that shows in any answer or header, at any address."""
    found = b""
    for rule, address in victim.addresses(app, place):
        if "GET" in (rule.methods or ()) and not address.startswith("/sign-in/link"):
            answer = browser.get(address)
            found += answer.data + str(answer.headers).encode()
    return {kind for kind, mark in MARKS.items() if mark in found}


def delete_refused(place: Place, victim: Victim, uses: set[Use]) -> None:
    """Let go of every part that no audience may have, as if it had never come."""
    session, story_id = place.session, victim.story.id
    gone: dict[type, list[str]] = {Excerpt: [], Recording: [], Photo: [], Quote: []}
    if not {Use.RECORD, Use.TRANSCRIBE} <= uses:
        gone[Excerpt] = [victim.excerpt.id, victim.draft_id]
        for owner in (RecordingMarker, TranscriptSegment, Correction, HeardStretch, Translation, Speaker, Transcript):
            session.execute(delete(owner))
    if Use.RECORD not in uses:
        gone[Recording] = [victim.recording.id]
        for owner in (RecordingGap, RecordingSegment, RecordingManifest):
            session.execute(delete(owner))
    if Use.PHOTOS not in uses:
        gone[Photo] = [victim.photo.id]
        session.execute(delete(PhotoRegion))
    ids = [part_id for part_ids in gone.values() for part_id in part_ids]
    for owner in (Tagging, Evidence, CollectionItem, ReidentificationLook):
        session.execute(delete(owner).where(or_(owner.excerpt_id.in_(ids), owner.photo_id.in_(ids))))
    kinds = [Kind.TRANSCRIBE.value] if Use.TRANSCRIBE not in uses else []
    jobs = select(Job.id).where(Job.story_id == story_id, or_(Job.subject_id.in_(ids), Job.kind.in_(kinds)))
    session.execute(delete(Attempt).where(Attempt.job_id.in_(jobs)))
    session.execute(delete(Job).where(Job.id.in_(jobs)))
    for owner, part_ids in gone.items():
        session.execute(delete(owner).where(owner.id.in_(part_ids)))
    session.commit()


def story_agreed_to(app: Flask, place: Place, uses: set[Use]) -> Victim:
    """A story made with every use, of which these are left."""
    victim = Victim(place, app.extensions["earshot"])
    ask_for_work(place, victim)
    makers.record_consent(place.session, place.project, place.people[Role.RESEARCHER], victim.story.id, uses)
    place.session.commit()
    return victim


@pytest.mark.parametrize("refused", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow)
                                     for name in AGREEMENTS])
def test_everybody_finds_what_is_agreed_to_and_nothing_else(
    app: Flask, place: Place, sign_in_as: Callable[..., Browser], refused: str
) -> None:
    """fault 44"""
    victim = story_agreed_to(app, place, AGREEMENTS[refused])
    for name, roles, browser in members(place, sign_in_as):
        assert kinds_found(app, place, victim, browser) == allowed(roles, AGREEMENTS[refused]), name


def test_nobody_else_finds_anything_even_when_all_is_agreed_to(
    app: Flask, place: Place, sign_in_as: Callable[..., Browser]
) -> None:
    """fault 44"""
    victim = story_agreed_to(app, place, set(Use))
    for name, browser in others(app, place, sign_in_as):
        assert kinds_found(app, place, victim, browser) == set(), name


@pytest.mark.parametrize("refused", ["everything", Use.COMMISSIONERS, Use.BOARD, Use.PUBLICATION])
def test_to_whom_a_story_is_refused_it_has_never_been(app: Flask, place: Place, refused: str) -> None:
    """fault 44"""
    roles = [role for role, (use, _) in REACHES.items() if use not in AGREEMENTS[refused]]
    before = pages(app, place, roles)
    story_agreed_to(app, place, AGREEMENTS[refused])
    assert pages(app, place, roles) == before


@pytest.mark.parametrize("refused", [Use.RECORD, Use.TRANSCRIBE, Use.PHOTOS])
def test_what_is_refused_leaves_no_count_order_or_heading_behind(app: Flask, place: Place, refused: Use) -> None:
    """fault 44"""
    victim = story_agreed_to(app, place, AGREEMENTS[refused])
    before = pages(app, place, REACHES)
    delete_refused(place, victim, AGREEMENTS[refused])
    assert pages(app, place, REACHES) == before


def test_a_draft_leaves_no_count_order_or_heading_behind_for_others_than_the_team(app: Flask, place: Place) -> None:
    victim = story_agreed_to(app, place, set(Use))
    others = [Role.BOARD_MEMBER, Role.ANALYST]
    before = pages(app, place, others)
    excerpts.delete_excerpt(place.session, place.commissioner, victim.draft_id)
    place.session.commit()
    assert pages(app, place, others) == before
