"""The phone app as it is served: always the newest shell, and files that are kept for ever."""

from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import Browser


@pytest.fixture
def built(app: Flask, tmp_path: Path) -> Path:
    """A folder of built files in place of the real one."""
    folder = tmp_path / "dist"
    for name, content in {
        "collect/index.html": "<!doctype html><title>Earshot</title>",
        "collect/service-worker.js": "self;",
        "collect/manifest.webmanifest": "{}",
        "collect/assets/index-a1b2.js": "1;",
        "library/manifest.json": '{"player.ts": {"file": "assets/player-c3d4.js"}}',
        "library/assets/player-c3d4.js": "2;",
        "secret.txt": "not for the web",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    app.config["BUILT_FOLDER"] = folder
    return folder


@pytest.mark.parametrize("address", ["/collect/", "/collect/index.html", "/collect/stories", "/collect/stories/12"])
def test_every_screen_is_the_shell_and_needs_no_sign_in(client: Browser, built: Path, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Earshot" in answer.text


def test_a_file_with_a_hash_in_its_name_is_kept_for_ever(client: Browser, built: Path) -> None:
    answer = client.get("/collect/assets/index-a1b2.js")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.mimetype == "text/javascript"


def test_the_service_worker_is_always_looked_at_again(client: Browser, built: Path) -> None:
    answer = client.get("/collect/service-worker.js")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Service-Worker-Allowed"] == "/collect/"
    assert client.get("/collect/manifest.webmanifest").mimetype == "application/manifest+json"


def test_the_app_alone_may_run_webassembly(client: Browser, built: Path) -> None:
    def scripts(address: str) -> str:
        policy = client.get(address).headers["Content-Security-Policy"]
        return next(rule for rule in policy.split("; ") if rule.startswith("script-src "))

    assert scripts("/collect/") == "script-src 'self' 'wasm-unsafe-eval'"
    assert scripts("/sign-in") == "script-src 'self'"


def test_an_unchanged_shell_is_not_sent_again(client: Browser, built: Path) -> None:
    etag = client.get("/collect/").headers["ETag"]
    assert client.get("/collect/", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize(("accepts", "sent"), [
    ("gzip, deflate, br, zstd", "br"), ("gzip, deflate", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", None),
])
def test_a_file_is_sent_in_the_smallest_way_that_the_browser_takes(
    client: Browser, built: Path, accepts: str, sent: str | None
) -> None:
    script = built / "collect/assets/index-a1b2.js"
    Path(f"{script}.br").write_bytes(b"br")
    Path(f"{script}.gz").write_bytes(b"gz")
    answer = client.get("/collect/assets/index-a1b2.js", headers={"Accept-Encoding": accepts})
    assert answer.headers.get("Content-Encoding") == sent
    assert answer.data == {"br": b"br", "gzip": b"gz", None: b"1;"}[sent]
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Cache-Control"].endswith("immutable")


@pytest.mark.parametrize("address", [
    "/collect/assets/gone.js", "/collect/../secret.txt", "/collect/%2e%2e/secret.txt", "/static/library/../secret.txt",
    "/static/library/%2e%2e/secret.txt", "/static/library/assets/gone.js",
])
def test_nothing_else_is_given(client: Browser, built: Path, address: str) -> None:
    assert client.get(address).status_code == 404


def test_an_app_that_is_not_built_says_what_to_do(client: Browser, app: Flask, tmp_path: Path) -> None:
    app.config["BUILT_FOLDER"] = tmp_path / "nothing"
    answer = client.get("/collect/")
    assert answer.status_code == 503
    assert "make build" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_templates_find_built_modules_by_the_name_of_their_source(app: Flask, client: Browser, built: Path) -> None:
    find = app.jinja_env.globals["library_asset"]
    address = find("player.ts")
    assert address == "/static/library/assets/player-c3d4.js"
    assert client.get(address).headers["Cache-Control"].endswith("immutable")
    assert find("unknown.ts") is None
    app.config["BUILT_FOLDER"] = built / "nothing"
    assert find("player.ts") is None
