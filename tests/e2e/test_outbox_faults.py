"""What a phone has not sent, and everything that can happen to it on the way: in Chromium, over a line that fails."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from server.domain.access import Role
from tests.chromium import ARGUMENTS, PATIENCE_MS, find
from tests.e2e.broken_line import PORTAL, BrokenLine, Cut, Fault, Lost, Rule, Says
from tests.e2e.installation import Installation
from tests.e2e.kept_stories import KeptStory, bodies, keep, large_photo
from tests.e2e.people import People
from tests.e2e.phone import PIN, SIZE

pytestmark = pytest.mark.xdist_group("browser")

# One bit of a row of a photo becomes another, once it is sealed.
FLIP = """async (id) => {
  const opening = indexedDB.open('earshot');
  const db = await new Promise((done) => { opening.onsuccess = () => done(opening.result); });
  const chunks = () => db.transaction('chunks', 'readwrite').objectStore('chunks');
  const read = () => new Promise((done) => { chunks().get([id, 1]).onsuccess = (event) => done(event.target.result); });
  let row = await read();
  while (!row.keyId) row = await new Promise((done) => setTimeout(done, 100)).then(read);
  const bytes = new Uint8Array(row.bytes);
  bytes[100] ^= 1;
  await new Promise((done) => { chunks().put({ ...row, bytes: bytes.buffer }).onsuccess = done; });
  db.close();
}"""

# How many rows of each store are kept, with or without a key.
KEPT = """async (storyId) => {
  const opening = indexedDB.open('earshot');
  const db = await new Promise((done) => { opening.onsuccess = () => done(opening.result); });
  const left = {};
  for (const name of ['stories', 'consents', 'quotes', 'photos', 'outbox', 'chunks']) {
    const all = await new Promise((done) => {
      db.transaction(name).objectStore(name).getAll().onsuccess = (event) => done(event.target.result);
    });
    left[name] = all.filter((row) => row.storyId === storyId || row.id === storyId || row.partId === storyId).length;
  }
  db.close();
  return left;
}"""


@pytest.fixture
def people(installation: Installation) -> People:
    return People(installation)


@pytest.fixture
def line(installation: Installation) -> Iterator[BrokenLine]:
    one = BrokenLine(installation.port)
    yield one
    one.close()


@pytest.fixture
def pocket(playwright_driver: Playwright, tmp_path: Path) -> Iterator[BrowserContext]:
    """A phone's browser, whose downloads need no window to choose a place in."""
    context = playwright_driver.chromium.launch_persistent_context(
        tmp_path / "phone", executable_path=find(), headless=True, viewport=SIZE, has_touch=True, args=ARGUMENTS,
        accept_downloads=True)
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script("delete window.showSaveFilePicker")
    yield context
    context.close()


@pytest.mark.slow
def test_a_photo_arrives_once_over_a_line_that_fails_in_every_way(
    installation: Installation, people: People, line: BrokenLine, pocket: BrowserContext, desk: Browser
) -> None:
    """fault 12, fault 13, fault 19, fault 20, fault 21"""
    story = KeptStory(1, "Rosa", large_photo())
    upload = f"/api/v1/uploads/{story.ids['photo']}"
    page = _open_phone(pocket, line, people, [story])

    # Somebody else's Wi-Fi answers everything, and then a server in trouble (fault 20).
    line.rule = lambda method, path: PORTAL if path.startswith(("/api", "/healthz")) else None
    _set_pin(page)
    expect(page.get_by_text("1 story is only on this phone")).to_be_visible()
    _outbox(page)
    expect(page.get_by_text("No connection now.")).to_be_visible()
    in_trouble = {"POST": 502, "PATCH": 502}
    line.rule = lambda method, path: Says(in_trouble[method]) if method in in_trouble and "/api" in path else None
    page.get_by_role("button", name="Try now").click()
    expect(page.get_by_text("Only on this phone. 3 of 4 parts sent")).to_be_visible()

    # Whoever runs the project sees that a phone has something that nobody else has (fault 12).
    admin = people.at_desk(desk, Role.ADMINISTRATOR)
    admin.goto(f"/projects/{people.project_id}/phones")
    expect(admin.get_by_text("1 part not sent")).to_be_visible()

    # A piece is cut off, and then nobody is signed in any more (fault 19). Another tab is open too (fault 13).
    line.rule = _once("PATCH", Cut(300_000))
    other = pocket.new_page()
    other.goto(f"{line.address}/collect/#/outbox")
    page.get_by_role("button", name="Try now").click()
    _until(page, lambda: len(line.offsets(upload)) >= 2)
    sessions = pocket.cookies()
    pocket.clear_cookies()
    page.get_by_role("button", name="Try now").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    so_far = len(line.offsets(upload))
    again = page.get_by_role("link", name="Sign in again").get_attribute("href")
    assert again == "/sign-in?next=/collect/%23%2Foutbox"

    # The very last answer is lost (fault 21).
    line.rule = _losing_the_end(line, upload, len(story.photo))
    pocket.add_cookies([{"name": one["name"], "value": one["value"], "url": line.address} for one in sessions])
    installation.start_worker()
    page.get_by_role("button", name="Try now").click()
    _sent(page, "Rosa")
    offsets = line.offsets(upload)
    assert offsets[so_far:], "it went on"
    assert sorted(set(offsets)) == list(dict.fromkeys(offsets)), "it never went back"
    assert len({offset for offset in offsets if offset}) >= 2
    expect(other.get_by_text("Everything is sent")).to_be_visible()
    stored = [path for path in (installation.folder / "media").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in stored].count(story.photo) == 1


@pytest.mark.slow
def test_one_item_that_cannot_go_holds_nothing_else_and_can_be_taken_out_by_hand(
    installation: Installation, people: People, line: BrokenLine, pocket: BrowserContext, desk: Browser
) -> None:
    """fault 23, fault 26, fault 30"""
    other_words, damaged, ended, taken, good = stories = [
        KeptStory(1, "Ada"), KeptStory(2, "Ben", large_photo(1)), KeptStory(3, "Cleo"), KeptStory(4, "Dora"),
        KeptStory(5, "Eve", large_photo(2))]
    page = _open_phone(pocket, line, people, stories)
    line.rule = lambda method, path: PORTAL if path.startswith(("/api", "/healthz")) else None
    _set_pin(page)
    expect(page.get_by_text("5 stories are only on this phone")).to_be_visible()
    page.evaluate(FLIP, damaged.ids["photo"])
    # Something else of that name is there already (fault 23), and one story has ended there (fault 26).
    elsewhere = Elsewhere(page, installation.address)
    _put(elsewhere, people, other_words, quote=b"Other words under that name.")
    _put(elsewhere, people, ended)
    _withdraw(elsewhere, people, ended)

    # Dora changes her mind before anything is sent: two taps.
    _outbox(page)
    page.get_by_role("link", name="Take this story back: Dora").click()
    page.get_by_role("button", name="Yes, take it back").click()
    expect(page.get_by_role("heading", level=1, name="It is taken back")).to_be_visible()
    left = page.evaluate(KEPT, taken.ids["story"])
    assert left == {"stories": 0, "consents": 0, "quotes": 0, "photos": 0, "chunks": 0, "outbox": 1}

    line.rule = lambda _method, _path: None
    installation.start_worker()
    _outbox(page)
    page.get_by_role("button", name="Try now").click()
    _sent(page, "Eve")
    expect(page.get_by_text("2 stories are only on this phone")).to_be_visible()
    names = page.locator("article h3").all_inner_texts()
    assert sorted(names) == ["Ada", "Ben", "Eve"]
    ada, ben = (page.locator("article").filter(has_text=name) for name in ("Ada", "Ben"))
    expect(ada).to_contain_text("The server has something else under this name. Both are kept.")
    expect(ben).to_contain_text("The copy on this phone is damaged.")
    assert page.evaluate(KEPT, ended.ids["story"])["outbox"] == 0
    assert page.evaluate(KEPT, taken.ids["story"])["outbox"] == 0
    assert elsewhere.status(f"/api/v1/receipts/{taken.ids['story']}") == 410
    assert elsewhere.status(f"/api/v1/receipts/{good.ids['photo']}") == 200

    # Ada's words go out by hand, sealed: nobody who finds the file reads them.
    with page.expect_download() as found:
        ada.get_by_role("button", name=re.compile("^Save this to a file")).click()
    content = Path(found.value.path()).read_bytes()
    assert content.startswith(b"EARSHOT-ITEM 1\n{")
    assert other_words.words.encode() not in content
    expect(ada).to_contain_text("Only the server can open it.")
    admin = people.at_desk(desk, Role.ADMINISTRATOR)
    admin.goto(f"/projects/{people.project_id}/import")
    admin.get_by_label("The file").set_input_files({"name": "ada.earshot", "mimeType": "", "buffer": content})
    admin.get_by_role("button", name="Bring it in").click()
    expect(admin.get_by_text("A consent: was here already.")).to_be_visible()
    expect(admin.get_by_text("A quote: was not taken in.")).to_be_visible()


def _open_phone(pocket: BrowserContext, line: BrokenLine, people: People, stories: list[KeptStory]) -> Page:
    """Signed in, with stories that an earlier app left."""
    page = pocket.pages[0]
    link = people.link(Role.RESEARCHER)
    page.goto(line.address + link[link.index("/sign-in"):])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/sign-in" not in address)
    page.goto(f"{line.address}/account")
    keep(page, people, stories)
    return page


def _set_pin(page: Page) -> None:
    page.goto(page.url.replace("/account", "/collect/"))
    page.get_by_label("New PIN or password").fill(PIN)
    page.get_by_label("The same once more").fill(PIN)
    page.get_by_role("button", name="Use this PIN").click()


def _outbox(page: Page) -> None:
    page.evaluate("location.hash = '#/outbox'")
    page.get_by_role("heading", level=1, name="What is on this phone").wait_for()


def _sent(page: Page, name: str) -> None:
    """Asks again now and then, as an impatient person does."""
    card = page.locator("article").filter(has_text=name)
    for _ in range(60):
        if card.get_by_text("Sent and checked").count() == card.locator("li").count() + 1:
            return
        page.wait_for_timeout(500)
        page.get_by_role("button", name="Try now").click()
    raise AssertionError(page.locator("main").inner_text())


def _until(page: Page, check: Callable[[], bool]) -> None:
    for _ in range(100):
        if check():
            return
        page.wait_for_timeout(200)
    raise AssertionError(page.locator("main").inner_text())


def _once(method: str, fault: Fault) -> Rule:
    """A rule by which the first request of this kind fails."""
    done: list[bool] = []

    def rule(asked: str, _path: str) -> Fault:
        if asked != method or done:
            return None
        done.append(True)
        return fault

    return rule


def _losing_the_end(line: BrokenLine, upload: str, size: int) -> Rule:
    """A rule by which the answer to the last piece is lost, and the first answer about what became of it too."""
    lost: list[str] = []

    def rule(method: str, path: str) -> Fault:
        at_the_end = method == "PATCH" and path == upload and line.asked[-1][2] + 1024 * 1024 >= size
        receipt = bool(lost) and path == upload.replace("uploads", "receipts")
        if (at_the_end or receipt) and method + path not in lost:
            lost.append(method + path)
            return Lost()
        return None

    return rule


class Elsewhere:
    """The same person at another place: what they ask for does not go over the line of the phone."""

    def __init__(self, page: Page, address: str) -> None:
        self._browser, self._address = page.request, address

    def put(self, path: str, body: str) -> int:
        session = self._browser.get(f"{self._address}/api/v1/session").json()
        headers = {"Origin": self._address, "Content-Type": "application/json", "X-CSRF-Token": session["csrf_token"],
                   "Device-Time": datetime.now(UTC).isoformat(timespec="milliseconds")}
        return self._browser.put(self._address + path, data=body, headers=headers).status

    def status(self, path: str) -> int:
        return self._browser.get(self._address + path).status


def _put(elsewhere: Elsewhere, people: People, story: KeptStory, quote: bytes = b"") -> None:
    """Send the words of a story from elsewhere; `quote` is another text under the same name."""
    sent = bodies(people, story)
    if quote:
        sent["quote"] = json.dumps(json.loads(sent["quote"]) | {"text": quote.decode()}).encode()
    for kind, folder in (("consent", "consents"), ("story", "stories"), ("quote", "quotes")):
        assert elsewhere.put(f"/api/v1/{folder}/{story.ids[kind]}", sent[kind].decode()) == 201


def _withdraw(elsewhere: Elsewhere, people: People, story: KeptStory) -> None:
    number = "01900000-0000-7000-8999-000000000000"
    body = {"id": number, "project_id": people.project_id, "story_id": story.ids["story"], "reason": "",
            "withdrawn_at": "2026-11-22T10:00:00.000+00:00"}
    assert elsewhere.put(f"/api/v1/withdrawals/{number}", json.dumps(body)) == 201
