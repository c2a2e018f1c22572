"""After the password comes the second factor: nothing of the workspace opens before it."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from apps.audit.models import AuditRecord
from apps.identity.domain.second_factor import Method
from apps.identity.infrastructure.mfa_adapter import PracticeMFAAdapter, secret_of
from apps.identity.models import SecondFactorSecret, StaffSession, User
from apps.kernel.application.ports import DecryptionFailed
from tests.identity.people import PASSWORD, person
from tests.identity.second_factors import code_of, enrol, next_code_of

pytestmark = [pytest.mark.django_db, pytest.mark.real_mfa]

STEP = "/admin/second-factor/"
ENROL = "/admin/second-factor/enrol/"
CODES = "/admin/second-factor/codes/"


@pytest.fixture
def owner() -> User:
    return person("owner", email="boss@example.ru")


@pytest.fixture
def browser() -> Browser:
    return Browser()


def give_password(browser: Browser, user: User, path: str = "/admin/") -> None:
    answer = browser.post(
        f"/admin/login/?next={path}", {"username": user.email, "password": PASSWORD, "next": path}
    )
    assert answer.status_code == 302


def give_code(browser: Browser, code: str, **data: str):
    return browser.post(STEP, {"second_factor": code, **data})


def path_of(answer) -> str:
    return urlsplit(answer["Location"]).path


def actions() -> list[str]:
    return list(AuditRecord.objects.order_by("id").values_list("action", flat=True))


def is_in(browser: Browser) -> bool:
    return browser.get("/admin/").status_code == 200


class TestThePasswordAlone:
    @pytest.mark.parametrize("role", ["owner", "assistant", "editor"])
    @pytest.mark.parametrize(
        "page",
        ["/admin/", "/admin/security/", "/admin/booking/appointment/", "/admin/search/?s=анна", "/admin/no/"],
    )
    def test_opens_no_page(self, browser, role, page):
        user = person(role)
        enrol(user)
        give_password(browser, user)
        answer = browser.get(page)
        assert (answer.status_code, path_of(answer)) == (302, STEP)

    def test_makes_nobody_of_staff_outside_of_the_workspace(self, browser, owner):
        enrol(owner)
        give_password(browser, owner)
        assert browser.get("/metrics").status_code == 401
        give_code(browser, code_of(owner))
        assert browser.get("/metrics").status_code == 200

    def test_leads_the_pages_of_htmx_and_answers_programs_plainly(self, browser, owner):
        enrol(owner)
        give_password(browser, owner)
        piece = browser.get(
            "/admin/search/",
            headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/admin/booking/service/?q=1"},
        )
        assert piece.content == b""
        assert piece["HX-Redirect"] == f"{STEP}?next=%2Fadmin%2Fbooking%2Fservice%2F%3Fq%3D1"
        data = browser.get("/admin/booking/appointment/calendar/", headers={"Accept": "application/json"})
        assert (data.status_code, data.json()["code"]) == (401, "second_factor_required")

    def test_lets_somebody_leave(self, browser, owner):
        enrol(owner)
        give_password(browser, owner)
        assert browser.post("/admin/logout/").status_code in {200, 302}
        assert path_of(browser.get(STEP)) == "/admin/login/"

    def test_adds_no_authenticator_where_there_is_one(self, browser, owner):
        enrol(owner)
        give_password(browser, owner)
        assert path_of(browser.get(ENROL)) == STEP
        assert path_of(browser.post(ENROL, {"code": "123456"})) == STEP
        assert Authenticator.objects.filter(type="totp").count() == 1

    def test_shows_no_recovery_codes(self, browser, owner):
        enrol(owner)
        give_password(browser, owner)
        assert path_of(browser.get(CODES)) == "/admin/"

    def test_is_asked_for_first(self, browser):
        for page in (STEP, ENROL, CODES, "/admin/second-factor/confirm/"):
            assert path_of(browser.get(page)) == "/admin/login/"


class TestEnrolment:
    def test_comes_before_anything_else_and_ends_with_recovery_codes(self, browser, owner):
        give_password(browser, owner, "/admin/booking/service/")
        asked = browser.get("/admin/booking/service/", follow=True)
        assert urlsplit(asked.redirect_chain[-1][0]).path == ENROL
        page = asked.content.decode()
        assert "<svg" in page
        secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page).group(1).replace(" ", "")
        answer = browser.post(ENROL, {"code": code_of(secret), "next": "/admin/booking/service/"})
        assert path_of(answer) == CODES
        shown = browser.get(answer["Location"])
        codes = re.findall(r"<code>(\d{5} \d{5})</code>", shown.content.decode())
        assert len(codes) == 10
        assert "/admin/booking/service/" in shown.content.decode()
        assert path_of(browser.get(CODES)) == "/admin/"
        assert is_in(browser)
        assert "authenticator_added" in actions()

    def test_wants_a_right_code(self, browser, owner):
        give_password(browser, owner)
        browser.get(ENROL)
        answer = browser.post(ENROL, {"code": "000000"})
        assert "Код не подошёл" in answer.content.decode()
        assert not Authenticator.objects.exists()
        assert not is_in(browser)

    def test_keeps_the_secret_as_ciphertext(self, owner):
        secret = enrol(owner)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT data::text || secret FROM mfa_authenticator "
                "JOIN identity_secondfactorsecret USING (user_id)"
            )
            (kept,) = cursor.fetchone()
        assert secret not in kept

    def test_the_code_that_enrolled_is_used_up(self, browser, owner):
        give_password(browser, owner)
        page = browser.get(ENROL).content.decode()
        secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page).group(1).replace(" ", "")
        code = code_of(secret)
        browser.post(ENROL, {"code": code})
        other = Browser()
        give_password(other, owner)
        assert "Код не подошёл" in give_code(other, code).content.decode()


class TestTheStep:
    @pytest.fixture(autouse=True)
    def secret(self, owner) -> str:
        return enrol(owner)

    def test_opens_the_page_that_was_asked_for(self, browser, owner):
        give_password(browser, owner, "/admin/booking/service/")
        step = browser.get("/admin/booking/service/")
        assert parse_qs(urlsplit(step["Location"]).query) == {"next": ["/admin/booking/service/"]}
        assert give_code(browser, code_of(owner), next="/admin/booking/service/")["Location"] == (
            "/admin/booking/service/"
        )
        assert is_in(browser)
        record = AuditRecord.objects.get(action="second_factor_passed")
        assert (record.actor_id, record.changes["method"]) == (owner.pk, [None, "totp"])

    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example",
            "javascript:alert(1)",
            "/admin/../x",
            "",
        ],
    )
    def test_leads_nowhere_else(self, browser, owner, target):
        give_password(browser, owner)
        answer = give_code(browser, code_of(owner), next=target)
        assert urlsplit(answer["Location"]).netloc == ""
        assert answer["Location"].startswith("/admin/")

    def test_changes_the_key_of_the_session_twice(self, browser, owner):
        browser.get("/admin/login/")
        keys = [browser.session.session_key]
        give_password(browser, owner)
        keys.append(browser.session.session_key)
        give_code(browser, code_of(owner))
        keys.append(browser.session.session_key)
        assert len(set(keys)) == 3
        fixed = Browser()
        fixed.cookies["sessionid"] = keys[1]
        assert not is_in(fixed)

    def test_takes_a_code_once(self, browser, owner):
        code = code_of(owner)
        give_password(browser, owner)
        give_code(browser, code)
        thief = Browser()
        give_password(thief, owner)
        assert "Код не подошёл" in give_code(thief, code).content.decode()
        assert not is_in(thief)
        assert give_code(thief, next_code_of(owner)).status_code == 302

    def test_takes_no_code_older_than_one_that_was_used(self, browser, owner):
        code = code_of(owner)
        give_password(browser, owner)
        give_code(browser, next_code_of(owner))
        thief = Browser()
        give_password(thief, owner)
        give_code(thief, code)
        assert not is_in(thief)

    def test_takes_no_code_of_somebody_else(self, browser, owner):
        other = person("assistant")
        enrol(other)
        give_password(browser, owner)
        give_code(browser, code_of(other))
        assert not is_in(browser)

    def test_takes_each_recovery_code_once(self, browser, owner):
        codes = enrol(owner, recovery=True)
        for number, code in enumerate((codes[3], codes[3], codes[0])):
            give_password(browser, owner)
            give_code(browser, f"{code[:5]} {code[5:]}")
            assert is_in(browser) is (number != 1)
            browser.post("/admin/logout/")

    def test_locks_after_five_wrong_codes_and_then_refuses_a_right_one_too(self, browser, owner):
        give_password(browser, owner)
        texts = [give_code(browser, "000000").content.decode() for _ in range(5)]
        assert all("Код не подошёл" in text for text in texts[:4])
        assert "Слишком много неверных кодов" in texts[4]
        again = Browser()
        give_password(again, owner)
        assert "Слишком много неверных кодов" in give_code(again, code_of(owner)).content.decode()
        assert not is_in(again)
        assert actions().count("second_factor_failed") == 5
        assert actions().count("second_factor_locked") == 1
        with time_machine.travel(timezone.now() + timedelta(minutes=16)):
            late = Browser()
            give_password(late, owner)
            assert give_code(late, code_of(owner)).status_code == 302

    @pytest.mark.parametrize(
        "answer", ["", " ", "{}", "{", '{"id": 1}', "абвгде", "\0", "1" * 5000, "[]", "null"]
    )
    def test_bears_any_answer(self, browser, owner, answer):
        give_password(browser, owner)
        assert give_code(browser, answer).status_code == 200
        assert not is_in(browser)

    def test_an_empty_answer_is_no_try(self, browser, owner):
        give_password(browser, owner)
        for _ in range(6):
            give_code(browser, "")
        assert give_code(browser, code_of(owner)).status_code == 302


class TestASession:
    @pytest.fixture
    def signed_in(self, browser, owner) -> Browser:
        enrol(owner)
        give_password(browser, owner)
        give_code(browser, code_of(owner))
        return browser

    def test_is_kept_without_its_key_and_contents(self, signed_in, owner):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT key_hash, contents FROM identity_staffsession WHERE user_id = %s", [owner.pk]
            )
            key_hash, contents = cursor.fetchone()
        assert signed_in.session.session_key != key_hash
        assert str(owner.pk) not in contents
        assert "staff" not in contents

    def test_whose_contents_were_swapped_opens_nothing(self, signed_in, owner):
        mine = StaffSession.objects.get(user=owner)
        other = Browser()
        give_password(other, owner)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE identity_staffsession AS other SET contents = mine.contents "
                "FROM identity_staffsession AS mine "
                "WHERE mine.key_hash = %s AND other.key_hash <> mine.key_hash",
                [mine.pk],
            )
        assert not is_in(other)
        assert is_in(signed_in)

    def test_left_alone_ends_with_a_gentle_word(self, signed_in):
        with time_machine.travel(timezone.now() + timedelta(minutes=31)):
            answer = signed_in.get("/admin/booking/service/")
            assert path_of(answer) == "/admin/login/"
            assert "завершили сеанс" in signed_in.get(answer["Location"]).content.decode()
            assert not StaffSession.objects.exists()

    def test_lives_while_it_is_used_but_no_longer_than_twelve_hours(self, signed_in):
        start = timezone.now()
        for minutes in range(20, 12 * 60, 20):
            with time_machine.travel(start + timedelta(minutes=minutes)):
                assert is_in(signed_in)
        with time_machine.travel(start + timedelta(hours=12, seconds=1)):
            assert not is_in(signed_in)

    def test_costs_no_write_at_every_request(self, signed_in, django_assert_max_num_queries):
        seen = StaffSession.objects.get().seen_at
        is_in(signed_in)
        assert StaffSession.objects.get().seen_at == seen
        with time_machine.travel(timezone.now() + timedelta(seconds=61)):
            is_in(signed_in)
        assert StaffSession.objects.get().seen_at > seen

    @pytest.mark.parametrize("change", [{"role": "assistant"}, {"status": "blocked"}, {"password": "x"}])
    def test_ends_with_the_role_the_account_and_the_password(self, signed_in, owner, change):
        User.objects.filter(pk=owner.pk).update(**change)
        assert not is_in(signed_in)

    def test_a_new_password_asks_for_the_second_factor_again(self, signed_in, owner):
        give_password(signed_in, owner)
        assert not is_in(signed_in)


def test_no_setting_makes_a_code_good_that_is_not(settings, browser, owner):
    enrol(owner)
    settings.DEBUG = True
    settings.MFA_TOTP_INSECURE_BYPASS_CODE = "123456"
    settings.MFA_SUPPORTED_TYPES = []
    settings.MFA_TRUST_ENABLED = True
    give_password(browser, owner)
    give_code(browser, "123456")
    assert not is_in(browser)


def test_secrets_are_sealed_for_a_named_owner_only(owner):
    with pytest.raises(RuntimeError, match="whose secret"):
        PracticeMFAAdapter().encrypt("secret")
    enrol(owner)
    other = person("assistant")
    enrol(other)
    (mine,) = SecondFactorSecret.objects.filter(user=owner).values_list("secret", flat=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE identity_secondfactorsecret SET secret = %s WHERE user_id = %s", [mine.token, other.pk]
        )
    with secret_of(other.pk, Method.TOTP), pytest.raises(DecryptionFailed):
        PracticeMFAAdapter().decrypt("sealed")
