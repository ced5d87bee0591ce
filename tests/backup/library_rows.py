"""Rows of the library that a backup holds: themes and their history, notes, partners, groups, targets, collections."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.ids import new_id
from server.models.collection import Collection, CollectionItem, CollectionShare
from server.models.group import Belonging, Group, SelfDescription
from server.models.note import Note
from server.models.organisation import CustodyOverride, Organisation, Partner
from server.models.reidentification import ReidentificationLook
from server.models.story import Participant, Story
from server.models.suggestion import SuggestionAnswer
from server.models.target import VoiceTarget
from server.models.theme import Theme, ThemeChange
from tests import makers


def add_library(session: Session, story: Story, person_id: str, words: str, now: datetime) -> None:
    """A row of each kind about this story and its project, with these words wherever there is room for words."""
    project_id, organisation_id, group_id, collection_id = story.project_id, new_id(), new_id(), new_id()
    theme_id = session.scalars(select(Theme.id).where(Theme.project_id == project_id)).first()
    teller_id = session.scalars(select(Participant.id).where(Participant.story_id == story.id)).one()
    session.add_all([
        Organisation(id=organisation_id, name=words, name_key=words, created_at=now),
        Group(id=group_id, project_id=project_id, name=words, name_key=words, position=0),
        Collection(id=collection_id, project_id=project_id, name=words, kind="set", made_by=person_id, made_at=now,
                   changed_at=now),
        SelfDescription(participant_id=teller_id, story_id=story.id, own_words=words)])
    session.flush()
    session.add_all([
        Partner(project_id=project_id, organisation_id=organisation_id, joined_at=now),
        Belonging(participant_id=teller_id, group_id=group_id, story_id=story.id),
        VoiceTarget(project_id=project_id, dimension="place", value=words, counts="people", wanted=2**20),
        CollectionItem(id=new_id(), collection_id=collection_id, position=0, story_id=story.id),
        CollectionShare(collection_id=collection_id, person_id=person_id, shared_at=now),
        Note(id=new_id(), project_id=project_id, story_id=story.id, kind="story", subject_id=story.id, text=words,
             made_by=person_id, made_at=now),
        ThemeChange(theme_id=theme_id, kind="renamed", before={"name": words}, after={"name": "Ünïcode"},
                    changed_by=person_id, changed_at=now),
        SuggestionAnswer(id=new_id(), theme_id=theme_id, story_id=story.id, source_id=new_id(), start_ms=0, end_ms=9,
                         answer="dismissed", answered_by=person_id, answered_at=now),
        ReidentificationLook(id=new_id(), project_id=project_id, audience="board", facts_sha256=makers.digest("facts"),
                             warned_at=now, photo_id=story.photos[0].id)])
    session.flush()
    session.add(CustodyOverride(id=new_id(), project_id=project_id, organisation_id=organisation_id, kind="terms",
                                reason=words, made_by=person_id, made_at=now))
