"""A story whose words alone stay, or that was made anonymous, looked for at every address, as everybody: no sound, no
picture, no name and no place is found, and the words that stay still are. A new route joins by itself."""


import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Scope
from server.models.consent import Withdrawal
from server.models.story import Quote, Recording
from server.models.theme import Excerpt
from server.services import withdrawal_scopes
from tests import makers
from tests.conftest import Browser
from tests.pages.everywhere import (
    BYTES,
    DESCRIPTION,
    DRAFTED,
    MEMO,
    MEMO_ON_PHOTO,
    MEMO_ON_WORDS,
    NAME,
    NOTE,
    PLACE,
    QUOTE,
    SPEAKER,
    TELLER,
    UNFINISHED,
    WITNESS,
    Place,
    Victim,
    pages,
)
from tests.services.test_withdrawal_scopes import NOW

EXCERPT = "corridors"
GONE = [*(text.encode() for text in (NAME, PLACE, TELLER, WITNESS, NOTE, SPEAKER, DESCRIPTION, UNFINISHED, MEMO,
                                       MEMO_ON_WORDS, MEMO_ON_PHOTO)),
        *BYTES.values()]
# What each may still find in a story of which the words stay, as everybody agreed to.
FOUND = {Role.COMMISSIONER: {QUOTE, EXCERPT}, Role.BOARD_MEMBER: {QUOTE, EXCERPT}, Role.ANALYST: {QUOTE, EXCERPT},
         Role.ADMINISTRATOR: set(), Role.RESEARCHER: set(), Role.CUSTODIAN: set()}


def everything(app: Flask, place: Place, victim: Victim, browser: Browser) -> bytes:
    """Every answer and header, at every address, with and without a range of bytes."""
    found = b""
    for rule, address in victim.addresses(app, place):
        if "GET" in (rule.methods or ()) and not address.startswith("/sign-in/link"):
            for headers in ({}, {"Range": "bytes=0-6"}):
                answer = browser.get(address, headers=headers)
                found += answer.data + str(answer.headers).encode()
    return found


def withdrawn(app: Flask, place: Place, session: Session, scope: Scope) -> Victim:
    victim = Victim(place, app.extensions["earshot"])
    withdrawal_scopes.withdraw(session, makers.viewer_of(session, place.people[Role.ADMINISTRATOR]), victim.story.id,
                               scope, NOW)
    session.commit()
    if scope is Scope.ANONYMOUS:
        # The same addresses, of what the words have become.
        victim.ids |= {"story_id": session.query(Withdrawal).one().became_id,
                       "recording_id": session.query(Recording).one().id,
                       "excerpt_id": session.query(Excerpt).one().id,
                       "quote_id": session.query(Quote).filter_by(text=QUOTE).one().id}
    return victim


@pytest.mark.parametrize("scope", [Scope.WORDS_ONLY, pytest.param(Scope.ANONYMOUS, marks=pytest.mark.slow)])
def test_nobody_finds_a_voice_a_face_or_a_name_and_the_words_are_still_there(
    app: Flask, place: Place, session: Session, scope: Scope
) -> None:
    """fault 44"""
    victim = withdrawn(app, place, session, scope)
    gone = GONE + ([DRAFTED.encode(), b"owls"] if scope is Scope.ANONYMOUS else [])
    for role, browser in place.browsers.items():
        found = everything(app, place, victim, browser)
        assert [mark for mark in gone if mark in found] == [], role
        assert {text for text in (QUOTE, EXCERPT) if text.encode() in found} == FOUND[role], role
    signed_out = everything(app, place, victim, app.test_client())
    assert [mark for mark in (*gone, QUOTE.encode(), EXCERPT.encode()) if mark in signed_out] == []


def test_without_new_use_a_story_has_never_been_for_whoever_reads(app: Flask, place: Place, session: Session) -> None:
    """fault 44"""
    roles = [Role.COMMISSIONER, Role.BOARD_MEMBER, Role.ANALYST]
    before = pages(app, place, roles)
    withdrawn(app, place, session, Scope.NO_NEW_USE)
    assert pages(app, place, roles) == before
