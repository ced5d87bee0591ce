"""Clients that nobody here wrote, and many at once."""

import hashlib
import json
import threading
from io import BytesIO

import pytest
import requests
from sqlalchemy.orm import Session
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError
from tusclient.uploader import Uploader

from server.domain.ids import new_id
from server.models.story import Recording, Story
from tests.api.conftest import Server
from tests.api.live import LiveServer, headers_of
from tests.api.phone import CHUNK, TOLD_AT, Phone, sound


def tuspy(server: Server, phone: Phone, story_id: str, part_id: str, content: bytes, **more: object) -> Uploader:
    """tuspy's own uploader, a client that nobody here wrote."""
    metadata = {"id": part_id, "kind": "recording", "story_id": story_id, "started_at": TOLD_AT,
                "sha256": hashlib.sha256(content).hexdigest()}
    client = TusClient(f"{server.url}/api/v1/uploads", headers=headers_of(phone))
    return client.uploader(file_stream=BytesIO(content), metadata=metadata, **more)


def test_tuspy_uploads_in_pieces_with_checksums(server: Server, phone: Phone, session: Session) -> None:
    content, part_id, story_id = sound("wav", 3), new_id(), phone.send_story()
    tuspy(server, phone, story_id, part_id, content, chunk_size=40_000, upload_checksum=True).upload()
    assert phone.receipt(part_id).json["bytes"] == len(content)
    assert session.get_one(Recording, part_id).size == len(content)


def test_tuspy_goes_on_where_another_run_stopped(server: Server, phone: Phone) -> None:
    content, part_id, story_id = sound("wav", 3), new_id(), phone.send_story()
    first = tuspy(server, phone, story_id, part_id, content, chunk_size=40_000)
    first.upload_chunk()
    second = tuspy(server, phone, story_id, part_id, content, chunk_size=90_000, url=first.url)
    assert second.offset == 40_000
    second.upload()
    assert phone.receipt(part_id).json["bytes"] == len(content)


def test_tuspy_is_told_no_in_a_way_it_understands(live: LiveServer, phone: Phone) -> None:
    with pytest.raises(TusCommunicationError) as refused:
        tuspy(live, phone, new_id(), new_id(), sound()).upload()
    assert refused.value.status_code == 409


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
