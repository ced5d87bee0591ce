"""The protocol itself: tus 1.0.0 with creation, termination, checksum and expiration."""

import base64
import hashlib
from email.utils import parsedate_to_datetime

import pytest
import requests
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server.domain.ids import new_id
from server.models.story import Recording
from server.models.upload import Upload
from server.parts import parts
from server.storage.staging import Staging
from tests.api.conftest import Server
from tests.api.live import headers_of
from tests.api.phone import CHUNK, TOLD_AT, Phone, metadata, sound
from tests.conftest import Browser

TUS = {"Tus-Resumable": "1.0.0"}


def checksum(content: bytes, algorithm: str = "sha256") -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, content).digest()).decode()}"


@pytest.mark.parametrize("address", ["/api/v1/uploads", "/api/v1/uploads/0190b3a2-7c5d-7e1f-8a2b-3c4d5e6f7a8b"])
def test_anybody_may_ask_what_the_server_offers(client: Browser, address: str) -> None:
    answer = client.options(address)
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert set(answer.headers["Tus-Extension"].split(",")) == {
        "creation", "creation-with-upload", "termination", "checksum", "expiration"}
    assert set(answer.headers["Tus-Checksum-Algorithm"].split(",")) == {"sha1", "sha256"}
    assert answer.headers["Tus-Max-Size"] == str(512 * 1024**2)


@pytest.mark.parametrize("version", [None, "0.2.2", "1.0", "2.0.0"])
def test_another_version_of_tus_is_refused_and_ours_is_told(phone: Phone, version: str | None) -> None:
    headers = {"Tus-Resumable": version} if version else {}
    url = phone.announce(phone.send_story(), sound()).headers["Location"]
    for method, address in (("POST", "/api/v1/uploads"), ("HEAD", url), ("PATCH", url), ("DELETE", url)):
        answer = phone.browser.open(address, method=method, headers=headers)
        assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")


def test_every_answer_names_the_version_and_is_kept_in_no_cache(phone: Phone, client: Browser) -> None:
    announced = phone.announce(phone.send_story(), sound())
    url = announced.headers["Location"]
    refused = [phone.patch(url, 5, b""), client.head(url, headers=TUS), phone.head(f"/api/v1/uploads/{new_id()}"),
               phone.head("/api/v1/uploads/garbage"), phone.browser.put("/api/v1/uploads"), phone.browser.get(url),
               phone.announce(new_id(), b""), phone.browser.patch(url)]
    assert {answer.status_code for answer in refused} == {401, 404, 405, 409, 412, 422}
    for answer in (announced, phone.head(url), client.options(url), *refused, phone.delete(url)):
        assert answer.headers["Tus-Resumable"] == "1.0.0"
        assert answer.headers["Cache-Control"] == "no-store"


def test_head_tells_length_offset_metadata_and_when_it_is_given_up(phone: Phone, session: Session) -> None:
    content = sound()
    announced = phone.announce(phone.send_story(), content, note="", extra="ø")
    answer = phone.head(announced.headers["Location"])
    assert (answer.headers["Upload-Offset"], answer.headers["Upload-Length"]) == ("0", str(len(content)))
    sent = announced.request.headers["Upload-Metadata"]
    assert answer.headers["Upload-Metadata"] == sent
    expires = parsedate_to_datetime(answer.headers["Upload-Expires"])
    assert expires == session.query(Upload).one().expires_at.replace(microsecond=0)


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_piece_that_was_changed_on_its_way_is_not_kept(phone: Phone, algorithm: str) -> None:
    """fault 30"""
    content = sound()
    url = phone.announce(phone.send_story(), content).headers["Location"]
    assert phone.patch(url, 0, content[:100], Upload_Checksum=checksum(content[:100], algorithm)).status_code == 204
    flipped = bytes([content[100] ^ 1]) + content[101:]
    answer = phone.patch(url, 100, flipped, Upload_Checksum=checksum(content[100:], algorithm))
    assert (answer.status_code, answer.json["code"]) == (460, "checksum_mismatch")
    assert phone.head(url).headers["Upload-Offset"] == "100"
    assert phone.patch(url, 100, content[100:], Upload_Checksum=checksum(content[100:])).status_code == 204


@pytest.mark.parametrize("header", ["md5 1B2M2Y8AsgTpgAmY7PhCfg==", "sha256", "sha256 !!!", "", "crc32 AAAA"])
def test_a_checksum_we_cannot_check_is_refused(phone: Phone, header: str) -> None:
    content = sound()
    url = phone.announce(phone.send_story(), content).headers["Location"]
    answer = phone.patch(url, 0, content, Upload_Checksum=header)
    assert answer.status_code == (460 if header == "sha256" else 400)
    assert phone.head(url).headers["Upload-Offset"] == "0"


@pytest.mark.parametrize("content_type", ["application/octet-stream", "", "application/json", "text/html"])
def test_a_piece_of_another_content_type_is_refused(phone: Phone, content_type: str) -> None:
    url = phone.announce(phone.send_story(), sound()).headers["Location"]
    answer = phone.patch(url, 0, b"x", Content_Type=content_type)
    assert (answer.status_code, answer.json["code"]) == (415, "wrong_content_type")


@pytest.mark.parametrize("offset", ["", "-1", "1.5", "0x0", "٣", "9" * 30, "0, 0"])
def test_an_offset_that_is_not_a_number_is_refused(phone: Phone, offset: str) -> None:
    url = phone.announce(phone.send_story(), sound()).headers["Location"]
    answer = phone.browser.patch(url, data=b"x", headers=TUS | {
        "Upload-Offset": offset.encode().decode("latin-1"), "Content-Type": CHUNK})
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")


@pytest.mark.parametrize("headers", [{"Upload-Length": ""}, {"Upload-Length": "-5"}, {"Upload-Length": "ten"}])
def test_a_file_of_no_known_length_is_refused(phone: Phone, headers: dict[str, str]) -> None:
    answer = phone.announce(phone.send_story(), sound(), headers=headers)
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")


@pytest.mark.parametrize("headers", [{"Upload-Defer-Length": "1"}, {"Upload-Concat": "partial"}])
def test_what_is_not_offered_is_refused_and_not_half_done(phone: Phone, session: Session,
                                                          headers: dict[str, str]) -> None:
    answer = phone.announce(phone.send_story(), sound(), headers=headers)
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")
    assert session.query(Upload).count() == 0


def test_an_upload_that_is_given_up_leaves_nothing(phone: Phone, session: Session) -> None:
    content = sound()
    url = phone.announce(phone.send_story(), content).headers["Location"]
    phone.patch(url, 0, content[:50])
    assert phone.delete(url).status_code == 204
    assert (phone.head(url).status_code, phone.delete(url).status_code) == (404, 404)
    assert Staging(parts().settings.uploads_dir).names() == set()
    assert session.query(Upload).count() == 0


def test_giving_up_an_upload_does_not_delete_what_it_brought(phone: Phone, session: Session) -> None:
    part_id, story_id = new_id(), phone.send_story()
    phone.upload(story_id, sound(), part_id=part_id)
    assert phone.delete(f"/api/v1/uploads/{part_id}").status_code == 204
    assert phone.receipt(part_id).status_code == 200
    again = phone.announce(story_id, sound(), part_id=part_id)
    assert (again.status_code, again.headers["Upload-Offset"]) == (200, str(len(sound())))
    assert session.query(Recording).count() == 1


def test_the_first_bytes_may_come_with_the_announcement(phone: Phone) -> None:
    content, part_id, story_id = sound(), new_id(), phone.send_story()
    begun = announced_with(phone, story_id, part_id, content, content[:100])
    assert (begun.status_code, begun.headers["Upload-Offset"]) == (201, "100")
    assert "Upload-Expires" in begun.headers
    url = begun.headers["Location"]
    again = announced_with(phone, story_id, part_id, content, content)  # what is here already is not read again
    assert (again.status_code, again.headers["Upload-Offset"], again.headers["Location"]) == (200, "100", url)
    assert phone.patch(url, 100, content[100:]).status_code == 204
    assert phone.receipt(part_id).json["bytes"] == len(content)


def test_a_whole_file_may_come_with_its_announcement(phone: Phone) -> None:
    content, part_id = sound(), new_id()
    whole = announced_with(phone, phone.send_story(), part_id, content, content,
                           **{"Upload-Checksum": checksum(content, "sha1")})
    assert (whole.status_code, whole.headers["Upload-Offset"]) == (201, str(len(content)))
    assert phone.receipt(part_id).json["sha256"] == hashlib.sha256(content).hexdigest()


def test_bytes_that_were_changed_beside_an_announcement_are_not_kept_but_the_announcement_is(phone: Phone) -> None:
    """fault 30"""
    content, part_id, story_id = sound(), new_id(), phone.send_story()
    wrong = announced_with(phone, story_id, part_id, content, content[:-1] + b"!",
                           **{"Upload-Checksum": checksum(content)})
    assert (wrong.status_code, wrong.json["code"]) == (460, "checksum_mismatch")
    url = f"/api/v1/uploads/{part_id}"
    assert phone.head(url).headers["Upload-Offset"] == "0"
    again = announced_with(phone, story_id, part_id, content, content, **{"Upload-Checksum": checksum(content)})
    assert (again.status_code, again.headers["Upload-Offset"]) == (200, str(len(content)))


@pytest.mark.parametrize(("headers", "status"), [
    ({"Content-Type": "application/octet-stream"}, 415), ({"Upload-Checksum": "md5 1B2M2Y8AsgTpgAmY7PhCfg=="}, 400),
])
def test_bytes_beside_an_announcement_follow_the_same_rules_as_others(phone: Phone, session: Session,
                                                                      headers: dict[str, str], status: int) -> None:
    content = sound()
    answer = announced_with(phone, phone.send_story(), new_id(), content, content, **headers)
    assert answer.status_code == status
    assert session.query(Upload).count() == 0


def test_more_bytes_than_announced_are_refused_beside_the_announcement_too(phone: Phone) -> None:
    content, part_id = sound(), new_id()
    answer = announced_with(phone, phone.send_story(), part_id, content, content + b"more")
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")
    assert answer.headers["Tus-Max-Size"] == str(512 * 1024**2)
    assert phone.head(f"/api/v1/uploads/{part_id}").headers["Upload-Offset"] == "0"


@pytest.mark.parametrize("actual", ["POST", "GET", "PUT", "PATCH"])
def test_what_is_meant_may_be_said_in_a_header(phone: Phone, actual: str) -> None:
    content = sound()
    url = phone.announce(phone.send_story(), content).headers["Location"]

    def send(method: str, address: str = url, **more: object) -> TestResponse:
        headers = TUS | {"X-HTTP-Method-Override": method, "Content-Type": CHUNK, "Upload-Offset": "0"}
        return phone.browser.open(address, method=actual, headers=headers, **more)

    assert send("patch", data=content).status_code == 204
    assert send("HEAD").headers["Upload-Offset"] == str(len(content))
    assert send("DELETE").status_code == 204
    assert phone.head(url).status_code == 404
    for address in (url, "/api/v1/uploads"):
        assert send("OPTIONS", address).headers["Tus-Version"] == "1.0.0"


def test_a_meant_method_is_held_to_the_same_rules(phone: Phone) -> None:
    """fault 43"""
    url = phone.announce(phone.send_story(), sound()).headers["Location"]
    headers = TUS | {"X-HTTP-Method-Override": "DELETE"}
    assert phone.browser.get(url, headers=headers | {"Origin": "https://elsewhere.example"}).status_code == 403
    assert phone.browser.get(url, headers=headers | {"X-CSRF-Token": "wrong"}).status_code == 403
    assert phone.head(url).status_code == 200


def test_a_meant_method_changes_nothing_elsewhere(phone: Phone) -> None:
    answer = phone.browser.get("/api/v1/session", headers={"X-HTTP-Method-Override": "DELETE"})
    assert answer.status_code == 200


@pytest.mark.parametrize("address", ["", "/0190b3a2-0000-7000-8000-000000000001"])
def test_a_meant_look_ends_even_if_it_was_sent_as_something_with_a_body(server: Server, phone: Phone,
                                                                        address: str) -> None:
    headers = headers_of(phone) | TUS | {"X-HTTP-Method-Override": "HEAD"}
    answer = requests.post(f"{server.url}/api/v1/uploads{address}", headers=headers, timeout=20)
    assert answer.status_code == (404 if address else 405)


def announced_with(phone: Phone, story_id: str, part_id: str, content: bytes, body: bytes,
                   **headers: str) -> TestResponse:
    """POST with the first bytes of the file in its body."""
    values = {"id": part_id, "kind": "recording", "story_id": story_id, "started_at": TOLD_AT, "position": "0",
              "sha256": hashlib.sha256(content).hexdigest()}
    sent = TUS | {"Upload-Length": str(len(content)), "Upload-Metadata": metadata(values), "Content-Type": CHUNK}
    return phone.browser.post("/api/v1/uploads", data=body, headers=sent | headers)
