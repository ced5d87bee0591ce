"""What the server says it holds, on both databases."""

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.errors import NotFound, Withdrawn
from server.domain.ids import new_id
from server.models.consent import ConsentRecord
from server.services import receipts, withdrawals
from tests.makers import add_photo, add_quote, add_recording, make_person, make_project, make_story, viewer_of


def test_each_kind_of_part_has_a_receipt_for_researchers_of_its_project_alone(session: Session) -> None:
    """fault 44"""
    project = make_project(session)
    person = make_person(session, project, Role.RESEARCHER)
    story = make_story(session, project, person)
    parts = {"story": story, "recording": add_recording(session, story), "photo": add_photo(session, story),
             "quote": add_quote(session, story), "consent": session.query(ConsentRecord).one()}
    colleague = make_person(session, project, Role.RESEARCHER)
    outsider = make_person(session, make_project(session, "Another"), Role.RESEARCHER)
    commissioner = make_person(session, project, Role.COMMISSIONER)
    for kind, part in parts.items():
        receipt = receipts.find(session, viewer_of(session, colleague), part.id)
        assert (receipt.id, receipt.kind) == (part.id, kind)
        for stranger in (outsider, commissioner):
            with pytest.raises(NotFound):
                receipts.find(session, viewer_of(session, stranger), part.id)
    with pytest.raises(NotFound):
        receipts.find(session, viewer_of(session, person), new_id())


def test_a_media_receipt_is_for_the_file_as_recorded(session: Session) -> None:
    project = make_project(session)
    person = make_person(session, project, Role.RESEARCHER)
    recording = add_recording(session, make_story(session, project, person))
    receipt = receipts.find(session, viewer_of(session, person), recording.id)
    assert (receipt.sha256, receipt.size) == (recording.sha256, recording.size)


def test_every_part_of_a_withdrawn_story_is_gone_for_ever(session: Session) -> None:
    """fault 26"""
    project = make_project(session)
    person = make_person(session, project, Role.RESEARCHER)
    story = make_story(session, project, person)
    ids = [story.id, add_recording(session, story).id, add_photo(session, story).id, add_quote(session, story).id]
    viewer = viewer_of(session, person)
    outsider = viewer_of(session, make_person(session, make_project(session, "Another"), Role.RESEARCHER))
    withdrawals.withdraw(session, viewer, story.id)
    for part_id in ids:
        with pytest.raises(Withdrawn):
            receipts.find(session, viewer, part_id)
        with pytest.raises(NotFound):
            receipts.find(session, outsider, part_id)
