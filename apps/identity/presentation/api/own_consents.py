"""A client's own consents: what they decided, deciding anew, withdrawing, and every act there was."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.identity import wiring
from apps.identity.domain.consent import (
    Channel,
    ConsentDocumentOutdated,
    ConsentDocumentUnknown,
    ConsentNotGiven,
    ConsentsContradict,
    ConsentStands,
    ConsentStatus,
)
from apps.identity.infrastructure.own_consents import latest_act, own_acts, own_consents
from apps.identity.presentation.api import own_consents_examples as examples
from apps.identity.presentation.api.own_consents_serializers import (
    PURPOSES,
    ConsentDecisionsSerializer,
    OwnActSerializer,
    OwnConsentsSerializer,
    WithdrawalSerializer,
)
from apps.kernel.presentation.client_calls import IsClient, PrivateView, client_id_of, evidence_of
from apps.kernel.presentation.idempotency import IdempotentMixin
from apps.kernel.presentation.openapi import problems
from apps.kernel.presentation.pagination import CreatedCursorPagination


class OwnConsents(PrivateView, IdempotentMixin):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="me_consents_list",
        tags=["consents"],
        summary="Your consents",
        description=(
            "Each purpose that people are asked about, with its text in force and your latest decision: "
            "always one page."
        ),
        responses={200: OwnConsentsSerializer},
        examples=[examples.CONSENTS],
    )
    def get(self, request: Request) -> Response:
        return _present(request)

    @extend_schema(
        operation_id="me_consents_decide",
        tags=["consents"],
        summary="Agree to consents, or decline them",
        description=(
            "Each purpose is an act of its own, about the version that was shown; all are written or none. "
            "What you have decided so already is not written twice. A consent that stands is not declined "
            "but withdrawn. Each act is kept with your address and the name of your program, encrypted. "
            "The answer is your consents as they are now."
        ),
        request=ConsentDecisionsSerializer,
        responses={200: OwnConsentsSerializer},
        examples=[examples.DECISIONS, examples.CONSENTS],
    )
    @problems(ConsentDocumentUnknown, ConsentDocumentOutdated, ConsentsContradict, ConsentStands)
    def post(self, request: Request) -> Response:
        body = ConsentDecisionsSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        by_act = {
            act: [
                (each["purpose"], each["version"])
                for each in body.validated_data["consents"]
                if each["act"] == act
            ]
            for act in (ConsentStatus.GRANTED, ConsentStatus.DECLINED)
        }
        wiring.decide_consents()(
            user_id=client_id_of(request),
            grants=by_act[ConsentStatus.GRANTED],
            declines=by_act[ConsentStatus.DECLINED],
            channel=Channel.WEB,
            evidence=evidence_of(request),
            at=timezone.now(),
        )
        return _present(request)


class ConsentWithdrawal(PrivateView, IdempotentMixin):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="me_consents_withdraw",
        tags=["consents"],
        summary="Withdraw a consent",
        description=(
            "What rests on the consent stops at once; the answer tells what follows. You may agree again "
            "later."
        ),
        parameters=[OpenApiParameter("purpose", {"type": "string", "enum": PURPOSES}, OpenApiParameter.PATH)],
        request=None,
        responses={200: WithdrawalSerializer},
        examples=[examples.WITHDRAWN],
    )
    @problems(ConsentNotGiven)
    def post(self, request: Request, purpose: str) -> Response:
        client_id = client_id_of(request)
        wiring.withdraw_consent()(
            user_id=client_id,
            purpose=purpose,
            channel=Channel.WEB,
            evidence=evidence_of(request),
            at=timezone.now(),
        )
        return Response(WithdrawalSerializer(latest_act(client_id, purpose=purpose)).data)


class ActsPagination(CreatedCursorPagination):
    """The latest first."""

    ordering = ("-at", "-id")


class ConsentHistory(PrivateView, GenericAPIView):
    permission_classes = (IsClient,)
    serializer_class = OwnActSerializer
    pagination_class = ActsPagination

    @extend_schema(
        operation_id="me_consents_history",
        tags=["consents"],
        summary="Every decision of yours about consents",
        description="The latest first. Decisions are kept for three years after a consent is withdrawn.",
        responses={200: OwnActSerializer(many=True)},
        examples=[examples.ACT],
    )
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(own_acts(client_id_of(request)))
        return self.get_paginated_response(OwnActSerializer(page or (), many=True).data)


def _present(request: Request) -> Response:
    found = own_consents(client_id_of(request), at=timezone.now())
    return Response(OwnConsentsSerializer({"results": found}).data)
