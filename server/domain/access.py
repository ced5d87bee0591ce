"""Who may do what in a project: a table of permissions, each held by some roles."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from server.domain.consent import Audience
from server.domain.errors import NotFound


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    RESEARCHER = "researcher"
    COMMISSIONER = "commissioner"
    ANALYST = "analyst"
    BOARD_MEMBER = "board_member"
    CUSTODIAN = "custodian"


ROLE_NAMES: Mapping[Role, str] = {
    Role.ADMINISTRATOR: "Administrator",
    Role.RESEARCHER: "Researcher",
    Role.COMMISSIONER: "Commissioner",
    Role.ANALYST: "Analyst",
    Role.BOARD_MEMBER: "Board member",
    Role.CUSTODIAN: "Partner lead",
}


class Permission(StrEnum):
    COLLECT = "collect"
    BROWSE_STORIES = "browse_stories"
    BROWSE_THEMES = "browse_themes"
    SEARCH = "search"
    MAKE_COLLECTIONS = "make_collections"
    SEE_COLLECTIONS = "see_collections"
    SEE_VOICES = "see_voices"
    SET_TARGETS = "set_targets"
    TAG = "tag"
    REDACT = "redact"
    MAKE_PROVOCATIONS = "make_provocations"
    SEE_PROVOCATIONS = "see_provocations"
    EXPORT = "export"
    SEE_EXPORTS = "see_exports"
    SEE_REGISTER = "see_register"
    WITHDRAW = "withdraw"
    HOLD_BACK = "hold_back"
    LIFT_EMBARGOES = "lift_embargoes"
    NAME_FOR_EMBARGOES = "name_for_embargoes"
    SEE_EVIDENCE = "see_evidence"
    SEE_WORK = "see_work"
    MANAGE_PROJECT = "manage_project"
    MANAGE_PEOPLE = "manage_people"
    SEE_PARTNERS = "see_partners"
    KEEP_CUSTODY = "keep_custody"
    MANAGE_PARTNERS = "manage_partners"
    WRITE_WORDINGS = "write_wordings"


_A, _R, _C, _N, _B = Role.ADMINISTRATOR, Role.RESEARCHER, Role.COMMISSIONER, Role.ANALYST, Role.BOARD_MEMBER
_P = Role.CUSTODIAN

ROLES_THAT_MAY: Mapping[Permission, frozenset[Role]] = {
    Permission.COLLECT: frozenset({_R}),
    Permission.BROWSE_STORIES: frozenset({_C}),
    Permission.BROWSE_THEMES: frozenset({_C, _B, _N}),
    Permission.SEARCH: frozenset({_C, _B, _N}),
    Permission.MAKE_COLLECTIONS: frozenset({_C, _N}),
    Permission.SEE_COLLECTIONS: frozenset({_C, _B, _N}),
    Permission.SEE_VOICES: frozenset({_C, _B, _N}),
    Permission.SET_TARGETS: frozenset({_A, _C}),
    Permission.TAG: frozenset({_C}),
    Permission.REDACT: frozenset({_C}),
    Permission.MAKE_PROVOCATIONS: frozenset({_C}),
    Permission.SEE_PROVOCATIONS: frozenset({_C, _B}),
    Permission.EXPORT: frozenset({_N}),
    Permission.SEE_EXPORTS: frozenset({_A, _N}),
    # A partner's lead for what it keeps.
    Permission.SEE_REGISTER: frozenset({_A, _R, _P}),
    Permission.WITHDRAW: frozenset({_A, _R, _P}),
    # Whoever hears of a worry may hold a story back; what each may reach is up to the service. Being one of these is
    # also what it takes to be the one who lifts it.
    Permission.HOLD_BACK: frozenset({_A, _R, _C}),
    Permission.LIFT_EMBARGOES: frozenset({_A, _R, _C}),
    Permission.NAME_FOR_EMBARGOES: frozenset({_A}),
    Permission.SEE_EVIDENCE: frozenset({_A}),
    Permission.SEE_WORK: frozenset({_A, _R, _C}),
    Permission.MANAGE_PROJECT: frozenset({_A}),
    Permission.MANAGE_PEOPLE: frozenset({_A}),
    Permission.SEE_PARTNERS: frozenset({_A, _P}),
    # Each for the organisation that they hold the role for, which the service asks.
    Permission.KEEP_CUSTODY: frozenset({_P}),
    Permission.MANAGE_PARTNERS: frozenset({_A}),
    # The project's for administrators, a partner's for its leads.
    Permission.WRITE_WORDINGS: frozenset({_A, _P}),
}

# An administrator looks after people and projects, and reads no story: that takes a role of its own.
_AUDIENCE_OF_ROLE = {_C: Audience.COMMISSIONERS, _B: Audience.BOARD, _N: Audience.PUBLICATION}


@dataclass(frozen=True)
class Viewer:
    """The person who asks: their id, by project id the roles they hold there, and for which organisation they hold
    which of them, if for any."""

    person_id: str
    name: str
    roles: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    is_operator: bool = False
    organisations: Mapping[str, Mapping[Role, str]] = field(default_factory=dict)

    def roles_in(self, project_id: str) -> frozenset[Role]:
        return self.roles.get(project_id, frozenset())

    def organisations_in(self, project_id: str) -> frozenset[str]:
        """Those they hold any role for."""
        return frozenset(self.organisations.get(project_id, {}).values())

    def leads_in(self, project_id: str) -> str | None:
        """The organisation whose lead they are in the project."""
        return self.organisations.get(project_id, {}).get(Role.CUSTODIAN)


def may(viewer: Viewer, permission: Permission, project_id: str) -> bool:
    """Whether the viewer holds a role in the project that carries the permission."""
    return bool(viewer.roles_in(project_id) & ROLES_THAT_MAY[permission])


def require(viewer: Viewer, permission: Permission, project_id: str) -> None:
    """Raises NotFound unless the viewer may: what somebody may not do looks like what is not there."""
    if not may(viewer, permission, project_id):
        raise NotFound


def require_lead(viewer: Viewer, project_id: str, organisation_id: str) -> None:
    """Raises NotFound for everybody but the leads of this partner in this project."""
    require(viewer, Permission.KEEP_CUSTODY, project_id)
    if viewer.leads_in(project_id) != organisation_id:
        raise NotFound


def audiences(viewer: Viewer, project_id: str) -> frozenset[Audience]:
    """The audiences the viewer belongs to in the project. Somebody with two roles belongs to both."""
    roles = viewer.roles_in(project_id)
    return frozenset(audience for role, audience in _AUDIENCE_OF_ROLE.items() if role in roles)


def reads_for(viewer: Viewer, project_id: str, audience: Audience) -> frozenset[str]:
    """The organisations that the viewer is of this audience for: they have what those keep."""
    held = viewer.organisations.get(project_id, {})
    return frozenset(held[role] for role, whom in _AUDIENCE_OF_ROLE.items() if whom is audience and role in held)


def browses_as(viewer: Viewer, project_id: str) -> Audience:
    """As whom this person finds their way through the library: as the first of these that they are. Raises NotFound."""
    mine = audiences(viewer, project_id)
    for audience in (Audience.COMMISSIONERS, Audience.BOARD, Audience.PUBLICATION):
        if audience in mine and may(viewer, Permission.BROWSE_THEMES, project_id):
            return audience
    raise NotFound
