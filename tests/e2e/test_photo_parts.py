"""A theme on a part of a photo, by mouse and by keyboard, in a real browser; and how two people agree, read by axe."""

import io
from collections.abc import Iterator

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.auth import COOKIE
from server.domain.access import Role
from server.models.theme import Tagging
from tests import makers
from tests.api.live import LiveServer
from tests.chromium import PATIENCE_MS
from tests.e2e.everyone import SCRIPTS, SMALL

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def world(app: Flask, session: Session, sign_in_as, desk: Browser) -> Iterator[dict[str, object]]:
    """A photo of 400 by 300 pixels, two people who put themes on its story, and a page of one of them."""
    project = makers.make_project(session)
    project.measures_agreement = True
    story = makers.make_story(session, project, makers.make_person(session, project, Role.RESEARCHER))
    ada, ben = (makers.make_person(session, project, Role.COMMISSIONER, name=name) for name in ("Ada", "Ben"))
    photo, quote = makers.add_photo(session, story), makers.add_quote(session, story)
    picture = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(picture, "JPEG")
    picture.seek(0)
    photo.derivative_sha256 = app.extensions["earshot"].store.put(picture).sha256
    photo.width, photo.height = 400, 300
    makers.tag(session, makers.make_theme(session, project, "Lamps"), ada, quote)
    makers.tag(session, makers.make_theme(session, project, "Chairs"), ben, quote)
    token = sign_in_as(ada).get_cookie(COOKIE).value
    found = {"photo": f"/photos/{photo.id}/parts",
             "agreement": f"/projects/{project.id}/agreement?first={ada.id}&second={ben.id}"}
    session.commit()  # whoever only looks holds the one writer, too
    with LiveServer(app) as live:
        context = desk.new_context(viewport=SMALL, base_url=live.url, service_workers="block")
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies([{"name": COOKIE, "value": token, "url": live.url}])
        page = context.new_page()
        for script in SCRIPTS:
            page.add_init_script(path=script)
        yield {"page": page, **found}
        context.close()


def draw(page: Page) -> None:
    """From a quarter of the photo to half of it, both ways."""
    page.locator("[data-covering]").scroll_into_view_if_needed()
    box = page.locator("[data-covering]").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=3)
    page.mouse.up()


def test_a_part_of_a_photo_gets_a_theme_by_mouse_and_another_by_keyboard_alone(session: Session, world) -> None:
    page: Page = world["page"]
    page.goto(world["photo"])
    draw(page)
    page.get_by_label("Lamps").check()
    page.get_by_role("button", name="Save themes").click()
    expect(page.get_by_role("heading", name="Part 1")).to_be_visible()

    page.locator(".covering__handle").focus()
    for key in ("ArrowLeft", "ArrowUp", "Shift+ArrowRight"):
        page.keyboard.press(key)
    page.get_by_label("Chairs").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Part 2")).to_be_visible()
    expect(page.locator(".photo-part__frame")).to_have_count(2)

    by_mouse, by_keyboard = session.scalars(
        select(Tagging.region).where(Tagging.region != "").order_by(Tagging.tagged_at)).all()
    session.rollback()
    assert by_keyboard == "400,380,220,200"
    assert all(abs(int(got) - 250) <= 8 for got in by_mouse.split(","))
    for address in (world["photo"], world["agreement"]):
        page.goto(address)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true;")
        assert page.evaluate("eyes.rules()") == []
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
