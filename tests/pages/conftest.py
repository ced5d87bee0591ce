"""Somebody who signs in with a password."""

import pytest
from sqlalchemy.orm import Session

from server.models.people import Person
from tests.makers import make_person
from tests.signing_in import PASSWORD


@pytest.fixture
def person(session: Session) -> Person:
    person = make_person(session, name="Ada Lind", password=PASSWORD)
    session.commit()
    return person
