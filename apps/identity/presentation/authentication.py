"""Who calls the API: the ``X-Session-Token`` header."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.identity.infrastructure.models import ApiSession, User
from apps.identity.infrastructure.sessions import find_session

HEADER = "X-Session-Token"


class SessionTokenAuthentication(BaseAuthentication):
    """Signs a call in by its session token with one SQL statement. No header: a guest. A token that is
    unknown, expired, or of somebody blocked or deleted: 401, whatever the call."""

    def authenticate(self, request: Request) -> tuple[User, ApiSession] | None:
        token = request.headers.get(HEADER)
        if token is None:
            return None
        session = find_session(token=token, at=timezone.now())
        if session is None:
            raise AuthenticationFailed(
                _("The session has ended. Please sign in again."), code="session_invalid"
            )
        return session.user, session

    def authenticate_header(self, request: Request) -> str:
        return f'SessionToken header="{HEADER}"'


class SessionTokenScheme(OpenApiAuthenticationExtension):
    target_class = SessionTokenAuthentication
    name = "SessionToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": HEADER,
            "description": "The session_token of POST /api/v1/auth/session/.",
        }
