"""A client's own profile and contacts: what people may say about themselves, and nothing else."""

from typing import Any, cast
from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.identity import wiring
from apps.identity.domain import user as rules
from apps.identity.domain.confirmation import (
    ConfirmationCodeInvalid,
    ConfirmationNotFound,
    NoAddressForCode,
    TooManyConfirmations,
)
from apps.identity.domain.contacts import ContactKind, InvalidEmail, InvalidPhone
from apps.identity.domain.sign_in import SignInAgain
from apps.identity.infrastructure.models import ApiSession, User
from apps.identity.presentation.api import profile_examples as examples
from apps.identity.presentation.api.profile_serializers import (
    ConfirmationCodeSerializer,
    ContactChangeSerializer,
    ContactStepSerializer,
    ProfileChangeSerializer,
    ProfileSerializer,
)
from apps.kernel.presentation.client_calls import IsClient, PrivateView, actor_of
from apps.kernel.presentation.idempotency import IdempotentMixin
from apps.kernel.presentation.openapi import problems


class Profile(PrivateView, IdempotentMixin):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="me_retrieve",
        tags=["me"],
        summary="Your profile",
        responses={200: ProfileSerializer},
        examples=[examples.PROFILE],
    )
    def get(self, request: Request) -> Response:
        return Response(ProfileSerializer(_profile(request.user, request)).data)

    @extend_schema(
        operation_id="me_update",
        tags=["me"],
        summary="Change your name, time zone or language",
        description=(
            "What is left out stays as it is. Contacts change by a code (see `/me/contacts/`); nothing else "
            "can be set, and a field that is not known is an error."
        ),
        request=ProfileChangeSerializer,
        responses={200: ProfileSerializer},
        examples=[examples.NEW_PROFILE, examples.PROFILE],
    )
    @problems(rules.NameRequired)
    def patch(self, request: Request) -> Response:
        body = ProfileChangeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        user = wiring.change_profile()(**body.validated_data, actor=actor_of(request), at=timezone.now())
        return Response(ProfileSerializer(_profile(user, request)).data)


class Contacts(PrivateView, IdempotentMixin):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="me_contact_change",
        tags=["me"],
        summary="Ask for another e-mail address or phone number",
        description=(
            "Only within a quarter of an hour after signing in (`sign_in_again` otherwise): whoever finds a "
            "device does not take the account over. Nothing changes until the code is confirmed. For an "
            "e-mail address the code goes **to the new "
            "address**. We send no text messages: for a phone number, and to remove a contact (`value` is "
            "null), the code goes to **your present e-mail address**, so a number is taken at your word. The "
            "answer is the same whether or not somebody else has the contact. A new request replaces the one "
            "before; ten codes an hour, three numbers a day. The contact you sign in by cannot be removed, "
            "only replaced."
        ),
        request=ContactChangeSerializer,
        responses={202: ContactStepSerializer},
        examples=[examples.NEW_EMAIL, examples.NEW_PHONE, examples.NO_PHONE, examples.CODE_SENT],
    )
    @problems(
        SignInAgain,
        InvalidEmail,
        InvalidPhone,
        rules.ContactUnchanged,
        rules.LastContact,
        NoAddressForCode,
        TooManyConfirmations,
    )
    def post(self, request: Request) -> Response:
        body = ContactChangeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        step = wiring.request_contact_change()(
            kind=ContactKind(body.validated_data["kind"]),
            value=body.validated_data["value"],
            signed_in_at=cast("ApiSession", request.auth).created_at,
            actor=actor_of(request),
            at=timezone.now(),
        )
        detail = _("A letter with a code is on its way. The code lives for ten minutes.")
        return Response({"confirmation_id": str(step), "detail": detail}, status=202)


class ContactConfirmation(PrivateView, IdempotentMixin):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="me_contact_confirm",
        tags=["me"],
        summary="Confirm the change by the code",
        description=(
            "A code works once, for ten minutes, and is locked after five wrong tries. The e-mail address "
            "that was replaced is told, and a new one ends your other sessions."
        ),
        request=ConfirmationCodeSerializer,
        responses={200: ProfileSerializer},
        examples=[examples.CODE, examples.PROFILE],
    )
    @problems(
        ConfirmationNotFound,
        ConfirmationCodeInvalid,
        rules.ContactTaken,
        rules.ContactUnchanged,
        rules.LastContact,
    )
    def post(self, request: Request, confirmation_id: UUID) -> HttpResponseBase:
        body = ConfirmationCodeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            user = wiring.confirm_contact()(
                confirmation_id=confirmation_id,
                code=body.validated_data["code"],
                session_id=request.auth.pk,
                actor=actor_of(request),
                at=timezone.now(),
            )
        except (rules.ContactTaken, rules.ContactUnchanged, rules.LastContact) as error:
            return self.refusal(error)  # the code is used up all the same
        return Response(ProfileSerializer(_profile(user, request)).data)


def _profile(person: Any, request: Request) -> dict[str, Any]:
    """``person`` is the aggregate or its row: both name these alike."""
    return {
        "id": person.id,
        "display_name": person.display_name,
        "time_zone": person.time_zone,
        "language": person.language,
        "email": person.email,
        "phone": person.phone,
        "telegram_linked": person.telegram_id is not None,
        "created_at": cast("User", request.user).created_at,
    }
