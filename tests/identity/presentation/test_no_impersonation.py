"""Nobody works under somebody else's name: there is no page, no call and no trick for it."""

import re

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY
from django.urls import get_resolver
from drf_spectacular.generators import SchemaGenerator

from apps.audit.models import AuditRecord
from tests.identity.people import browser_of, person

pytestmark = pytest.mark.django_db

SUSPECT = re.compile(
    r"imperson|hijack|login.?as|sign.?in.?as|switch.?user|become|sudo|masquerad", re.IGNORECASE
)


def routes(patterns, prefix: str = "") -> list[str]:
    found = []
    for each in patterns:
        route = prefix + str(each.pattern)
        found += (
            routes(each.url_patterns, route) if hasattr(each, "url_patterns") else [f"{route} {each.name}"]
        )
    return found


def test_no_address_offers_it(settings):
    everything = routes(get_resolver().url_patterns)
    assert len(everything) > 100
    assert [each for each in everything if SUSPECT.search(each)] == []
    calls = SchemaGenerator().get_schema(public=True)["paths"]
    assert [path for path in calls if SUSPECT.search(path)] == []
    assert [name for name in [*settings.INSTALLED_APPS, *settings.MIDDLEWARE] if SUSPECT.search(name)] == []


@pytest.mark.parametrize(
    "headers",
    [
        {"X-User": "{id}"},
        {"X-Impersonate-User": "{id}"},
        {"X-Forwarded-User": "{email}"},
        {"Remote-User": "{email}"},
        {"X-Remote-User": "{email}"},
    ],
    ids=str,
)
def test_no_header_makes_somebody_another_person(headers):
    owner, editor = person("owner"), person("editor")
    browser = browser_of(editor)
    given = {name: value.format(id=owner.pk, email=owner.email) for name, value in headers.items()}
    for query in ("", f"?user={owner.pk}", f"?_user={owner.email}&as={owner.pk}"):
        assert browser.get(f"/admin/identity/user/{query}", headers=given).status_code == 403


def test_another_persons_id_written_into_a_session_opens_nothing():
    owner, editor = person("owner"), person("editor")
    browser = browser_of(editor)
    session = browser.session
    session[SESSION_KEY] = str(owner.pk)
    session[BACKEND_SESSION_KEY] = "apps.identity.infrastructure.permissions.RoleBackend"
    session.save()
    assert browser.get("/admin/").status_code == 302
    assert not AuditRecord.objects.filter(actor_id=owner.pk).exists()
