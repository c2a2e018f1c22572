"""Where a client is signed in."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.identity import wiring
from apps.identity.application.end_sessions import SessionNotFound
from apps.identity.infrastructure.sessions import live_sessions
from apps.identity.presentation.api import profile_examples as examples
from apps.identity.presentation.api.profile_serializers import EndedSessionsSerializer, OwnSessionSerializer
from apps.kernel.presentation.client_calls import IsClient, PrivateView, actor_of, client_id_of
from apps.kernel.presentation.idempotency import IdempotentMixin
from apps.kernel.presentation.openapi import problems


class OwnSessions(PrivateView, IdempotentMixin, GenericAPIView):
    permission_classes = (IsClient,)
    serializer_class = OwnSessionSerializer

    @extend_schema(
        operation_id="me_session_list",
        tags=["me"],
        summary="Where you are signed in",
        responses={200: OwnSessionSerializer(many=True)},
        examples=[examples.SESSION],
    )
    def get(self, request: Request) -> Response:
        found = live_sessions(user_id=client_id_of(request), at=timezone.now())
        page = self.paginate_queryset(found)
        context = {"current_id": request.auth.pk}
        return self.get_paginated_response(OwnSessionSerializer(page, many=True, context=context).data)

    @extend_schema(
        operation_id="me_other_sessions_end",
        tags=["me"],
        summary="Sign out everywhere else",
        request=None,
        responses={200: EndedSessionsSerializer},
        examples=[examples.ENDED],
    )
    def delete(self, request: Request) -> Response:
        ended = wiring.end_other_sessions()(
            session_id=request.auth.pk, actor=actor_of(request), at=timezone.now()
        )
        return Response({"ended": ended})


class OwnSession(PrivateView, IdempotentMixin):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="me_session_end",
        tags=["me"],
        summary="Sign out in one of your sessions",
        request=None,
        responses={204: OpenApiResponse(description="The session has ended.")},
    )
    @problems(SessionNotFound)
    def delete(self, request: Request, session_id: UUID) -> Response:
        wiring.end_session()(session_id=session_id, actor=actor_of(request), at=timezone.now())
        return Response(status=204)
