"""An appointment for the client's own calendar."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.booking.domain.appointment import AppointmentNotFound
from apps.booking.infrastructure.calendar_file import calendar_file
from apps.booking.infrastructure.queries.client_appointments import AppointmentNotConfirmed, calendar_entry
from apps.booking.presentation.api import examples
from apps.kernel.presentation.client_calls import IsClient, PrivateView, client_id_of
from apps.kernel.presentation.openapi import problems

MEDIA_TYPE = "text/calendar"


class CalendarRenderer(BaseRenderer):
    """Bytes of a calendar as they are; a problem as JSON."""

    media_type = MEDIA_TYPE
    format = "ics"
    charset = "utf-8"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> Any:
        if isinstance(data, bytes):
            return data
        return JSONRenderer().render(data, "application/json", renderer_context)


class AppointmentCalendar(PrivateView):
    permission_classes = (IsClient,)
    renderer_classes = (CalendarRenderer,)

    @extend_schema(
        operation_id="appointments_calendar",
        tags=["appointments"],
        summary="Download an appointment as a calendar file",
        description=(
            "iCalendar (RFC 5545) with the rules of the appointment's time zone. A moved appointment keeps "
            "its UID, so that calendars replace the old time. Only confirmed appointments have one."
        ),
        responses={(200, MEDIA_TYPE): OpenApiTypes.STR},
        examples=[examples.CALENDAR],
    )
    @problems(AppointmentNotFound, AppointmentNotConfirmed)
    def get(self, request: Request, appointment_id: UUID) -> Response:
        entry = calendar_entry(client_id=client_id_of(request), appointment_id=appointment_id)
        return Response(
            calendar_file(entry),
            headers={"Content-Disposition": f'attachment; filename="appointment-{appointment_id}.ics"'},
        )
