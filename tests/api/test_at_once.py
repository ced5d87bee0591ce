"""Many requests for the same thing at the same moment, against the server as it runs in earnest."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import requests
from sqlalchemy.orm import Session

from server.domain.ids import new_id
from server.models.consent import ConsentRecord
from server.models.held import HeldArrival
from server.models.story import Quote, Story
from tests.api.gunicorn import Gunicorn
from tests.api.live import headers_of
from tests.api.phone import Phone

TIMES = 20


@pytest.fixture
def gunicorn(phone: Phone, data_dir: Path) -> Iterator[Gunicorn]:
    with Gunicorn(data_dir) as server:
        yield server


def send_at_once(server: Gunicorn, phone: Phone, folder: str, bodies: list[dict]) -> list[requests.Response]:
    """Put each of these in a connection of its own, all at the same moment."""
    ready, headers = Barrier(len(bodies)), headers_of(phone) | {"Content-Type": "application/json"}

    def put(body: dict) -> requests.Response:
        ready.wait(30)
        return requests.put(f"{server.url}/api/v1/{folder}/{body['id']}", data=json.dumps(body), headers=headers,
                            timeout=60)

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(put, bodies))


def test_each_thing_sent_twenty_times_at_once_is_kept_once_with_one_receipt(gunicorn: Gunicorn, phone: Phone,
                                                                            session: Session) -> None:
    """fault 22"""
    story_id = new_id()
    for folder, body, owner in (("consents", phone.consent_body(story_id), ConsentRecord),
                                ("stories", phone.story_body(story_id), Story),
                                ("quotes", phone.quote_body(story_id), Quote)):
        answers = send_at_once(gunicorn, phone, folder, [body] * TIMES)
        assert sorted(answer.status_code for answer in answers) == [200] * (TIMES - 1) + [201]
        assert len({answer.text for answer in answers}) == 1
        assert session.query(owner).count() == 1
        session.rollback()  # SQLite has one writer, and a session that is left open would be it


def test_of_different_things_under_one_id_the_first_stays(gunicorn: Gunicorn, phone: Phone, session: Session) -> None:
    """faults 22, 23"""
    quote = phone.quote_body(phone.send_story())
    bodies = [quote | {"text": f"Words number {number}."} for number in range(TIMES)]
    answers = send_at_once(gunicorn, phone, "quotes", bodies)
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (TIMES - 1)
    [kept] = [body for body, answer in zip(bodies, answers, strict=True) if answer.status_code == 201]
    assert session.query(Quote).one().text == kept["text"]
    session.rollback()
    assert phone.put("quotes", kept).status_code == 200


def test_stories_and_their_consents_at_once_leave_nothing_held(gunicorn: Gunicorn, phone: Phone,
                                                               session: Session) -> None:
    """fault 24"""
    ids = [new_id() for _ in range(TIMES // 2)]
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(send_at_once, gunicorn, phone, folder, [make(story_id) for story_id in ids])
                for folder, make in (("stories", phone.story_body), ("consents", phone.consent_body))]
        answers = [answer for sent in both for answer in sent.result()]
    assert {answer.status_code for answer in answers} <= {201, 202}
    assert (session.query(Story).count(), session.query(HeldArrival).count()) == (len(ids), 0)
