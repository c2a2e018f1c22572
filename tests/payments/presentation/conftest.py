"""A practice with a paid service that offers a deposit, and a client with a kept time."""

import pytest
from rest_framework.test import APIClient

from apps.booking.infrastructure.models import Appointment, Service
from apps.identity.infrastructure.models import User
from tests.booking.factories import consented_client, make_appointment, make_service, signed_in
from tests.payments.fakes import FakeProvider
from tests.payments.provider import stand_in


@pytest.fixture(autouse=True)
def provider(monkeypatch: pytest.MonkeyPatch) -> FakeProvider:
    return stand_in(monkeypatch)


@pytest.fixture
def service(db: None) -> Service:
    return make_service(deposit_minor=150_000)


@pytest.fixture
def payer(db: None) -> User:
    return consented_client()


@pytest.fixture
def api(payer: User) -> APIClient:
    return signed_in(payer)


@pytest.fixture
def held(service: Service, payer: User) -> Appointment:
    return make_appointment(service=service, client=payer, status="pending_payment")
