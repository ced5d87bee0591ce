"""Consent in every way that people give it: in their language, drawn, said, on paper, alone and in a group."""

import hashlib
import io
import re
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, Playwright, expect
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
from tests.e2e.phone import Phone
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


def test_everybody_agrees_in_their_own_way_and_what_shows_it_arrives(
    phone: Phone, app: Flask, session: Session, project: Project, tmp_path: Path,
) -> None:
    _sign_alone(phone)
    _agree_in_a_group_of_three(phone)
    _take_a_photo_that_says_where(phone)
    _quote_one_of_them(phone)
    _give_each_a_receipt(phone)
    _agree_for_a_child_on_paper(phone)
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
    _has_no_place([_stored(tmp_path / "media", sha256) for sha256 in hashes], project.photo_pixels)


def test_a_killed_phone_shows_no_word_of_what_was_not_finished_and_gives_it_back_by_the_pin(
    phone: Phone, session: Session, tmp_path: Path,
) -> None:
    """fault 32"""
    page = phone.page
    _sign_alone(phone, name=f"{SECRET}-name")
    phone.link("Quote")
    page.get_by_label("Their words, just as they said them").fill(f"{SECRET}-quote")
    phone.says("Kept on this phone as you write")
    page.evaluate("location.hash = '#/'")
    _begin(phone, "Just one person", f"{SECRET}-begun")
    _choose_words(page, "English", "All the words")
    phone.button("Start the questions")
    _answer(phone, yes=3)
    page.wait_for_timeout(300)
    phone.kill()

    kept = b"".join(path.read_bytes() for path in (tmp_path / "phone").rglob("*") if path.is_file()
                    and any(name in str(path) for name in ("IndexedDB", "Local Storage", "Session Storage")))
    assert OPEN.encode() in kept or OPEN.encode("utf-16-le") in kept, "nothing was looked at"
    assert SECRET.encode() not in kept
    assert SECRET.encode("utf-16-le") not in kept
    assert b"\x89PNG" not in kept

    phone.open(network=True)
    phone.unlock()
    phone.says("You were asking for consent")
    phone.link("Go on asking")
    expect(phone.page.get_by_text("Question 4 of 6")).to_be_visible()
    phone.page.evaluate("location.hash = '#/'")
    phone.link("Go back to the last story", exact=False)
    phone.link("Quote")
    expect(phone.page.get_by_label("Their words, just as they said them")).to_have_value(f"{SECRET}-quote")


def _begin(phone: Phone, who: str, name: str) -> None:
    phone.button("Start a conversation")
    phone.page.get_by_label(who).check()
    phone.button("Continue")
    phone.page.get_by_label("A name for").fill(name)
    phone.button("Continue")
    phone.page.get_by_label("Place").fill("Leeds")
    phone.button("Continue")


def _choose_words(page: Page, language: str, reading: str) -> None:
    page.get_by_label(language, exact=True).check()
    page.get_by_label(reading).check()
    page.get_by_role("button", name="Continue").click()


def _answer(phone: Phone, *, yes: int, no: int = 0, first: int = 1) -> None:
    """Say yes so many times, then no so many times."""
    for number in range(first, first + yes + no):
        expect(phone.page.get_by_text(f"Question {number} of 6")).to_be_visible()
        phone.page.locator(".pair .button").nth(0 if number < first + yes else 1).click()


def _choose_how(phone: Phone, way: str) -> None:
    phone.page.get_by_label(way).check()
    phone.button("Continue")


def _sign_alone(phone: Phone, name: str = "Rosa") -> None:
    _begin(phone, "Just one person", name)
    _choose_words(phone.page, "English", "All the words")
    phone.button("Start the questions")
    _answer(phone, yes=6)
    _choose_how(phone, "Their own")
    _choose_how(phone, "They sign on this screen")
    _draw(phone.page)
    phone.button("Take back the last line")
    phone.button("Keep it")
    phone.says("Draw something first")
    _draw(phone.page)
    phone.button("Keep it")
    phone.says("They signed on this screen")
    phone.button("This is right. Carry on")
    phone.says("Not recording")


def _draw(page: Page) -> None:
    box = page.locator("canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 100, steps=8)
    page.mouse.up()


def _agree_in_a_group_of_three(phone: Phone) -> None:
    """One by easy words in Urdu, one who says it but will not have their story photographed, one who wants no part."""
    phone.page.evaluate("location.hash = '#/'")
    _begin(phone, "A group", "Tuesday carers")
    page = phone.page
    page.get_by_label("A name for this person").fill("Amal")
    phone.button("Continue")
    _choose_words(page, "اردو", "Short sentences and pictures")
    _read_easy_words(phone)
    _choose_how(phone, "Their own")
    _choose_how(phone, "They tapped their answers here")
    phone.button("This is right. Add them")

    phone.button("Add another person")
    page.get_by_label("A name for this person").fill("amal ")
    phone.button("Continue")
    phone.says("Somebody here has that name already")
    page.get_by_label("A name for this person").fill("Bea")
    phone.button("Continue")
    _choose_words(page, "English", "All the words")
    phone.button("Start the questions")
    _answer(phone, yes=6)
    _choose_how(phone, "Their own")
    _choose_how(phone, "They say it")
    phone.button("Record what they say")
    phone.says("Recording. 1 second")
    phone.button("Stop")
    expect(page.locator("audio")).to_be_visible()
    phone.button("Keep it")
    phone.says("They said it, and it was recorded")
    phone.button("This is right. Add them")

    phone.button("Add another person")
    page.get_by_label("A name for this person").fill("Cal")
    phone.button("Continue")
    _choose_words(page, "English", "All the words")
    _answer(phone, yes=0, no=6)
    phone.heading("Thank you for telling us")
    phone.says("Cal said no to everything. That is fine.")
    phone.button("They will listen, or leave")
    phone.says("You may do what all of them said yes to")
    assert "Cal" not in page.inner_text("main")
    phone.button("Everybody is asked. Carry on")
    phone.heading("Tuesday carers")


def _read_easy_words(phone: Phone) -> None:
    """Short sentences from right to left, with a picture that has no words in it, and answers in the same language."""
    page = phone.page
    expect(page.locator("h1[lang=ur][dir=rtl]")).to_be_visible()
    phone.button("Listen")
    expect(page.locator("[role=status]", has_text="no voice for this language")).to_be_visible()
    while page.get_by_role("button", name="Next").count():
        before = page.url
        phone.button("Next")
        page.wait_for_function("before => location.href !== before", arg=before)
        expect(page.locator("main p.large")).to_have_count(1)
    phone.button("Start the questions")
    for number in range(1, 7):
        expect(page.get_by_text(f"Question {number} of 6")).to_be_visible()
        assert page.get_by_role("img", name=re.compile("^Picture: ")).locator("text").count() == 0
        assert page.locator("main .pair [lang=ur]").all_inner_texts() == ["ہاں", "نہیں"]
        page.locator(".pair .button").first.click()


def _take_a_photo_that_says_where(phone: Phone) -> None:
    page = phone.page
    phone.link("Photo")
    page.get_by_label("Choose a photo").set_input_files(
        {"name": "chair.jpg", "mimeType": "image/jpeg", "buffer": photo("JPEG", picture(3000, 2000), orientation=6)})
    page.get_by_label("Somebody who has not agreed").check()
    phone.says("We do not keep this photo")
    expect(page.get_by_role("button", name="Save this photo")).to_have_count(0)
    page.get_by_label("Somebody who has agreed to this photo").check()
    page.get_by_label("Who is it?").fill("Bea’s hands")
    phone.button("A room with …")
    expect(page.get_by_label("What does it show?")).to_have_value("A room with ")
    page.get_by_label("What does it show?").fill("A room with a bed")
    phone.button("Save this photo")
    phone.says("The photo is saved on this phone")


def _quote_one_of_them(phone: Phone) -> None:
    phone.link("Quote")
    phone.page.get_by_label("Their words, just as they said them").fill("Nobody rang us")
    phone.button("Save this quote")
    phone.says("Choose one to carry on.")
    phone.page.get_by_label("Bea").check()
    phone.button("Save this quote")
    phone.says("The quote is saved on this phone")


def _give_each_a_receipt(phone: Phone) -> None:
    phone.link("Finish")
    phone.link("Finish this story")
    phone.heading("A receipt for Amal")
    first = phone.page.locator(".code").inner_text()
    phone.link("Next: a receipt for Bea")
    phone.heading("A receipt for Bea")
    assert re.fullmatch(r"([0-9A-Z]{4}\s+){6}[0-9A-Z]{2}", first.strip())
    assert phone.page.locator(".code").inner_text() != first
    phone.link("Done")


def _agree_for_a_child_on_paper(phone: Phone) -> None:
    _begin(phone, "Just one person", "Kit")
    page = phone.page
    _choose_words(page, "English", "Short sentences and pictures")
    while page.get_by_role("button", name="Next").count():
        phone.button("Next")
    phone.button("Start the questions")
    _answer(phone, yes=6)
    page.get_by_label("Their child’s").check()
    phone.button("Continue")
    phone.says("Write who agrees for them.")
    page.get_by_label("Who agrees for them?").fill("mother")
    phone.button("Continue")
    _choose_how(phone, "They signed on paper")
    page.get_by_label("Choose a photo").set_input_files(
        {"name": "paper.jpg", "mimeType": "image/jpeg", "buffer": photo("JPEG", picture(1200, 900))})
    phone.button("Keep it")
    phone.says("They signed a paper. Its photo is kept")
    page.get_by_role("link", name="Change: Who helped").click()
    page.get_by_label("Who put it into their language?").fill("Sana")
    phone.button("Continue")
    phone.button("This is right. Carry on")
    phone.says("Not recording")


def _send_everything(phone: Phone, app: Flask) -> None:
    """The server puts away what arrives, and the phone hears of it."""
    phone.page.evaluate("location.hash = '#/'")
    for _ in range(60):
        work_on(app, Kind.STORE)
        if phone.page.get_by_text("Everything is sent").count():
            return
        phone.page.wait_for_timeout(500)
    raise AssertionError(phone.page.inner_text("main"))


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
