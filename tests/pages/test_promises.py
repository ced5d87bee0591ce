"""What is promised can be read by anybody, in the very words of the document that names the tests."""

from server.config import ROOT
from server.domain.promise import read_promises
from tests.conftest import Browser
from tests.pages.page_checks import assert_sound

TEXT = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")


def test_anybody_can_read_them(client: Browser) -> None:
    page = client.get("/promises")
    assert page.status_code == 200
    assert_sound(page)
    assert "Nobody gets what you did not agree to" in page.text
    assert page.text.count("What we cannot promise.") == len(read_promises(TEXT)) > 10


def test_a_page_for_everybody_names_no_file_and_no_test(client: Browser) -> None:
    for promise in read_promises(TEXT):
        assert "`" not in promise.words + promise.not_promised, promise.title
        assert "**" not in promise.words + promise.not_promised, promise.title
        assert 20 < len(promise.words) < 600
    page = client.get("/promises").text
    assert "tests/" not in page
    assert "server/" not in page
