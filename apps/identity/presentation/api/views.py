"""Calls of identity: signing in and out, and the consents that people are asked for."""

from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.identity import wiring
from apps.identity.domain.contacts import InvalidEmail
from apps.identity.domain.sign_in import SignInCodeInvalid
from apps.identity.domain.user import ClientBlocked
from apps.identity.infrastructure.queries import documents_in_force
from apps.identity.presentation.api import serializers
from apps.kernel.domain.actor import Actor
from apps.kernel.presentation.idempotency import IdempotentMixin
from apps.kernel.presentation.openapi import problems
from apps.kernel.presentation.request_context import client_ip


class SignInCodeView(IdempotentMixin, APIView):
    authentication_classes: list[type[BaseAuthentication]] = []
    permission_classes = [AllowAny]
    throttle_scope = "sign_in_code"

    @extend_schema(
        operation_id="request_sign_in_code",
        summary="Ask for a sign-in code by e-mail",
        description="The answer is the same whether or not the address is known.",
        tags=["sign-in"],
        request=serializers.SignInCode,
        responses={202: serializers.CodeSent},
        examples=[
            OpenApiExample("An address", value={"email": "anna@example.ru"}, request_only=True),
            OpenApiExample(
                "Always the same",
                value={
                    "detail": "Если адрес верный, письмо уже в пути. Код из него действует десять минут.",
                },
                response_only=True,
                status_codes=["202"],
            ),
        ],
    )
    @problems(InvalidEmail)
    def post(self, request: Request) -> Response:
        body = serializers.SignInCode(data=request.data)
        body.is_valid(raise_exception=True)
        wiring.request_sign_in_code()(
            email=body.validated_data["email"], language=get_language() or "ru", at=timezone.now()
        )
        detail = _("If the address is right, a letter is on its way. The code in it lives for ten minutes.")
        return Response({"detail": detail}, status=202)


class SessionView(IdempotentMixin, APIView):
    throttle_scope = "sign_in"

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Signing in takes no token, so that an old one is not in the way."""
        if self.request is not None and self.request.method == "POST":
            return []
        return super().get_authenticators()

    def get_permissions(self) -> list[Any]:
        signs_in = self.request is not None and self.request.method == "POST"
        return [AllowAny() if signs_in else IsAuthenticated()]

    @extend_schema(
        operation_id="sign_in",
        summary="Sign in, or up, with the code",
        description=(
            "A code works once, for ten minutes, and is locked after five wrong tries. An address that is "
            "new to the practice gets an account."
        ),
        tags=["sign-in"],
        request=serializers.SignIn,
        responses={200: serializers.Session},
        examples=[
            OpenApiExample(
                "A code", value={"email": "anna@example.ru", "code": "1234-5678"}, request_only=True
            ),
            OpenApiExample(
                "A session",
                value={
                    "session_token": "9b8ZbJm1nC4v0Q2xY7sT5uW3aE6rK1pLqHdFgJkMnB4",
                    "expires_at": "2026-12-21T15:00:00+03:00",
                    "user": {
                        "id": "0f6c1c3e-0a53-4a05-9d3c-6f5e6a1b2c3d",
                        "display_name": "Анна",
                        "email": "anna@example.ru",
                        "phone": None,
                        "time_zone": "Europe/Moscow",
                    },
                },
                response_only=True,
                status_codes=["200"],
            ),
        ],
    )
    @problems(InvalidEmail, SignInCodeInvalid, ClientBlocked)
    def post(self, request: Request) -> HttpResponseBase:
        body = serializers.SignIn(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            signed_in = wiring.sign_in()(
                **body.validated_data,
                language=get_language() or "ru",
                ip=client_ip(request._request),  # noqa: SLF001  # the address of the wrapped request
                user_agent=request.headers.get("User-Agent", ""),
                at=timezone.now(),
            )
        except (SignInCodeInvalid, ClientBlocked) as error:
            return self.refusal(error)
        return Response(serializers.Session(signed_in).data)

    @extend_schema(
        operation_id="sign_out",
        summary="End this session",
        tags=["sign-in"],
        request=None,
        responses={204: OpenApiResponse(description="The session has ended.")},
    )
    def delete(self, request: Request) -> Response:
        actor = Actor(
            user_id=request.user.pk,
            role=getattr(request.user, "role", ""),
            ip=client_ip(request._request),  # noqa: SLF001  # the address of the wrapped request
            user_agent=request.headers.get("User-Agent", ""),
        )
        wiring.sign_out()(session_id=request.auth.pk, actor=actor, at=timezone.now())
        return Response(status=204)


class ConsentDocumentsView(APIView):
    permission_classes = [AllowAny]
    throttle_scope = "reads"

    @extend_schema(
        operation_id="list_consent_documents",
        summary="The consents in force",
        description="The text of each purpose that people are asked to agree to now: always one page.",
        tags=["consents"],
        responses={200: serializers.Documents},
        examples=[
            OpenApiExample(
                "One consent",
                value={
                    "next": None,
                    "previous": None,
                    "results": [
                        {
                            "purpose": "personal_data",
                            "version": "1.0",
                            "title": "Согласие на обработку персональных данных",
                            "text": "Я даю согласие на обработку моих персональных данных…",
                            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                        }
                    ],
                },
                response_only=True,
                status_codes=["200"],
            )
        ],
    )
    def get(self, request: Request) -> Response:
        documents = documents_in_force(at=timezone.now())
        return Response(serializers.Documents({"results": documents}).data)
