"""Covering parts of a photo on its page: with four numbers, for those who may, and seen by nobody from then on."""

import io
import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import ROLES_THAT_MAY, Permission, Role
from server.domain.ids import new_id
from server.domain.work import Kind
from server.models.audit import AuditEntry
from server.models.export import ExportPart
from server.models.redaction import PhotoRegion
from server.models.work import Job
from server.services import exports_made
from tests import makers
from tests.pages.page_checks import assert_sound

FACE = {"left": "10", "top": "20.5", "width": "30,5", "height": " 25 % "}


@pytest.fixture
def world(app: Flask, session: Session, sign_in_as):
    """A story with a photo, its copy in the store."""

    class World:
        project = makers.make_project(session)
        researcher = makers.make_person(session, project, Role.RESEARCHER)
        commissioner = makers.make_person(session, project, Role.COMMISSIONER)
        story = makers.make_story(session, project, researcher)
        photo = makers.add_photo(session, story)

    world = World()
    store = app.extensions["earshot"].store
    world.photo.derivative_sha256 = store.put(io.BytesIO(b"shown")).sha256
    exports_made.note(session, makers.viewer_of(session, world.commissioner), world.project.id, "quotes",
                      [(world.photo.id, world.story.id)])
    session.commit()
    world.browsers = {role: sign_in_as(makers.make_person(session, world.project, role)) for role in Role}
    world.browser = sign_in_as(world.commissioner)
    world.page, world.image = f"/photos/{world.photo.id}/covered", f"/photos/{world.photo.id}/image"
    world.clean = f"/photos/{world.photo.id}/clean-image"
    return world


def _regions(session: Session) -> list[tuple[int, int, int, int]]:
    session.expire_all()
    return [(row.left, row.top, row.width, row.height) for row in session.scalars(select(PhotoRegion))]


def test_a_part_is_covered_and_the_photo_is_seen_by_nobody_until_its_copy_is_made_anew(session: Session,
                                                                                      world) -> None:
    assert world.browser.get(world.image).data == b"shown"
    answer = world.browser.post(world.page, data=FACE)
    assert (answer.status_code, answer.location) == (303, world.page)
    assert _regions(session) == [(100, 205, 305, 250)]
    assert world.browser.get(world.image).status_code == 404
    assert world.browser.get(world.clean).data == b"shown"
    assert session.scalars(select(Job.kind).where(Job.subject_id == world.photo.id)).all() == [Kind.PHOTO]
    page = world.browser.get(world.page)
    assert "10 % from the left, 20.5 % from the top, 30.5 % wide, 25 % high" in page.text
    assert_sound(page)


def test_exports_that_hold_the_photo_are_stale(session: Session, world) -> None:
    world.browser.post(world.page, data=FACE)
    assert session.scalars(select(ExportPart.stale_because)).all() == ["withheld"]


def test_a_part_can_be_shown_again(session: Session, world) -> None:
    world.browser.post(world.page, data=FACE)
    address = re.findall(r'action="(/photo-regions/[^"]+)"', world.browser.get(world.page).text)[0]
    assert world.browser.post(address).location == world.page
    assert _regions(session) == []
    assert world.browser.get(world.image).data == b"shown"
    assert world.browser.post(address).status_code == 404


def test_the_same_part_twice_is_one(session: Session, world) -> None:
    for _ in range(2):
        world.browser.post(world.page, data=FACE)
    assert len(_regions(session)) == 1


def test_a_part_that_goes_beyond_the_edge_ends_there(session: Session, world) -> None:
    world.browser.post(world.page, data=FACE | {"left": "90", "width": "100"})
    assert _regions(session) == [(900, 205, 100, 250)]


@pytest.mark.parametrize(("name", "value"), [("left", ""), ("left", "-1"), ("left", "100"), ("top", "x" * 50),
                                             ("width", "0"), ("height", "0.4"), ("top", "1e9"), ("left", "NaN"),
                                             ("width", "Infinity"), ("left", "99.9")])
def test_what_is_no_part_of_a_photo_is_refused_beside_its_field(session: Session, world, name: str,
                                                               value: str) -> None:
    answer = world.browser.post(world.page, data=FACE | {name: value})
    assert answer.status_code == 422
    assert f'id="{name}-error"' in answer.text
    assert _regions(session) == []
    assert_sound(answer)


def test_a_photo_has_so_many_covered_parts_and_no_more(session: Session, world) -> None:
    session.add_all(PhotoRegion(id=new_id(), photo_id=world.photo.id, left=place, top=1, width=20, height=20,
                                made_by=world.commissioner.id, made_at=makers.NOON) for place in range(50))
    session.commit()
    assert world.browser.post(world.page, data=FACE).status_code == 422
    assert len(_regions(session)) == 50


def test_only_whoever_withholds_things_gets_there(world) -> None:
    for role, browser in world.browsers.items():
        expected = 200 if role is Role.COMMISSIONER else 404
        assert [browser.get(address).status_code for address in (world.page, world.clean)] == [expected] * 2
        if expected == 404:
            assert browser.post(world.page, data=FACE).status_code == 404


def test_to_be_of_the_team_is_not_enough_to_cover_or_uncover_a_part(session: Session, world,
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    world.browser.post(world.page, data=FACE)
    [region_id] = session.scalars(select(PhotoRegion.id)).all()
    monkeypatch.setitem(ROLES_THAT_MAY, Permission.REDACT, frozenset())  # type: ignore[arg-type]
    answers = (world.browser.get(world.page), world.browser.get(world.clean), world.browser.post(world.page, data=FACE),
               world.browser.post(f"/photo-regions/{region_id}/remove"))
    assert [answer.status_code for answer in answers] == [404] * 4
    assert len(_regions(session)) == 1


def test_looking_and_covering_are_noted_with_ids_alone(session: Session, world) -> None:
    world.browser.get(world.page)
    world.browser.get(world.clean)
    world.browser.post(world.page, data=FACE)
    noted = session.execute(select(AuditEntry.action, AuditEntry.kind).where(
        AuditEntry.person_id == world.commissioner.id)).all()
    assert {("seen", "clean_photo"), ("made", "photo_region")} <= {tuple(row) for row in noted}


def test_the_page_draws_what_is_covered_on_the_photo(world) -> None:
    world.browser.post(world.page, data=FACE)
    assert '<rect x="100" y="205" width="305" height="250">' in world.browser.get(world.page).text
