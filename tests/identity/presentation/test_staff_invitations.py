"""The owner invites people by e-mail: a link that works once, for three days, lets them choose a password."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from apps.audit.models import AuditRecord
from apps.identity import facade
from apps.identity.models import StaffInvitation, User
from tests.identity.people import PASSWORD, browser_of, person

pytestmark = pytest.mark.django_db

STAFF = "/admin/identity/user/"
NEW_PASSWORD = "тихая река за домом"


@pytest.fixture
def owner() -> Browser:
    return browser_of(person("owner"))


def dialog(browser: Browser, url: str, **answers: str):
    return browser.post(url, {"_form_submitted": "1", **answers})


def invite(owner: Browser, **answers: str):
    return dialog(
        owner,
        STAFF + "invite/",
        **{"display_name": "Мария Белова", "email": "Maria@example.ru", "role": "assistant", **answers},
    )


def link() -> str:
    """What the letter of the newest invitation leads to."""
    invitation = StaffInvitation.objects.latest("created_at")
    letter = facade.invitation_letter(invitation_id=invitation.pk, at=timezone.now())
    return facade.invitation_path(letter.token)


def choose(browser: Browser, path: str, password: str = NEW_PASSWORD, again: str | None = None):
    return browser.post(path, {"password": password, "again": password if again is None else again})


def can_sign_in(email: str, password: str) -> bool:
    answer = Browser().post("/admin/login/", {"username": email, "password": password})
    return answer.status_code == 302


def maria() -> User:
    return User.objects.get(role="assistant")


class TestAnInvitation:
    def test_brings_somebody_in_with_a_password_of_their_own(self, owner):
        assert invite(owner).status_code == 302
        assert not can_sign_in("maria@example.ru", "")
        browser = Browser()
        page = browser.get(path := link())
        assert "Мария Белова" in page.content.decode()
        assert choose(browser, path)["Location"] == "/admin/login/"
        assert can_sign_in("maria@example.ru", NEW_PASSWORD)
        actions = set(AuditRecord.objects.values_list("action", flat=True))
        assert {"staff_invited", "staff_invitation_accepted"} <= actions
        assert AuditRecord.objects.get(action="staff_invitation_accepted").actor_id == maria().pk

    def test_waits_in_the_queue_without_address_name_or_token(self, owner):
        invite(owner)
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(string_agg(args::text, ''), '') FROM procrastinate_jobs")
            (queued,) = cursor.fetchone()
        assert "maria" not in queued.lower()
        assert "Мария" not in queued

    def test_has_a_letter_with_all_that_it_needs(self, owner):
        invite(owner)
        invitation = StaffInvitation.objects.get()
        letter = facade.invitation_letter(invitation_id=invitation.pk, at=timezone.now())
        assert (letter.email, letter.display_name, letter.role) == (
            "maria@example.ru",
            "Мария Белова",
            "assistant",
        )
        assert letter.lifetime_hours == 72
        assert letter.token not in str(StaffInvitation.objects.values().get())

    def test_works_once(self, owner):
        invite(owner)
        path = link()
        choose(Browser(), path)
        assert Browser().get(path).status_code == 404
        assert choose(Browser(), path, "another good password").status_code == 404
        assert can_sign_in("maria@example.ru", NEW_PASSWORD)

    def test_works_for_three_days(self, owner):
        invite(owner)
        path = link()
        with time_machine.travel(timezone.now() + timedelta(hours=71, minutes=59)):
            assert Browser().get(path).status_code == 200
        with time_machine.travel(timezone.now() + timedelta(hours=72, seconds=1)):
            assert choose(Browser(), path).status_code == 404
        assert not can_sign_in("maria@example.ru", NEW_PASSWORD)

    def test_sent_again_takes_the_place_of_the_one_before(self, owner):
        invite(owner)
        first = link()
        assert dialog(owner, f"{STAFF}{maria().pk}/invite_again/").status_code == 302
        second = link()
        assert Browser().get(first).status_code == 404
        assert Browser().get(second).status_code == 200

    def test_written_again_takes_the_place_of_the_letter_before(self, owner):
        invite(owner)
        first, second = link(), link()
        assert Browser().get(first).status_code == 404
        assert Browser().get(second).status_code == 200

    def test_canceled_works_no_more_and_has_no_letter(self, owner):
        invite(owner)
        path = link()
        assert dialog(owner, f"{STAFF}{maria().pk}/cancel_invitation/").status_code == 302
        assert Browser().get(path).status_code == 404
        invitation = StaffInvitation.objects.get()
        assert facade.invitation_letter(invitation_id=invitation.pk, at=timezone.now()) is None
        assert dialog(owner, f"{STAFF}{maria().pk}/cancel_invitation/").status_code == 403

    def test_of_a_closed_account_works_no_more(self, owner):
        invite(owner)
        path = link()
        dialog(owner, f"{STAFF}{maria().pk}/block/")
        assert Browser().get(path).status_code == 404
        refused = dialog(owner, f"{STAFF}{maria().pk}/invite_again/")
        assert refused.status_code == 200

    @pytest.mark.parametrize(
        ("password", "again", "word"),
        [("12345", "12345", "Выберите другой пароль"), (NEW_PASSWORD, "другое", "Пароли не совпадают")],
    )
    def test_stays_good_after_a_password_that_is_not(self, owner, password, again, word):
        invite(owner)
        path = link()
        assert word in choose(Browser(), path, password, again).content.decode()
        assert choose(Browser(), path)["Location"] == "/admin/login/"

    @pytest.mark.parametrize("answers", [{"email": "nothing"}, {"role": "client"}, {"display_name": " "}])
    def test_of_nobody_is_refused(self, owner, answers):
        assert invite(owner, **answers).status_code == 200
        assert not StaffInvitation.objects.exists()

    def test_of_somebody_known_is_refused(self, owner):
        person("editor", email="maria@example.ru")
        assert "контакт" in invite(owner).content.decode()

    @pytest.mark.parametrize("token", ["x", "a" * 300, "%00", "..%2f"])
    def test_nobody_ever_sent_leads_nowhere(self, token):
        answer = Browser().get(f"/admin/invitation/{token}/", follow=True)
        assert "new-password" not in answer.content.decode()


class TestAForgottenPassword:
    def test_is_replaced_by_a_link_and_sessions_end(self, owner):
        editor = person("editor", email="ed@example.ru")
        theirs = browser_of(editor)
        dialog(owner, f"{STAFF}{editor.pk}/invite_again/")
        assert can_sign_in("ed@example.ru", PASSWORD)
        choose(Browser(), link())
        assert not can_sign_in("ed@example.ru", PASSWORD)
        assert can_sign_in("ed@example.ru", NEW_PASSWORD)
        assert theirs.get("/admin/").status_code == 302

    def test_of_a_client_has_no_link(self, owner):
        client = person("client")
        dialog(owner, f"{STAFF}{client.pk}/invite_again/")
        assert not StaffInvitation.objects.exists()
