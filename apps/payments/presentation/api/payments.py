"""A client pays for an appointment of theirs."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.booking.facade import AppointmentNotFound
from apps.kernel.presentation.client_calls import IsClient, PrivateView, client_id_of
from apps.kernel.presentation.openapi import problems
from apps.payments import wiring
from apps.payments.domain import payment as domain
from apps.payments.infrastructure.pay_links import return_page
from apps.payments.infrastructure.queries.client_payments import own_payment, own_payments, seen
from apps.payments.presentation.api import examples
from apps.payments.presentation.api.serializers import (
    PAYMENT,
    STARTING,
    PaymentSerializer,
    StartingSerializer,
)

_IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string"},
    OpenApiParameter.HEADER,
    required=False,
    description=(
        "Accepted and not needed: an appointment has one open payment of a kind, which every further call "
        "answers with, whatever its key."
    ),
)
_LOCATION = OpenApiParameter(
    "Location",
    {"type": "string", "format": "uri-reference"},
    OpenApiParameter.HEADER,
    description="Where the payment is read.",
    response=[200, 201],
)


class AppointmentPayments(PrivateView, GenericAPIView):
    permission_classes = (IsClient,)
    serializer_class = PaymentSerializer

    @extend_schema(
        operation_id="payments_list",
        tags=["payments"],
        summary="List the payments for an appointment",
        description="The latest first.",
        responses={200: PaymentSerializer(many=True)},
        examples=[examples.PAID],
    )
    @problems(AppointmentNotFound)
    def get(self, request: Request, appointment_id: UUID) -> Response:
        client_id = client_id_of(request)
        wiring.appointments.get(appointment_id, at=wiring.clock.now(), client_id=client_id)
        page = self.paginate_queryset(own_payments(client_id).filter(appointment_id=appointment_id))
        views = [seen(row) for row in page or ()]
        return self.get_paginated_response([PAYMENT.to_representation(view) for view in views])

    @extend_schema(
        operation_id="payments_create",
        tags=["payments"],
        summary="Pay for an appointment",
        description=(
            "Send the client to `confirmation_url` then; what came of it is told by `GET payments/{id}/`, "
            "and the appointment confirms itself.\n\n"
            "The amount follows from the appointment: the deposit, the price, or what is left of it. Asking "
            "again while a payment is open answers 200 with the same payment. After "
            "`payment_service_unavailable` (503) ask again: the call goes on with the payment that it had "
            "begun, and nothing is paid twice."
        ),
        parameters=[_IDEMPOTENCY_KEY, _LOCATION],
        request=StartingSerializer,
        responses={
            200: OpenApiResponse(PaymentSerializer, description="The payment that is open already."),
            201: PaymentSerializer,
        },
        examples=[examples.STARTING, examples.STARTED],
    )
    @problems(
        AppointmentNotFound,
        domain.AppointmentNotPayable,
        domain.AlreadyPaid,
        domain.DepositNotOffered,
        domain.ReturnUrlNotAllowed,
        domain.PaymentRefused,
        domain.PaymentServiceUnavailable,
    )
    def post(self, request: Request, appointment_id: UUID) -> Response:
        asked = STARTING.run_validation(request.data)
        payment = wiring.start_payment(
            appointment_id=appointment_id,
            client_id=client_id_of(request),
            kind=domain.PaymentKind(asked["kind"]),
            return_url=asked.get("return_url") or settings.PUBLIC_URL + return_page(appointment_id),
        )
        return Response(
            PAYMENT.to_representation(payment),
            status=201 if payment.started else 200,
            headers={"Location": reverse("payment", kwargs={"payment_id": payment.id})},
        )


class PaymentDetail(PrivateView):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="payments_retrieve",
        tags=["payments"],
        summary="Read one of your payments",
        responses={200: PaymentSerializer},
        examples=[examples.PAID],
    )
    @problems(domain.PaymentNotFound)
    def get(self, request: Request, payment_id: UUID) -> Response:
        found = own_payment(client_id=client_id_of(request), payment_id=payment_id)
        return Response(PAYMENT.to_representation(found))
