"""Looking, as somebody does who is about to show something further."""

from tests.conftest import Browser


def looked_in(page: str) -> list[str]:
    """What the form of a page says was looked at."""
    return [part.split('"')[0] for part in page.split('name="looked" value="')[1:]]


def open_to_board(browser: Browser, address: str) -> None:
    """Open a provocation to its board, and look first at what could point at one family, if anything could."""
    answer = browser.post(f"{address}/publish")
    while answer.status_code == 200:
        answer = browser.post(f"{address}/publish", data={"looked": looked_in(answer.text)})
    assert answer.status_code == 303
