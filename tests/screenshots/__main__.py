"""Take the pictures of the guides: `python -m tests.screenshots` writes `docs/images/*.png`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

from server.domain.access import Role
from server.services.demo import FOLDER
from tests.chromium import ARGUMENTS, find
from tests.e2e.installation import Installation
from tests.e2e.speech import Speech, as_microphone
from tests.screenshots import consent, library, phone
from tests.screenshots.album import Album
from tests.screenshots.windows import HOST, Windows

SPEECH = Speech(FOLDER / "recordings" / "josie-picture-card.webm", 38.0, ("learning", "nurse", "fridge"))
ASK = "What would we have to change so that nobody is the last to know?"


def main() -> int:
    album = Album()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        installation = Installation(Path(folder), PUBLIC_URL=f"https://{HOST}")
        try:
            installation.flask("migrate")
            printed = installation.flask("demo")
            installation.start_web()
            installation.start_worker()
            browser = _browser(playwright, installation, as_microphone(SPEECH, Path(folder) / "speech.wav"))
            _take_all(Windows(browser, printed), album)
            browser.close()
        finally:
            installation.stop_all()
    album.put_side_by_side("front", ("phone-consent", "phone-recorder", "library-presenting"), height=620)
    print(f"{album.count()} pictures, {album.size() // 1024} KiB")
    return 0


def _take_all(windows: Windows, album: Album) -> None:
    administrator = windows.laptop(Role.ADMINISTRATOR)
    library.work_and_people(administrator, album)
    consent.what_is_due(administrator, album)
    consent.record_of_processing(administrator, album)
    researcher = windows.phone(Role.RESEARCHER)
    phone.collect(researcher, album)
    library.wait_for_speech(administrator)
    commissioner = windows.laptop(Role.COMMISSIONER)
    library.stories_and_themes(commissioner, album)
    library.correcting(commissioner, album)
    consent.withholding(commissioner, "Daniel", album)
    consent.holding_back(commissioner, "Frank", album)
    library.stories_on_a_phone(windows.same_person(commissioner, on_phone=True), album)
    library.provocation(commissioner, ASK, album)
    library.presenting(windows.laptop(Role.BOARD_MEMBER), ASK, album)
    library.exports(windows.laptop(Role.ANALYST), album)
    code = phone.send(researcher)
    participant = windows.nobody()
    phone.look_up_receipt(participant, code, album)
    phone.change_an_answer(participant, album)
    register = windows.same_person(researcher, on_phone=False)
    library.withdraw(register, phone.NAME, album)
    consent.checklist(register, album)
    phone.look_again(participant, album)


def _browser(playwright: Playwright, installation: Installation, microphone: Path) -> Browser:
    """Chromium that hears `microphone`, and finds the installation at an address that is good to look at."""
    return playwright.chromium.launch(executable_path=find(), headless=True, args=[
        *ARGUMENTS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={microphone}", "--autoplay-policy=no-user-gesture-required",
        f"--host-resolver-rules=MAP {HOST}:80 127.0.0.1:{installation.port}",
        f"--unsafely-treat-insecure-origin-as-secure=http://{HOST}",
    ])


if __name__ == "__main__":
    sys.exit(main())
