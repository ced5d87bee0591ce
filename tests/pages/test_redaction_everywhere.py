"""What is withheld, looked for at every address, as everybody: not a word of it leaves, nor the sound it was said in.

Only the page on which somebody withholds it shows it, to those who may. A new route joins by itself.
"""

from collections.abc import Iterable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server.domain.access import Role
from server.services import redactions
from server.services.redactions import Asked
from tests.pages.everywhere import (
    ASKED,
    BYTES,
    CORRECTED,
    DESCRIPTION,
    DRAFTED,
    MEMO,
    MEMO_ON_PHOTO,
    MEMO_ON_WORDS,
    NAME,
    NOTE,
    PLACE,
    QUOTE,
    SAID,
    SPEAKER,
    TELLER,
    WITNESS,
    Place,
    Victim,
    addresses,
)

TEXTS = (NAME, PLACE, QUOTE, SAID, DESCRIPTION, ASKED, SPEAKER, DRAFTED, CORRECTED, TELLER, WITNESS, NOTE, MEMO,
         MEMO_ON_WORDS, MEMO_ON_PHOTO)
SOUNDS = tuple(BYTES[name] for name in ("playback", "clip", "drafted", "original", "segment"))
# What is found before anything is withheld: without it the test would look for nothing.
SEEN = (NAME, PLACE, QUOTE, "owls", DESCRIPTION, ASKED, SPEAKER, DRAFTED, CORRECTED, TELLER, WITNESS, MEMO,
        MEMO_ON_WORDS, MEMO_ON_PHOTO)
WHO_SEES_IT_ALL = (Role.COMMISSIONER, Role.ADMINISTRATOR)
# Where whoever withholds words reads and hears them.
WITH_WORDS = {"redactions.show", "redactions.lift"}
FOR_WHO_WITHHOLDS = {*WITH_WORDS, "media.clean_recording"}


@pytest.fixture
def victim(app: Flask, place: Place) -> Victim:
    return Victim(place, app.extensions["earshot"])


def answers(app: Flask, place: Place, victim: Victim,
            roles: Iterable[Role] = Role) -> Iterator[tuple[Role, str, str, TestResponse]]:
    """Who asked, at which endpoint and address, and what they got: each page, and each search for a withheld word."""
    for role in roles:
        browser = place.browsers[role]
        for rule, address in [*victim.addresses(app, place), *addresses(app, place.common, [])]:
            if "GET" in (rule.methods or ()) and not address.startswith("/sign-in/link"):
                yield role, rule.endpoint, address, browser.get(address)
        for asked in ("register?search=Zebedee", "register?search=Mossy", "stories?place=Mossy+Hollow"):
            yield role, "search", asked, browser.get(f"/projects/{place.project.id}/{asked}")


def said(endpoint: str, answer: TestResponse) -> bytes:
    """What a page says by itself: what somebody looks for stands in their own form again."""
    return answer.data.replace(b'value="Mossy Hollow"', b"") if endpoint == "search" else answer.data


def withhold(session: Session, place: Place, victim: Victim) -> None:
    for text in TEXTS:
        redaction_id = redactions.make(session, place.commissioner, victim.story.id, Asked(text))
        victim.ids["redaction_id"] = redaction_id
    session.commit()


def test_what_is_withheld_is_nowhere(app: Flask, session: Session, place: Place, victim: Victim) -> None:
    before = b"".join(answer.data for *_, answer in answers(app, place, victim, WHO_SEES_IT_ALL))
    assert not [text for text in SEEN if text.encode() not in before]
    assert BYTES["playback"] in before
    withhold(session, place, victim)
    shown: set[tuple[Role, str]] = set()
    for role, endpoint, address, answer in answers(app, place, victim):
        data = said(endpoint, answer)
        found = [text for text in (*TEXTS, "owls") if text.encode() in data or text in str(answer.headers)]
        if endpoint in FOR_WHO_WITHHOLDS:
            found += [sound.decode() for sound in SOUNDS if sound in answer.data]
            assert not found or role is Role.COMMISSIONER, (role, address, found)
            shown |= {(role, endpoint)} if found else set()
            continue
        assert not found, (role, address, found)
        assert not [sound for sound in SOUNDS if sound in answer.data], (role, address)
    assert {(Role.COMMISSIONER, endpoint) for endpoint in WITH_WORDS} <= shown


def test_sound_waits_until_its_copy_without_the_words_is_there(session: Session, place: Place, victim: Victim) -> None:
    withhold(session, place, victim)
    for role in (Role.COMMISSIONER, Role.BOARD_MEMBER):
        browser = place.browsers[role]
        for address in (f"/recordings/{victim.recording.id}/audio", f"/excerpts/{victim.excerpt.id}/audio"):
            assert browser.get(address).status_code == 404, (role, address)
    story = place.browsers[Role.COMMISSIONER].get(f"/stories/{victim.story.id}")
    assert "[name]" in story.text
