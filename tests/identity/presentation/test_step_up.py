"""What must not be done from a borrowed seat asks for the second factor again, when it is ten minutes old."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib import admin
from django.test import Client as Browser
from django.utils import timezone

from apps.audit.models import AuditRecord
from apps.identity.models import User
from tests.identity.people import browser_of, person
from tests.identity.second_factors import code_of, enrol
from tests.project.test_every_action_is_guarded import actions

pytestmark = pytest.mark.django_db

GUARDED = {
    "AuditRecordAdmin.export",
    "PaymentAdmin.refund",
    "StaffAdmin.cancel_invitation",
    "StaffAdmin.change_role",
    "StaffAdmin.invite",
    "StaffAdmin.invite_again",
    "StaffAdmin.reset_second_factors",
}
TELLING = ("export", "refund", "role", "invit", "erase", "erasure", "key", "second_factor")
"""An action whose name holds one of these is of the kind that steps up."""
HARMLESS = {
    "AppointmentAdmin.export_action",
    "ServiceAdmin.export_action",
}
"""Links to pages that ask by themselves."""


@pytest.fixture
def owner() -> User:
    user = person("owner")
    enrol(user)
    return user


@pytest.fixture
def browser(owner) -> Browser:
    return browser_of(owner)


@pytest.fixture
def later():
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        yield


def change_role(browser: Browser, whose: User, **answers: str):
    return browser.post(
        f"/admin/identity/user/{whose.pk}/change_role/",
        {"_form_submitted": "1", "role": "assistant", "reason": "Больше дел", **answers},
    )


def test_the_registry_of_commands_says_which_ones_step_up():
    stepping = {name for name, method in actions() if getattr(method, "step_up", False)}
    assert stepping >= GUARDED
    telling = {name for name, _ in actions() if any(each in name.lower() for each in TELLING)}
    assert telling - stepping - HARMLESS == set()


def test_the_walk_is_not_empty():
    assert len(admin.site._registry) > 15


class TestACommand:
    def test_asks_nothing_more_within_ten_minutes(self, browser):
        editor = person("editor")
        assert change_role(browser, editor).status_code == 302
        assert User.objects.get(pk=editor.pk).role == "assistant"

    def test_asks_for_a_code_and_keeps_what_was_typed(self, browser, owner, later):
        editor = person("editor")
        asked = browser.get(f"/admin/identity/user/{editor.pk}/change_role/").content.decode()
        assert 'name="second_factor"' in asked
        for code in ("", "000000"):
            refused = change_role(browser, editor, second_factor=code).content.decode()
            assert "Больше дел" in refused
            assert "000000" not in refused
            assert User.objects.get(pk=editor.pk).role == "editor"
        assert change_role(browser, editor, second_factor=code_of(owner)).status_code == 302
        assert User.objects.get(pk=editor.pk).role == "assistant"
        records = AuditRecord.objects.filter(action__startswith="second_factor").order_by("id")
        assert [(each.action, each.changes["purpose"][1]) for each in records] == [
            ("second_factor_failed", "step_up"),
            ("second_factor_passed", "step_up"),
        ]

    def test_is_not_asked_twice_in_a_row(self, browser, owner, later):
        first, second = person("editor"), person("editor")
        change_role(browser, first, second_factor=code_of(owner))
        assert change_role(browser, second).status_code == 302
        assert User.objects.get(pk=second.pk).role == "assistant"

    def test_uses_up_no_code_while_the_form_has_other_faults(self, browser, owner, later):
        editor = person("editor")
        code = code_of(owner)
        assert change_role(browser, editor, reason="", second_factor=code).status_code == 200
        assert change_role(browser, editor, second_factor=code).status_code == 302

    def test_counts_wrong_codes_together_with_those_of_the_sign_in(self, browser, owner, later):
        editor = person("editor")
        for _ in range(5):
            locked = change_role(browser, editor, second_factor="000000").content.decode()
        assert "Слишком много неверных кодов" in locked
        refused = change_role(browser, editor, second_factor=code_of(owner)).content.decode()
        assert "Слишком много неверных кодов" in refused
        assert User.objects.get(pk=editor.pk).role == "editor"

    def test_in_a_dialog_of_htmx_shows_the_mistake_at_its_field(self, browser, later):
        editor = person("editor")
        url = f"/admin/identity/user/{editor.pk}/change_role/"
        answers = {"_form_submitted": "1", "role": "assistant", "reason": "x", "second_factor": "1"}
        piece = browser.post(url, answers, headers={"HX-Request": "true"})
        assert piece.status_code == 200
        assert "Код не подошёл" in piece.content.decode()


class TestAPage:
    @pytest.mark.parametrize(
        "page",
        ["/admin/booking/appointment/export/?status__exact=confirmed", "/admin/booking/service/export/"],
    )
    def test_is_reached_over_the_step_and_keeps_its_filters(self, browser, owner, later, page):
        asked = browser.get(page)
        assert asked["Location"].startswith("/admin/second-factor/confirm/?next=")
        assert browser.post(page, {"file_format": "csv"})["Location"] == asked["Location"]
        step = browser.get(asked["Location"])
        assert step.status_code == 200
        answer = browser.post(asked["Location"], {"second_factor": code_of(owner), "next": page})
        assert answer["Location"] == page
        assert browser.get(page).status_code == 200

    def test_opens_at_once_within_ten_minutes(self, browser):
        assert browser.get("/admin/booking/service/export/").status_code == 200

    def test_of_the_step_itself_is_skipped_when_nothing_has_to_be_asked(self, browser):
        answer = browser.get("/admin/second-factor/confirm/?next=/admin/booking/service/")
        assert answer["Location"] == "/admin/booking/service/"


def test_the_file_of_the_activity_log_is_not_had_by_an_old_ticket(browser, owner):
    today = timezone.localdate().isoformat()
    answers = {"_form_submitted": "1", "since": today, "until": today, "file_format": "csv"}
    start = timezone.now()
    with time_machine.travel(start + timedelta(minutes=9, seconds=50), tick=False):
        ticket = browser.post("/admin/audit/auditrecord/export/", answers)["Location"]
    with time_machine.travel(start + timedelta(minutes=10, seconds=10), tick=False):
        assert browser.get(ticket)["Location"].startswith("/admin/second-factor/confirm/")


def test_without_anybody_who_checks_nothing_passes(monkeypatch, browser):
    from apps.kernel.presentation.admin import step_up

    monkeypatch.setattr(step_up, "_provided", [])
    with pytest.raises(RuntimeError):
        change_role(browser, person("editor"))
