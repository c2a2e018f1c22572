"""Walks the registry of the admin site: nothing changes on a GET, without a permission, or past a dialog."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.test import RequestFactory

from tests.booking.factories import make_staff

LOOKING = {"export_action", "sample"}
"""Actions that change nothing: they only lead to a page or a file, and need a permission all the same."""


def model_admins() -> list[ModelAdmin]:
    return list(admin.site._registry.values())


def actions() -> list[tuple[str, Any]]:
    """(name, method) of every unfold action of every registered model."""
    found = []
    for each in model_admins():
        for kind in ("list", "detail", "row", "submit_line"):
            methods = [action.method for action in getattr(each, f"_get_base_actions_{kind}")()]
            found += [
                (f"{type(each).__name__}.{method.original_function_name}", method) for method in methods
            ]
    return found


NAMES = [name for name, _ in actions()]


def test_there_are_actions_to_guard():
    assert {
        "AppointmentAdmin.accept",
        "AppointmentAdmin.decline",
        "AppointmentAdmin.reschedule",
        "AppointmentAdmin.cancel",
        "AppointmentAdmin.record_payment",
        "AppointmentAdmin.record_outcome",
        "AppointmentAdmin.book",
    } <= set(NAMES)


@pytest.mark.parametrize(("name", "method"), actions(), ids=NAMES)
def test_every_action_demands_a_permission(name, method):
    assert getattr(method, "allowed_permissions", None), f"{name} is open to everybody who may look"


@pytest.mark.parametrize(
    ("name", "method"),
    [pair for pair in actions() if pair[1].original_function_name not in LOOKING],
    ids=[name for name, method in actions() if method.original_function_name not in LOOKING],
)
def test_every_action_that_changes_something_opens_a_dialog(name, method):
    dialog = getattr(method, "dialog", None)
    assert dialog, f"{name} would run on GET"
    assert str(dialog["title"])
    assert str(dialog["form_submit_text"])


@pytest.mark.parametrize("each", model_admins(), ids=lambda each: type(each).__name__)
class TestEveryList:
    def test_is_not_edited_in_place(self, each):
        assert not each.list_editable
        assert not each.ordering_field

    def test_runs_nothing_before_saving(self, each):
        assert not each.actions_submit_line, "actions_submit_line saves the form before our code"

    @pytest.mark.django_db
    @pytest.mark.parametrize("role", ["owner", "assistant", "editor"])
    def test_offers_no_bulk_action(self, each, role):
        request = RequestFactory().get("/")
        request.user = make_staff(role)
        assert each.get_actions(request) == {}
