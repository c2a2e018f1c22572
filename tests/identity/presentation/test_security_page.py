"""«Безопасность»: what people of the practice see and change of their own sign-in."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client as Browser
from django.utils import timezone

from apps.audit.models import AuditRecord
from apps.identity.models import SecondFactorSecret, StaffSession, User
from tests.identity.people import browser_of, person
from tests.identity.second_factors import code_of, enrol

pytestmark = pytest.mark.django_db

PAGE = "/admin/security/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def editor() -> User:
    user = person("editor")
    enrol(user)
    enrol(user, recovery=True)
    return user


@pytest.fixture
def browser(editor) -> Browser:
    return browser_of(editor)


def add_passkey(user: User, name: str = "Ключ") -> Authenticator:
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": name, "credential": {}})


def totp(user: User) -> Authenticator:
    return Authenticator.objects.get(user=user, type="totp")


def actions() -> set[str]:
    return set(AuditRecord.objects.values_list("action", flat=True))


@pytest.mark.parametrize("role", ["owner", "assistant", "editor"])
def test_everybody_of_the_practice_has_one(role):
    browser = browser_of(person(role))
    assert browser.get(PAGE).status_code == 200
    assert PAGE in browser.get("/admin/").content.decode()


class TestAuthenticators:
    def test_are_renamed(self, browser, editor):
        browser.post(f"{PAGE}rename/{totp(editor).pk}/", {"name": "  Мой   телефон "})
        assert totp(editor).data["name"] == "Мой телефон"
        assert "Мой телефон" in browser.get(PAGE).content.decode()

    @pytest.mark.parametrize("name", ["", " ", "я" * 61])
    def test_keep_their_name_when_the_new_one_is_none(self, browser, editor, name):
        browser.post(f"{PAGE}rename/{totp(editor).pk}/", {"name": name})
        assert totp(editor).data.get("name", "") == ""

    def test_are_removed_but_never_the_last_one(self, browser, editor):
        passkey = add_passkey(editor)
        browser.post(f"{PAGE}remove/{totp(editor).pk}/")
        assert not Authenticator.objects.filter(type="totp").exists()
        answer = browser.post(f"{PAGE}remove/{passkey.pk}/", follow=True)
        assert "последний аутентификатор" in answer.content.decode()
        assert Authenticator.objects.filter(pk=passkey.pk).exists()
        assert "authenticator_removed" in actions()

    def test_of_somebody_else_do_not_exist(self, browser):
        other = person("owner")
        enrol(other)
        add_passkey(other)
        for act in ("rename", "remove"):
            browser.post(f"{PAGE}{act}/{totp(other).pk}/", {"name": "x"})
        assert totp(other).data.get("name") is None

    def test_a_second_app_takes_the_place_of_the_first(self, browser, editor):
        before = SecondFactorSecret.objects.get(user=editor, method="totp").secret
        browser.get("/admin/second-factor/enrol/")
        secret = browser.session["mfa.totp.secret"]
        answer = browser.post("/admin/second-factor/enrol/", {"code": code_of(secret), "name": "Новый"})
        assert answer["Location"] == PAGE
        assert SecondFactorSecret.objects.get(user=editor, method="totp").secret == secret != before
        assert totp(editor).data["name"] == "Новый"

    def test_are_changed_only_with_a_fresh_second_factor(self, browser, editor):
        passkey = add_passkey(editor)
        with time_machine.travel(timezone.now() + timedelta(minutes=11)):
            for path in (f"remove/{passkey.pk}/", f"rename/{passkey.pk}/", "codes/"):
                answer = browser.post(PAGE + path, {"name": "x"})
                assert answer["Location"].startswith("/admin/second-factor/confirm/")
            assert browser.get("/admin/second-factor/enrol/")["Location"].startswith(
                "/admin/second-factor/confirm/"
            )
        assert Authenticator.objects.filter(pk=passkey.pk, data__name="Ключ").exists()


class TestRecoveryCodes:
    def test_are_made_anew_and_shown_once(self, browser, editor):
        old = SecondFactorSecret.objects.get(user=editor, method="recovery_codes").secret
        answer = browser.post(f"{PAGE}codes/")
        assert browser.get(answer["Location"]).content.decode().count("<code>") == 10
        assert browser.get(answer["Location"]).status_code == 302
        assert SecondFactorSecret.objects.get(user=editor, method="recovery_codes").secret != old
        assert "recovery_codes_made" in actions()


class TestSessions:
    def test_are_listed_with_device_and_address(self, editor):
        from tests.identity.people import PASSWORD

        browser = Browser(headers={"User-Agent": FIREFOX})
        browser.post(
            "/admin/login/", {"username": editor.email, "password": PASSWORD}, REMOTE_ADDR="192.0.2.44"
        )
        page = browser.get(PAGE).content.decode()
        assert "Firefox, Linux" in page
        assert "192.0.2.44" in page
        assert "этот сеанс" in page

    def test_are_ended_one_by_one(self, browser, editor):
        other = browser_of(editor)
        key = StaffSession.objects.order_by("-began_at").exclude(key_hash=own(browser)).get().key_hash
        browser.post(f"{PAGE}end/", {"key": key})
        assert other.get("/admin/").status_code == 302
        assert browser.get(PAGE).status_code == 200
        assert "staff_sessions_ended" in actions()

    def test_are_ended_all_but_this_one(self, browser, editor):
        others = [browser_of(editor) for _ in range(2)]
        browser.post(f"{PAGE}end-others/")
        assert [other.get("/admin/").status_code for other in others] == [302, 302]
        assert browser.get("/admin/").status_code == 200

    def test_of_somebody_else_go_on(self, browser):
        stranger = browser_of(person("owner"))
        browser.post(f"{PAGE}end/", {"key": own(stranger)})
        browser.post(f"{PAGE}end-others/")
        assert stranger.get("/admin/").status_code == 200


class TestAReset:
    def test_lets_a_colleague_enrol_anew_and_signs_them_out(self, browser, editor):
        owner = browser_of(person("owner"))
        answer = owner.post(
            f"/admin/identity/user/{editor.pk}/reset_second_factors/", {"_form_submitted": "1"}
        )
        assert answer.status_code == 302
        assert not Authenticator.objects.filter(user=editor).exists()
        assert browser.get("/admin/").status_code == 302
        assert "second_factors_reset" in actions()

    def test_is_not_for_oneself(self):
        me = person("owner")
        enrol(me)
        browser_of(me).post(f"/admin/identity/user/{me.pk}/reset_second_factors/", {"_form_submitted": "1"})
        assert Authenticator.objects.filter(user=me).exists()


def own(browser: Browser) -> str:
    from apps.identity.infrastructure.staff_session_store import hash_of

    return hash_of(browser.session.session_key)


@pytest.mark.parametrize("path", ["end/", "end-others/", "codes/", "remove/1/", "rename/1/"])
def test_nothing_changes_on_a_get_or_without_a_token_of_the_form(editor, path):
    browser = browser_of(editor)
    assert browser.get(PAGE + path).status_code == 405
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    assert strict.post(PAGE + path).status_code == 403
