"""Whatever is sent, the answer is a refusal with a code: never a surprise, never a trace of the code."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.ids import new_id
from server.models.people import Person
from tests.api.conftest import Place
from tests.api.phone import Phone, metadata
from tests.conftest import Browser
from tests.makers import make_person

BODIES = {
    "nothing": b"",
    "not JSON": b"{",
    "a list": b"[]",
    "a string": b'"x"',
    "null": b"null",
    "a number": b"1",
    "deep lists": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 40_000 + b"1" + b"}" * 40_000,
    "NaN": b'{"id": NaN}',
    "Infinity": b'{"id": -Infinity}',
    "a huge number": b'{"id": ' + b"9" * 200_000 + b"}",
    "a huge exponent": b'{"id": 1e999999999}',
    "a repeated key": b'{"id": "a", "id": "b"}',
    "not UTF-8": b'{"id": "\xff\xfe"}',
    "UTF-16": '{"id": "a"}'.encode("utf-16"),
    "half a character": b'{"id": "\\ud800"}',
    "NUL": b'{"id": "\\u0000"}',
    "many keys": json.dumps({str(number): 1 for number in range(20_000)}).encode(),
}


@pytest.mark.parametrize("folder", ["consents", "stories", "quotes"])
@pytest.mark.parametrize("content", BODIES.values(), ids=BODIES)
def test_a_hostile_body_is_refused(phone: Phone, folder: str, content: bytes) -> None:
    answer = phone.put_bytes(folder, new_id(), content)
    assert (answer.status_code, answer.json["code"]) == (422, "invalid")
    assert "Traceback" not in answer.text
    assert "server/" not in answer.text


@pytest.mark.parametrize("folder", ["consents", "stories", "quotes"])
def test_every_field_of_every_wrong_type_is_refused(phone: Phone, folder: str) -> None:
    story_id = phone.send_story()
    whole = {"consents": phone.consent_body(story_id), "stories": phone.story_body(story_id),
             "quotes": phone.quote_body(story_id)}[folder]
    for field in whole:
        for value in (None, True, 1, -1.5, "", "\0", [], [[]], {}, {"id": {}}, "\ud800", 10**400):
            if (field, value) == ("place", ""):
                continue
            answer = phone.put_bytes(folder, whole["id"], json.dumps(whole | {field: value}).encode())
            assert (answer.status_code, answer.json["code"]) == (422, "invalid"), (field, value)


def test_a_body_over_256_kib_is_refused(phone: Phone) -> None:
    for content in (b" " * (256 * 1024 + 1), json.dumps({str(n): 1 for n in range(100_000)}).encode()):
        answer = phone.put_bytes("quotes", new_id(), content)
        assert (answer.status_code, answer.json["code"]) == (413, "too_large")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "", "multipart/form-data"])
def test_only_json_is_read(phone: Phone, content_type: str) -> None:
    body = phone.consent_body(new_id())
    answer = phone.put("consents", body, Content_Type=content_type)
    assert (answer.status_code, answer.json["code"]) == (415, "wrong_content_type")


@pytest.mark.parametrize("address", [
    "consents/1", "stories/..", "quotes/%00", "receipts/'; drop table story; --", "uploads/0190b3a2",
    "receipts/" + "9" * 36, "nothing", "",
])
def test_an_address_that_cannot_be_is_not_found(phone: Phone, address: str) -> None:
    for method in ("GET", "PUT", "POST", "PATCH"):
        answer = phone.browser.open(f"/api/v1/{address}", method=method)
        assert answer.status_code in (404, 405)
        assert answer.json["code"] in ("not_found", "method_not_allowed")


def requests_that_change_something(phone: Phone) -> dict[str, tuple[str, str]]:
    return {"PUT": ("PUT", f"/api/v1/consents/{new_id()}"), "story": ("PUT", f"/api/v1/stories/{new_id()}"),
            "quote": ("PUT", f"/api/v1/quotes/{new_id()}"), "POST": ("POST", "/api/v1/uploads"),
            "PATCH": ("PATCH", f"/api/v1/uploads/{new_id()}"), "DELETE": ("DELETE", f"/api/v1/uploads/{new_id()}")}


@pytest.mark.parametrize("headers", [
    {"X-CSRF-Token": ""}, {"X-CSRF-Token": "guess"}, {"X-CSRF-Token": "é"}, {"Origin": "https://evil.example"},
    {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
])
def test_a_request_another_site_could_have_made_is_refused(phone: Phone, headers: dict[str, str]) -> None:
    """fault 43"""
    for method, address in requests_that_change_something(phone).values():
        answer = phone.browser.open(address, method=method, headers={"Tus-Resumable": "1.0.0"} | headers)
        assert (answer.status_code, answer.json["code"]) == (403, "csrf_failed")


def test_without_a_session_everything_asks_to_sign_in(phone: Phone, client: Browser) -> None:
    """fault 19"""
    asked = [*requests_that_change_something(phone).values(), ("GET", "/api/v1/session"), ("GET", "/api/v1/changes"),
             ("GET", f"/api/v1/receipts/{new_id()}")]
    for method, address in asked:
        answer = client.open(address, method=method)
        assert (answer.status_code, answer.json["code"]) == (401, "signed_out")
    assert client.head(f"/api/v1/uploads/{new_id()}").status_code == 401


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.RESEARCHER])
def test_only_researchers_collect(session: Session, place: Place, phone: Phone, role: Role,
                                  sign_in_as: Callable[[Person], Browser]) -> None:
    story_id = phone.send_story()
    other = Phone(sign_in_as(make_person(session, place.project, role)), place.project_id, place.wording_id)
    assert other.browser.get("/api/v1/changes").json["changes"] == []
    assert other.put("consents", other.consent_body(new_id())).status_code == 404
    assert other.put("stories", other.story_body(story_id)).status_code == 404
    assert other.put("quotes", other.quote_body(story_id)).status_code == 404
    assert other.announce(story_id, b"sound").status_code == 404
    assert other.receipt(story_id).status_code == 404


@pytest.mark.parametrize(("header", "status"), [
    ("id", 422), ("id !!!", 400), ("id " + "A" * 20_000, 400), ("i\x01d QQ==", 400), ("id QQ==,id QQ==", 400),
    ("id /w==", 400), ("", 422), (metadata({"id": "x", "kind": "film"}), 422),
    (metadata({"id": "../../etc/passwd", "kind": "photo", "sha256": "../x"}), 422),
    (metadata({"position": "-1", "description": "\0"}), 422), (metadata({"position": "9" * 19}), 422),
    (metadata({"position": "٣"}), 422),
])
def test_hostile_upload_metadata_is_refused(phone: Phone, header: str, status: int) -> None:
    answer = phone.announce(new_id(), b"x", headers={"Upload-Metadata": header})
    assert (answer.status_code, answer.json["code"]) == (status, "bad_request" if status == 400 else "invalid")
