"""A till beside PostgreSQL, a service with a deposit, and an appointment that waits for its money."""

from datetime import UTC, datetime

import pytest

from apps.booking.infrastructure.models import Appointment, Service
from tests.booking.factories import make_appointment, make_service
from tests.payments.till import Till


@pytest.fixture
def till(db: None) -> Till:
    return Till(datetime.now(UTC))


@pytest.fixture
def service(db: None) -> Service:
    return make_service(deposit_minor=100_000)


@pytest.fixture
def held(service: Service) -> Appointment:
    return make_appointment(service=service, status="pending_payment")
