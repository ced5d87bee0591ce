"""A page of another site, in a real browser in which somebody is signed in here."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from types import SimpleNamespace

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from server.auth import COOKIE
from server.domain.access import Role
from server.services import sign_in
from tests import makers
from tests.api.live import LiveServer
from tests.chromium import PATIENCE_MS
from tests.media.pictures import photo
from tests.media.sounds import wav

PAGE = b"""<!doctype html><title>Elsewhere</title><script>
window.load = (kind, address) => new Promise(resolve => {
  const shown = document.createElement(kind);
  shown.onload = shown.onloadeddata = () => resolve('shown');
  shown.onerror = () => resolve('nothing');
  shown.src = address;
  if (kind === 'audio') shown.load();
  document.body.append(shown);
});
window.read = address => fetch(address, {credentials: 'include'}).then(a => a.text(), () => 'nothing');
</script><body>"""


class _Elsewhere(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Iterator[int]:
    """The port of another site on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def here(app: Flask, session: Session) -> Iterator[SimpleNamespace]:
    """Earshot with a photo and a recording, and a token of somebody who may see and hear both."""
    store = app.extensions["earshot"].store
    project = makers.make_project(session)
    researcher = makers.make_person(session, project, Role.RESEARCHER)
    story = makers.make_story(session, project, researcher)
    picture, recording = makers.add_photo(session, story), makers.add_recording(session, story)
    picture.derivative_sha256 = store.put(BytesIO(photo("JPEG"))).sha256
    recording.playback_sha256 = store.put(wav(1, 8000, 8000)).sha256
    token = sign_in.start(session, makers.make_person(session, project, Role.COMMISSIONER))
    parts = {"img": f"/photos/{picture.id}/image", "audio": f"/recordings/{recording.id}/audio"}
    session.commit()
    with LiveServer(app) as live:
        yield SimpleNamespace(url=live.url, parts=parts, token=token)


@pytest.fixture
def page(desk: Browser, here: SimpleNamespace) -> Iterator[Page]:
    context = desk.new_context()
    context.set_default_timeout(PATIENCE_MS)
    context.add_cookies([{"name": COOKIE, "value": here.token, "url": here.url}])
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_page_of_another_origin_gets_no_sound_and_no_picture(page: Page, here: SimpleNamespace, elsewhere: int,
                                                               host: str) -> None:
    """fault 43: from another port of the same host the cookie is sent along; from another site it is not."""
    page.goto(f"http://{host}:{elsewhere}/")
    for kind, path in here.parts.items():
        assert page.evaluate("([kind, address]) => load(kind, address)", [kind, here.url + path]) == "nothing"
        assert page.evaluate("address => read(address)", here.url + path) == "nothing"


def test_our_own_page_gets_both(page: Page, here: SimpleNamespace) -> None:
    """fault 43: what is refused above is there."""
    page.goto(f"{here.url}/account")
    script = PAGE.decode().partition("<script>")[2].partition("</script>")[0]
    page.evaluate(script)
    for kind, path in here.parts.items():
        assert page.evaluate("([kind, address]) => load(kind, address)", [kind, path]) == "shown"
