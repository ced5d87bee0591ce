"""Evidence of consent from a phone into the store, and who may have it, on both databases."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.consent import EvidenceKind, Use
from server.domain.errors import Invalid, NotFound, UnsupportedAudio, UnsupportedImage
from server.domain.ids import new_id
from server.domain.sent import PartKind, SentEvidence, SentPart
from server.domain.sync import Body, PhoneClock, Standing
from server.models.consent import ConsentEvidence, ConsentRecord
from server.models.upload import Upload
from server.models.work import Job
from server.services import arrivals, consent_evidence, consents, receipts, register, stories, uploads
from server.storage.staging import Staging
from tests import makers
from tests.api.phone import picture, sound
from tests.services import sending
from tests.services.arriving import CLOCK, arrive, keep

PICTURE = picture("PNG")


class Signed:
    """A story whose participant signed, and the signature that the phone will send."""

    def __init__(self, session: Session, world: SimpleNamespace, content: bytes = PICTURE) -> None:
        self.session, self.project, self.content = session, world.project, content
        self.viewer = makers.viewer_of(session, world.researcher)
        self.story_id, self.evidence_id = new_id(), new_id()
        self.sent = replace(
            sending.consent(self.project.id, makers.wording_of(session, self.project).id, self.story_id),
            evidence=SentEvidence(self.evidence_id, EvidenceKind.SIGNATURE, Body.of(content).sha256))

    def consent(self) -> None:
        consents.record(self.session, self.viewer, self.sent, sending.BODY, PhoneClock())

    def story(self) -> None:
        stories.receive(self.session, self.viewer, sending.story(self.project.id, self.story_id), sending.BODY, CLOCK)
        self.session.commit()

    def part(self, **changes: Any) -> SentPart:
        found = {"id": self.evidence_id, "consent_id": self.sent.id, "evidence_kind": EvidenceKind.SIGNATURE} | changes
        return sending.part(self.story_id, self.content, PartKind.EVIDENCE, **found)


@pytest.fixture
def signed(session: Session, world: SimpleNamespace) -> Signed:
    return Signed(session, world)


def test_evidence_is_kept_byte_for_byte_and_asks_for_no_work_but_storing(
    session: Session, signed: Signed, staging: Staging
) -> None:
    signed.consent()
    signed.story()
    keep(session, signed.viewer, arrive(session, signed.viewer, signed.part(), staging, PICTURE), staging)
    row = session.get_one(ConsentEvidence, signed.evidence_id)
    assert (row.story_id, row.consent_id, row.kind) == (signed.story_id, signed.sent.id, "signature")
    assert (row.sha256, row.size, row.content_type) == (Body.of(PICTURE).sha256, len(PICTURE), "image/png")
    assert session.scalars(select(Job.kind)).all() == ["store"]
    receipt = receipts.find(session, signed.viewer, signed.evidence_id)
    assert (receipt.kind, receipt.sha256, receipt.standing) == ("evidence", row.sha256, Standing.BEING_STORED)


def test_evidence_of_a_no_is_kept_as_that_of_a_yes(session: Session, signed: Signed, staging: Staging) -> None:
    signed.sent = replace(signed.sent, answers=dict.fromkeys(Use, False))
    signed.consent()
    signed.story()
    keep(session, signed.viewer, arrive(session, signed.viewer, signed.part(), staging, PICTURE), staging)
    assert session.get(ConsentEvidence, signed.evidence_id) is not None


@pytest.mark.parametrize("changes", [
    {"sha256": "0" * 64}, {"id": "0190b3a2-7c5d-7e1f-8a2b-3c4d5e6f7a8b"}])
def test_a_file_that_its_consent_does_not_name_is_refused(session: Session, signed: Signed, staging: Staging,
                                                          changes: dict[str, str]) -> None:
    signed.consent()
    signed.story()
    with pytest.raises(Invalid) as refused:
        uploads.begin(session, signed.viewer, signed.part(**changes), CLOCK, staging)
    assert set(refused.value.fields) == {"consent_id"}


def test_evidence_that_comes_before_everything_else_is_held(session: Session, signed: Signed,
                                                            staging: Staging) -> None:
    """fault 24"""
    session.commit()
    keep(session, signed.viewer, arrive(session, signed.viewer, signed.part(), staging, PICTURE), staging)
    assert receipts.find(session, signed.viewer, signed.evidence_id).standing is Standing.HELD
    signed.consent()
    signed.story()
    arrivals.admit(session, signed.story_id)
    assert session.get(ConsentEvidence, signed.evidence_id) is not None


def test_held_evidence_that_its_consent_turns_out_not_to_name_is_given_up(session: Session, signed: Signed,
                                                                          staging: Staging) -> None:
    session.commit()
    keep(session, signed.viewer, arrive(session, signed.viewer, signed.part(), staging, PICTURE), staging)
    signed.sent = replace(signed.sent, evidence=None)
    signed.consent()
    signed.story()
    arrivals.admit(session, signed.story_id)
    assert session.query(ConsentEvidence).count() == session.query(Upload).count() == 0


def test_a_spoken_statement_is_sound_and_a_signature_is_a_picture(session: Session, world: SimpleNamespace,
                                                                  staging: Staging) -> None:
    for content, kind, refusal in ((sound(), EvidenceKind.SIGNATURE, UnsupportedImage),
                                   (PICTURE, EvidenceKind.SPOKEN, UnsupportedAudio)):
        one = Signed(session, world, content)
        one.consent()
        one.story()
        arriving = arrive(session, one.viewer, one.part(evidence_kind=kind), staging, content)
        with pytest.raises(refusal):
            keep(session, one.viewer, arriving, staging)
        session.rollback()


def test_the_register_says_whether_evidence_has_come(session: Session, signed: Signed, staging: Staging) -> None:
    signed.consent()
    signed.story()

    def evidence() -> register.Evidence | None:
        [agreed] = register.list_agreements(session, signed.viewer, signed.project.id, signed.story_id)
        return agreed.evidence

    assert evidence() == register.Evidence(signed.evidence_id, EvidenceKind.SIGNATURE, False, False)
    assert register.get_entry(session, signed.viewer, signed.project.id, signed.story_id).awaits_evidence
    keep(session, signed.viewer, arrive(session, signed.viewer, signed.part(), staging, PICTURE), staging)
    assert evidence() == register.Evidence(signed.evidence_id, EvidenceKind.SIGNATURE, True, False)
    assert not register.get_entry(session, signed.viewer, signed.project.id, signed.story_id).awaits_evidence


def test_an_administrator_of_the_project_alone_gets_the_file(session: Session, world: SimpleNamespace) -> None:
    """fault 44"""
    story = makers.make_story(session, world.project, world.researcher)
    other = makers.make_story(session, world.project, world.researcher)
    evidence = makers.add_evidence_of_consent(session, story, session.query(ConsentRecord).filter_by(
        story_id=story.id).one())
    another = makers.make_project(session, "Another")

    def get(viewer: Viewer, project_id: str = world.project.id, story_id: str = story.id) -> object:
        return consent_evidence.get_file(session, viewer, project_id, story_id, evidence.id)

    administrator = makers.viewer_of(session, makers.make_person(session, world.project, Role.ADMINISTRATOR))
    outsider = makers.viewer_of(session, makers.make_person(session, another, Role.ADMINISTRATOR))
    assert get(administrator) == consent_evidence.EvidenceFile(evidence.sha256, "image/png", EvidenceKind.SIGNATURE,
                                                               story.id)
    researcher = makers.viewer_of(session, world.researcher)
    for viewer in (world.commissioner, world.board_member, world.analyst, researcher, outsider):
        with pytest.raises(NotFound):
            get(viewer)
    for project_id, story_id in ((another.id, story.id), (world.project.id, other.id)):
        with pytest.raises(NotFound):
            get(outsider if project_id == another.id else administrator, project_id, story_id)
    evidence.stored_at = None
    with pytest.raises(NotFound):
        get(administrator)
