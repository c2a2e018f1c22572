"""Django's permissions say what the table of roles says, without asking the database."""

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser

from apps.identity.domain.roles import Role, Verb, may
from apps.identity.infrastructure.permissions import AREAS
from apps.identity.models import User


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("model", list(AREAS))
def test_a_permission_follows_from_the_role_and_the_area(role: Role, model: str) -> None:
    user = User(role=role.value, status="active")
    app_label, _, name = model.partition(".")
    for verb in Verb:
        assert user.has_perm(f"{app_label}.{verb}_{name}") is may(role, AREAS[model], verb)
        assert user.has_perm(f"{app_label}.{verb}_historical{name}") is may(role, AREAS[model], verb)


def test_every_model_of_the_table_exists() -> None:
    for model in AREAS:
        assert apps.get_model(model)


def test_the_owner_has_no_way_around_the_table() -> None:
    owner = User(role="owner", status="active")
    assert owner.is_superuser
    for permission in ("axes.view_accessattempt", "auth.add_group", "identity.own_user", "nonsense", ""):
        assert not owner.has_perm(permission)
    assert not owner.has_module_perms("axes")
    assert owner.has_perms(["identity.view_user", "booking.view_service"])


def test_the_workspace_knows_which_apps_to_show() -> None:
    assistant, editor = User(role="assistant", status="active"), User(role="editor", status="active")
    assert assistant.has_module_perms("booking")
    assert not editor.has_module_perms("booking")
    assert "booking.export_appointment" in assistant.get_all_permissions()
    assert "booking.change_service" not in assistant.get_all_permissions()
    assert editor.get_all_permissions() == set()


@pytest.mark.parametrize("status", ["blocked", "deleted"])
def test_a_closed_account_may_do_nothing(status: str) -> None:
    owner = User(role="owner", status=status)
    assert not owner.has_perm("booking.view_service")
    assert not owner.has_module_perms("booking")
    assert owner.get_all_permissions() == set()


def test_a_guest_may_do_nothing() -> None:
    assert not AnonymousUser().has_perm("booking.view_service")
    assert not AnonymousUser().has_module_perms("booking")
