"""Clients that nobody here wrote, and many at once."""

import base64
import hashlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
import requests
from playwright.sync_api import sync_playwright
from sqlalchemy.orm import Session
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError
from tusclient.uploader import Uploader

from server.domain.consent import Use
from server.domain.ids import new_id
from server.models.story import Recording, Story
from server.models.upload import Upload
from server.services import access_keys
from tests.api.conftest import Place, Server
from tests.api.live import LiveServer, headers_of
from tests.api.phone import CHUNK, TOLD_AT, Phone, metadata, sound
from tests.chromium import ARGUMENTS, find
from tests.makers import viewer_of
from tests.tus_clients import IN_A_BROWSER, node, send_with_node

needs_node = pytest.mark.skipif(node() is None or not IN_A_BROWSER.exists(), reason="there is no Node or tus-js-client")


@pytest.fixture
def key(session: Session, place: Place) -> dict[str, str]:
    """All that another program sends to say who it is."""
    _, token = access_keys.make(session, viewer_of(session, place.researcher), "Importer")
    session.commit()
    return {"Authorization": f"Bearer {token}"}


def metadata_of(part_id: str, story_id: str, content: bytes) -> dict[str, str]:
    return {"id": part_id, "kind": "recording", "story_id": story_id, "started_at": TOLD_AT, "position": "0",
            "sha256": hashlib.sha256(content).hexdigest()}


def tuspy(server: Server, key: dict[str, str], story_id: str, part_id: str, content: bytes,
          **more: object) -> Uploader:
    """tuspy's own uploader, a client that nobody here wrote."""
    client = TusClient(f"{server.url}/api/v1/uploads", headers=key)
    return client.uploader(file_stream=BytesIO(content), metadata=metadata_of(part_id, story_id, content), **more)


def test_tuspy_uploads_in_pieces_with_checksums(
    server: Server, phone: Phone, key: dict[str, str], session: Session
) -> None:
    content, part_id, story_id = sound("wav", 3), new_id(), phone.send_story()
    tuspy(server, key, story_id, part_id, content, chunk_size=40_000, upload_checksum=True).upload()
    assert phone.receipt(part_id).json["bytes"] == len(content)
    assert session.get_one(Recording, part_id).size == len(content)


def test_tuspy_goes_on_where_another_run_stopped(server: Server, phone: Phone, key: dict[str, str]) -> None:
    content, part_id, story_id = sound("wav", 3), new_id(), phone.send_story()
    first = tuspy(server, key, story_id, part_id, content, chunk_size=40_000, upload_checksum=True)
    first.upload_chunk()
    second = tuspy(server, key, story_id, part_id, content, chunk_size=90_000, upload_checksum=True, url=first.url)
    assert second.offset == 40_000
    second.upload()
    assert phone.receipt(part_id).json["bytes"] == len(content)


def test_tuspy_is_told_no_in_a_way_it_understands(live: LiveServer, phone: Phone, key: dict[str, str]) -> None:
    with pytest.raises(TusCommunicationError) as refused:
        tuspy(live, key, phone.send_story({Use.BOARD}), new_id(), sound()).upload()
    assert refused.value.status_code == 422
    with pytest.raises(TusCommunicationError) as refused:
        tuspy(live, {"Authorization": "Bearer ear_nobody"}, phone.send_story(), new_id(), sound()).upload()
    assert refused.value.status_code == 401


@needs_node
@pytest.mark.parametrize("bytes_with_the_announcement", [False, True])
def test_tus_js_client_in_node_goes_on_where_a_killed_run_stopped(
    server: Server, phone: Phone, key: dict[str, str], tmp_path: Path, bytes_with_the_announcement: bool
) -> None:
    content, part_id, story_id, file = sound("wav", 3), new_id(), phone.send_story(), tmp_path / "sound.wav"
    file.write_bytes(content)
    options = {"headers": key, "chunkSize": 40_000, "retryDelays": None,
               "endpoint": f"{server.url}/api/v1/uploads", "metadata": metadata_of(part_id, story_id, content),
               "uploadDataDuringCreation": bytes_with_the_announcement}
    killed = send_with_node(file, kill_after=2, **options)
    assert [line["accepted"] for line in killed] == [40_000, 80_000]
    url = killed[-1]["url"]
    rest = send_with_node(file, **options, uploadUrl=url)
    assert (rest[0]["accepted"], rest[-1]) == (120_000, {"done": True, "url": url})
    assert phone.receipt(part_id).json["sha256"] == hashlib.sha256(content).hexdigest()


@needs_node
def test_a_second_upload_that_tus_js_client_begins_after_a_failed_look_is_the_first_one(
    server: Server, phone: Phone, key: dict[str, str], session: Session, tmp_path: Path
) -> None:
    """faults 20, 21"""
    content, part_id, story_id, file = sound("wav", 3), new_id(), phone.send_story(), tmp_path / "sound.wav"
    file.write_bytes(content)
    options = {"headers": key, "chunkSize": 40_000, "retryDelays": [0, 50, 50],
               "endpoint": f"{server.url}/api/v1/uploads", "metadata": metadata_of(part_id, story_id, content)}
    url = send_with_node(file, kill_after=2, **options)[-1]["url"]
    nowhere = f"{server.url}/api/v1/uploads/{new_id()}"
    rest = send_with_node(file, **options, uploadUrl=nowhere)
    assert rest[0]["accepted"] == 120_000  # not a byte of the first two pieces is taken again
    assert rest[-1] == {"done": True, "url": url}
    assert phone.receipt(part_id).json["sha256"] == hashlib.sha256(content).hexdigest()
    assert session.query(Upload).count() == session.query(Recording).count() == 1


@pytest.mark.skipif(find() is None or not IN_A_BROWSER.exists(), reason="there is no browser or no tus-js-client")
def test_tus_js_client_in_a_browser_goes_on_on_a_page_of_ours(
    live: LiveServer, phone: Phone, key: dict[str, str]
) -> None:
    content, part_id, story_id = sound("wav", 2), new_id(), phone.send_story()
    options = {"endpoint": "/api/v1/uploads", "headers": key, "chunkSize": 40_000, "retryDelays": None,
               "metadata": metadata_of(part_id, story_id, content)}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=ARGUMENTS)
        page = browser.new_context(bypass_csp=True).new_page()  # so that the test may bring a script along
        page.goto(f"{live.url}/sign-in")
        page.add_script_tag(path=IN_A_BROWSER)
        send = """([content, options, stopAfter]) => new Promise((resolve) => {
          const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
          const accepted = [];
          const upload = new tus.Upload(new Blob([bytes]), { ...options,
            onChunkComplete: (size, all) => {
              accepted.push(all);
              if (accepted.length === stopAfter) upload.abort().then(() => resolve([accepted, upload.url]));
            },
            onSuccess: () => resolve([accepted, upload.url]), onError: (error) => resolve(String(error)) });
          upload.start();
        })"""
        encoded = base64.b64encode(content).decode()
        accepted, url = page.evaluate(send, [encoded, options, 2])
        assert accepted == [40_000, 80_000]
        accepted, _ = page.evaluate(send, [encoded, options | {"uploadUrl": url}, None])
        browser.close()
    assert (accepted[0], accepted[-1]) == (120_000, len(content))
    assert phone.receipt(part_id).json["sha256"] == hashlib.sha256(content).hexdigest()


def test_a_body_whose_length_only_its_end_tells_is_read(server: Server, phone: Phone) -> None:
    content = sound()
    url = phone.announce(phone.send_story(), content).headers["Location"]
    blocks = (content[at:at + 999] for at in range(0, len(content), 999))
    headers = headers_of(phone) | {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": CHUNK}
    answer = requests.patch(server.url + url, data=blocks, headers=headers, timeout=20)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(len(content)))


def test_twenty_stories_at_once_are_one_row_and_twenty_same_answers(
    server: Server, phone: Phone, session: Session
) -> None:
    """fault 22"""
    story_id = new_id()
    phone.put("consents", phone.consent_body(story_id))
    content = json.dumps(phone.story_body(story_id)).encode()
    headers = headers_of(phone) | {"Content-Type": "application/json"}
    answers: list[requests.Response] = []

    def send() -> None:
        answers.append(requests.put(f"{server.url}/api/v1/stories/{story_id}", content, headers=headers, timeout=60))

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.text for answer in answers}) == 1
    assert session.query(Story).count() == 1


def test_twenty_announcements_at_once_are_one_upload_and_twenty_same_places(
    server: Server, phone: Phone, session: Session
) -> None:
    """fault 22"""
    content, part_id, story_id = sound(), new_id(), phone.send_story()
    headers = headers_of(phone) | {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(content)),
                                   "Upload-Metadata": metadata(metadata_of(part_id, story_id, content))}
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: requests.post(f"{server.url}/api/v1/uploads", headers=headers, timeout=60),
                                range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert {answer.headers["Location"] for answer in answers} == {f"/api/v1/uploads/{part_id}"}
    assert session.query(Upload).count() == 1


def test_twenty_times_the_same_whole_file_at_once_is_one_recording(
    server: Server, phone: Phone, session: Session
) -> None:
    """faults 18, 22"""
    content, part_id, story_id = sound(), new_id(), phone.send_story()
    headers = headers_of(phone) | {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(content)), "Content-Type": CHUNK,
                                   "Upload-Metadata": metadata(metadata_of(part_id, story_id, content))}
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(
            lambda _: requests.post(f"{server.url}/api/v1/uploads", data=content, headers=headers, timeout=60),
            range(20)))
    assert {answer.status_code for answer in answers} <= {200, 201, 423}
    assert phone.receipt(part_id).json["sha256"] == hashlib.sha256(content).hexdigest()
    assert session.query(Upload).count() == session.query(Recording).count() == 1
