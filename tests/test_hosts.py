"""The host that is asked for ends up in links for people, so it has to be a plain name."""

import pytest
from flask import Flask

from tests.conftest import Browser
from tests.pages.page_checks import assert_sound


@pytest.mark.parametrize("host", ["stories.example.org", "Stories.example.org:8000", "127.0.0.1:8000", "[::1]:8000",
                                  "localhost"])
def test_a_plain_name_is_answered(client: Browser, host: str) -> None:
    assert client.get("/sign-in", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["a b", "elsewhere.example/path", "user@elsewhere.example", "a\"onmouseover=1", "<x>",
                                  "elsewhere.example?", "elsewhere.example#", "a:b", "a:999999", "", "-", "[", "é.org",
                                  "a,b", "a;b", "a%2f"])
def test_anything_else_is_refused_with_a_page(client: Browser, host: str) -> None:
    """fault 43"""
    answer = client.get("/sign-in", headers={"Host": host})
    assert answer.status_code == 400
    assert_sound(answer)
    assert "Check it and open the page again" in answer.text
    assert host.strip("-") == "" or host not in answer.text


def test_a_program_is_told_so_too(client: Browser) -> None:
    answer = client.get("/api/v1/healthz", headers={"Host": "a b"})
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")


def test_a_proxy_may_not_hand_on_another_host_unless_it_is_trusted(app: Flask, client: Browser) -> None:
    """fault 43"""
    answer = client.post("/sign-in", data={}, headers={"X-Forwarded-Host": "elsewhere.example",
                                                       "Origin": "http://elsewhere.example"})
    assert answer.status_code == 403
