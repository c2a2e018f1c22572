"""What tests of the API check again and again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from procrastinate.contrib.django.models import ProcrastinateJob

from apps.booking.infrastructure.models import (
    Appointment,
    IntakeForm,
    OutcomeRecord,
    Service,
    TimelineEntry,
    WaitlistRequest,
)
from apps.identity.infrastructure.models import Consent

WRITTEN = (
    Appointment,
    TimelineEntry,
    OutcomeRecord,
    IntakeForm,
    WaitlistRequest,
    Consent,
    ProcrastinateJob,
)


def everything_written() -> dict[str, list[dict[str, Any]]]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in WRITTEN}


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Fail if any row that the booking API can write was added, changed or removed."""
    before = everything_written()
    yield
    assert everything_written() == before


def assert_problem(
    response: HttpResponse, status: int, code: str, *, detail: str = "", pointer: str | None = None
) -> dict[str, Any]:
    """The response is a complete problem of this kind; ``detail`` is how its Russian text begins."""
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["code"] == code, problem
    assert problem["title"]
    if detail:
        assert problem["detail"].startswith(detail), problem["detail"]
    if pointer is not None:
        assert pointer in [error["pointer"] for error in problem["errors"]], problem["errors"]
    return problem


def booking_of(service: Service, start: datetime, **more: Any) -> dict[str, Any]:
    """A body for POST appointments/."""
    return {
        "service": service.slug,
        "start": start.isoformat(),
        "meeting_format": "online",
        "time_zone": "Europe/Moscow",
        **more,
    }


def of(appointment: Appointment, call: str = "") -> str:
    """The address of an appointment, or of one of the calls below it."""
    return f"/api/v1/appointments/{appointment.id}/{call}"
