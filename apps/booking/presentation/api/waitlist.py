"""The waitlist, for clients and for guests."""

import re
from dataclasses import asdict
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.booking import wiring
from apps.booking.application.ports import ConsentRequired
from apps.booking.domain.contact import ContactRequired, InvalidTelegram
from apps.booking.domain.service import ServiceNotFound
from apps.booking.domain.waitlist import (
    PreferredContact,
    PreferredWindow,
    WaitlistRequestNotFound,
    WaitlistTransitionNotAllowed,
)
from apps.booking.infrastructure.queries.client_waitlist import own_requests, seen
from apps.booking.presentation.api import examples
from apps.booking.presentation.api.caller import consents_given
from apps.booking.presentation.api.waitlist_serializers import (
    JoinedSerializer,
    JoiningSerializer,
    WaitlistRequestSerializer,
)
from apps.kernel.domain.errors import DomainError, gettext_noop
from apps.kernel.presentation.client_calls import IsGuestOrClient, PrivateView, client_or_guest
from apps.kernel.presentation.idempotency import IdempotentMixin
from apps.kernel.presentation.openapi import problems

GUEST_HEADER = "X-Guest-Token"
_FORM = "[A-Za-z0-9_-]{43}"
_GUEST_TOKEN = re.compile(_FORM)
_GUEST_PARAMETER = OpenApiParameter(
    GUEST_HEADER,
    {"type": "string", "pattern": f"^{_FORM}$"},
    OpenApiParameter.HEADER,
    required=False,
    description="A guest's proof: the guest_token of an earlier answer.",
)


class InvalidGuestToken(DomainError):
    code = "invalid_guest_token"
    message = gettext_noop("This guest token is not one of ours.")


class GuestView(PrivateView, IdempotentMixin):
    """Open to guests, who prove by the token in ``guest_token`` ("" without one) what is theirs."""

    permission_classes = (IsGuestOrClient,)
    guest_token = ""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        token = request.headers.get(GUEST_HEADER)
        if token is not None and not _GUEST_TOKEN.fullmatch(token):
            raise InvalidGuestToken
        self.guest_token = token or ""


class Waitlist(GuestView, GenericAPIView):
    serializer_class = WaitlistRequestSerializer

    @extend_schema(
        operation_id="waitlist_list",
        tags=["waitlist"],
        summary="List your waitlist requests",
        description=(
            "A client's own, a guest's by their token; nothing for a guest without one. `offer` is the "
            "latest time that was kept for the request: while its status is `offered`, pay for the "
            "appointment, accept it (where it is free) or cancel it to let the next one have it."
        ),
        parameters=[_GUEST_PARAMETER],
        responses={200: WaitlistRequestSerializer(many=True)},
        examples=[examples.WAITLIST_REQUEST],
    )
    @problems(InvalidGuestToken)
    def get(self, request: Request) -> Response:
        found = own_requests(client_id=client_or_guest(request), guest_token=self.guest_token)
        page, now = self.paginate_queryset(found), wiring.clock.now()
        views = [seen(row, now=now) for row in page or ()]
        return self.get_paginated_response(self.get_serializer(views, many=True).data)

    @extend_schema(
        operation_id="waitlist_create",
        tags=["waitlist"],
        summary="Ask to be told when a time is free",
        description=(
            "Guests must consent to `personal_data` here. A guest's answer carries `guest_token`: it is told "
            "once, and proves later that the request is theirs."
        ),
        parameters=[_GUEST_PARAMETER],
        request=JoiningSerializer,
        responses={201: JoinedSerializer},
        examples=[examples.JOINING, examples.JOINED],
    )
    @problems(InvalidGuestToken, ServiceNotFound, ConsentRequired, ContactRequired, InvalidTelegram)
    def post(self, request: Request) -> Response:
        body = JoiningSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        joined = wiring.request_place(
            client_id=client_or_guest(request),
            guest_token=self.guest_token,
            service_slug=asked["service"],
            name=asked.get("name", ""),
            preferred_contact=PreferredContact(asked["preferred_contact"]),
            contact=asked.get("contact", ""),
            window=PreferredWindow(asked["window"]),
            time_zone=asked["time_zone"],
            given=consents_given(request, asked.get("consents", [])),
        )
        told = {name: value for name, value in asdict(joined).items() if value != ""}
        answer = {**told, "service_slug": asked["service"], "offer": None}
        return Response(JoinedSerializer(answer).data, status=201)


class WaitlistPlace(GuestView):
    @extend_schema(
        operation_id="waitlist_destroy",
        tags=["waitlist"],
        summary="Leave the waitlist",
        description=(
            "Closes your request; it stays in the list as `closed`. A time that is kept for it goes to the "
            "next one."
        ),
        parameters=[_GUEST_PARAMETER],
        responses={204: OpenApiResponse(description="The request is closed.")},
    )
    @problems(InvalidGuestToken, WaitlistRequestNotFound, WaitlistTransitionNotAllowed)
    def delete(self, request: Request, request_id: UUID) -> Response:
        wiring.leave_waitlist(
            request_id=request_id, client_id=client_or_guest(request), guest_token=self.guest_token
        )
        return Response(status=204)
