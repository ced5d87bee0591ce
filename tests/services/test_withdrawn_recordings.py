"""Which recordings are refused once a story was withdrawn: its own, also those of which only segments came."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.ids import new_id
from server.models.consent import Tombstone
from server.models.held import HeldArrival
from server.models.story import Story
from server.services import withdrawals
from tests import makers


def _recording_of(session: Session, story: Story, comes_as: str) -> str:
    match comes_as:
        case "whole":
            return makers.add_recording(session, story).id
        case "a manifest":
            return makers.add_manifest(session, story).id
        case "an upload":
            return makers.add_upload(session, story).part_id
    held = HeldArrival(id=new_id(), kind="manifest", story_id=story.id, person_id=story.researcher_id, body=b"{}",
                       body_sha256=makers.digest("held"), received_at=makers.NOON)
    session.add(held)
    session.flush()
    return held.id


@pytest.mark.parametrize("comes_as", ["whole", "a manifest", "an upload", "a held manifest"])
def test_a_recording_of_another_story_is_not_refused_because_a_segment_names_it(
    session: Session, world: SimpleNamespace, comes_as: str
) -> None:
    """fault 26"""
    story, other = (makers.make_story(session, world.project, world.researcher) for _ in range(2))
    others, to_come = _recording_of(session, other, comes_as), new_id()
    manifest = makers.add_manifest(session, story)
    own = manifest.id
    makers.add_segment(session, manifest, 0, recording_id=others)
    makers.add_segment(session, manifest, 1, recording_id=to_come)
    withdrawals.withdraw(session, makers.viewer_of(session, world.researcher), story.id)
    refused = set(session.scalars(select(Tombstone.id)))
    assert {own, to_come} <= refused
    assert others not in refused
