"""What `make run` prints: where to look, and how to get in."""

import re

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.sync import receipt_code_hash
from server.models.story import Story
from tests import makers


def _run(app: Flask, *arguments: str):
    return app.test_cli_runner().invoke(args=list(arguments))


def test_each_demo_person_gets_a_link_that_signs_them_in_once(app: Flask, client) -> None:
    ended = _run(app, "demo")
    assert ended.exit_code == 0, ended.output
    links = re.findall(r"http://127\.0\.0\.1:8000(/sign-in/link/\S+)", ended.output)
    assert len(links) == 6
    assert client.get(links[0]).status_code == 200
    assert client.post(links[0]).status_code in (302, 303)
    assert client.post(links[0]).status_code == 410


def test_one_receipt_is_printed_once_and_the_name_opens_it(app: Flask, client) -> None:
    first, second = _run(app, "demo", "--no-links").output, _run(app, "demo").output
    code, = re.findall(r"http://127\.0\.0\.1:8000/receipt/([0-9A-Z]{26})", first)
    name, = re.findall(r"opens with the name (\w+)\.", first)
    assert "/receipt/" not in second
    assert name not in client.get(f"/receipt/{code}").text
    assert client.post(f"/receipt/{code}", data={"name": "Somebody"}).status_code == 422
    assert client.post(f"/receipt/{code}", data={"name": name}).status_code == 303


def test_no_code_is_kept(app: Flask, session: Session) -> None:
    code, = re.findall(r"/receipt/([0-9A-Z]{26})", _run(app, "demo", "--no-links").output)
    rows = session.connection().execute(select(Story.__table__)).all()
    assert receipt_code_hash(code) in str(rows)
    assert code not in str(rows)


def test_running_it_again_fills_nothing_and_prints_fresh_links(app: Flask) -> None:
    first, second = _run(app, "demo"), _run(app, "demo")
    assert "filled" in first.output
    assert "filled" not in second.output
    assert second.output.count("/sign-in/link/") == 6


def test_a_database_of_somebodys_own_gets_no_demo_and_no_links(app: Flask, session: Session) -> None:
    makers.make_project(session)
    session.commit()
    assert _run(app, "demo").output == ""
