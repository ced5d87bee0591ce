"""`verify-audit` says how many entries hold, and ends with 1 where one does not."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.services import audit


@pytest.fixture
def head(session: Session) -> str:
    for subject in ("one", "two", "three"):
        audit.note(session, None, "changed", "theme", subject, None)
    session.commit()
    return str(audit.head_of(session))


def verify(app: Flask, *arguments: str):
    return app.test_cli_runner().invoke(args=["verify-audit", *arguments])


def test_it_prints_the_newest_entry_to_note_elsewhere(app: Flask, head: str) -> None:
    """fault 47"""
    ended = verify(app)
    assert (ended.exit_code, ended.output.splitlines()[-1]) == (0, head)
    assert ended.output.startswith("3 entries hold.")
    assert verify(app, "--expect", head).exit_code == 0


def test_it_names_the_first_entry_that_does_not_hold(app: Flask, session: Session, head: str) -> None:
    """fault 47"""
    session.execute(text("DROP TRIGGER audit_refuses_update"))
    session.execute(text("UPDATE audit_entry SET person_id = 'somebody else' WHERE sequence = 2"))
    session.commit()
    ended = verify(app)
    assert ended.exit_code == 1
    assert "1 entries hold." in ended.output
    assert "entry 2 was altered" in ended.output


def test_a_head_that_is_not_in_it_any_more_is_missed(app: Flask, head: str) -> None:
    """fault 47"""
    ended = verify(app, "--expect", f"4{head[1:]}")
    assert (ended.exit_code, "entry 4 is not there" in ended.output) == (1, True)
    assert verify(app, "--expect", "nonsense").exit_code == 2
