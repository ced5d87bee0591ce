"""Every change that somebody makes is in the audit when it is there, and only then."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.audit import Action
from server.domain.consent_wording import Reading, Text, Wording
from server.domain.provocation import ProvocationText
from server.domain.suggested_wordings import SUGGESTED
from server.domain.theme import Taggable, ThemeText
from server.models.audit import AuditEntry
from server.models.people import Person
from server.services import (
    access_keys,
    audit,
    consent_wordings,
    draft_texts,
    excerpts,
    invitations,
    operators,
    people,
    projects,
    provocations,
    sign_in,
    taggings,
    themes,
    withdrawals,
)
from tests import makers


class Office:
    """Everybody who changes something, and something to change."""

    def __init__(self, session: Session, world: SimpleNamespace) -> None:
        self.session, self.project = session, world.project
        self.administrator = self._viewer(Role.ADMINISTRATOR)
        self.commissioner = world.commissioner
        self.researcher = makers.viewer_of(session, world.researcher)
        person = makers.make_person(session, world.project, Role.ANALYST)
        person.is_operator = True
        self.operator, self.person = makers.viewer_of(session, person), person
        self.story = makers.make_story(session, world.project, world.researcher)
        self.quote = makers.add_quote(session, self.story)
        self.recording = makers.add_recording(session, self.story)
        self.theme_id = themes.create(session, self.commissioner, self.project.id, ThemeText("Waiting"))
        self.card = provocations.make(session, self.commissioner, self.project.id, ProvocationText("Who waits?"))
        provocations.add_evidence(session, self.commissioner, self.card.id, Taggable.QUOTE, self.quote.id)
        self.version = provocations.get(session, self.commissioner, self.card.id).version
        session.commit()

    def _viewer(self, role: Role) -> Viewer:
        return makers.viewer_of(self.session, makers.make_person(self.session, self.project, role))


@pytest.fixture
def office(session: Session, world: SimpleNamespace) -> Office:
    return Office(session, world)


Act = Callable[[Session, Office], object]
WORDING = Wording("Another title", SUGGESTED.introduction, SUGGESTED.questions)

ACTS: dict[str, tuple[Act, str, str]] = {
    "an account": (lambda s, o: operators.reset_password(s, o.person.email), "removed", "password"),
    "a role": (lambda s, o: people.remove_role(s, o.administrator, o.project.id, o.person.id, Role.ANALYST),
               "removed", "role"),
    "a new role": (lambda s, o: people.add_role(s, o.person.id, o.project.id, Role.RESEARCHER), "made", "role"),
    "an invitation": (lambda s, o: invitations.make(s, o.administrator, o.project.id, Role.ANALYST, "For Jo"),
                      "made", "invitation"),
    "a project": (lambda s, o: projects.create(s, o.operator, "Another", ""), "made", "project"),
    "its name": (lambda s, o: projects.describe(s, o.administrator, o.project.id, "New name", "", 1),
                 "changed", "project"),
    "its guide": (lambda s, o: projects.replace_prompts(s, o.administrator, o.project.id, ["What helped?"], 1),
                  "changed", "guide"),
    "its wording": (lambda s, o: consent_wordings.publish(s, o.administrator, o.project.id,
                                                             [Text("en", Reading.FULL, WORDING)], None),
                    "published", "wording"),
    "how long a yes lasts": (
        lambda s, o: draft_texts.save_months(s, o.administrator, o.project.id, 24, 0), "changed", "wording draft"),
    "its wording while it is written": (
        lambda s, o: draft_texts.save_text(s, o.administrator, o.project.id, Text("en", Reading.FULL, WORDING), 0),
        "changed", "wording draft"),
    "a theme": (lambda s, o: themes.create(s, o.commissioner, o.project.id, ThemeText("Night")), "made", "theme"),
    "its words": (lambda s, o: themes.change(s, o.commissioner, o.theme_id, ThemeText("Waits"), 1), "changed", "theme"),
    "a tagging": (lambda s, o: taggings.put(s, o.commissioner, taggings.Part(Taggable.QUOTE, o.quote.id), [],
                                            [o.theme_id]), "changed", "themes of quote"),
    "an excerpt": (lambda s, o: excerpts.make(s, o.commissioner, excerpts.Chosen(o.recording.id, 500, 1900)),
                   "made", "excerpt"),
    "a provocation": (lambda s, o: provocations.make(s, o.commissioner, o.project.id, ProvocationText("Why?")),
                      "made", "provocation"),
    "its question": (lambda s, o: provocations.change_text(s, o.commissioner, o.card.id, ProvocationText("Who?"),
                                                           o.version), "changed", "provocation"),
    "its opening": (lambda s, o: provocations.publish(s, o.commissioner, o.card.id), "published", "provocation"),
    "its closing": (lambda s, o: provocations.unpublish(s, o.commissioner, o.card.id), "unpublished", "provocation"),
    "its evidence": (lambda s, o: provocations.remove_evidence(s, o.commissioner, o.card.id, o.quote.id),
                     "changed", "provocation"),
    "a key": (lambda s, o: access_keys.make(s, o.researcher, "Archive"), "made", "access key"),
    "a sign-in": (lambda s, o: sign_in.start(s, o.person), "signed_in", "person"),
    "a wrong password": (lambda s, o: sign_in.note_failure(s, o.person.id, "password"), "sign_in_failed", "person"),
    "a withdrawal": (lambda s, o: withdrawals.withdraw(s, o.researcher, o.story.id), "withdrew", "story"),
}


@pytest.mark.parametrize("what", ACTS)
def test_a_change_is_entered_when_it_is_there_and_not_before(session: Session, office: Office, what: str) -> None:
    act, action, kind = ACTS[what]
    before = audit.head_of(session).sequence
    act(session, office)
    session.rollback()
    assert audit.head_of(session).sequence == before
    act(session, office)
    session.commit()
    entries = session.scalars(select(AuditEntry).where(AuditEntry.sequence > before)).all()
    assert (action, kind) in {(entry.action, entry.kind) for entry in entries}
    assert audit.verify(session).problem is None


def test_signing_out_is_entered_once(session: Session, office: Office) -> None:
    token = sign_in.start(session, session.get_one(Person, office.person.id))
    for _ in range(2):
        sign_in.end(session, token)
    session.commit()
    entries = session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence.desc()).limit(2)).all()
    assert entries == [Action.SIGNED_OUT, Action.SIGNED_IN]


def test_a_savepoint_that_is_taken_back_takes_no_entry_along(session: Session) -> None:
    """Two withdrawn stories may rest on the same bytes: the second asks for an erasure that is asked for already."""
    project = makers.make_project(session)
    researcher = makers.make_person(session, project, Role.RESEARCHER)
    stories = [makers.make_story(session, project, researcher) for _ in range(2)]
    for story in stories:
        makers.add_recording(session, story, f"told by {story.id}").sha256 = makers.digest("the same file")
    ids, viewer = [story.id for story in stories], makers.viewer_of(session, researcher)
    session.commit()
    for story_id in ids:
        withdrawals.withdraw(session, viewer, story_id)
        session.commit()
    entered = session.scalars(select(AuditEntry.subject_id).where(AuditEntry.action == Action.WITHDREW)).all()
    assert sorted(entered) == sorted(ids)
