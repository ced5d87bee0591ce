"""The next version of a wording while it is being written, on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.consent_wording import Reading, Text
from server.domain.errors import Invalid, NotFound, VersionConflict, VersionMissing
from server.domain.suggested_wordings import SUGGESTED, SUGGESTED_TEXTS
from server.models.project import DraftText, Project
from server.services import consent_wordings, draft_texts
from tests.makers import make_person, make_project, viewer_of

WELSH = Text("cy", Reading.FULL, SUGGESTED_TEXTS["cy", Reading.FULL])
ENGLISH = Text("en", Reading.FULL, SUGGESTED)


@pytest.fixture
def project(session: Session) -> Project:
    return make_project(session)


@pytest.fixture
def administrator(session: Session, project: Project) -> Viewer:
    return viewer_of(session, make_person(session, project, Role.ADMINISTRATOR))


def test_until_something_is_saved_the_draft_is_what_is_used_now(session: Session, project: Project,
                                                                administrator: Viewer) -> None:
    draft = draft_texts.get(session, administrator, project.id)
    assert (draft.differs, len(draft.texts), draft.gone) == (False, 1, ())
    assert session.query(DraftText).count() == 0


def test_a_saved_text_joins_the_next_version_and_changes_nothing_before_that(session: Session, project: Project,
                                                                             administrator: Viewer) -> None:
    draft_texts.save_text(session, administrator, project.id, WELSH, 0)
    draft = draft_texts.get(session, administrator, project.id)
    assert [(drafted.text.language, drafted.is_new, drafted.needs_a_speaker) for drafted in draft.texts] == [
        ("en", False, False), ("cy", True, True)]
    assert draft.differs
    assert len(consent_wordings.newest(session, administrator, project.id).texts) == 1
    assert draft_texts.publish(session, administrator, project.id, draft.seen) == 2
    assert consent_wordings.newest(session, administrator, project.id).texts[1] == WELSH
    assert session.query(DraftText).count() == 0


def test_a_text_begins_with_what_is_drafted_then_what_is_used_then_what_we_suggest(
    session: Session, project: Project, administrator: Viewer
) -> None:
    def get(language: str, reading: Reading = Reading.FULL) -> draft_texts.Written:
        return draft_texts.get_text(session, administrator, project.id, language, reading)

    used = consent_wordings.newest(session, administrator, project.id).wording
    assert (get("en").wording, get("en").is_kept) == (used, True)
    assert (get("cy").wording, get("cy").is_kept, get("cy").needs_a_speaker) == (WELSH.wording, False, True)
    assert get("pl").wording is None
    draft_texts.save_text(session, administrator, project.id, ENGLISH, 0)
    assert (get("en").wording, get("en").version) == (SUGGESTED, 1)


def test_two_people_who_write_the_same_text_do_not_write_over_each_other(session: Session, project: Project,
                                                                         administrator: Viewer) -> None:
    """fault 25"""
    draft_texts.save_text(session, administrator, project.id, ENGLISH, 0)
    other = replace(ENGLISH, wording=replace(SUGGESTED, title="Another title"))
    with pytest.raises(VersionConflict) as conflict:
        draft_texts.save_text(session, administrator, project.id, other, 0)
    assert (conflict.value.current["title"], conflict.value.version) == (SUGGESTED.title, 1)
    with pytest.raises(VersionMissing):
        draft_texts.save_text(session, administrator, project.id, other, None)
    draft_texts.save_text(session, administrator, project.id, ENGLISH, 0)  # the button was pressed twice
    draft_texts.save_text(session, administrator, project.id, WELSH, 0)  # another text is nobody's concern
    draft_texts.save_text(session, administrator, project.id, other, 1)


def test_only_what_was_seen_is_published(session: Session, project: Project, administrator: Viewer) -> None:
    draft_texts.save_text(session, administrator, project.id, WELSH, 0)
    seen = draft_texts.get(session, administrator, project.id).seen
    draft_texts.save_text(session, administrator, project.id, ENGLISH, 0)
    with pytest.raises(VersionConflict):
        draft_texts.publish(session, administrator, project.id, seen)
    assert consent_wordings.newest(session, administrator, project.id).version == 1


def test_a_text_may_be_left_out_and_the_main_one_may_not(session: Session, project: Project,
                                                         administrator: Viewer) -> None:
    consent_wordings.publish(session, administrator, project.id, [ENGLISH, WELSH], None)
    draft_texts.leave_out(session, administrator, project.id, "cy", Reading.FULL)
    draft = draft_texts.get(session, administrator, project.id)
    assert draft.gone == (WELSH,)
    draft_texts.publish(session, administrator, project.id, draft.seen)
    assert consent_wordings.newest(session, administrator, project.id).texts == (ENGLISH,)
    with pytest.raises(Invalid):
        draft_texts.leave_out(session, administrator, project.id, "en", Reading.FULL)


def test_a_draft_that_is_thrown_away_leaves_what_is_used(session: Session, project: Project,
                                                         administrator: Viewer) -> None:
    draft_texts.save_text(session, administrator, project.id, WELSH, 0)
    draft_texts.discard(session, administrator, project.id)
    draft = draft_texts.get(session, administrator, project.id)
    assert not draft.differs
    with pytest.raises(Invalid):
        draft_texts.publish(session, administrator, project.id, draft.seen)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_writes_a_wording(session: Session, project: Project, role: Role) -> None:
    viewer = viewer_of(session, make_person(session, project, role))
    for act in (
        lambda: draft_texts.get(session, viewer, project.id),
        lambda: draft_texts.get_text(session, viewer, project.id, "en", Reading.FULL),
        lambda: draft_texts.save_text(session, viewer, project.id, ENGLISH, 0),
        lambda: draft_texts.save_months(session, viewer, project.id, 24, 0),
        lambda: draft_texts.leave_out(session, viewer, project.id, "cy", Reading.FULL),
        lambda: draft_texts.discard(session, viewer, project.id),
        lambda: draft_texts.publish(session, viewer, project.id, ""),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_language_that_we_do_not_know_is_not_found(session: Session, project: Project,
                                                     administrator: Viewer) -> None:
    with pytest.raises(NotFound):
        draft_texts.save_text(session, administrator, project.id, replace(ENGLISH, language="tlh"), 0)


def test_how_long_a_yes_lasts_is_published_with_the_texts_and_counts_from_then(session: Session, project: Project,
                                                                              administrator: Viewer) -> None:
    draft_texts.save_months(session, administrator, project.id, 24, 0)
    draft_texts.save_text(session, administrator, project.id, WELSH, 0)
    draft = draft_texts.get(session, administrator, project.id)
    assert (draft.months, draft.lasts_otherwise, draft.published.months) == (24, True, None)
    draft_texts.publish(session, administrator, project.id, draft.seen)
    assert consent_wordings.newest(session, administrator, project.id).months == 24
    draft_texts.save_text(session, administrator, project.id, ENGLISH, 0)
    again = draft_texts.get(session, administrator, project.id)
    assert (again.months, again.lasts_otherwise) == (24, False)
    draft_texts.save_months(session, administrator, project.id, None, 24)
    assert draft_texts.get(session, administrator, project.id).lasts_otherwise


def test_the_term_alone_is_something_to_publish_and_is_part_of_what_was_seen(session: Session, project: Project,
                                                                            administrator: Viewer) -> None:
    """fault 25"""
    draft_texts.save_months(session, administrator, project.id, 12, 0)
    seen = draft_texts.get(session, administrator, project.id).seen
    draft_texts.save_months(session, administrator, project.id, 6, 12)
    with pytest.raises(VersionConflict):
        draft_texts.publish(session, administrator, project.id, seen)
    assert draft_texts.publish(session, administrator, project.id,
                               draft_texts.get(session, administrator, project.id).seen) == 2
    with pytest.raises(Invalid):
        draft_texts.publish(session, administrator, project.id,
                            draft_texts.get(session, administrator, project.id).seen)


def test_two_people_who_say_how_long_a_yes_lasts_do_not_write_over_each_other(session: Session, project: Project,
                                                                             administrator: Viewer) -> None:
    """fault 25"""
    draft_texts.save_months(session, administrator, project.id, 24, 0)
    with pytest.raises(VersionConflict) as conflict:
        draft_texts.save_months(session, administrator, project.id, 36, 0)
    assert (conflict.value.current, conflict.value.version) == ({"months": "24"}, 24)
    draft_texts.save_months(session, administrator, project.id, 24, 0)  # the button was pressed twice
    with pytest.raises(VersionMissing):
        draft_texts.save_months(session, administrator, project.id, 36, None)


@pytest.mark.parametrize("months", [0, -1, 601])
def test_a_yes_lasts_no_time_that_is_none(session: Session, project: Project, administrator: Viewer,
                                          months: int) -> None:
    with pytest.raises(Invalid):
        draft_texts.save_months(session, administrator, project.id, months, 0)
