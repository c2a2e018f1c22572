"""The table of roles, line by line as the practice has agreed on it."""

import pytest

from apps.identity.domain.roles import ROLES, STAFF, Access, Area, Role, Verb, access, may

F, R, P, N = Access.FULL, Access.READ, Access.PART, Access.NONE

AGREED = {
    Area.DASHBOARD: (F, P, N),
    Area.SCHEDULE: (F, F, N),
    Area.SERVICES: (F, R, N),
    Area.CONTENT: (F, R, F),
    Area.LEADS: (F, F, N),
    Area.ANALYTICS: (F, P, N),
    Area.PAYMENTS: (F, R, N),
    Area.PRIVATE_TEXTS: (F, P, N),
    Area.CONSENTS: (F, R, N),
    Area.AUDIT: (F, P, N),
    Area.SETTINGS: (F, N, N),
}


def test_every_area_is_agreed_on_for_every_role() -> None:
    assert set(AGREED) == set(Area)
    for role in Role:
        assert set(ROLES[role]) == set(Area)


@pytest.mark.parametrize("area", list(Area))
def test_the_table_is_the_one_agreed_on(area: Area) -> None:
    assert tuple(access(role, area) for role in (Role.OWNER, Role.ASSISTANT, Role.EDITOR)) == AGREED[area]


def test_clients_have_no_place_in_the_workspace() -> None:
    assert Role.CLIENT not in STAFF
    assert not any(may(Role.CLIENT, area, verb) for area in Area for verb in Verb)


@pytest.mark.parametrize("verb", list(Verb))
def test_reading_and_a_part_allow_looking_only(verb: Verb) -> None:
    assert may(Role.ASSISTANT, Area.SERVICES, verb) is (verb == Verb.VIEW)
    assert may(Role.ASSISTANT, Area.AUDIT, verb) is (verb == Verb.VIEW)
    assert may(Role.ASSISTANT, Area.SCHEDULE, verb)
    assert not may(Role.EDITOR, Area.SCHEDULE, verb)


def test_unknown_names_are_refused() -> None:
    assert not may("admin", Area.SCHEDULE, Verb.VIEW)
    assert not may(Role.OWNER, "kitchen", Verb.VIEW)
    assert not may(Role.OWNER, Area.SCHEDULE, "own")
