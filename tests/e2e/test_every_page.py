"""Every page that anybody can open, with a story of every kind of part on it: axe finds nothing wrong, and nothing is
wider than the window of the smallest phone."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from server.auth import COOKIE
from server.domain.access import Role
from tests.api.live import LiveServer
from tests.chromium import PATIENCE_MS
from tests.conftest import Browser as Client
from tests.e2e.everyone import SCRIPTS, SMALL
from tests.pages.everywhere import Place, Victim

pytestmark = pytest.mark.xdist_group("browser")

# The phone app is looked at elsewhere, and files that are shown as they are have no page around them. Pieces of a page
# that scripts ask for are looked at within it.
NO_PAGE = ("/collect/", "/static/")
# Whoever may open most is asked first.
ROLES = (Role.COMMISSIONER, Role.ADMINISTRATOR, *(role for role in Role
                                                  if role not in (Role.COMMISSIONER, Role.ADMINISTRATOR)))


class Reader:
    """Somebody of each role at a small window, and all that is wrong with what they open."""

    def __init__(self, app: Flask, session: Session, sign_in_as, desk: Browser, url: str) -> None:
        self.app, self.desk, self.url = app, desk, url
        self.place = Place(session, sign_in_as)
        self.victim = Victim(self.place, app.extensions["earshot"])
        self.wrong: list[str] = []

    def pages_of(self, role: Role) -> dict[str, str]:
        """One address for each kind of page that somebody of this role may open, by its endpoint."""
        client, found = self.place.browsers[role], {}
        for rule, address in self.victim.addresses(self.app, self.place):
            if "GET" not in (rule.methods or ()) or address.startswith(NO_PAGE) or rule.endpoint in found:
                continue
            answer = client.get(address)
            if answer.status_code == 200 and answer.mimetype == "text/html" and b"<html" in answer.data:
                found[rule.endpoint] = address
        return found

    def open_as(self, role: Role) -> Page:
        context = self.desk.new_context(viewport=SMALL, base_url=self.url, service_workers="block")
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies([{"name": COOKIE, "value": _token(self.place.browsers[role]), "url": self.url}])
        page = context.new_page()
        for script in SCRIPTS:
            page.add_init_script(path=script)
        return page

    def look(self, page: Page, role: Role, endpoint: str, address: str) -> None:
        page.goto(address)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true;")
        found = page.evaluate("eyes.rules()")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found = [*found, "wider than the window"]
        self.wrong += [f"{role} {endpoint}: {sentence}" for sentence in found]


@pytest.fixture
def reader(app: Flask, session: Session, sign_in_as, desk: Browser) -> Iterator[Reader]:
    with LiveServer(app) as live:
        yield Reader(app, session, sign_in_as, desk, live.url)


def _token(client: Client) -> str:
    cookie = client.get_cookie(COOKIE)
    assert cookie
    return cookie.value


@pytest.mark.slow
def test_every_page_is_for_everyone(reader: Reader) -> None:
    """Each kind of page once, as somebody sees it who may open it."""
    seen: set[str] = set()
    for role in ROLES:
        pages = {endpoint: address for endpoint, address in reader.pages_of(role).items() if endpoint not in seen}
        page = reader.open_as(role)
        for endpoint, address in pages.items():
            reader.look(page, role, endpoint, address)
        seen |= set(pages)
        page.context.close()
    assert len(seen) > 45
    assert not reader.wrong, "\n".join(reader.wrong)


@pytest.mark.slow
@pytest.mark.parametrize("role", list(Role))
def test_every_page_is_for_everyone_in_every_role(reader: Reader, role: Role) -> None:
    page = reader.open_as(role)
    for endpoint, address in reader.pages_of(role).items():
        reader.look(page, role, endpoint, address)
    page.context.close()
    assert not reader.wrong, "\n".join(reader.wrong)
