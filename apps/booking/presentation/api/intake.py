"""The intake form of a client's appointment."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.booking import wiring
from apps.booking.application.ports import ConsentRequired
from apps.booking.domain import intake
from apps.booking.domain.appointment import AppointmentNotFound
from apps.booking.presentation.api import examples
from apps.booking.presentation.api.intake_serializers import IntakeAnswersSerializer, IntakeSerializer
from apps.kernel.presentation.client_calls import IsClient, PrivateView, client_id_of
from apps.kernel.presentation.idempotency import IdempotentMixin
from apps.kernel.presentation.openapi import problems


class Intake(PrivateView, IdempotentMixin):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="intake_retrieve",
        tags=["intake"],
        summary="Read the questions and your answers",
        responses={200: IntakeSerializer},
        examples=[examples.INTAKE],
    )
    @problems(AppointmentNotFound, intake.NoIntakeForm)
    def get(self, request: Request, appointment_id: UUID) -> Response:
        form = wiring.open_intake(appointment_id=appointment_id, client_id=client_id_of(request))
        return Response(IntakeSerializer(form).data)

    @extend_schema(
        operation_id="intake_update",
        tags=["intake"],
        summary="Save a draft of your answers",
        description="As often as you like before the session, until the form is submitted.",
        request=IntakeAnswersSerializer,
        responses={200: IntakeSerializer},
        examples=[examples.INTAKE_ANSWERS, examples.INTAKE],
    )
    @problems(
        AppointmentNotFound,
        intake.NoIntakeForm,
        intake.IntakeClosed,
        intake.IntakeAlreadySubmitted,
        intake.WrongIntakeAnswers,
        ConsentRequired,
    )
    def put(self, request: Request, appointment_id: UUID) -> Response:
        body = IntakeAnswersSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        form = wiring.fill_intake(
            appointment_id=appointment_id,
            client_id=client_id_of(request),
            answers=tuple(body.validated_data["answers"]),
        )
        return Response(IntakeSerializer(form).data)


class IntakeSubmission(PrivateView, IdempotentMixin):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="intake_submit",
        tags=["intake"],
        summary="Submit your answers for good",
        description="Every question needs an answer. Afterwards the form cannot be changed.",
        request=None,
        responses={200: IntakeSerializer},
        examples=[examples.SUBMITTED_INTAKE],
    )
    @problems(
        AppointmentNotFound,
        intake.NoIntakeForm,
        intake.IntakeClosed,
        intake.IntakeAlreadySubmitted,
        intake.IntakeIncomplete,
        ConsentRequired,
    )
    def post(self, request: Request, appointment_id: UUID) -> Response:
        form = wiring.submit_intake(appointment_id=appointment_id, client_id=client_id_of(request))
        return Response(IntakeSerializer(form).data)
