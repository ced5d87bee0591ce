"""What somebody may not have takes the database as long as what is not there: the same questions are asked for both.

Clocks on a busy machine say little; which statements were asked, and how many, says it all (fault 44).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from server.domain.access import Role
from server.domain.ids import new_id
from server.models.consent import ConsentRecord
from server.services import consents
from tests import makers
from tests.conftest import Browser
from tests.pages.everywhere import Place, Victim, addresses

# Whoever is of the project, and somebody of another one.
ASKING = (Role.COMMISSIONER, Role.BOARD_MEMBER, Role.ANALYST)


@contextmanager
def asked_of_the_database() -> Iterator[list[str]]:
    """The statements that any connection is given meanwhile."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def ended(app: Flask, place: Place) -> Victim:
    """A story that is here whole, and that nobody may have any more."""
    victim = Victim(place, app.extensions["earshot"])
    for row in place.session.query(ConsentRecord).filter_by(story_id=victim.story.id):
        row.until = {use: datetime.now(UTC).isoformat() for use in row.answers}
    consents.decide_again(place.session, victim.story.id)
    place.session.commit()
    return victim


def test_a_story_that_nobody_may_have_is_asked_for_as_one_that_is_not_there(
    app: Flask, place: Place, ended: Victim, sign_in_as: Callable[..., Browser]
) -> None:
    """fault 44"""
    outsider = makers.make_person(place.session, makers.make_project(place.session, "Elsewhere"), *Role)
    place.session.commit()
    browsers = {role.value: place.browsers[role] for role in ASKING} | {"outsider": sign_in_as(outsider)}
    nothing, told = {name: new_id() for name in ended.ids}, []
    for who, browser in browsers.items():
        for rule, address in addresses(app, place.common | ended.ids, []):
            if not rule.arguments & set(ended.ids) or "GET" not in (rule.methods or ()):
                continue
            other = address
            for name, part_id in ended.ids.items():
                other = other.replace(part_id, nothing[name])
            statements = []
            for asked in (other, address):
                browser.get(asked)  # what is kept for the next time is kept now
                with asked_of_the_database() as found:
                    assert browser.get(asked).status_code == 404, (who, rule.rule)
                statements.append(found)
            if statements[0] != statements[1]:
                told.append((who, rule.rule, len(statements[0]), len(statements[1])))
    assert not told, '\n'.join(map(str, told))
