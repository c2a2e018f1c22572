"""A client erases an entry, the diaries or the account."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.client_cabinet import wiring
from apps.client_cabinet.domain.erasure import (
    EntryRequired,
    ErasureNotFound,
    ErasureObstructed,
    NothingToErase,
    PersonAlreadyErased,
    Scope,
)
from apps.client_cabinet.presentation.api import erasure_serializers as bodies
from apps.client_cabinet.presentation.api.caller import actor_of
from apps.client_cabinet.presentation.api.erasure_examples import (
    ACT,
    CODE,
    PLAN,
    STARTED,
    WISH_ACCOUNT,
    WISH_ENTRY,
)
from apps.identity.facade import ConfirmationCodeInvalid, NoAddressForCode, TooManyConfirmations
from apps.kernel.presentation.client_calls import IsClient, PrivateView, client_id_of
from apps.kernel.presentation.idempotency import IdempotentMixin
from apps.kernel.presentation.openapi import problems


class ErasurePlanView(PrivateView):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="erasure_plan",
        tags=["erasure"],
        summary="See what an erasure would take",
        description=(
            "`going` is destroyed for good; `kept` is what a law demands, for how many years and by which "
            "law; `obstacles` have to end before: they say what to do."
        ),
        parameters=[bodies.ErasureQuery],
        responses={200: bodies.Plan},
        examples=[PLAN],
    )
    @problems(EntryRequired, NothingToErase)
    def get(self, request: Request) -> Response:
        query = bodies.ErasureQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        plan = wiring.plan_erasure(
            person_id=client_id_of(request),
            scope=Scope(query.validated_data["scope"]),
            entry_id=query.validated_data.get("entry_id"),
            at=wiring.clock.now(),
        )
        return Response(bodies.Plan(bodies.plan_data(plan)).data)


class Erasures(PrivateView, IdempotentMixin):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="erasure_start",
        tags=["erasure"],
        summary="Ask for an erasure",
        description=(
            "Nothing is erased yet: a code goes to your e-mail address, and the erasure is carried out when "
            "you confirm with it. A code asked for before stops working."
        ),
        request=bodies.ErasureWish,
        responses={201: bodies.Erasure},
        examples=[WISH_ACCOUNT, WISH_ENTRY, STARTED],
    )
    @problems(EntryRequired, NothingToErase, ErasureObstructed, NoAddressForCode, TooManyConfirmations)
    def post(self, request: Request) -> Response:
        wish = bodies.ErasureWish(data=request.data)
        wish.is_valid(raise_exception=True)
        started = wiring.start_erasure(
            person_id=client_id_of(request),
            scope=Scope(wish.validated_data["scope"]),
            entry_id=wish.validated_data.get("entry_id"),
        )
        return Response(bodies.Erasure(started).data, status=201)


class ErasureConfirmation(PrivateView, IdempotentMixin):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="erasure_confirm",
        tags=["erasure"],
        summary="Confirm an erasure, which carries it out",
        description=(
            "All at once or not at all, and for good. The answer is the proof: the number of the act of "
            "destruction, what was destroyed and what the law keeps. After an erasure of the account every "
            "session has ended; keep the number. A code works once, for ten minutes, and is locked after "
            "five wrong tries."
        ),
        request=bodies.Code,
        responses={200: bodies.Act},
        examples=[CODE, ACT],
    )
    @problems(
        ErasureNotFound, ConfirmationCodeInvalid, ErasureObstructed, NothingToErase, PersonAlreadyErased
    )
    def post(self, request: Request, erasure_id: UUID) -> Response:
        body = bodies.Code(data=request.data)
        body.is_valid(raise_exception=True)
        act = wiring.confirm_erasure(
            person_id=client_id_of(request),
            erasure_id=erasure_id,
            code=body.validated_data["code"],
            actor=actor_of(request),
        )
        return Response(bodies.Act(bodies.act_data(act)).data)
