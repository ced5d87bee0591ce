"""Rows as they were at an earlier revision: the tables are read from the database, not from today's models."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import MetaData, Table, select
from sqlalchemy.engine import Connection, Engine

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ID = "0190b3a2-7c5d-7e1f-8a2b-{:012d}".format
SHA = "{:064x}".format

PERSON, PROJECT, WORDING, STORY, CONVERSATION, CONSENT = (ID(number) for number in range(1, 7))
RECORDING, PHOTO, QUOTE, UPLOAD, JOB, THEME, PROVOCATION = (ID(number) for number in range(11, 18))
OTHER_PERSON, OTHER_PROJECT, OTHER_STORY = (ID(number) for number in range(21, 24))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class OldDatabase:
    """The database of an installation at some revision."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def insert(self, table: str, /, **values: Any) -> None:
        with self.engine.connect() as connection, connection.begin():
            connection.execute(self._table(connection, table).insert().values(**values))

    def change(self, table: str, /, **values: Any) -> None:
        """Every row of it."""
        with self.engine.connect() as connection, connection.begin():
            connection.execute(self._table(connection, table).update().values(**values))

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Every row, in an order that does not depend on the database."""
        with self.engine.connect() as connection:
            return self._rows(connection, self._table(connection, name))

    def run(self, statement: str) -> list[Any]:
        with self.engine.connect() as connection, connection.begin():
            found = connection.exec_driver_sql(statement)
            return list(found) if found.returns_rows else []

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        """All rows of all tables."""
        metadata = MetaData()
        with self.engine.connect() as connection:
            metadata.reflect(connection)
            return {name: self._rows(connection, table) for name, table in sorted(metadata.tables.items())
                    if name != "alembic_version"}

    @staticmethod
    def _table(connection: Connection, name: str) -> Table:
        """The table as it is now, without those it points at: reading all of them takes seconds."""
        return Table(name, MetaData(), autoload_with=connection, resolve_fks=False)

    @staticmethod
    def _rows(connection: Connection, table: Table) -> list[dict[str, Any]]:
        found = connection.execute(select(table)).mappings().all()
        return sorted((dict(row) for row in found), key=lambda row: [str(value) for value in row.values()])

    def add_project(self, project_id: str = PROJECT, name: str = "Listening to carers",
                    person_id: str = PERSON) -> None:
        """A project with a wording, and its researcher, who is its administrator too."""
        if not any(row["id"] == person_id for row in self.rows("person")):
            self.insert("person", id=person_id, name="Sam Okoro", email=f"{person_id}@example.org",
                        password_hash="argon2", is_operator=False, created_at=NOON)
        self.insert("project", id=project_id, name=name, introduction="What caring is like.", is_demo=False,
                    created_at=NOON)
        for role in ("administrator", "researcher"):
            self.insert("membership", person_id=person_id, project_id=project_id, role=role)

    def add_story(self, story_id: str = STORY) -> None:
        """A story with a consent, a recording, a photo and a quote, all of whose ids differ for each story."""
        own = {name: value if story_id == STORY else value[:-1] + "f" for name, value in {
            "consent": CONSENT, "conversation": CONVERSATION, "recording": RECORDING, "photo": PHOTO,
            "quote": QUOTE, "wording": WORDING}.items()}
        at, body = {"received_at": NOON}, {"body_sha256": digest(story_id), "body_bytes": 10}
        version = len(self.rows("consent_wording")) + 1
        self.insert("consent_wording", id=own["wording"], project_id=PROJECT, version=version, title="Sharing",
                    introduction="You choose.", uses=[{"use": "record", "question": "?", "explanation": "…"}],
                    published_at=NOON)
        self.insert("consent_record", id=own["consent"], project_id=PROJECT, story_id=story_id,
                    wording_id=own["wording"], answers={"record": True}, how="spoken", for_whom="self",
                    taken_by=PERSON, given_at=NOON, given_at_phone=NOON, **body, **at)
        self.insert("conversation", id=own["conversation"], project_id=PROJECT, researcher_id=PERSON,
                    place="Northgate", started_at=NOON)
        self.insert("story", id=story_id, project_id=PROJECT, conversation_id=own["conversation"],
                    researcher_id=PERSON, pseudonym="Amal", place="Northgate", told_at=NOON, told_at_phone=NOON,
                    receipt_code_hash=digest(f"code {story_id}"), **body, **at)
        self.insert("recording", id=own["recording"], story_id=story_id, position=0, sha256=digest("sound"),
                    size=1000, container="webm", started_at=NOON, **at)
        self.insert("photo", id=own["photo"], story_id=story_id, position=0, sha256=digest("picture"), size=1000,
                    description="A kettle", **at)
        self.insert("quote", id=own["quote"], story_id=story_id, text="“Nobody told us.” – naïve 🌧",
                    written_at=NOON, **body, **at)

    def add_upload(self, upload_id: str = UPLOAD, part_id: str = PHOTO, story_id: str = STORY) -> None:
        self.insert("upload", id=upload_id, part_id=part_id, kind="photo", story_id=story_id, person_id=PERSON,
                    sha256=digest("picture"), length=1000, offset=400, details={"description": "A kettle"},
                    created_at=NOON, expires_at=NOON)
