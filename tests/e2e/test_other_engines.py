"""The phone app in the engines of Firefox and of Safari, as far as they show on a desk.

Debian's WebKitGTK is Safari's engine with another outside. What only a real phone shows, such as a call, a locked
screen and Safari's clearing of what is unused, is in docs/trying-on-a-real-phone.md. Neither engine here can take away
its network alone, so the server is stopped instead.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.domain.access import Role
from tests.e2e import first_version
from tests.e2e.installation import Installation
from tests.e2e.people import People
from tests.e2e.phone import PIN
from tests.engines import firefox, webkit
from tests.engines.engine import Engine, until

ENGINES = {"firefox": (firefox.find, firefox.Firefox), "webkit": (webkit.find, webkit.WebKit)}
# Safari's engine is asked every time, and Firefox's with the slow tests.
EACH = pytest.mark.parametrize("engine", ["webkit", pytest.param("firefox", marks=pytest.mark.slow)], indirect=True)
STORAGE = (Path(webkit.__file__).parent / "storage.js").read_text()

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    find, kind = ENGINES[request.param]
    if find() is None:
        pytest.skip(f"{request.param} is not on this machine: python -m tests.engines")
    browser = kind(tmp_path / request.param)
    yield browser
    browser.close()


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """Web on an empty, migrated database, which no worker transcribes."""
    whole = Installation(tmp_path / "data", WHISPER_DIR=str(tmp_path / "none"))
    whole.folder.mkdir()
    whole.flask("migrate")
    whole.start_web()
    yield whole
    whole.stop_all()


@pytest.mark.slow
@EACH
def test_a_recording_outlives_the_browser_and_a_reload_in_every_engine(
    engine: Engine, installation: Installation
) -> None:
    """fault 1, fault 2, fault 3"""
    app = f"{installation.address}/collect/"
    people = People(installation)
    engine.open()
    _sign_in(engine, people)
    engine.go(app)
    _choose_pin(engine)
    engine.heading("Waiting for a bed")
    engine.run("await navigator.serviceWorker.ready")
    installation.stop("web")
    engine.go(app)
    engine.heading("Waiting for a bed")

    _begin_a_story(engine)
    engine.button("Record")
    kept = _kept_when_recorded(engine, 3)
    engine.kill()
    engine.open()
    engine.go(app)
    _unlock(engine)
    engine.says("Recovered recording, ")
    found = engine.run(STORAGE)
    assert found["rows"]["chunks"] >= kept["rows"]["chunks"]
    assert found["blobs"] == []

    engine.button("Go on recording")
    engine.button("Record")
    _kept_when_recorded(engine, found["rows"]["chunks"] + 2)
    engine.go(app)
    _unlock(engine)
    engine.says("Recovered recording, ")
    engine.button("Keep it")

    installation.start_web()
    installation.start_worker()
    engine.link("See what is on this phone")
    engine.button("Try now")
    engine.says("Sent and checked")


def _begin_a_story(engine: Engine) -> None:
    engine.button("Start a conversation")
    engine.button("Try the microphone")
    engine.says("We can hear you.")
    engine.button("Start the conversation")
    engine.choose("Just one person")
    engine.button("Continue")
    engine.fill("A name for this story", "Rosa")
    engine.button("Continue")
    engine.fill("Place", "Northgate")
    engine.button("Continue")
    engine.button("Start the questions")
    for number in range(1, 7):
        engine.says(f"Question {number} of 6")
        engine.button("Yes")
    engine.choose("Their own")
    engine.button("Continue")
    engine.choose("They tapped their answers here")
    engine.button("Continue")
    engine.button("This is right. Carry on")
    engine.button("Skip this")


def _choose_pin(engine: Engine) -> None:
    engine.heading("Choose a PIN for Earshot")
    engine.fill("New PIN or password", PIN)
    engine.fill("The same once more", PIN)
    engine.button("Use this PIN")


def _unlock(engine: Engine) -> None:
    engine.link("Unlock")
    engine.fill("Your PIN or password", PIN)
    engine.button("Unlock")


def _kept_when_recorded(engine: Engine, chunks: int) -> dict[str, Any]:
    """What is on disk once this many pieces of sound are."""
    kept: dict[str, Any] = {}

    def enough() -> bool:
        kept.update(engine.run(STORAGE))
        return bool(kept["rows"]["chunks"] >= chunks)

    until(enough, lambda: f"too little was kept: {kept}\n{engine.text()}")
    return kept


@pytest.mark.slow
@EACH
def test_what_the_first_version_kept_is_upgraded_and_sent_in_every_engine(
    engine: Engine, installation: Installation
) -> None:
    """fault 14, fault 15: a tab that nobody closed holds the old shape; once it lets go, all is there and is taken."""
    people = People(installation)
    engine.open()
    _sign_in(engine, people)
    engine.go(f"{installation.address}/account")
    rows = first_version.rows(people.id(Role.RESEARCHER), people.project_id, people.wording_id)
    engine.run(first_version.KEEP, rows)
    old_tab = engine.new_tab()
    engine.go(f"{installation.address}/collect/")
    engine.says("Earshot is open somewhere else on this phone.")
    engine.close_tab(old_tab)
    _choose_pin(engine)
    engine.heading("Waiting for a bed")
    installation.start_worker()
    engine.says("Everything is sent")
    engine.link("See what is on this phone")
    engine.says("Sent and checked")
    assert first_version.WORDS in engine.text()


def _sign_in(engine: Engine, people: People) -> None:
    engine.go(people.link(Role.RESEARCHER))
    engine.button("Sign in")
    until(lambda: "/sign-in" not in engine.run("return location.pathname"), "nobody was signed in")
