"""From the first consent to the last sweep: a phrase and bytes that were in everything are in nothing any more."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.config import Settings
from server.domain.access import Role
from server.domain.audit import Action
from server.domain.withdrawal_step import Place as Step
from server.domain.work import Kind
from server.jobs.sweep import sweep
from server.models.audit import AuditEntry
from server.models.project import Project
from server.models.redaction import PhotoRegion, Redaction
from server.models.story import Photo, Recording, Story
from server.services import audit, embargoes, indexing, withdrawal_steps
from tests import makers
from tests.api.conftest import Place
from tests.api.phone import Phone, picture, receipt_code, sound
from tests.buckets import CREDENTIALS, S3Server
from tests.conftest import Browser
from tests.installations import Installations
from tests.makers_of_suggestions import add_vectors
from tests.makers_of_words import add_work_on_words
from tests.storing import do_what_waits

CANARY = "zebrafinch"
HALF_SENT = b"CANARY-HALF-SENT" * 8


@pytest.fixture(params=["sqlite", "postgresql", pytest.param("versions", marks=pytest.mark.xdist_group("s3"))])
def settings(request: pytest.FixtureRequest, installations: Installations,
             monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """On both databases, and with media in a bucket that keeps every version."""
    postgres = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    with installations.lent(postgres) as settings:
        if request.param != "versions":
            yield settings
            return
        for name, value in CREDENTIALS.items():
            monkeypatch.setenv(name, value)
        server: S3Server = request.getfixturevalue("s3_server")
        yield replace(settings, store_url=server.fresh_with_versions(), s3_endpoint_url=server.endpoint)


class Everything:
    """A story with the phrase and the bytes wherever something of a story can be."""

    def __init__(self, app: Flask, session: Session, phone: Phone, place: Place,
                 sign_in_as: Callable[[makers.Person], Browser]) -> None:
        self.app, self.session, self.phone, self.place = app, session, phone, place
        self.people = {role: makers.make_person(session, place.project, role)
                       for role in (Role.ADMINISTRATOR, Role.COMMISSIONER, Role.ANALYST)}
        session.commit()
        self.browsers = {role: sign_in_as(person) for role, person in self.people.items()}
        self.story_id = phone.send_story(pseudonym=CANARY, place=CANARY)
        phone.put("quotes", phone.quote_body(self.story_id, f"{CANARY} said so"))
        phone.upload(self.story_id, sound())
        phone.upload(self.story_id, picture(), kind="photo", type="image/jpeg", people="agreed", people_note=CANARY)
        announced = phone.announce(self.story_id, HALF_SENT * 2)
        phone.patch(announced.headers["Location"], 0, HALF_SENT)
        for kind in (Kind.PLAYBACK, Kind.PHOTO):
            assert do_what_waits(app, kind)
        self._work_on_it()
        self._look_at_it()

    def _work_on_it(self) -> None:
        session, person = self.session, self.people[Role.COMMISSIONER]
        story = session.get_one(Story, self.story_id)
        recording = makers.add_recording(session, story, f"we heard {CANARY} sing all night")
        add_work_on_words(session, recording, person, f"{CANARY} sings")
        add_vectors(session, recording, CANARY.encode())
        makers.add_excerpt(session, recording, person, f"heard {CANARY} sing")
        photo = session.scalars(select(Photo)).one()
        session.add(Redaction(id=makers.new_id(), story_id=story.id, words=f"Uncle {CANARY}", words_key=CANARY,
                              replacement="[name]", category="name", sound="bleep", made_by=person.id,
                              made_at=makers.NOON))
        project = session.get_one(Project, story.project_id)
        makers.add_note(session, person, "photo", photo.id, f"is that {CANARY}?", project, story)
        session.add(PhotoRegion(id=makers.new_id(), photo_id=photo.id, left=0, top=0, width=10, height=10,
                                made_by=person.id, made_at=makers.NOON))
        indexing.ask(session, story.id)
        session.commit()

    def _look_at_it(self) -> None:
        """Files are taken away, a receipt is tried, and then the story is held back."""
        session, project_id = self.session, self.place.project_id
        quotes = self.browsers[Role.ANALYST].get(f"/projects/{project_id}/exports/quotes.csv")
        assert CANARY in quotes.text
        recordings = session.scalars(select(Recording.id)).all()
        saved = [self.browsers[Role.COMMISSIONER].get(f"/recordings/{one}/transcript.txt") for one in recordings]
        assert any(answer.status_code == 200 for answer in saved)
        assert CANARY in self.browsers[Role.COMMISSIONER].get(f"/stories/{self.story_id}").text
        visitor = self.app.test_client()
        visitor.post(f"/receipt/{receipt_code(self.story_id)}", data={"name": f"not {CANARY}"})
        visitor.post(f"/receipt/{receipt_code(self.story_id)}", data={"name": CANARY})
        embargoes.put(session, makers.viewer_of(session, self.place.researcher), project_id, self.story_id,
                      f"{CANARY} may be in danger", self.people[Role.ADMINISTRATOR].id)
        session.commit()

    def withdraw(self) -> None:
        """By the page, and then all that a worker does."""
        where = f"/projects/{self.place.project_id}/register/{self.story_id}"
        assert self.phone.browser.post(f"{where}/withdraw", data={"scope": "erase"}).status_code == 303
        for _ in range(2):
            for kind in (Kind.ERASE, Kind.SCRUB):
                do_what_waits(self.app, kind)
            sweep(self.app.extensions["earshot_work"].queue, self.app.extensions["earshot"].settings,
                  datetime.now(UTC))


@pytest.fixture
def everything(app: Flask, session: Session, phone: Phone, place: Place,
               sign_in_as: Callable[[makers.Person], Browser]) -> Everything:
    return Everything(app, session, phone, place, sign_in_as)


def kept(settings: Settings, request: pytest.FixtureRequest) -> dict[str, bytes]:
    """Every byte that the installation keeps: files of the database with its log and free pages, of the queue, media,
    staging, and every version in the bucket."""
    found = {str(path): path.read_bytes() for path in settings.data_dir.rglob("*") if path.is_file()}
    if settings.database_url.startswith("postgresql"):
        files: dict[Path, bytes] = request.getfixturevalue("postgres").files_of(settings.database_url)
        found |= {str(path): content for path, content in files.items()}
    if settings.store_url:
        found |= request.getfixturevalue("s3_server").every_version(settings.store_url)
    return found


def test_a_phrase_and_bytes_that_were_everywhere_are_nowhere(
    settings: Settings, session: Session, everything: Everything, request: pytest.FixtureRequest,
    caplog: pytest.LogCaptureFixture
) -> None:
    """fault 29"""
    caplog.set_level(logging.DEBUG)
    before = kept(settings, request)
    media = [content for name, content in before.items() if len(Path(name).name) == 64]
    assert len(media) >= 4, "an original and a copy of the sound, and of the photo"
    # A stretch from within each file: what is left of a part of it counts too.
    canaries = [CANARY.encode(), HALF_SENT, *(content[len(content) // 2:][:48] for content in media)]
    assert all(any(canary in content for content in before.values()) for canary in canaries)

    everything.withdraw()

    after = kept(settings, request)
    found = [(name, canary[:20]) for name, content in after.items() for canary in canaries if canary in content]
    assert found == []
    assert [name for name in after if len(Path(name).name) == 64] == [], "no file, and no version or mark of one"
    assert CANARY not in caplog.text
    session.rollback()
    assert audit.verify(session).problem is None
    ended = AuditEntry.action == Action.WITHDREW, AuditEntry.subject_id == everything.story_id
    assert session.scalars(select(AuditEntry).where(*ended)).one()
    summary = withdrawal_steps.get_summary(session, everything.story_id)
    assert summary is not None
    assert summary.waits_for == (Step.BACKUPS,)
