"""What a phone does to a recording, done to it for real: Chromium, its MediaRecorder and its disk, and real speech.

What only a real call or a real pocket can show is a script for hands in docs/; here the microphone is taken away,
silenced, refused and frozen, the disk is filled, and the browser is killed.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, expect

from server.domain.access import Role
from tests.e2e.installation import Installation
from tests.e2e.people import People
from tests.e2e.phone import Phone
from tests.e2e.recorder import BETWEEN, Recorder
from tests.e2e.speech import as_microphone, real_speech

pytestmark = pytest.mark.xdist_group("browser")
YEARS = 5 * 365 * 86_400_000


@pytest.fixture(scope="module")
def phone(playwright_driver: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    """Signed in, with a story that says yes to everything, and no network after that."""
    folder = tmp_path_factory.mktemp("faults")
    installation = Installation(folder / "data")
    installation.folder.mkdir()
    installation.flask("migrate")
    installation.start_web()
    phone = Phone(playwright_driver, folder / "phone", as_microphone(real_speech(), folder / "speech.wav"),
                  installation.address)
    try:
        phone.open(network=True, between=BETWEEN)
        People(installation).sign_in(phone.page, Role.RESEARCHER)
        phone.page.goto(f"{installation.address}/collect/")
        phone.choose_pin()
        phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        phone.context.set_offline(True)
        phone.button("Start a conversation")
        phone.check()
        phone.start_story("Rosa")
        yield phone
    finally:
        phone.close()
        installation.stop_all()


@pytest.fixture
def recorder(phone: Phone) -> Iterator[Recorder]:
    """On the story's page, with nothing being recorded before or after."""
    recorder = Recorder(phone)
    yield recorder
    stop = recorder.page.get_by_role("button", name="Stop", exact=True)
    if stop.count():
        stop.click()


def test_a_killed_browser_loses_less_than_a_second_and_one_tap_goes_on(recorder: Recorder) -> None:
    """fault 1, fault 2: the notice is there while the phone is locked; every chunk that was saved is in a manifest."""
    phone = recorder.phone
    recorder.record(7)
    phone.button("Mark")
    phone.says("Marked at ")
    before = recorder.last()
    phone.kill()
    phone.open(network=False, between=BETWEEN)
    expect(phone.page.get_by_text("Recovered recording, ")).to_be_visible()
    (sealed,) = recorder.last()
    assert sealed["state"] == "sealed"
    assert sealed["durationMs"] >= max(7_000, before[0]["durationMs"])
    whole = sealed["durationMs"] // 1_000
    expect(phone.page.get_by_text("Recovered recording, ")).to_contain_text(f"{whole}–{whole + 1} seconds")
    phone.unlock()
    phone.button("Go on recording")
    phone.says("1 moment marked")
    recorder.wait_until_saved(whole + 2)
    recorder.stop()
    first, second = recorder.last()
    assert (first["ended"], second["ended"]) == ("recovered", "stopped")
    assert second["offsetMs"] > first["offsetMs"] + first["durationMs"]
    assert {row["state"] for row in (first, second)} == {"queued"}
    assert first["chunks"] == sum(row["partId"] == first["id"] for row in recorder.rows("chunks"))
    assert [row["kind"] for row in recorder.rows("outbox") if row["id"] == first["recordingId"]] == ["manifest"]


def test_a_reloaded_page_offers_what_it_cut_off(recorder: Recorder) -> None:
    """fault 3: keep, go on or delete; deleting leaves no byte of it."""
    phone = recorder.phone
    recorder.record(2)
    address = phone.page.url
    phone.page.once("dialog", lambda dialog: dialog.accept())
    phone.page.reload()
    phone.page.goto(address.split("#")[0] + "#/")
    phone.unlock()
    phone.says("Recovered recording, ")
    cut_off = recorder.last()
    phone.link("Delete it")
    phone.button("Yes, delete it")
    phone.heading("Waiting for a bed")
    expect(phone.page.get_by_text("Recovered recording, ")).to_have_count(0)
    assert not [row for row in recorder.rows("chunks") if row["partId"] == cut_off[0]["id"]]
    phone.page.goto(address)


@pytest.mark.slow
def test_a_microphone_that_is_taken_away_is_told_and_goes_on_with_one_tap(recorder: Recorder) -> None:
    """fault 4, fault 7: as a call does it, and as somebody does it in the settings."""
    phone = recorder.phone
    recorder.record(2)
    phone.page.evaluate("mic.end()")
    recorder.stopped_by_itself()
    at = recorder.saved
    phone.page.wait_for_timeout(1_500)
    assert recorder.saved == at
    recorder.record(2, "Carry on recording")
    tools = phone.context.new_cdp_session(phone.page)
    origin = phone.page.evaluate("location.origin")
    allow = {"origin": origin, "permission": {"name": "microphone"}}
    tools.send("Browser.setPermission", allow | {"setting": "denied"})
    phone.heading("Earshot cannot use the microphone")
    tools.send("Browser.setPermission", allow | {"setting": "granted"})
    phone.button("Try the microphone again")
    recorder.wait_until_saved(recorder.saved + 1)
    recorder.stop()
    first, second, third = recorder.last()
    assert recorder.ends() == ["microphone_lost", "microphone_lost", "stopped"]
    assert second["offsetMs"] - first["durationMs"] >= 1_500
    assert third["offsetMs"] > second["offsetMs"] + second["durationMs"]


def test_digital_silence_is_noticed_within_three_seconds(recorder: Recorder) -> None:
    """fault 5"""
    recorder.record(2)
    recorder.page.evaluate("mic.silence()")
    recorder.stopped_by_itself("No sound is coming in")
    recorder.phone.button("Stop")
    recorder.phone.says("The recording is saved on this phone.")
    assert recorder.ends() == ["silence"]


@pytest.mark.slow
def test_a_page_that_was_frozen_counts_no_second_that_is_not_on_disk(recorder: Recorder) -> None:
    """fault 6, fault 9: the phone sleeps; nobody holds it awake; what it hands over after is kept, in small rows."""
    page = recorder.page
    page.evaluate("() => { navigator.wakeLock.request = () => Promise.reject(new Error('no')); }")
    recorder.record(2)
    recorder.phone.says("This phone may go dark by itself.")
    page.evaluate("mic.hand(0)")
    before = recorder.saved
    page.evaluate("mic.sleep(6_000, false)")
    recorder.wait_until_saved(before + 6)
    before = recorder.saved
    page.evaluate("mic.sleep(9_000, true)")
    recorder.stopped_by_itself()
    (asleep,) = recorder.last()
    assert asleep["ended"] == "interrupted"
    assert before * 1_000 <= asleep["durationMs"] < (before + 7) * 1_000
    recorder.record(1, "Carry on recording")
    page.evaluate("mic.hand(9 * 1024 * 1024)")
    recorder.stop()
    _, awake = recorder.last()
    sizes = [row["size"] for row in recorder.rows("chunks") if row["partId"] == awake["id"]]
    assert max(sizes) == 4 * 1024 * 1024
    assert sum(sizes) == awake["size"] > 9 * 1024 * 1024


def test_two_taps_and_a_stop_during_the_start_make_one_segment_or_none(recorder: Recorder) -> None:
    """fault 8"""
    page = recorder.page
    count = len(recorder.rows("recordings"))
    page.evaluate("mic.waitMs = 600")
    start = page.get_by_role("button", name="Record").first
    start.evaluate("button => { button.click(); button.click(); button.click(); }")
    recorder.wait_until_saved(1)
    page.get_by_role("button", name="Stop", exact=True).evaluate("button => { button.click(); button.click(); }")
    recorder.phone.says("The recording is saved on this phone.")
    page.evaluate("mic.waitMs = 0")
    assert len(recorder.rows("recordings")) == count + 1
    assert recorder.ends() == ["stopped"]


def test_a_full_phone_seals_what_it_has_and_what_waits_is_still_sent(recorder: Recorder) -> None:
    """fault 10"""
    phone, story = recorder.phone, recorder.page.url
    phone.close()
    phone.open(network=False, between=BETWEEN)
    page = phone.page
    # Before anything is written: the browser counts along, and asks for the room that is left only now and then.
    tools = phone.context.new_cdp_session(page)
    origin = page.evaluate("location.origin")
    used = page.evaluate("navigator.storage.estimate().then(({usage}) => usage)")
    tools.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": used + 12 * 1024 * 1024})
    phone.unlock()
    phone.heading("Waiting for a bed")
    page.goto(story)
    recorder.record(2)
    page.evaluate("mic.hand(9 * 1024 * 1024); mic.hand(9 * 1024 * 1024)")
    phone.heading("NOT SAVED")
    phone.says("The phone has no room left.")
    phone.find_network()
    page.wait_for_function(
        "() => mic.rows('outbox').then(rows => rows.some(({kind, state}) => kind === 'story' && state === 'stored'))")
    phone.context.set_offline(True)
    with page.expect_download() as waiting:
        phone.button("Save a copy outside Earshot")
    assert waiting.value.path().stat().st_size > 0
    tools.send("Storage.overrideQuotaForOrigin", {"origin": origin})
    phone.button("Go back to the story")
    recorder.stopped_by_itself()
    before = recorder.saved
    assert before >= 2
    recorder.record(1, "Carry on recording")
    recorder.stop()
    assert recorder.ends() == ["full", "stopped"]
    assert recorder.last()[0]["durationMs"] >= 2_000


def test_a_write_that_fails_is_tried_again_and_one_that_fails_twice_is_told(recorder: Recorder) -> None:
    """fault 11"""
    phone, page = recorder.phone, recorder.page
    recorder.record(1)
    page.evaluate("mic.failures = 1")
    recorder.wait_until_saved(recorder.saved + 2)
    expect(page.get_by_text("NOT SAVED")).to_have_count(0)
    page.evaluate("mic.failures = 2")
    phone.heading("NOT SAVED")
    with page.expect_download() as waiting:
        phone.button("Save a copy outside Earshot")
    (failed,) = recorder.last()
    assert waiting.value.path().stat().st_size > failed["size"]
    phone.button("Go back to the story")
    recorder.stop()
    assert recorder.ends() == ["failed"]


def test_an_iphone_outside_the_installed_app_says_why_to_install_it_first(recorder: Recorder) -> None:
    """fault 12: and starts only when somebody says so."""
    phone = recorder.phone
    story = phone.page.url
    page = phone.context.new_page()
    page.add_init_script("Object.defineProperty(navigator, 'standalone', {value: false})")
    try:
        page.goto(story.split("#")[0] + "#/")
        page.get_by_role("button", name="Start a conversation").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Put Earshot on your home screen first")
        page.get_by_role("button", name="Try it anyway").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Before you start")
    finally:
        page.close()


def test_two_tabs_make_one_recording_between_them_and_nobody_signs_out_or_deletes_under_it(recorder: Recorder) -> None:
    """fault 13: and if an older app in the other tab signed out, the recorder would stay in front until Stop"""
    phone = recorder.phone
    recorder.record(1)
    people = recorder.rows("people")
    other = phone.context.new_page()
    try:
        other.goto(phone.page.url.split("#")[0] + "#/")
        tab = Phone.beside(phone, other)
        tab.unlock()
        tab.heading("Waiting for a bed")
        other.goto(phone.page.url)
        other.get_by_role("button", name="Record").first.click()
        expect(other.get_by_text("A recording is going on")).to_be_visible()
        other.goto(phone.page.url.split("#")[0] + "#/sign-out")
        tab.button("Sign out")
        expect(other.get_by_role("alert")).to_contain_text("A recording is going on")
        tab.link("Delete everything on this phone")
        other.get_by_role("textbox").fill("DELETE")
        tab.button("Delete everything")
        expect(other.get_by_role("alert")).to_contain_text("A recording is going on")
        other.evaluate("mic.replace('people', [])")
        tab.heading("Sign in to start")
        recorder.wait_until_saved(recorder.saved + 1)
        phone.button("Stop")
        phone.heading("Sign in to start")
    finally:
        other.evaluate("rows => mic.replace('people', rows)", people)
        other.close()
    phone.heading("Rosa")


def test_a_clock_that_jumps_changes_no_length(recorder: Recorder) -> None:
    """fault 31"""
    page = recorder.page
    recorder.record(1)
    page.evaluate(f"(() => {{ const real = Date.now; Date.now = () => real() - {YEARS}; }})()")
    recorder.wait_until_saved(recorder.saved + 2)
    page.evaluate("mic.end()")
    recorder.stopped_by_itself()
    recorder.record(1, "Carry on recording")
    recorder.stop()
    first, second = recorder.last()
    assert 3_000 <= first["durationMs"] < 30_000
    assert first["durationMs"] <= second["offsetMs"] < 60_000
