"""A story whose receipt somebody has, and how they open it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.domain.sync import receipt_code_hash
from server.models.consent import ConsentRecord
from server.models.story import Story
from tests.conftest import Browser
from tests.makers import add_photo, add_quote, add_recording, make_person, make_project, make_story

CODE = "7F3K9M2QXW4TB8ZH5CJ1VDN0RP"
OTHER_CODE = "0F3K9M2QXW4TB8ZH5CJ1VDN0RQ"
SECRETS = ("Listening to carers", "Amal", "Rose", "Northgate", "Nobody told us", "4 May", "Record", ">Yes<")
ASKS = "Type the name you are called in your story"


def told_by_amal(session: Session) -> Story:
    """A story with every kind of part, for two uses."""
    project = make_project(session)
    researcher = make_person(session, project, Role.RESEARCHER, name="Sam Okoro")
    story = make_story(session, project, researcher, uses={Use.RECORD, Use.COMMISSIONERS}, pseudonym="Amal")
    story.receipt_code_hash = receipt_code_hash(CODE)
    add_quote(session, story, "Nobody told us he had moved.")
    add_recording(session, story)
    add_photo(session, story)
    session.commit()
    return story


def enter(client: Browser, name: str = "amal", code: str = CODE) -> Browser:
    """Open a receipt."""
    assert client.post(f"/receipt/{code}", data={"name": name}).status_code == 303
    return client


def record_of(session: Session, story: Story) -> ConsentRecord:
    return session.scalars(select(ConsentRecord).where(ConsentRecord.story_id == story.id)).first()
