"""The server tells of changes exactly as `changes.json` says; `pwa/tests` reads the same file as a phone does."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.sync import ChangeKind
from server.models.consent import Withdrawal
from server.models.group import Group
from server.models.people import Membership, Person
from server.models.project import ConsentWording, Project, Prompt
from server.models.story import Conversation, Recording, Story
from server.models.theme import Theme
from server.services import changes
from tests.conftest import Browser
from tests.makers import NOON, digest, make_person, new_id

EXAMPLE = json.loads((Path(__file__).parent / "changes.json").read_text(encoding="utf-8"))


def told(number: int) -> dict[str, Any]:
    """What is told by the change of this number."""
    change = EXAMPLE["changes"][number - 1]
    return change[change["kind"]]


def make_project_of_the_example(session: Session) -> None:
    project, guide, wording, [theme] = told(1), told(2), told(3), told(4)["themes"]
    session.add(Project(id=project["id"], name=project["name"], introduction=project["introduction"], is_demo=False,
                        created_at=NOON, version=project["version"], guide_version=guide["version"],
                        keep_hours=project["keep_hours"], photo_pixels=project["photo_pixels"]))
    session.add(Project(id=told(9)["project_id"], name="Another", introduction="", is_demo=False, created_at=NOON))
    session.flush()
    for one in project["may_be_named"]:
        session.add(Person(id=one["id"], name=one["name"], email="ade@example.org", is_operator=False, created_at=NOON))
        session.flush()
        session.add(Membership(person_id=one["id"], project_id=project["id"], role=Role.ADMINISTRATOR.value))
    session.add_all(Group(id=one["id"], project_id=project["id"], name=one["name"], position=place,
                          name_key=one["name"].casefold()) for place, one in enumerate(project["groups"]))
    session.add_all(Prompt(id=prompt["id"], project_id=project["id"], position=place, text=prompt["text"],
                            texts=prompt["texts"])
                    for place, prompt in enumerate(guide["prompts"]))
    more = [{name: part for name, part in text.items() if name != "sha256"} for text in wording["texts"][1:]]
    first = {name: part for name, part in wording.items() if name != "texts"}
    session.add(ConsentWording(project_id=project["id"], published_at=NOON, more_texts=more, **first))
    session.add(Theme(project_id=project["id"], name_key=theme["name"].casefold(), created_at=NOON, **theme))


def make_what_was_sent(session: Session, person: Person) -> None:
    project_id, story, recording = told(1)["id"], told(5), told(6)
    session.add(Membership(person_id=person.id, project_id=project_id, role=Role.RESEARCHER.value))
    talk = Conversation(id=new_id(), project_id=project_id, researcher_id=person.id, place="", started_at=NOON)
    session.add(talk)
    session.flush()
    session.add(Story(
        id=story["id"], project_id=project_id, conversation_id=talk.id, researcher_id=person.id, pseudonym="Amal",
        place=told(1)["places"][0], told_at=NOON, told_at_phone=NOON, receipt_code_hash=digest("code"),
        body_sha256=story["sha256"], body_bytes=story["bytes"],
        received_at=datetime.fromisoformat(story["received_at"])))
    session.flush()
    at = datetime.fromisoformat(recording["received_at"])
    session.add(Recording(id=recording["id"], story_id=story["id"], position=0, sha256=recording["sha256"],
                          size=recording["bytes"], container="webm", started_at=NOON, received_at=at, stored_at=at))
    session.add(Withdrawal(story_id=EXAMPLE["changes"][6]["id"], project_id=project_id, recorded_by=person.id,
                           receipt_code_hash=digest("other code"),
                           at=datetime.fromisoformat(told(7)["withdrawn_at"])))


def test_the_server_tells_of_changes_as_the_phone_reads_them(
    session: Session, sign_in_as: Callable[[Person], Browser]
) -> None:
    person = make_person(session, name="Sam")
    make_project_of_the_example(session)
    make_what_was_sent(session, person)
    for change in EXAMPLE["changes"]:
        kind, project_id = change["kind"], change["project_id"]
        subject_id = f"{person.id}:{project_id}" if kind == ChangeKind.MEMBERSHIP else change["id"]
        is_own = kind in (ChangeKind.MEMBERSHIP, ChangeKind.RECEIPT)
        changes.note(session, kind, subject_id, project_id, person.id if is_own else None)
    session.commit()
    assert sign_in_as(person).get("/api/v1/changes?after=0").json == EXAMPLE
