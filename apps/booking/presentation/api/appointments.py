"""A client's own appointments."""

from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.booking import wiring
from apps.booking.application.ports import ConsentRequired
from apps.booking.application.views import AppointmentView
from apps.booking.domain import lifecycle, rescheduling, slots
from apps.booking.domain.appointment import AppointmentNotFound
from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.outcome import ReasonCategory
from apps.booking.domain.service import MeetingFormat, ServiceNotFound, WrongMeetingFormat
from apps.booking.infrastructure.queries.client_appointments import own_appointment, own_appointments, seen
from apps.booking.presentation.api import examples
from apps.booking.presentation.api.appointment_serializers import (
    AppointmentSerializer,
    BookingSerializer,
    CancelingSerializer,
    CancellationSerializer,
    ReschedulingSerializer,
    appointment_data,
    booking_asked_for,
    origin_of,
)
from apps.booking.presentation.api.caller import consents_given
from apps.kernel.presentation.client_calls import IsClient, PrivateView, actor_of, client_id_of
from apps.kernel.presentation.idempotency import IdempotentMixin
from apps.kernel.presentation.openapi import problems
from apps.kernel.presentation.pagination import CreatedCursorPagination

_CHANGED = OpenApiResponse(AppointmentSerializer, description="The appointment after the change.")


class StartPagination(CreatedCursorPagination):
    """The latest session first."""

    ordering = ("-start", "-id")


class AppointmentList(PrivateView, IdempotentMixin, GenericAPIView):
    permission_classes = (IsClient,)
    serializer_class = AppointmentSerializer
    pagination_class = StartPagination

    @extend_schema(
        operation_id="appointments_list",
        tags=["appointments"],
        summary="List your appointments",
        description="The latest session first.",
        responses={200: AppointmentSerializer(many=True)},
        examples=[examples.APPOINTMENT],
    )
    def get(self, request: Request) -> Response:
        now = wiring.clock.now()
        page = self.paginate_queryset(own_appointments(client_id_of(request)))
        views = [seen(row, now=now) for row in page or ()]
        return self.get_paginated_response(self.get_serializer(views, many=True).data)

    @extend_schema(
        operation_id="appointments_create",
        tags=["appointments"],
        summary="Book a time",
        description=(
            "Takes one of the times that `services/{slug}/slots/` offers. The answer's `status` says what "
            "comes next: `confirmed` (a free service), `pending_payment` (the time is kept until "
            "`hold_expires_at`) or `requested` (the specialist answers until `answer_due_at`).\n\n"
            "A booking needs a consent to `personal_data`, given earlier or in `consents`; without it the "
            "problem `consent_required` carries the text to be shown in `document`. `slot_unavailable` tells "
            "why in `params.reason`: `past`, `too_soon`, `too_far`, `outside_hours`, `off_grid`, "
            "`daily_limit` or `busy`."
        ),
        parameters=[
            OpenApiParameter(
                "Location",
                {"type": "string", "format": "uri-reference"},
                OpenApiParameter.HEADER,
                description="Where the appointment is read.",
                response=[201],
            )
        ],
        request=BookingSerializer,
        responses={201: AppointmentSerializer},
        examples=[examples.BOOKING, examples.HELD_APPOINTMENT],
    )
    @problems(ServiceNotFound, WrongMeetingFormat, ConsentRequired, slots.SlotUnavailable, slots.SlotTaken)
    def post(self, request: Request) -> Response:
        asked = booking_asked_for(request.data)
        booked = wiring.book_appointment(
            actor=actor_of(request),
            client_id=client_id_of(request),
            service_slug=asked["service"],
            start=asked["start"],
            meeting_format=MeetingFormat(asked["meeting_format"]),
            time_zone=asked["time_zone"],
            given=consents_given(request, asked.get("consents", [])),
            origin=origin_of(asked),
        )
        place = reverse("appointment", kwargs={"appointment_id": booked.id})
        return Response(appointment_data(booked), status=201, headers={"Location": place})


class AppointmentDetail(PrivateView):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="appointments_retrieve",
        tags=["appointments"],
        summary="Read one of your appointments",
        responses={200: AppointmentSerializer},
        examples=[examples.APPOINTMENT],
    )
    @problems(AppointmentNotFound)
    def get(self, request: Request, appointment_id: UUID) -> Response:
        found = own_appointment(
            client_id=client_id_of(request), appointment_id=appointment_id, now=wiring.clock.now()
        )
        return _answer(found)


class HoldExtension(PrivateView, IdempotentMixin):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="appointments_extend_hold",
        tags=["appointments"],
        summary="Keep the time longer for payment",
        description="Once, by the length of the hold.",
        request=None,
        responses={200: _CHANGED},
        examples=[examples.HELD_APPOINTMENT],
    )
    @problems(
        AppointmentNotFound,
        lifecycle.TransitionNotAllowed,
        lifecycle.HoldExpired,
        lifecycle.HoldAlreadyExtended,
    )
    def post(self, request: Request, appointment_id: UUID) -> Response:
        return _answer(wiring.extend_hold(appointment_id=appointment_id, actor=actor_of(request)))


class OfferAcceptance(PrivateView, IdempotentMixin):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="appointments_accept",
        tags=["appointments"],
        summary="Accept a time from the waitlist",
        description=(
            "Confirms a time that was offered to you and costs nothing. A paid one is confirmed by its "
            "payment; to decline an offer, cancel the appointment."
        ),
        request=None,
        responses={200: _CHANGED},
        examples=[examples.ACCEPTED_APPOINTMENT],
    )
    @problems(
        AppointmentNotFound,
        ConsentRequired,
        lifecycle.TransitionNotAllowed,
        lifecycle.HoldExpired,
        lifecycle.PaymentDue,
    )
    def post(self, request: Request, appointment_id: UUID) -> Response:
        return _answer(wiring.accept_offer(appointment_id=appointment_id, actor=actor_of(request)))


class CancellationPreview(PrivateView):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="appointments_cancellation",
        tags=["appointments"],
        summary="See what canceling would mean now",
        description="Changes nothing. `refund` and `kept` are together what was paid.",
        responses={200: CancellationSerializer},
        examples=[examples.CANCELLATION],
    )
    @problems(
        AppointmentNotFound,
        lifecycle.AlreadyCanceled,
        lifecycle.AlreadyStarted,
        lifecycle.HoldExpired,
        lifecycle.TransitionNotAllowed,
    )
    def get(self, request: Request, appointment_id: UUID) -> Response:
        appointment = own_appointment(
            client_id=client_id_of(request), appointment_id=appointment_id, now=wiring.clock.now()
        )
        consequence = wiring.preview_cancellation(
            appointment_id=appointment_id, actor=actor_of(request), by=CanceledBy.CLIENT
        )
        free_until = consequence.free_until.astimezone(ZoneInfo(appointment.time_zone))
        return Response(CancellationSerializer(replace(consequence, free_until=free_until)).data)


class Canceling(PrivateView, IdempotentMixin):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="appointments_cancel",
        tags=["appointments"],
        summary="Cancel an appointment",
        description="With the consequence that `cancellation/` shows. A request is withdrawn (`declined`).",
        request=CancelingSerializer,
        responses={200: _CHANGED},
        examples=[examples.CANCELING, examples.CANCELED_APPOINTMENT],
    )
    @problems(
        AppointmentNotFound,
        lifecycle.AlreadyCanceled,
        lifecycle.AlreadyStarted,
        lifecycle.HoldExpired,
        lifecycle.TransitionNotAllowed,
    )
    def post(self, request: Request, appointment_id: UUID) -> Response:
        body = CancelingSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        canceled = wiring.cancel_appointment(
            appointment_id=appointment_id,
            actor=actor_of(request),
            by=CanceledBy.CLIENT,
            reason=ReasonCategory(body.validated_data.get("reason", ReasonCategory.NONE)),
        )
        return _answer(canceled)


class Rescheduling(PrivateView, IdempotentMixin):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="appointments_reschedule",
        tags=["appointments"],
        summary="Move an appointment to another time",
        description="If the new time cannot be had, the appointment keeps its old one.",
        request=ReschedulingSerializer,
        responses={200: _CHANGED},
        examples=[examples.RESCHEDULING, examples.APPOINTMENT],
    )
    @problems(
        AppointmentNotFound,
        lifecycle.TransitionNotAllowed,
        lifecycle.AlreadyStarted,
        rescheduling.TooLateToReschedule,
        rescheduling.RescheduleLimitReached,
        rescheduling.SameTime,
        slots.SlotUnavailable,
        slots.SlotTaken,
    )
    def post(self, request: Request, appointment_id: UUID) -> Response:
        body = ReschedulingSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        moved = wiring.reschedule_appointment(
            appointment_id=appointment_id,
            actor=actor_of(request),
            by=CanceledBy.CLIENT,
            start=body.validated_data["start"],
        )
        return _answer(moved)


def _answer(appointment: AppointmentView) -> Response:
    return Response(AppointmentSerializer(appointment).data)
