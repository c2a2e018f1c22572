"""Published services and their free times: open to everybody, the same for everybody."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.booking import wiring
from apps.booking.application.find_slots import SpanReversed, SpanTooLong
from apps.booking.domain.service import MeetingFormat, ServiceNotFound, WrongMeetingFormat
from apps.booking.infrastructure.queries.published_services import published_service, published_services
from apps.booking.presentation.api import examples
from apps.booking.presentation.api.service_serializers import (
    ServiceSerializer,
    SlotDaysSerializer,
    SlotQuery,
)
from apps.booking.presentation.api.slot_days import slots_json
from apps.kernel.presentation.openapi import problems
from apps.kernel.presentation.pagination import CreatedCursorPagination

# Made once: a serializer makes all its fields anew for every instance.
_SLOT_QUERY = SlotQuery()


class ServicePagination(CreatedCursorPagination):
    """In the order of the practice."""

    ordering = ("position", "slug")


class ServiceList(GenericAPIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_scope = "reads"
    serializer_class = ServiceSerializer
    pagination_class = ServicePagination

    @extend_schema(
        operation_id="services_list",
        tags=["services"],
        summary="List the services that can be booked",
        responses={200: ServiceSerializer(many=True)},
        examples=[examples.SERVICE],
    )
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(published_services())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class ServiceDetail(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_scope = "reads"

    @extend_schema(
        operation_id="services_retrieve",
        tags=["services"],
        summary="Read one service",
        responses={200: ServiceSerializer},
        examples=[examples.SERVICE],
    )
    @problems(ServiceNotFound)
    def get(self, request: Request, slug: str) -> Response:
        return Response(ServiceSerializer(published_service(slug)).data)


class ServiceSlots(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_scope = "slots"

    @extend_schema(
        operation_id="services_slots",
        tags=["services"],
        summary="List the free times of a service",
        description=(
            "Times that can be booked now, grouped by the days of the viewer's calendar. Every day from "
            "`from` to `to` is listed in order, days without free times with an empty list. Instants carry "
            "the offset of the viewer's zone; on a day when clocks are set back, an hour that occurs twice "
            "is offered once for each instant."
        ),
        parameters=[SlotQuery],
        responses={200: SlotDaysSerializer},
        examples=[examples.SLOTS],
    )
    @problems(ServiceNotFound, SpanReversed, SpanTooLong, WrongMeetingFormat)
    def get(self, request: Request, slug: str) -> HttpResponse:
        asked: dict[str, Any] = _SLOT_QUERY.run_validation(request.query_params.dict())
        first: date = asked["from"]
        last: date = asked["to"]
        meeting_format = asked.get("meeting_format")
        found = wiring.find_slots(
            service_slug=slug,
            first=first,
            last=last,
            time_zone=asked.get("tz"),
            meeting_format=None if meeting_format is None else MeetingFormat(meeting_format),
        )
        return HttpResponse(slots_json(found, first=first, last=last), content_type="application/json")
