"""What commissioners do with themes as a whole, and the codebook as a file, all with forms alone."""

import io

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.models.theme import Tagging, Theme
from tests import makers
from tests.pages.page_checks import assert_sound


@pytest.fixture
def world(session: Session, sign_in_as):
    class World:
        project = makers.make_project(session)
        researcher = makers.make_person(session, project, Role.RESEARCHER)
        story = makers.make_story(session, project, researcher)
        quote = makers.add_quote(session, story)
        waiting, nights = makers.make_theme(session, project, "Waiting"), makers.make_theme(session, project, "Nights")
        tagging = makers.tag(session, waiting, researcher, quote)

    world = World()
    session.commit()
    world.commissioner = sign_in_as(makers.make_person(session, world.project, Role.COMMISSIONER))
    world.board_member = sign_in_as(makers.make_person(session, world.project, Role.BOARD_MEMBER))
    world.address = f"/projects/{world.project.id}/themes"
    return world


def test_a_theme_is_made_with_all_that_it_says_and_shown_with_it(session: Session, world) -> None:
    form = world.commissioner.get(f"{world.address}/new?under={world.waiting.id}")
    assert_sound(form)
    said = {"name": "Corridors", "kind": "asset", "colour": "teal", "description": "Where people meet",
            "when_to_use": "Often", "when_not": "Seldom", "example": "Made up", "parent": world.waiting.id}
    assert world.commissioner.post(world.address, data=said).status_code == 303
    theme = session.query(Theme).filter_by(name="Corridors").one()
    page = world.commissioner.get(f"/themes/{theme.id}")
    assert_sound(page)
    for text in ("theme-colour--teal", ">Asset<", "Where people meet", "Often", "Seldom", "Made up", ">Waiting<"):
        assert text in page.text
    index = world.commissioner.get(world.address)
    assert_sound(index)
    assert "1 theme under <bdi>Waiting</bdi>" in index.text
    wrong = world.commissioner.post(world.address, data=said | {"name": "More", "colour": "plaid", "kind": "wish"})
    assert wrong.status_code == 422
    assert_sound(wrong)
    assert "Choose one of the colours" in wrong.text
    assert "Choose a need, an asset, or neither" in wrong.text


def test_a_theme_is_moved_and_put_in_order(session: Session, world) -> None:
    address = f"/themes/{world.nights.id}/move"
    assert_sound(world.commissioner.get(address))
    assert world.commissioner.post(address, data={"parent": world.waiting.id}).status_code == 303
    wrong = world.commissioner.post(f"/themes/{world.waiting.id}/move", data={"parent": world.nights.id})
    assert (wrong.status_code, "cannot stand under itself" in wrong.text) == (422, True)
    assert_sound(wrong)
    world.commissioner.post(address, data={"parent": ""})
    world.commissioner.post(f"/themes/{world.nights.id}/order", data={"way": "down"})
    assert world.commissioner.get(world.address).text.index("Waiting") < world.commissioner.get(
        world.address).text.index("Nights")


def test_a_merge_says_first_what_it_does(session: Session, world) -> None:
    address = f"/themes/{world.waiting.id}/merge"
    assert_sound(world.commissioner.get(address))
    assert world.commissioner.get(f"{address}?into=").status_code == 200
    check = world.commissioner.get(f"{address}?into={world.nights.id}")
    assert_sound(check)
    assert "1 quote" in check.text
    assert "cannot be undone" in check.text
    assert session.query(Tagging).one().theme_id == world.waiting.id
    assert world.commissioner.post(address, data={"into": world.nights.id}).location == f"/themes/{world.nights.id}"
    session.expire_all()
    assert session.query(Tagging).one().theme_id == world.nights.id
    assert world.commissioner.get(f"/themes/{world.waiting.id}").location == f"/themes/{world.nights.id}"
    history = world.commissioner.get(f"/themes/{world.nights.id}/history")
    assert_sound(history)
    assert "was merged into it. 1 tagging went along." in history.text


def test_a_split_takes_what_was_ticked(session: Session, world) -> None:
    address = f"/themes/{world.waiting.id}/split"
    page = world.commissioner.get(address)
    assert_sound(page)
    box = f"quote:{world.quote.id}"
    assert f'value="{box}"' in page.text
    for wrong in ({}, {"part": box}, {"part": box, "to": world.nights.id, "new_theme": "Both"}):
        answer = world.commissioner.post(address, data=wrong)
        assert answer.status_code == 422
        assert_sound(answer)
    answer = world.commissioner.post(address, data={"part": box, "new_theme": "Doors"})
    assert world.commissioner.get(answer.location).text.count("Nobody told us he had moved.") == 1
    assert_sound(world.commissioner.get(address))


def test_a_theme_is_retired_and_brought_back(session: Session, world) -> None:
    assert_sound(world.commissioner.get(f"/themes/{world.waiting.id}/retire"))
    assert world.board_member.get(f"/themes/{world.waiting.id}").status_code == 200
    world.commissioner.post(f"/themes/{world.waiting.id}/retire")
    assert world.board_member.get(f"/themes/{world.waiting.id}").status_code == 404
    page = world.commissioner.get(f"/themes/{world.waiting.id}")
    assert_sound(page)
    assert "Bring it back" in page.text
    assert "1 theme was retired" in world.commissioner.get(world.address).text
    assert ">Retired<" in world.commissioner.get(f"{world.address}?retired=yes").text
    world.commissioner.post(f"/themes/{world.waiting.id}/bring-back")
    assert world.board_member.get(f"/themes/{world.waiting.id}").status_code == 200


def test_a_page_of_a_theme_has_twenty_stories_and_leads_to_the_others(session: Session, world) -> None:
    for number in range(24):
        story = makers.make_story(session, world.project, world.researcher, pseudonym=f"Teller {number}")
        makers.tag(session, world.nights, world.researcher, makers.add_quote(session, story, f"Quote number {number}."))
    session.commit()
    first = world.commissioner.get(f"/themes/{world.nights.id}")
    assert_sound(first)
    assert (first.text.count("Quote number"), "24 quotes" in first.text) == (20, True)
    address = first.text.split("older=")[1].split('"')[0]
    second = world.commissioner.get(f"/themes/{world.nights.id}?older={address}")
    assert (second.text.count("Quote number"), "Newer stories" in second.text) == (4, True)


def test_the_codebook_goes_out_and_comes_in_as_a_file(session: Session, world) -> None:
    address = f"/projects/{world.project.id}/codebook"
    assert_sound(world.commissioner.get(address))
    content = world.commissioner.get(f"{address}.csv").data.replace(b",Waiting,,", b",Waiting,need,")
    for name, sent in (("c.csv", content + b"Waiting,Doors,asset,Teal,,,,,\r\n"),
                       ("c.qdc", world.commissioner.get(f"{address}.qdc").data)):
        check = world.commissioner.post(address, data={"file": (io.BytesIO(sent), name)})
        assert (check.status_code, name) == (200, name)
        assert_sound(check)
        if name == "c.csv":
            assert "1 theme is new, 1 theme would change." in check.text
            assert session.query(Theme).count() == 2
            hidden = {key: check.text.split(f'name="{key}" value="')[1].split('"')[0] for key in ("content", "seen")}
            late = world.commissioner.post(f"{address}/take-in", data=hidden | {"seen": "another"})
            assert (late.status_code, session.query(Theme).count()) == (409, 2)
            assert_sound(late)
            assert world.commissioner.post(f"{address}/take-in", data=hidden).status_code == 303
    session.expire_all()
    found = {theme.name: (theme.kind, theme.parent_id) for theme in session.query(Theme)}
    assert found == {"Waiting": ("need", None), "Nights": ("", None), "Doors": ("asset", world.waiting.id)}


@pytest.mark.parametrize("sent", [b"", b"<!DOCTYPE a><a/>", b"title\r\nWaiting\r\n", b"name\r\n", b"x" * 300_001])
def test_a_file_that_is_no_codebook_is_refused_beside_its_field(world, sent: bytes) -> None:
    answer = world.commissioner.post(f"/projects/{world.project.id}/codebook", data={"file": (io.BytesIO(sent), "c")})
    assert answer.status_code == 422
    assert_sound(answer)


def test_what_is_wrong_is_said_line_by_line_and_nothing_comes_in(session: Session, world) -> None:
    sent = b"name,parent,kind\r\nDoors,Nowhere,need\r\nDoors,,\r\n,,\r\nRooms,,wish\r\nNights,Nights,\r\n"
    answer = world.commissioner.post(f"/projects/{world.project.id}/codebook", data={"file": (io.BytesIO(sent), "c")})
    assert_sound(answer)
    for words in ("Line 2:", "Line 3:", "more than once", "Line 5:", "Choose a need, an asset, or neither", "Line 6:",
                  "stand under itself"):
        assert words in answer.text
    assert "Bring it in" not in answer.text


def test_nobody_else_is_let_in(world) -> None:
    waiting, project = world.waiting.id, world.project.id
    for address in (f"/themes/{waiting}/move", f"/themes/{waiting}/merge", f"/themes/{waiting}/split",
                    f"/themes/{waiting}/retire", f"/themes/{waiting}/history", f"/projects/{project}/codebook",
                    f"/projects/{project}/codebook.csv", f"/projects/{project}/codebook.qdc",
                    f"/projects/{project}/themes/new"):
        assert world.board_member.get(address).status_code == 404
