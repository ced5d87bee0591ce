"""Two people change the same thing: one does, the other is told what it says now. With connections of their own."""

from collections.abc import Callable
from dataclasses import asdict

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.errors import Invalid, VersionConflict, VersionMissing
from server.domain.phone_settings import PhoneSettings
from server.domain.provocation import ProvocationText
from server.domain.speech_settings import SpeechSettings
from server.domain.theme import ThemeText
from server.services import phone_settings, projects, provocations, speech_settings, themes
from tests import makers
from tests.services.together import together

Change = Callable[[Session, str, int | None], object]


class Shared:
    """Everything with a version, how it is changed to a word, and how its words are read."""

    def __init__(self, session: Session) -> None:
        project = makers.make_project(session)
        person = makers.make_person(session, project, *Role)
        viewer = makers.viewer_of(session, person)
        theme = makers.make_theme(session, project)
        story = makers.make_story(session, project, person)
        quotes = [makers.add_quote(session, story, text).id for text in ("one", "two", "three")]
        made = provocations.make(session, viewer, project.id, ProvocationText("Why?"))
        for quote in quotes:
            provocations.add_evidence(session, viewer, made.id, "quote", quote)
        self.project, self.viewer, self.provocation_id, self.quotes = project, viewer, made.id, quotes
        project_id, theme_id = project.id, theme.id
        phones = {"first": PhoneSettings(0, 800), "second": PhoneSettings(720, 6000)}
        spoken = {"first": SpeechSettings(("en",), ("CAMHS",)), "second": SpeechSettings(("cy",), ("Gwynedd",))}
        orders = {"first": quotes[::-1], "second": [quotes[1], quotes[0], quotes[2]]}
        self.changes: dict[str, Change] = {
            "project": lambda s, word, seen: projects.describe(s, viewer, project_id, word, word, seen),
            "phones": lambda s, word, seen: phone_settings.change(s, viewer, project_id, phones[word], seen),
            "speech": lambda s, word, seen: speech_settings.change(s, viewer, project_id, spoken[word], seen),
            "guide": lambda s, word, seen: projects.replace_prompts(s, viewer, project_id, [word], seen),
            "theme": lambda s, word, seen: themes.change(s, viewer, theme_id, ThemeText(word, word), seen),
            "provocation": lambda s, word, seen: provocations.change_text(s, viewer, made.id, ProvocationText(word),
                                                                          seen),
            "order": lambda s, word, seen: provocations.put_in_order(s, viewer, made.id, orders[word], seen),
        }
        self.current: dict[str, Callable[[Session], dict[str, object]]] = {
            "project": lambda s: {key: value for key, value in asdict(projects.get_about(s, viewer, project_id)).items()
                                  if key != "version"},
            "phones": lambda s: {name: str(value) for name, value in asdict(
                phone_settings.get(s, viewer, project_id).settings).items()},
            "speech": lambda s: speech_settings.as_typed(speech_settings.get(s, viewer, project_id).settings),
            "guide": lambda s: {"prompts": list(projects.get_guide(s, viewer, project_id).prompts)},
            "theme": lambda s: asdict(themes.get_to_change(s, viewer, theme_id).text),
            "provocation": lambda s: asdict(provocations.get(s, viewer, made.id).text),
            "order": lambda s: {"order": [item.part_id for item in s.get_one(provocations.Provocation,
                                                                             made.id).evidence]},
        }


@pytest.fixture
def shared(session: Session) -> Shared:
    return Shared(session)


THINGS = ["project", "phones", "speech", "guide", "theme", "provocation", "order"]


@pytest.mark.parametrize("thing", THINGS)
def test_of_two_changes_at_once_one_wins_and_the_other_learns_what_it_says_now(
    app: Flask, session: Session, shared: Shared, thing: str
) -> None:
    """fault 25"""
    def change_to(word: str) -> Callable[[Session], tuple[str, object]]:
        def act(own: Session) -> tuple[str, object]:
            try:
                shared.changes[thing](own, word, 1)
            except VersionConflict as conflict:
                return "conflict", (conflict.current, conflict.version)
            return "changed", word

        return act

    answers = dict(together(app, [change_to("first"), change_to("second")]))
    session.expire_all()
    assert set(answers) == {"changed", "conflict"}
    assert answers["conflict"] == (shared.current[thing](session), 2)


@pytest.mark.parametrize("thing", THINGS)
def test_whoever_saw_the_newest_version_changes_it(session: Session, shared: Shared, thing: str) -> None:
    shared.changes[thing](session, "first", 1)
    shared.changes[thing](session, "second", 2)
    with pytest.raises(VersionConflict) as refusal:
        shared.changes[thing](session, "first", 2)
    assert (refusal.value.version, refusal.value.code) == (3, "version_conflict")


@pytest.mark.parametrize("thing", THINGS)
def test_without_a_version_nothing_is_changed(session: Session, shared: Shared, thing: str) -> None:
    before = shared.current[thing](session)
    with pytest.raises(VersionMissing):
        shared.changes[thing](session, "first", None)
    assert shared.current[thing](session) == before


@pytest.mark.parametrize("thing", THINGS)
def test_pressing_the_button_twice_is_no_conflict(session: Session, shared: Shared, thing: str) -> None:
    for _ in range(2):
        shared.changes[thing](session, "first", 1)


def test_name_and_guide_of_a_project_are_changed_beside_each_other(session: Session, shared: Shared) -> None:
    shared.changes["project"](session, "first", 1)
    shared.changes["guide"](session, "second", 1)
    assert projects.get_guide(session, shared.viewer, shared.project.id).version == 2


def test_a_name_that_two_projects_want_at_once_goes_to_one(app: Flask, session: Session, shared: Shared) -> None:
    other = makers.make_project(session, "Another")
    person = makers.make_person(session, other, Role.ADMINISTRATOR)
    names = [(shared.viewer, str(shared.project.id)), (makers.viewer_of(session, person), str(other.id))]

    def rename(whose: tuple[object, str]) -> Callable[[Session], str]:
        def act(own: Session) -> str:
            try:
                projects.describe(own, *whose, "Wanted", "", 1)
            except Invalid as refusal:
                return refusal.fields["name"]
            return "named"

        return act

    answers = together(app, [rename(whose) for whose in names])
    assert sorted(answers)[1] == "named"
    assert "has this name already" in sorted(answers)[0]


def test_evidence_that_was_added_meanwhile_comes_last_and_is_no_conflict(session: Session, shared: Shared) -> None:
    story = makers.make_story(session, shared.project, makers.make_person(session, shared.project, Role.RESEARCHER))
    new = makers.add_quote(session, story, "four").id
    provocations.add_evidence(session, shared.viewer, shared.provocation_id, "quote", new)
    provocations.put_in_order(session, shared.viewer, shared.provocation_id, shared.quotes[::-1], 1)
    assert shared.current["order"](session) == {"order": [*shared.quotes[::-1], new]}
