"""A practice with one service, a client who has consented, and their signed-in API client."""

import pytest
from rest_framework.test import APIClient

from apps.booking.infrastructure.models import Service
from apps.identity.infrastructure.models import User
from tests.booking.factories import consented_client, make_service, signed_in


@pytest.fixture
def service(db: None) -> Service:
    return make_service()


@pytest.fixture
def client(db: None) -> User:
    return consented_client()


@pytest.fixture
def api(client: User) -> APIClient:
    return signed_in(client)


@pytest.fixture
def guest() -> APIClient:
    return APIClient()
