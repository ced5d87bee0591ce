"""Somebody who signs in with a password, and a project with everybody in it for whoever looks everywhere."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from server.models.people import Person
from tests.conftest import Browser
from tests.makers import make_person
from tests.pages.everywhere import Place
from tests.signing_in import PASSWORD


@pytest.fixture
def person(session: Session) -> Person:
    person = make_person(session, name="Ada Lind", password=PASSWORD)
    session.commit()
    return person


@pytest.fixture
def place(session: Session, sign_in_as: Callable[..., Browser]) -> Place:
    return Place(session, sign_in_as)
