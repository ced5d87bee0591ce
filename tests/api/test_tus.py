"""The protocol itself: tus 1.0.0 with creation, termination, checksum and expiration."""

import base64
import hashlib
from email.utils import parsedate_to_datetime

import pytest
from sqlalchemy.orm import Session

from server.domain.ids import new_id
from server.models.story import Recording
from server.models.upload import Upload
from server.parts import parts
from server.storage.staging import Staging
from tests.api.phone import CHUNK, Phone, sound
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
    url = phone.announce(phone.send_story(), sound()).headers["Location"]
    for answer in (phone.head(url), phone.patch(url, 5, b""), client.head(url, headers=TUS), phone.delete(url)):
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


def test_a_length_that_is_told_later_is_refused(phone: Phone) -> None:
    answer = phone.browser.post("/api/v1/uploads", headers=TUS | {"Upload-Defer-Length": "1"})
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")


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


def test_methods_may_hide_in_a_post(phone: Phone) -> None:
    content = sound()
    url = phone.announce(phone.send_story(), content).headers["Location"]

    def post(method: str, **more: object) -> object:
        headers = TUS | {"X-HTTP-Method-Override": method, "Content-Type": CHUNK, "Upload-Offset": "0"}
        return phone.browser.post(url, headers=headers, **more)

    assert post("patch", data=content).status_code == 204
    assert post("HEAD").headers["Upload-Offset"] == str(len(content))
    assert post("DELETE").status_code == 204
    assert phone.head(url).status_code == 404
    assert post("GET").status_code == 405
