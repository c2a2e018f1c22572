"""Every page of the workspace and every call of the API, walked by every role: the table of roles decides.

The walk asks the address resolver and the OpenAPI schema what there is, so that a new page or call is in it.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from apps.booking import models as booking
from apps.identity import models as people
from apps.identity.domain.roles import Role, Verb, may
from apps.identity.infrastructure.permissions import AREAS
from apps.payments import models as money
from tests.attacks.api_walk import Call, calls
from tests.booking.factories import (
    consented_client,
    make_appointment,
    make_client,
    make_intake_template,
    make_service,
    make_staff,
    signed_in,
)
from tests.client_cabinet.rows import PAYLOADS, diarist, make_entry, make_material
from tests.jobs import make_resting_job
from tests.payments.rows import enter, make_alert, make_payment, make_refund

pytestmark = pytest.mark.django_db

SECRET = "Тайный ответ"
STAFF = [Role.OWNER, Role.ASSISTANT, Role.EDITOR]
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def admin_pages() -> Iterator[tuple[str, str]]:
    """(name, route) of every named page under admin:."""

    def walk(patterns: list[Any], prefix: str) -> Iterator[tuple[str, str]]:
        for each in patterns:
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, prefix + str(each.pattern))
            elif isinstance(each, URLPattern) and each.name:
                yield each.name, prefix + str(each.pattern)

    resolver = next(each for each in get_resolver().url_patterns if getattr(each, "namespace", "") == "admin")
    yield from walk(resolver.url_patterns, "/" + str(resolver.pattern))


def model_of(name: str) -> type[Model] | None:
    """The registered model that a page belongs to by its name: ``booking_appointment_change``."""
    found = [
        model
        for model in admin.site._registry
        if name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_")
    ]
    return max(found, key=lambda model: len(model._meta.model_name or ""), default=None)


def allowed(role: str, model: type[Model], verb: Verb) -> bool:
    """What the table says; a model of no area (a library's own) is closed to everybody."""
    area = AREAS.get(f"{model._meta.app_label}.{model._meta.model_name}")
    return area is not None and may(role, area, verb)


PAGES = sorted(set(admin_pages()))


@pytest.fixture
def rows(db) -> dict[type[Model], Any]:
    """One row of every registered model, for pages that show one."""
    service = make_service(intake_template=make_intake_template())
    appointment = make_appointment(service=service, client=consented_client())
    booking.IntakeForm.objects.create(
        appointment=appointment,
        client=appointment.client,
        questions=["Что вас привело?"],
        answers=[SECRET],
        updated_at=appointment.created_at,
    )
    booking.WaitlistRequest.objects.create(
        service=service,
        guest_token_hash="0" * 64,
        preferred_contact="email",
        contact="guest@example.org",
        time_zone="Europe/Moscow",
        consent_version="1.0",
        created_at=appointment.created_at,
    )
    booking.DateOverride.objects.create(specialist=service.specialist, date="2030-01-01", kind="holiday")
    payment = make_payment(appointment)
    make_refund(payment)
    enter(appointment, "payment", payment.amount_minor)
    make_alert(payment=payment)
    make_resting_job()
    make_entry(
        appointment.client, shared_for=appointment.pk, payload={**PAYLOADS["emotions"], "note": SECRET}
    )
    make_material(appointment.client, appointment_id=appointment.pk, title=SECRET, text=SECRET)
    models = {*admin.site._registry, booking.Appointment}
    return {model: model._default_manager.first() for model in models}


def address(name: str, route: str, rows: dict[type[Model], Any]) -> str | None:
    model = model_of(name)
    row = rows.get(model) if model else None
    values = {}
    for parameter in PARAMETER.findall(route):
        if parameter in {"app_label", "content_type_id"}:
            return None
        values[parameter] = getattr(row, "pk", "0") if "id" in parameter else "x"
    return PARAMETER.sub(lambda match: str(values[match.group(1)]), route)


@pytest.mark.parametrize("role", STAFF)
def test_a_page_opens_only_to_whom_the_table_of_roles_lets_in(client, rows, role):
    client.force_login(make_staff(role))
    wrong = []
    for name, route in PAGES:
        url, model = address(name, route, rows), model_of(name)
        if url is None or name == "logout":
            continue
        response = client.get(url)
        status = response.status_code
        if status >= 500:
            wrong.append(f"{url} broke with {status}")
        if model is None:
            continue
        if not allowed(role, model, Verb.VIEW) and status not in {302, 403, 404, 405}:
            wrong.append(f"{url} is open ({status}) to {role}")
        if allowed(role, model, Verb.VIEW) and name.endswith("_changelist") and status != 200:
            wrong.append(f"{url} is closed ({status}) to {role}")
        if name.endswith("_add") and not allowed(role, model, Verb.ADD) and status != 403:
            wrong.append(f"{url} lets {role} add ({status})")
        if name.endswith("_delete") and not allowed(role, model, Verb.DELETE) and status != 403:
            wrong.append(f"{url} lets {role} delete ({status})")
    assert wrong == []


@pytest.mark.parametrize("who", ["guest", "client"])
def test_no_page_opens_to_guests_and_clients(client, rows, who):
    if who == "client":
        client.force_login(make_client())
    opened = []
    for name, route in PAGES:
        url = address(name, route, rows)
        if url is None or name in {"login", "jsi18n"}:
            continue
        response = client.get(url)
        if response.status_code not in {301, 302, 403, 404} or SECRET in response.content.decode():
            opened.append(url)
    assert opened == []


def test_every_model_of_ours_belongs_to_an_area():
    ours = [model for model in admin.site._registry if model.__module__.startswith("apps.")]
    assert all(allowed(Role.OWNER, model, Verb.VIEW) for model in ours)


OPEN_CALLS = {
    ("post", "/api/v1/auth/code/"),
    ("post", "/api/v1/auth/session/"),
    ("get", "/api/v1/consents/documents/"),
    ("get", "/api/v1/services/"),
    ("get", "/api/v1/services/{slug}/"),
    ("get", "/api/v1/services/{slug}/slots/"),
    ("get", "/api/v1/waitlist/"),
    ("post", "/api/v1/waitlist/"),
    ("delete", "/api/v1/waitlist/{request_id}/"),
}
"""The calls that guests may make; whose request of the waitlist it is, a token decides."""


CALLS = calls("get", "post", "put", "patch", "delete")


def call(api: APIClient, each: Call, appointment: booking.Appointment) -> Any:
    """A call with the body that is documented, about the client of ``appointment``."""
    own = {
        "slug": appointment.service.slug,
        "appointment_id": appointment.pk,
        "payment_id": money.Payment.objects.filter(appointment_id=appointment.pk).first().pk,
        "kind": "content",
        "reference": "calm",
        "purpose": "health_data",
    }
    return getattr(api, each.verb)(each.address(**own), each.example, format="json")


def places(found: Iterable[Call]) -> set[tuple[str, str]]:
    return {(each.verb, each.path) for each in found}


def test_a_call_wants_to_know_who_calls_unless_it_is_open(rows):
    guest = APIClient()
    opened = [each for each in CALLS if call(guest, each, rows[booking.Appointment]).status_code != 401]
    assert places(opened) == OPEN_CALLS


SIGN_OUT = ("delete", "/api/v1/auth/session/")


@pytest.mark.parametrize("role", Role)
def test_a_call_lets_clients_in_and_keeps_staff_out_of_what_is_theirs(rows, role):
    person = diarist() if role is Role.CLIENT else make_staff(role)
    refused = places(
        each
        for each in CALLS
        if call(signed_in(person), each, rows[booking.Appointment]).status_code in {401, 403}
    )
    if role is Role.CLIENT:
        assert refused == set()
    else:
        assert places(CALLS) - OPEN_CALLS - {SIGN_OUT} <= refused


def test_the_walks_are_not_empty():
    assert len(PAGES) > 40
    assert len(CALLS) > 15
    assert people.User in admin.site._registry
