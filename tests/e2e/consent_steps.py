"""The steps of taking consent on a phone, as a researcher and those who tell their story take them."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.phone import Phone
from tests.media.pictures import photo, picture


def begin(phone: Phone, who: str, name: str) -> None:
    phone.button("Start a conversation")
    phone.page.get_by_label(who).check()
    phone.button("Continue")
    phone.page.get_by_label("A name for").fill(name)
    phone.button("Continue")
    phone.page.get_by_label("Place").fill("Leeds")
    phone.button("Continue")


def choose_words(page: Page, language: str, reading: str) -> None:
    page.get_by_label(language, exact=True).check()
    page.get_by_label(reading).check()
    page.get_by_role("button", name="Continue").click()


def answer(phone: Phone, *, yes: int, no: int = 0, first: int = 1) -> None:
    """Say yes so many times, then no so many times."""
    for number in range(first, first + yes + no):
        expect(phone.page.get_by_text(f"Question {number} of 6")).to_be_visible()
        phone.page.locator(".pair .button").nth(0 if number < first + yes else 1).click()


def choose_how(phone: Phone, way: str) -> None:
    phone.page.get_by_label(way).check()
    phone.button("Continue")


def sign_alone(phone: Phone, name: str = "Rosa") -> None:
    begin(phone, "Just one person", name)
    choose_words(phone.page, "English", "All the words")
    phone.button("Start the questions")
    answer(phone, yes=6)
    choose_how(phone, "Their own")
    choose_how(phone, "They sign on this screen")
    draw(phone.page)
    phone.button("Take back the last line")
    phone.button("Keep it")
    phone.says("Draw something first")
    draw(phone.page)
    phone.button("Keep it")
    phone.says("They signed on this screen")
    phone.button("This is right. Carry on")
    phone.button("Skip this")
    phone.says("Not recording")


def sign_as_a_consultee_and_again_after_an_answer_was_changed(phone: Phone) -> None:
    """A sister signs for a man who cannot decide, then says yes to one thing more: her signature was not for that."""
    begin(phone, "Just one person", "Idris")
    choose_words(phone.page, "English", "All the words")
    phone.button("Start the questions")
    answer(phone, yes=4, no=1)
    answer(phone, yes=1, first=6)
    phone.page.get_by_label("An adult they care for").check()
    phone.says("Ask the person too, as far as they can say.")
    phone.page.get_by_label("Who agrees for them?").fill("sister")
    phone.button("Continue")
    choose_how(phone, "They sign on this screen")
    draw(phone.page)
    phone.button("Keep it")
    phone.says("They signed on this screen")
    phone.page.locator('a[href="#/consent/5/change"]').click()
    phone.button("Yes")
    expect(phone.page.get_by_role("alert").filter(has_text="Something they agreed to has changed")).to_be_visible()
    expect(phone.page.get_by_role("button", name="This is right. Carry on")).to_have_count(0)
    draw(phone.page)
    phone.button("Keep it")
    phone.says("They signed on this screen")
    expect(phone.page.get_by_text("Something they agreed to has changed")).to_have_count(0)
    phone.button("This is right. Carry on")
    phone.button("Skip this")
    phone.says("Not recording")


def draw(page: Page) -> None:
    box = page.locator("canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 100, steps=8)
    page.mouse.up()


def agree_in_a_group_of_three(phone: Phone) -> None:
    """One by easy words in Urdu, one who says it but will not have their story photographed, one who wants no part."""
    phone.page.evaluate("location.hash = '#/'")
    begin(phone, "A group", "Tuesday carers")
    page = phone.page
    page.get_by_label("A name for this person").fill("Amal")
    phone.button("Continue")
    choose_words(page, "اردو", "Short sentences and pictures")
    read_easy_words(phone)
    choose_how(phone, "Their own")
    choose_how(phone, "They tapped their answers here")
    phone.button("This is right. Add them")
    phone.button("Skip this")

    phone.button("Add another person")
    page.get_by_label("A name for this person").fill("amal ")
    phone.button("Continue")
    phone.says("Somebody here has that name already")
    page.get_by_label("A name for this person").fill("Bea")
    phone.button("Continue")
    choose_words(page, "English", "All the words")
    phone.button("Start the questions")
    answer(phone, yes=6)
    choose_how(phone, "Their own")
    choose_how(phone, "They say it")
    phone.button("Record what they say")
    phone.says("Recording. 1 second")
    phone.button("Stop")
    expect(page.locator("audio")).to_be_visible()
    phone.button("Keep it")
    phone.says("They said it, and it was recorded")
    phone.button("This is right. Add them")
    phone.button("Skip this")

    phone.button("Add another person")
    page.get_by_label("A name for this person").fill("Cal")
    phone.button("Continue")
    choose_words(page, "English", "All the words")
    answer(phone, yes=0, no=6)
    phone.heading("Thank you for telling us")
    phone.says("Cal said no to everything. That is fine.")
    phone.button("They will listen, or leave")
    phone.says("You may do what all of them said yes to")
    assert "Cal" not in page.inner_text("main")
    phone.button("Everybody is asked. Carry on")
    phone.heading("Tuesday carers")


def read_easy_words(phone: Phone) -> None:
    """Short sentences from right to left, with a picture that has no words in it, and answers in the same language."""
    page = phone.page
    expect(page.locator("h1[lang=ur][dir=rtl]")).to_be_visible()
    phone.button("Listen")
    expect(page.locator("[role=status]", has_text="no voice for this language")).to_be_visible()
    _turn_the_pages(phone)
    phone.button("Start the questions")
    for number in range(1, 7):
        expect(page.get_by_text(f"Question {number} of 6")).to_be_visible()
        assert page.get_by_role("img", name=re.compile("^Picture: ")).locator("text").count() == 0
        assert page.locator("main .pair [lang=ur]").all_inner_texts() == ["ہاں", "نہیں"]
        page.locator(".pair .button").first.click()


def _turn_the_pages(phone: Phone) -> None:
    """To the last page of the easy words."""
    words = phone.page.locator("main p.large")
    expect(words).to_have_count(1)
    while phone.page.get_by_role("button", name="Next").count():
        before = words.inner_text()
        phone.button("Next")
        expect(words).not_to_have_text(before)


def take_a_photo_that_says_where(phone: Phone) -> None:
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


def quote_one_of_them(phone: Phone) -> None:
    phone.link("Quote")
    phone.page.get_by_label("Their words, just as they said them").fill("Nobody rang us")
    phone.button("Save this quote")
    phone.says("Choose one to carry on.")
    phone.page.get_by_label("Bea").check()
    phone.button("Save this quote")
    phone.says("The quote is saved on this phone")


def give_each_a_receipt(phone: Phone) -> None:
    phone.link("Finish")
    phone.link("Finish this story")
    phone.heading("A receipt for Amal")
    first = phone.page.locator(".code").inner_text()
    phone.link("Next: a receipt for Bea")
    phone.heading("A receipt for Bea")
    assert re.fullmatch(r"([0-9A-Z]{4}\s+){6}[0-9A-Z]{2}", first.strip())
    assert phone.page.locator(".code").inner_text() != first
    phone.link("Done")


def agree_for_a_child_on_paper(phone: Phone) -> None:
    begin(phone, "Just one person", "Kit")
    page = phone.page
    choose_words(page, "English", "Short sentences and pictures")
    _turn_the_pages(phone)
    phone.button("Start the questions")
    answer(phone, yes=6)
    page.get_by_label("Their child’s").check()
    phone.button("Continue")
    phone.says("Write who agrees for them.")
    page.get_by_label("Who agrees for them?").fill("mother")
    phone.button("Continue")
    choose_how(phone, "They signed on paper")
    page.get_by_label("Choose a photo").set_input_files(
        {"name": "paper.jpg", "mimeType": "image/jpeg", "buffer": photo("JPEG", picture(1200, 900))})
    phone.button("Keep it")
    phone.says("They signed a paper. Its photo is kept")
    page.get_by_role("link", name="Change: Who helped").click()
    page.get_by_label("Who put it into their language?").fill("Sana")
    phone.button("Continue")
    phone.button("This is right. Carry on")
    phone.button("Skip this")
    phone.says("Not recording")
