"""Windows of a browser, as big as a phone or a laptop, in which a person of the made-up project is signed in."""

import re

from playwright.sync_api import Browser, Page

from server.domain.access import Role

HOST = "stories.example.org"
_LINK = re.compile(r"^ +(\w+(?: \w+)?)  .*https?://[^/]+(/sign-in/link/\S+)$", re.MULTILINE)


class Windows:
    """`printed` is what `flask demo` printed: a link for each role, which opens once."""

    def __init__(self, browser: Browser, printed: str) -> None:
        self._browser = browser
        self._links = {Role(name.lower().replace(" ", "_")): path for name, path in _LINK.findall(printed)}

    def laptop(self, role: Role) -> Page:
        return self._sign_in(self._open(on_phone=False), role)

    def phone(self, role: Role) -> Page:
        return self._sign_in(self._open(on_phone=True), role)

    def nobody(self) -> Page:
        """A phone of somebody who has no account."""
        return self._open(on_phone=True)

    def same_person(self, page: Page, *, on_phone: bool) -> Page:
        """Another device of the person who is signed in here."""
        other = self._open(on_phone=on_phone)
        other.context.add_cookies([{"name": each["name"], "value": each["value"], "url": f"http://{HOST}"}
                                   for each in page.context.cookies()])
        other.goto("/")
        return other

    def _open(self, *, on_phone: bool) -> Page:
        context = self._browser.new_context(
            base_url=f"http://{HOST}", locale="en-GB", timezone_id="Europe/London", has_touch=on_phone,
            viewport={"width": 360, "height": 740} if on_phone else {"width": 1280, "height": 800},
            device_scale_factor=2 if on_phone else 1)
        context.set_default_timeout(30_000)
        return context.new_page()

    def _sign_in(self, page: Page, role: Role) -> Page:
        page.goto(self._links[role])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda address: "/sign-in" not in address)
        return page


def go_to(page: Page, place: str) -> None:
    """Go to a part of the project, from wherever we are."""
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name=place, exact=True).click()
    page.get_by_role("heading", level=1, name=place).wait_for()
    page.wait_for_load_state("networkidle")
