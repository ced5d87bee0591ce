"""The app must open on a weak signal, so what has to come first is kept small."""

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.api.live import LiveServer
from tests.e2e.scripts import MOST_KB, compressed_kb, first_load


@pytest.mark.xdist_group("browser")
def test_the_first_screen_needs_little_script(app: Flask, desk: Browser) -> None:
    with LiveServer(app) as server, desk.new_context() as context:
        files = first_load(context, f"{server.url}/collect/")
    assert files, "no script was seen"
    assert compressed_kb(files, ".gz") <= MOST_KB, files
