"""A form that was opened before somebody else saved: nothing is written over or lost, and the writer chooses."""

import html
import re
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.errors import VersionConflict
from server.domain.provocation import ProvocationText
from server.domain.theme import ThemeText
from server.services import projects, provocations, themes
from tests import makers
from tests.conftest import Browser
from tests.pages.page_checks import assert_sound

HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">')


@dataclass
class Form:
    """A form that two people open: where it is, what it sends, and what whoever comes first puts there."""

    opened: str
    action: str
    first: dict[str, str]
    second: dict[str, str]


@pytest.fixture
def world(session: Session, sign_in_as):
    found = SimpleNamespace(project=makers.make_project(session))
    found.person = makers.make_person(session, found.project, *Role)
    found.theme = makers.make_theme(session, found.project)
    story = makers.make_story(session, found.project, found.person)
    found.quotes = [makers.add_quote(session, story, f"Quote number {n}") for n in ("one", "two", "three")]
    found.viewer = makers.viewer_of(session, found.person)
    found.made = provocations.make(session, found.viewer, found.project.id, ProvocationText("Why?"))
    for quote in found.quotes:
        provocations.add_evidence(session, found.viewer, found.made.id, "quote", quote.id)
    session.commit()
    found.browser = sign_in_as(found.person)
    return found


def forms(world) -> dict[str, Form]:
    settings, change = f"/projects/{world.project.id}/settings", f"/themes/{world.theme.id}/change"
    text = f"/provocations/{world.made.id}/text"
    return {
        "project": Form(settings, f"{settings}/introduction", {"name": "Theirs", "introduction": "Their words"},
                        {"name": "Mine", "introduction": "My words\r\nin two lines"}),
        "phones": Form(f"{settings}/phones", f"{settings}/phones", {"keep_hours": "0", "photo_pixels": "1000"},
                       {"keep_hours": "48", "photo_pixels": "3000"}),
        "guide": Form(settings, f"{settings}/prompts", {"prompts": "Theirs?"}, {"prompts": "Mine?\r\nMy words?"}),
        "theme": Form(change, change, {"name": "Theirs", "description": "Their words"},
                      {"name": "Mine", "description": "My words"}),
        "provocation": Form(text, text, {"question": "Theirs?", "introduction": "Their words", "content_note": ""},
                            {"question": "Mine?", "introduction": "My words", "content_note": "Night"}),
    }


def hidden_in(page: str, after: str) -> dict[str, str]:
    """The hidden fields of the form after these words."""
    form = page[page.index(after):]
    return {name: html.unescape(value) for name, value in HIDDEN.findall(form[:form.index("</form>")])}


FORMS = ["project", "guide", "theme", "provocation"]


@pytest.mark.parametrize("name", FORMS)
def test_a_form_carries_the_version_that_was_seen(world, name: str) -> None:
    form = forms(world)[name]
    assert '<input type="hidden" name="version" value="1">' in world.browser.get(form.opened).text


@pytest.mark.parametrize("name", FORMS)
def test_both_sides_are_shown_and_nothing_is_written_over(world, name: str) -> None:
    """fault 25"""
    form = forms(world)[name]
    assert world.browser.post(form.action, data=form.first | {"version": "1"}).status_code == 303
    answer = world.browser.post(form.action, data=form.second | {"version": "1"})
    assert answer.status_code == 412
    assert_sound(answer)
    page = html.unescape(answer.text[answer.text.index("<main"):])
    assert page.index("What it says now") < page.index("Their") < page.index("What you wrote") < page.index("Mine")
    assert "Somebody" not in page
    assert world.person.name not in page
    stored = html.unescape(world.browser.get(form.opened).text)
    assert "Their" in stored
    assert "Mine" not in stored


@pytest.mark.parametrize("name", FORMS)
def test_mine_can_be_put_in_its_place(world, name: str) -> None:
    """fault 25"""
    form = forms(world)[name]
    world.browser.post(form.action, data=form.first | {"version": "1"})
    page = world.browser.post(form.action, data=form.second | {"version": "1"}).text
    mine = hidden_in(page, 'id="mine"')
    assert mine.pop("csrf_token")
    assert mine["version"] == "2"
    assert world.browser.post(form.action, data=mine).status_code == 303
    stored = html.unescape(world.browser.get(form.opened).text)
    assert all(line in stored for words in form.second.values() for line in words.splitlines())


@pytest.mark.parametrize("name", FORMS)
def test_one_text_from_both_begins_with_mine_and_is_saved_as_the_next_version(world, name: str) -> None:
    """fault 25"""
    form = forms(world)[name]
    world.browser.post(form.action, data=form.first | {"version": "1"})
    page = world.browser.post(form.action, data=form.second | {"version": "1"}).text
    editing = html.unescape(page[page.index('id="both"'):])
    assert hidden_in(page, 'id="both"')["version"] == "2"
    assert all(line in editing for words in form.second.values() for line in words.splitlines())
    both = {key: f"Both {value}" for key, value in form.second.items()}
    assert world.browser.post(form.action, data=both | {"version": "2"}).status_code == 303
    assert world.browser.post(form.action, data=form.first | {"version": "2"}).status_code == 412


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("version", [None, "", "newest", "1.0"])
def test_a_form_from_before_versions_is_refused_and_its_words_are_kept(world, name: str, version: str | None) -> None:
    """fault 25"""
    form = forms(world)[name]
    sent = form.second | ({} if version is None else {"version": version})
    answer = world.browser.post(form.action, data=sent)
    assert answer.status_code == 428
    assert_sound(answer)
    assert "Mine" in answer.text
    assert hidden_in(answer.text, 'id="mine"')["version"] == "1"


@pytest.mark.parametrize(("name", "wrong"), [("project", {"name": ""}), ("guide", {"prompts": "x" * 301}),
                                             ("theme", {"name": ""}), ("provocation", {"question": ""})])
def test_a_form_that_is_refused_still_knows_what_its_writer_saw(world, name: str, wrong: dict[str, str]) -> None:
    form = forms(world)[name]
    world.browser.post(form.action, data=form.first | {"version": "1"})
    answer = world.browser.post(form.action, data=form.second | wrong | {"version": "1"})
    assert answer.status_code == 422
    own = f'action="{form.action}"' if name in ("project", "guide") else "<main"
    assert hidden_in(answer.text, own)["version"] == "1"


def test_words_with_markup_are_shown_as_text_on_both_sides(world) -> None:
    """fault 42"""
    form = forms(world)["theme"]
    world.browser.post(form.action, data={"name": "<b>Now</b>", "description": "", "version": "1"})
    page = world.browser.post(form.action, data={"name": "<script>1</script>", "description": "\"'>", "version": "1"})
    assert "&lt;b&gt;Now&lt;/b&gt;" in page.text
    assert "<script>1" not in page.text


def shown(world) -> list[str]:
    return re.findall(r'name="order" value="([^"]*)"', world.browser.get(f"/provocations/{world.made.id}/arrange").text)


def test_two_orders_at_once_show_both_and_lose_none(world) -> None:
    """fault 25"""
    one, two, three = (quote.id for quote in world.quotes)
    address = f"/provocations/{world.made.id}/evidence"
    seen = {"order": [one, two, three], "version": "1"}
    assert world.browser.post(f"{address}/{three}/move", data=seen | {"way": "up"}).status_code == 303
    answer = world.browser.post(f"{address}/{one}/move", data=seen | {"way": "down"})
    assert answer.status_code == 412
    assert_sound(answer)
    assert shown(world) == [one, three, two]
    now, mine = answer.text.split('id="mine"')
    assert now.index("Quote number one") < now.index("Quote number three") < now.index("Quote number two")
    assert re.findall(r'name="order" value="([^"]*)"', mine) == [two, one, three]
    assert world.browser.post(f"{address}/order", data={"order": [two, one, three], "version": "2"}).status_code == 303
    assert shown(world) == [two, one, three]


def test_moving_the_same_thing_twice_by_mistake_moves_it_once(world) -> None:
    one, two, three = (quote.id for quote in world.quotes)
    move = {"order": [one, two, three], "version": "1", "way": "down"}
    for _ in range(2):
        answer = world.browser.post(f"/provocations/{world.made.id}/evidence/{one}/move", data=move)
        assert answer.status_code == 303
    assert shown(world) == [two, one, three]


def test_nobody_else_learns_what_it_says_now(session: Session, world, sign_in_as) -> None:
    """fault 44"""
    outsider: Browser = sign_in_as(makers.make_person(session, makers.make_project(session, "Another"), *Role))
    for form in forms(world).values():
        assert outsider.post(form.action, data=form.second).status_code == 404
    for address in ("evidence/order", f"evidence/{world.quotes[0].id}/move"):
        assert outsider.post(f"/provocations/{world.made.id}/{address}", data={"version": "7"}).status_code == 404


def test_services_that_refuse_carry_what_it_says_now(session: Session, world) -> None:
    for change, words in (
        (lambda: projects.describe(session, world.viewer, world.project.id, "Other", "", 7), "Listening to carers"),
        (lambda: themes.change(session, world.viewer, world.theme.id, ThemeText("Other"), 7), "Waiting"),
    ):
        with pytest.raises(VersionConflict) as conflict:
            change()
        assert words in conflict.value.current.values()
