"""There are two doors, a code with a token and a password with a second factor: no third one opens.

That nobody works under another's name is in ``tests/identity/presentation/test_no_impersonation.py``.
"""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib import admin
from django.contrib.auth import authenticate
from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import URLResolver, get_resolver
from rest_framework.test import APIClient

from apps.identity.models import User
from tests.booking.factories import make_client, make_staff, session_token
from tests.identity.people import PASSWORD, person
from tests.identity.second_factors import code_of, enrol

pytestmark = pytest.mark.django_db

LIBRARIES = [
    "accounts/login/",
    "accounts/login/code/",
    "accounts/login/code/confirm/",
    "accounts/signup/",
    "accounts/logout/",
    "accounts/email/",
    "accounts/reauthenticate/",
    "accounts/password/reset/",
    "accounts/password/reset/key/x-y/",
    "accounts/password_reset/",
    "accounts/social/login/",
    "accounts/google/login/callback/",
    "accounts/2fa/",
    "accounts/2fa/authenticate/",
    "accounts/2fa/webauthn/login/",
    "accounts/2fa/recovery-codes/",
    "_allauth/browser/v1/config",
    "_allauth/app/v1/auth/login",
    "_allauth/app/v1/auth/session",
    "admin/password_reset/",
    "admin/password_reset/done/",
    "password_reset/",
    "reset/MQ/set-password/",
    "admin/axes/accessattempt/",
    "admin/auth/user/",
    "admin/auth/group/",
    "admin/sessions/session/",
    "admin/procrastinate/procrastinatejob/",
    "admin/mfa/authenticator/",
    "admin/account/emailaddress/",
    "admin/doc/",
    "api-auth/login/",
    "api/v1/token/",
    "api/v1/auth/password/",
    "api/v1/users/",
    "login/",
    "register/",
    "oauth/token",
    "__debug__/",
    "silk/",
    ".git/config",
    ".env",
    "metrics/",
    "i18n/setlang/",
    "webhooks/telegram/",
]
"""What libraries would offer, and what strangers try first."""

KINDS = {
    "": "the front door, which leads to the workspace",
    "admin/": "the workspace: a password and a second factor",
    "api/v1/": "the API: a token",
    "api/schema/": "what the API is, without anybody's data",
    "api/docs/": "the same, to read",
    "webhooks/yookassa/": "notices of the payment provider, which are asked about before they count",
    "pay/": "pages behind a signed link",
    "letters/": "pages behind a signed link",
    "health/": "whether it runs",
    "metrics": "figures, behind a token or a staff session",
}
OPEN_PAGES = {"login", "jsi18n", "invitation"}
"""Pages of the workspace before the password: the form itself, its words, a link that works once."""


def addresses() -> Iterator[tuple[str, Any]]:
    def walk(patterns: list[Any], prefix: str) -> Iterator[tuple[str, Any]]:
        for each in patterns:
            route = prefix + str(each.pattern)
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, route)
            else:
                yield route, each

    yield from walk(get_resolver().url_patterns, "")


def test_every_address_is_of_a_known_kind() -> None:
    strange = [
        route
        for route, _view in addresses()
        if route and not any(kind and route.startswith(kind) for kind in KINDS)
    ]
    assert strange == []
    assert len(list(addresses())) > 100


def test_no_view_is_a_librarys_own_way_in() -> None:
    """allauth counts tries and keeps passkeys; none of its views has an address, nor have resets."""
    modules = {view.callback.__module__.split(".")[0]: route for route, view in addresses()}
    assert set(modules) <= {"apps", "project", "django", "unfold", "drf_spectacular"}
    names = {view.name or "" for _route, view in addresses()}
    assert [name for name in names if "reset" in name and "second_factor" not in name] == []


@pytest.mark.parametrize("path", LIBRARIES)
def test_what_a_library_would_offer_is_not_there(path: str) -> None:
    for verb in ("get", "post"):
        answer = getattr(Browser(), verb)(f"/{path}", {"email": "boss@example.ru", "username": "boss"})
        where = answer.get("Location", "")
        assert answer.status_code == 404 or where.startswith("/admin/login/"), (verb, answer.status_code)
    staff = Browser()
    staff.force_login(make_staff())
    assert staff.get(f"/{path}").status_code in ({200, 404} if path == "metrics/" else {404})


def test_only_our_models_are_in_the_workspace() -> None:
    assert {model.__module__.split(".")[0] for model in admin.site._registry} == {"apps"}


@pytest.mark.parametrize("path", ["/api/v1/me/", "/api/v1/appointments/", "/admin/", "/metrics"])
def test_no_other_credential_is_looked_at(path: str) -> None:
    """Basic and bearer, a cookie of the other door, a name in a header or a query."""
    owner = person("owner", email="boss@example.ru")
    client = make_client(email="anna@example.ru")
    token = session_token(client)
    basic = b64encode(f"boss@example.ru:{PASSWORD}".encode()).decode()
    for headers in (
        {"Authorization": f"Basic {basic}"},
        {"Authorization": f"Bearer {token}"},
        {"Authorization": f"Token {token}"},
        {"Authorization": f"Session {token}"},
        {"Cookie": f"sessionid={token}"},
        {"X-User-Id": str(owner.pk), "Remote-User": "boss@example.ru"},
        {"X-Original-URL": "/admin/login/", "X-Rewrite-URL": "/health/live"},
        {"X-HTTP-Method-Override": "OPTIONS"},
    ):
        answer = Browser().get(path, {"username": "boss@example.ru", "password": PASSWORD}, headers=headers)
        assert answer.status_code in {302, 401}, headers
        assert answer.status_code == 401 or urlsplit(answer["Location"]).path == "/admin/login/"


def test_a_session_of_the_workspace_is_nobody_in_the_api() -> None:
    for role in ("owner", "assistant", "editor"):
        api = APIClient()
        api.force_login(make_staff(role))
        assert api.get("/api/v1/me/").status_code == 401
        assert api.post("/api/v1/me/exports/", {"kind": "archive"}).status_code == 401


def test_a_password_opens_nothing_for_a_client_and_no_code_for_staff() -> None:
    client = make_client(email="anna@example.ru")
    client.set_password(PASSWORD)
    client.save()
    request = RequestFactory().post("/", {"username": "anna@example.ru", "password": PASSWORD})
    browser = Browser()
    answer = browser.post("/admin/login/", {"username": "anna@example.ru", "password": PASSWORD})
    assert answer.status_code == 200
    assert browser.get("/admin/").status_code == 302
    assert authenticate(request, username="nobody@example.ru", password="") is None
    assert not User.objects.exclude(role="client").exists()


@pytest.mark.real_mfa
@pytest.mark.parametrize(
    "target",
    [
        "//evil.example/",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "///evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "/admin/\r\nLocation: https://evil.example",
        "https://testserver@evil.example/",
        "%2f%2fevil.example",
        "\t//evil.example",
    ],
)
def test_no_step_of_the_sign_in_leads_elsewhere(target: str) -> None:
    owner = person("owner")
    enrol(owner)
    browser = Browser()
    given = {"username": owner.email, "password": PASSWORD, "next": target}
    answers = [
        browser.get("/admin/login/", {"next": target}),
        browser.post("/admin/login/", given),
        browser.post("/admin/second-factor/", {"second_factor": code_of(owner), "next": target}),
        browser.get("/admin/login/", {"next": target}),
        browser.post("/admin/logout/", {"next": target}),
    ]
    for answer in answers:
        place = urlsplit(urljoin("http://testserver/admin/login/", answer.get("Location", "")))
        assert (place.scheme, place.netloc) == ("http", "testserver")
        assert place.path.startswith("/admin/")


def test_a_page_that_nobody_may_see_before_the_password_leads_to_it() -> None:
    workspace = [(route, view) for route, view in addresses() if route.startswith("admin/")]
    opened = set()
    for route, view in workspace:
        if "<" in route or "(" in route or "^" in route:
            continue
        answer = Browser().get(f"/{route}")
        if answer.status_code == 200:
            opened.add(view.name)
    assert opened <= OPEN_PAGES
