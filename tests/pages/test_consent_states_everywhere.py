"""Each way in which a yes can have ended, at every address, as everybody, also by ranges, in errors and in the log.

`test_consent_everywhere.py` refuses uses one by one; here they end by time, for one of those who told the story or for
all. The kinds of content that somebody may find are worked out in the test, not by the rule.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from server.domain.access import Role
from server.domain.consent import Use
from server.models.consent import ConsentRecord
from server.services import consents
from tests.conftest import Browser
from tests.pages.everywhere import CANARIES, Place, Victim, pages
from tests.pages.test_consent_everywhere import REACHES, allowed, ask_for_work, kinds_found, members

ENDED = {"everything": set(Use), **{use.value: {use} for use in Use}}
# Each no is tried in the other test: what differs here is that it comes with time.
QUICK = ("everything", "board")
MEDIA = ("recordings/{recording_id}/audio", "excerpts/{excerpt_id}/audio", "photos/{photo_id}/image")


@pytest.fixture
def victim(app: Flask, place: Place) -> Victim:
    found = Victim(place, app.extensions["earshot"])
    ask_for_work(place, found)
    return found


def end(place: Place, victim: Victim, uses: set[Use], at: datetime, people: int = 2) -> None:
    """Have the yes of so many of those who told the story to these uses end at that moment."""
    session = place.session
    rows = session.query(ConsentRecord).filter_by(story_id=victim.story.id).order_by(ConsentRecord.participant_id).all()
    for row in rows[:people]:
        row.until = {use.value: at.isoformat() for use in uses}
    consents.decide_again(session, victim.story.id)
    session.commit()


@pytest.mark.parametrize("ended", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow)
                                   for name in ENDED])
def test_what_has_ended_is_nowhere_and_the_rest_is_where_it_was(
    app: Flask, place: Place, victim: Victim, sign_in_as: Callable[..., Browser], ended: str
) -> None:
    """fault 44"""
    end(place, victim, ENDED[ended], datetime.now(UTC) - timedelta(microseconds=1))
    for name, roles, browser in members(place, sign_in_as):
        assert kinds_found(app, place, victim, browser) == allowed(roles, set(Use) - ENDED[ended]), name


def test_a_yes_that_has_not_ended_yet_holds(app: Flask, place: Place, victim: Victim) -> None:
    end(place, victim, set(Use), datetime.now(UTC) + timedelta(days=1))
    for role in REACHES:
        assert kinds_found(app, place, victim, place.browsers[role]) == allowed([role], set(Use)), role


def test_one_person_whose_yes_has_ended_is_enough(app: Flask, place: Place, victim: Victim) -> None:
    end(place, victim, set(Use), datetime.now(UTC), people=1)
    for role in REACHES:
        assert kinds_found(app, place, victim, place.browsers[role]) == set(), role


def test_a_story_that_everybody_may_use_no_more_has_never_been(app: Flask, place: Place) -> None:
    """fault 44: no count, order or heading gives it away."""
    before = pages(app, place, REACHES)
    victim = Victim(place, app.extensions["earshot"])
    end(place, victim, set(Use), datetime.now(UTC))
    assert pages(app, place, REACHES) == before


def test_no_range_of_a_sound_or_a_picture_is_given_after_the_end(app: Flask, place: Place, victim: Victim) -> None:
    """fault 44"""
    addresses = [f"/{path.format(**victim.ids)}" for path in MEDIA]
    asked = [{}, {"Range": "bytes=0-3"}, {"Range": "bytes=-4"}, {"If-None-Match": "*"}, {"If-Range": '"x"'}]
    commissioner = place.browsers[Role.COMMISSIONER]
    for address in addresses:
        assert commissioner.get(address, headers={"Range": "bytes=0-3"}).status_code == 206
    end(place, victim, set(Use), datetime.now(UTC))
    for browser in place.browsers.values():
        for address in addresses:
            for headers in asked:
                for method in ("GET", "HEAD"):
                    answer = browser.open(address, method=method, headers=headers)
                    assert answer.status_code == 404, (address, method, headers)
                    assert not [canary for canary in CANARIES if canary in answer.data]


@pytest.mark.slow
def test_no_error_and_no_line_of_the_log_holds_a_word_of_it(
    app: Flask, place: Place, victim: Victim, caplog: pytest.LogCaptureFixture
) -> None:
    end(place, victim, {Use.BOARD}, datetime.now(UTC))
    methods = ("POST", "PUT", "PATCH", "DELETE")
    with caplog.at_level(logging.DEBUG):
        for role, browser in place.browsers.items():
            for rule, address in victim.addresses(app, place):
                for method in sorted((rule.methods or set()) & set(methods)):
                    if "withdraw" in address:  # it would end what the others are asked about
                        continue
                    answer = browser.open(address, method=method, data={"version": "no number"})
                    if answer.status_code >= 400 and role not in (Role.COMMISSIONER, Role.ADMINISTRATOR):
                        found = [canary for canary in CANARIES if canary in answer.data]
                        assert not found, (role, method, address)
    written = caplog.text.encode()
    assert written
    assert not [canary for canary in CANARIES if canary in written]
