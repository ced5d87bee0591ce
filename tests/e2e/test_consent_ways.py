"""Consent in every way that people give it: in their language, drawn, said, on paper, alone and in a group."""

import hashlib
import io
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Playwright, expect
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.auth import COOKIE
from server.domain.access import Role
from server.domain.work import Kind
from server.models.consent import ConsentRecord
from server.models.project import ConsentWording, Project
from server.models.story import Participant, Photo, Story
from server.services import changes, consent_wordings, sign_in
from tests import makers
from tests.api.live import LiveServer
from tests.e2e.consent_steps import (
    agree_for_a_child_on_paper,
    agree_in_a_group_of_three,
    answer,
    begin,
    choose_words,
    give_each_a_receipt,
    quote_one_of_them,
    sign_alone,
    sign_as_a_consultee_and_again_after_an_answer_was_changed,
    take_a_photo_that_says_where,
)
from tests.e2e.phone import PIN, Phone
from tests.faults.working import work_on
from tests.media.pictures import CANARIES, photo, picture

pytestmark = pytest.mark.xdist_group("browser")

OPEN, SECRET = "A project that is no secret", "CANARY-of-a-participant"


@pytest.fixture
def project(session: Session) -> Project:
    """A project whose wording can be read in English and in Urdu, in full and easy to read."""
    made = makers.make_project(session, OPEN)
    session.execute(delete(ConsentWording).where(ConsentWording.project_id == made.id))
    consent_wordings.publish_first(session, made.id, ("en", "ur"))
    changes.note_project(session, made.id)
    session.commit()
    return made


@pytest.fixture
def phone(app: Flask, session: Session, project: Project, playwright_driver: Playwright,
          tmp_path: Path) -> Iterator[Phone]:
    """A researcher's phone that is signed in, unlocked and was looked over today, and hears a steady tone."""
    token = sign_in.start(session, makers.make_person(session, project, Role.RESEARCHER))
    session.commit()
    with wave.open(str(tmp_path / "tone.wav"), "wb") as tone:
        tone.setparams((1, 2, 48_000, 0, "NONE", ""))
        tone.writeframes(b"".join(((place % 96) * 300).to_bytes(2, "little") for place in range(96_000)))
    with LiveServer(app) as live:
        made = Phone(playwright_driver, tmp_path / "phone", tmp_path / "tone.wav", live.url)
        made.open(network=True)
        made.page.context.add_cookies([{"name": COOKIE, "value": token, "url": live.url, "expires": 4_000_000_000}])
        made.page.reload()
        made.choose_pin()
        made.heading(OPEN)
        made.page.evaluate("localStorage.setItem('earshot.checked', new Date().toDateString())")
        yield made
        made.close()


@pytest.mark.slow
def test_everybody_agrees_in_their_own_way_and_what_shows_it_arrives(
    phone: Phone, app: Flask, session: Session, project: Project, data_dir: Path,
) -> None:
    sign_alone(phone)
    agree_in_a_group_of_three(phone)
    take_a_photo_that_says_where(phone)
    quote_one_of_them(phone)
    give_each_a_receipt(phone)
    agree_for_a_child_on_paper(phone)
    _send_everything(phone, app)

    signed, *group, child = session.scalars(select(ConsentRecord).order_by(ConsentRecord.sequence)).all()
    assert (signed.how, signed.language, signed.reading, signed.evidence_kind) == ("signed", "en", "full", "signature")
    assert [(one.how, one.language, one.reading, one.evidence_kind) for one in group] == [
        ("ticked", "ur", "easy", None), ("spoken", "en", "full", "spoken")]
    assert (child.for_whom, child.agreed_by, child.evidence_kind, child.interpreter) == (
        "child", "mother", "paper", "Sana")
    stories = session.scalars(select(Story).order_by(Story.id)).all()
    assert [story.pseudonym for story in stories] == ["Rosa", "Tuesday carers", "Kit"]
    told = select(Participant.pseudonym).where(Participant.story_id == stories[1].id).order_by(Participant.position)
    assert list(session.scalars(told)) == ["Amal", "Bea"]
    hashes = [*session.scalars(select(Photo.sha256)), child.evidence_sha256 or ""]
    _has_no_place([_stored(data_dir / "media", sha256) for sha256 in hashes], project.photo_pixels)


def test_a_signature_counts_only_for_the_answers_it_was_given_for_and_a_consultee_is_named(
    phone: Phone, app: Flask, session: Session, data_dir: Path,
) -> None:
    sign_as_a_consultee_and_again_after_an_answer_was_changed(phone)
    _send_everything(phone, app)
    consent = session.scalars(select(ConsentRecord)).one()
    assert (consent.for_whom, consent.agreed_by, consent.how) == ("adult", "sister", "signed")
    assert consent.answers["publication"] is True
    signatures = [path for path in (data_dir / "media").rglob("*")
                  if path.is_file() and path.read_bytes().startswith(b"\x89PNG")]
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in signatures] == [consent.evidence_sha256]


@pytest.mark.slow
def test_a_photo_from_the_camera_is_there_after_the_pin_when_the_phone_was_locked_meanwhile(phone: Phone) -> None:
    sign_alone(phone)
    phone.link("Photo")
    page = phone.page
    chosen = {"name": "chair.jpg", "mimeType": "image/jpeg", "buffer": photo("JPEG", picture(1200, 900))}
    page.get_by_label("Choose a photo").set_input_files(chosen)
    page.get_by_label("What does it show?").fill("A chair by the wind")
    phone.says("Kept on this phone until you save it")
    other = Phone.beside(phone, page.context.new_page())
    other.page.goto(page.url.split("#")[0] + "#/")
    other.unlock()
    other.heading(OPEN)
    other.page.evaluate("location.hash = '#/phone'")
    other.button("Lock Earshot now")
    page.get_by_label("Your PIN or password").fill(PIN)
    phone.button("Unlock")
    expect(page.get_by_label("What does it show?")).to_have_value("A chair by the wind")
    expect(page.get_by_alt_text("The photo you chose")).to_be_visible()
    page.evaluate("location.hash = '#/sign-out'")
    phone.says("1 photo is not saved to a story yet.")
    page.go_back()
    page.get_by_label("Nobody").check()
    phone.button("Save this photo")
    phone.says("The photo is saved on this phone")
    phone.link("Photo")
    phone.heading("Add a photo")
    expect(page.get_by_label("Choose a photo")).to_be_attached()


@pytest.mark.slow
def test_a_killed_phone_shows_no_word_of_what_was_not_finished_and_gives_it_back_by_the_pin(
    phone: Phone, session: Session, tmp_path: Path,
) -> None:
    """fault 32"""
    page = phone.page
    sign_alone(phone, name=f"{SECRET}-name")
    phone.link("Quote")
    page.get_by_label("Their words, just as they said them").fill(f"{SECRET}-quote")
    phone.says("Kept on this phone as you write")
    page.evaluate("location.hash = '#/'")
    begin(phone, "Just one person", f"{SECRET}-begun")
    choose_words(page, "English", "All the words")
    phone.button("Start the questions")
    answer(phone, yes=3)
    page.wait_for_timeout(300)
    phone.kill()

    kept = {str(path): path.read_bytes() for path in (tmp_path / "phone").rglob("*") if path.is_file()
            and any(name in str(path) for name in ("IndexedDB", "Local Storage", "Session Storage"))}
    assert _holding(kept, OPEN), "nothing was looked at"
    assert _holding(kept, SECRET) == []
    assert [name for name, content in kept.items() if b"\x89PNG" in content] == []

    phone.open(network=True)
    phone.unlock()
    phone.says("You were asking for consent")
    phone.button("Go on asking")
    expect(phone.page.get_by_text("Question 4 of 6")).to_be_visible()
    phone.page.evaluate("location.hash = '#/'")
    phone.link("Go back to the last story", exact=False)
    phone.link("Quote")
    expect(phone.page.get_by_label("Their words, just as they said them")).to_have_value(f"{SECRET}-quote")


def _send_everything(phone: Phone, app: Flask) -> None:
    """The server puts away what arrives, and the phone hears of it."""
    phone.page.evaluate("location.hash = '#/'")
    for _ in range(60):
        work_on(app, Kind.STORE)
        if phone.page.get_by_text("Everything is sent").count():
            return
        phone.page.wait_for_timeout(500)
    raise AssertionError(phone.page.inner_text("main"))


def _holding(files: dict[str, bytes], words: str) -> list[str]:
    """Those of the browser's files that hold these words, in either way that it writes them."""
    written = (words.encode(), words.encode("utf-16-le"))
    return [name for name, content in files.items() if any(each in content for each in written)]


def _stored(folder: Path, sha256: str) -> bytes:
    """The file that the phone sent under this hash."""
    found = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return next(body for body in found if hashlib.sha256(body).hexdigest() == sha256)


def _has_no_place(photos: list[bytes], longest: int) -> None:
    """fault 40: what leaves the phone says nothing but what can be seen, stands upright, and is small enough."""
    for body in photos:
        assert body.startswith(b"\xff\xd8")
        assert not [canary for canary in CANARIES if canary in body]
    sizes = [Image.open(io.BytesIO(body)).size for body in photos]
    assert sizes == [(round(longest * 2 / 3), longest), (1200, 900)]
