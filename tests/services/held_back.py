"""A story and its people, for tests of holding it back."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.models.consent import Clearance
from server.services import embargoes
from tests import makers

REASON = "She is afraid of what her brother will do."


class Place:
    """A project with a story that all uses were agreed for, and its people as the rules see them."""

    def __init__(self, session: Session) -> None:
        self.session, self.project = session, makers.make_project(session)
        self.person = {role: makers.make_person(session, self.project, role, name=role.value) for role in Role}
        self.story = makers.make_story(session, self.project, self.person[Role.RESEARCHER])
        self.story_id = self.story.id
        session.commit()

    def viewer(self, role: Role) -> Viewer:
        return makers.viewer_of(self.session, self.person[role])

    def put(self, by: Role = Role.RESEARCHER, named: Role = Role.ADMINISTRATOR, reason: str = REASON) -> str:
        found = embargoes.put(self.session, self.viewer(by), self.project.id, self.story_id, reason,
                              self.person[named].id)
        self.session.commit()
        return found

    def lift(self, by: Role, embargo_id: str) -> None:
        embargoes.lift(self.session, self.viewer(by), self.project.id, embargo_id)
        self.session.commit()

    def cleared(self, story_id: str = "") -> set[tuple[str, str, object]]:
        rows = self.session.execute(select(Clearance.audience, Clearance.content, Clearance.until)
                                    .where(Clearance.story_id == (story_id or self.story_id)))
        return {tuple(row) for row in rows}

    def list_for(self, role: Role) -> list[embargoes.HeldBack]:
        return embargoes.list_standing(self.session, self.viewer(role), self.project.id)
