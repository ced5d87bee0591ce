"""Quotes as phones send them: word for word."""

import pytest
from sqlalchemy.orm import Session

from server.domain.consent import Use
from server.models.story import Quote
from tests.api.phone import Phone


@pytest.mark.parametrize("text", [
    "  “He just sat there.”\n\n\t…then nothing. ", "=HYPERLINK(1)", "x" * 5000, "😀" * 5000, "\u202eright to left",
    "<script>alert(1)</script>",
])
def test_a_quote_is_kept_word_for_word(phone: Phone, session: Session, text: str) -> None:
    body = phone.quote_body(phone.send_story(), text)
    assert phone.put("quotes", body).status_code == 201
    assert session.get_one(Quote, body["id"]).text == text


@pytest.mark.parametrize("text", ["", " \n ", "x" * 5001, "nul \0", "half \ud83d", "\udc00", None, 5, ["x"]])
def test_what_cannot_be_a_quote_is_refused(phone: Phone, session: Session, text: object) -> None:
    answer = phone.put("quotes", phone.quote_body(phone.send_story(), text))  # type: ignore[arg-type]
    assert (answer.status_code, list(answer.json["fields"])) == (422, ["text"])
    assert session.query(Quote).count() == 0


def test_a_quote_that_nobody_may_read_is_refused(phone: Phone, session: Session) -> None:
    answer = phone.put("quotes", phone.quote_body(phone.send_story({Use.RECORD, Use.TRANSCRIBE, Use.PHOTOS})))
    assert (answer.status_code, answer.json["code"]) == (422, "use_refused")
    assert session.query(Quote).count() == 0


def test_a_quote_is_kept_once_and_never_replaced(phone: Phone, session: Session) -> None:
    """fault 23"""
    body = phone.quote_body(phone.send_story())
    first, again = phone.put("quotes", body), phone.put("quotes", body)
    assert (first.status_code, again.status_code, first.json) == (201, 200, again.json)
    changed = phone.put("quotes", body | {"text": "Somebody told us."})
    assert (changed.status_code, changed.json["code"]) == (409, "same_id_other_content")
    moved = phone.put("quotes", body | {"story_id": phone.send_story()})
    assert moved.status_code == 404
    assert session.get_one(Quote, body["id"]).text == "Nobody told us."
