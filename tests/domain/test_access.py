"""Who may do what."""

from server.domain.access import ROLES_THAT_MAY, Permission, Role, Viewer, audiences, may
from server.domain.consent import Audience


def viewer(**roles: Role) -> Viewer:
    return Viewer("p", "Sam", {project: frozenset({role}) for project, role in roles.items()})


def test_every_permission_is_held_by_somebody() -> None:
    assert set(ROLES_THAT_MAY) == set(Permission)
    assert all(ROLES_THAT_MAY.values())


def test_a_role_counts_only_in_its_own_project() -> None:
    somebody = viewer(one=Role.COMMISSIONER, two=Role.BOARD_MEMBER)
    assert may(somebody, Permission.TAG, "one")
    assert not may(somebody, Permission.TAG, "two")
    assert not may(somebody, Permission.TAG, "three")


def test_an_administrator_and_a_researcher_read_no_story() -> None:
    assert audiences(viewer(one=Role.ADMINISTRATOR), "one") == frozenset()
    assert audiences(viewer(one=Role.RESEARCHER), "one") == frozenset()
    assert audiences(viewer(one=Role.BOARD_MEMBER), "one") == {Audience.BOARD}


def test_only_the_team_that_corrects_words_withholds_them_and_sees_what_is_withheld() -> None:
    assert ROLES_THAT_MAY[Permission.REDACT] == ROLES_THAT_MAY[Permission.TAG] == {Role.COMMISSIONER}
