"""Files that phones saved are brought in as if the phone had sent what is in them, on both databases."""

import hashlib
import io
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.errors import ItemDamaged, ItemOfNobodyHere, NotFound, StoreUnavailable
from server.domain.ids import new_id
from server.domain.item import Outcome
from server.importing import bring_in
from server.models.audit import AuditEntry
from server.models.consent import ConsentRecord, Withdrawal
from server.models.held import HeldArrival
from server.models.people import Membership, Person
from server.models.project import Project
from server.models.story import Photo, Quote, Recording, Story
from server.models.upload import Upload
from server.services import rescue_keys, uploads, withdrawals
from server.storage.staging import Staging
from tests import makers
from tests.api.phone import Phone, picture, sound
from tests.item_files import entry_of, file_entry_of, opening, sealed
from tests.services import arriving, sending
from tests.storing import store_what_waits

USES = ("record", "transcribe", "commissioners", "board", "publication", "photos")


class SavedOn:
    """A phone that saves what is on it to a file."""

    def __init__(self, session: Session, project: Project, person: Person) -> None:
        self.session, self.project_id, self.person_id = session, project.id, person.id
        # It only writes bodies: it has no browser to send them with.
        self.phone = Phone(None, project.id, makers.wording_of(session, project).id)  # type: ignore[arg-type]
        rescue_keys.make(session)
        session.commit()

    entry = staticmethod(entry_of)

    def story(self, story_id: str, **agreed: Any) -> list[dict[str, Any]]:
        return [entry_of("consent", self.phone.consent_body(story_id, **agreed)),
                entry_of("story", self.phone.story_body(story_id))]

    def quote(self, story_id: str, **changes: Any) -> dict[str, Any]:
        return entry_of("quote", self.phone.quote_body(story_id, **changes))

    def file(self, entries: Iterable[dict[str, Any]], *files: bytes, **changes: Any) -> io.BytesIO:
        key = rescue_keys.find_public(self.session)
        assert key is not None
        plain = opening(changes.pop("person_id", self.person_id), entries, **changes) + b"".join(files)
        return io.BytesIO(sealed(key.point, key.id, plain))


def photo_of(story_id: str, content: bytes, **changes: Any) -> dict[str, Any]:
    return file_entry_of(content, {"id": new_id(), "kind": "photo", "story_id": story_id, "description": "A kettle",
                                   "position": "0", "type": "image/jpeg"} | changes)


def recording_of(story_id: str, content: bytes, **changes: Any) -> dict[str, Any]:
    return file_entry_of(content, {"id": new_id(), "kind": "recording", "story_id": story_id, "position": "0",
                                   "started_at": "2026-05-04T12:00:00+01:00", "duration_ms": 2000} | changes)


def words(outcomes: list[Outcome]) -> list[str]:
    return [f"{outcome.kind} {outcome.became.value}" for outcome in outcomes]


@pytest.fixture
def person(session: Session, project: Project) -> Person:
    return makers.make_person(session, project, Role.RESEARCHER)


@pytest.fixture
def administrator(session: Session, project: Project) -> Viewer:
    return makers.viewer_of(session, makers.make_person(session, project, Role.ADMINISTRATOR))


@pytest.fixture
def saved(session: Session, project: Project, person: Person) -> SavedOn:
    return SavedOn(session, project, person)


@pytest.fixture
def bring(saved: SavedOn, administrator: Viewer) -> Callable[..., list[Outcome]]:
    return lambda *told, **changes: bring_in(saved.file(*told, **changes), saved.project_id, administrator)


def test_everything_comes_in_and_a_second_time_it_is_here(app: Flask, session: Session, saved: SavedOn,
                                                          bring: Callable[..., list[Outcome]]) -> None:
    story_id = new_id()
    photo, recording = photo_of(story_id, picture()), recording_of(story_id, sound())
    entries = [photo, saved.quote(story_id), recording, *reversed(saved.story(story_id))]
    kinds = ("consent", "story", "quote", "photo", "recording")
    assert words(bring(entries, picture(), sound())) == [f"{kind} came_in" for kind in kinds]
    store_what_waits(app)
    assert words(bring(entries, picture(), sound())) == [f"{kind} was_here" for kind in kinds]
    story = session.get_one(Story, story_id)
    assert (story.researcher_id, story.pseudonym) == (saved.person_id, "Amal")
    stored = [(row.id, row.sha256, row.stored_at is not None) for row in (*story.photos, *story.recordings)]
    assert stored == [(entry["id"], entry["sha256"], True) for entry in (photo, recording)]


def test_what_came_without_what_it_belongs_to_waits_as_if_a_phone_had_sent_it(
        session: Session, saved: SavedOn, bring: Callable[..., list[Outcome]]) -> None:
    """fault 24"""
    story_id = new_id()
    consent, story = saved.story(story_id)
    assert words(bring([saved.quote(story_id), photo_of(story_id, picture()), story], picture())) == [
        "story waits", "quote waits", "photo waits"]
    assert words(bring([consent])) == ["consent came_in"]
    assert [session.query(owner).count() for owner in (Story, Quote, Photo, HeldArrival)] == [1, 1, 1, 0]


def test_one_item_that_is_refused_holds_no_other_and_leaves_nothing_of_itself(
        session: Session, saved: SavedOn, bring: Callable[..., list[Outcome]], staging: Staging) -> None:
    story_id, no_photo, twice = new_id(), b"GIF89a, cut short", new_id()
    entries = [*saved.story(story_id, uses=("record", "commissioners")), saved.quote(story_id, id=twice, text="First"),
               saved.quote(story_id, id=twice, text="Second"), saved.quote(story_id, text=""),
               photo_of(story_id, picture()), recording_of(story_id, no_photo), recording_of(story_id, b""),
               recording_of(story_id, sound()), recording_of(story_id, sound(), position="-1")]
    outcomes = bring(entries, picture(), no_photo, sound(), sound())
    assert words(outcomes) == [
        "consent came_in", "story came_in", "quote came_in", "quote refused", "quote refused", "photo refused",
        "recording refused", "recording refused", "recording came_in", "recording refused"]
    assert all(bool(outcome.why) is (outcome.became == "refused") for outcome in outcomes)
    assert [session.query(owner).count() for owner in (Quote, Photo, Recording, Upload)] == [1, 0, 1, 1]
    session.commit()
    kept = session.scalars(select(Upload.id)).all()
    assert {name for name in staging.names() if staging.path(name).exists()} == set(kept)


def test_nothing_of_a_withdrawn_story_comes_in(session: Session, saved: SavedOn, person: Person,
                                               bring: Callable[..., list[Outcome]]) -> None:
    """fault 26"""
    story_id = makers.make_story(session, session.get_one(Project, saved.project_id), person).id
    withdrawals.withdraw(session, makers.viewer_of(session, person), story_id)
    session.commit()
    entries = [*saved.story(story_id), saved.quote(story_id), photo_of(story_id, picture())]
    assert words(bring(entries, picture())) == [f"{kind} refused" for kind in ("consent", "story", "quote", "photo")]
    assert [session.query(owner).count() for owner in (Story, Quote, Photo, Upload)] == [0, 0, 0, 0]


def test_a_withdrawal_in_the_file_ends_the_story_before_anything_of_it_comes_in(
        session: Session, saved: SavedOn, bring: Callable[..., list[Outcome]]) -> None:
    """fault 27"""
    story_id = new_id()
    ended = entry_of("withdrawal", {"id": new_id(), "project_id": saved.project_id, "story_id": story_id,
                                    "reason": "", "withdrawn_at": "2026-05-04T12:00:00+01:00"})
    assert words(bring([*saved.story(story_id), ended])) == ["withdrawal came_in", "consent refused", "story refused"]
    assert session.query(Withdrawal).one().story_id == story_id
    assert session.query(ConsentRecord).count() == 0


def test_a_store_that_is_away_is_asked_once_for_all_the_withdrawals_in_a_file(
        app: Flask, session: Session, saved: SavedOn, bring: Callable[..., list[Outcome]],
        monkeypatch: pytest.MonkeyPatch) -> None:
    """fault 50"""
    asked = []

    def silent(name: str, _: bytes) -> None:
        asked.append(name)
        raise StoreUnavailable

    monkeypatch.setattr(app.extensions["earshot"].store, "write_note", silent)
    ended = [entry_of("withdrawal", {"id": new_id(), "project_id": saved.project_id, "story_id": new_id(),
                                     "reason": "", "withdrawn_at": "2026-05-04T12:00:00+01:00"}) for _ in range(3)]
    assert words(bring(ended)) == ["withdrawal came_in"] * 3
    assert (session.query(Withdrawal).count(), len(asked)) == (3, 1)


def test_it_counts_as_sent_by_whoever_saved_it_in_this_project_alone(
        session: Session, project: Project, saved: SavedOn, person: Person, administrator: Viewer,
        bring: Callable[..., list[Outcome]]) -> None:
    """fault 44"""
    other = makers.make_project(session, "Another")
    session.add(Membership(person_id=person.id, project_id=other.id, role=Role.RESEARCHER.value))
    elsewhere = SavedOn(session, other, person)
    assert words(bring(elsewhere.story(new_id()))) == ["consent not_of_here", "story not_of_here"]
    for nobody in (new_id(), administrator.person_id):
        with pytest.raises(ItemOfNobodyHere):
            bring(saved.story(new_id()), person_id=nobody)
    with pytest.raises(NotFound):
        bring_in(saved.file(saved.story(new_id())), project.id, makers.viewer_of(session, person))
    with pytest.raises(NotFound):
        bring_in(saved.file(saved.story(new_id())), other.id, administrator)
    assert session.query(Story).count() == 0


def test_of_a_damaged_file_nothing_at_all_comes_in(session: Session, saved: SavedOn, administrator: Viewer) -> None:
    """fault 30: although what stands first in it could be read."""
    story_id = new_id()
    content = saved.file([*saved.story(story_id), photo_of(story_id, picture())], picture()).getvalue()
    with pytest.raises(ItemDamaged):
        bring_in(io.BytesIO(content[:-1]), saved.project_id, administrator)
    assert [session.query(owner).count() for owner in (ConsentRecord, Story, Upload)] == [0, 0, 0]
    assert session.scalars(select(AuditEntry).where(AuditEntry.action == "imported")).all() == []


def test_a_file_that_the_phone_had_begun_to_send_comes_in_whole(
        app: Flask, session: Session, saved: SavedOn, person: Person, staging: Staging,
        bring: Callable[..., list[Outcome]]) -> None:
    """fault 16"""
    story_id, content = new_id(), picture()
    bring(saved.story(story_id))
    photo = photo_of(story_id, content)
    viewer = makers.viewer_of(session, person)
    sent = sending.part(story_id, content, sending.PartKind.PHOTO, id=photo["id"])
    arriving.arrive(session, viewer, sent, staging, content[:100])
    assert words(bring([photo], content)) == ["photo came_in"]
    store_what_waits(app)
    assert session.get_one(Photo, photo["id"]).stored_at is not None
    assert uploads.find(session, viewer, photo["id"], staging).is_stored


def test_while_the_phone_is_sending_it_the_file_is_left_alone(session: Session, saved: SavedOn, staging: Staging,
                                                              person: Person,
                                                              bring: Callable[..., list[Outcome]]) -> None:
    """fault 18"""
    story_id, content = new_id(), picture()
    bring(saved.story(story_id))
    photo = photo_of(story_id, content)
    sent = sending.part(story_id, content, sending.PartKind.PHOTO, id=photo["id"])
    busy = arriving.arrive(session, makers.viewer_of(session, person), sent, staging, content[:100])
    with staging.held(busy.staged_as):
        [outcome] = bring([photo], content)
    assert (outcome.became, "sending it at this moment" in outcome.why) == ("later", True)
    assert staging.size(busy.staged_as) == 100


@pytest.mark.parametrize("changes", [
    {"id": new_id()}, {"kind": "recording"}, {"story_id": new_id()}, {"sha256": "0" * 64}, {"position": "many"},
    {"description": "x" * 3000}])
def test_a_file_that_says_two_things_of_itself_is_refused(session: Session, saved: SavedOn, changes: dict[str, str],
                                                          bring: Callable[..., list[Outcome]]) -> None:
    story_id = new_id()
    photo = photo_of(story_id, picture())
    photo["metadata"] |= changes
    assert words(bring([*saved.story(story_id), photo], picture())) == [
        "consent came_in", "story came_in", "photo refused"]
    assert session.query(Upload).count() == 0


def test_kinds_that_are_not_known_here_are_refused_one_by_one(session: Session, saved: SavedOn,
                                                              bring: Callable[..., list[Outcome]]) -> None:
    story_id = new_id()
    strange = [entry_of("hologram", {"id": new_id()}), entry_of("photo", {"id": new_id()}),
               file_entry_of(b"x", {"id": new_id(), "kind": "consent", "story_id": story_id})]
    assert words(bring([*strange, *saved.story(story_id)], b"x")) == [
        "consent came_in", "story came_in", "hologram refused", "photo refused", "consent refused"]


def test_a_clock_that_was_ahead_is_put_right(session: Session, saved: SavedOn,
                                             bring: Callable[..., list[Outcome]]) -> None:
    """fault 31"""
    story_id, ahead = new_id(), datetime.now(UTC) + timedelta(days=500)
    consent = entry_of("consent", saved.phone.consent_body(story_id, given_at=ahead.isoformat()))
    bring([consent], saved_at=ahead.isoformat())
    given_at = session.query(ConsentRecord).one().given_at
    assert abs(given_at - datetime.now(UTC)) < timedelta(minutes=5)


def test_who_brought_in_whose_file_is_entered_without_a_word_of_it(
        session: Session, saved: SavedOn, administrator: Viewer, bring: Callable[..., list[Outcome]]) -> None:
    story_id = new_id()
    consent, story = saved.story(story_id)
    file = saved.file([consent, story, saved.quote(story_id, text="")])
    bring_in(file, saved.project_id, administrator)
    begun, entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "imported")
                                   .order_by(AuditEntry.sequence))
    assert begun.details == {"sent_by": saved.person_id, "begun": True}
    assert (entry.person_id, entry.subject_id) == (administrator.person_id,
                                                   hashlib.sha256(file.getvalue()).hexdigest())
    assert entry.details == {"sent_by": saved.person_id, "parts": [consent["id"], story["id"]], "came_in": 2,
                             "was_here": 0, "waits": 0, "not_of_here": 0, "later": 0, "refused": 1}
    bring_in(saved.file([consent]), saved.project_id, None)
    assert session.scalars(select(AuditEntry.person_id).where(AuditEntry.action == "imported")
                           .order_by(AuditEntry.sequence)).all()[-1] is None
