"""Who calls the parts of the API that are for clients."""

from typing import Any
from uuid import UUID

from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.kernel.domain.actor import Actor
from apps.kernel.domain.errors import DomainError, gettext_noop
from apps.kernel.presentation.known_methods import KnownMethodsFirst
from apps.kernel.presentation.request_context import client_ip

CLIENT_ROLE = "client"
USER_AGENT_MAX_LENGTH = 300
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class ClientsOnly(DomainError):
    """Staff have the workspace; this API acts for the one who calls it, and only clients book."""

    code = "clients_only"
    message = gettext_noop("Only clients can do this. Staff work in the workspace.")


class IsClient(IsAuthenticated):
    """A signed-in client: 401 for guests, ClientsOnly for staff."""

    problems = (ClientsOnly,)

    def has_permission(self, request: Request, view: APIView) -> bool:
        return super().has_permission(request, view) and _not_staff(request)


class IsGuestOrClient(BasePermission):
    """Anybody but staff."""

    problems = (ClientsOnly,)

    def has_permission(self, request: Request, view: APIView) -> bool:
        return _not_staff(request)


class PrivateView(KnownMethodsFirst):
    """Answers that are for the caller alone: no cache in between keeps them, and browsers ask again."""

    @property
    def default_response_headers(self) -> dict[str, Any]:
        return {**super().default_response_headers, "Cache-Control": "private, no-cache"}

    @property
    def throttle_scope(self) -> str:
        request = getattr(self, "request", None)
        return "reads" if request is None or request.method in SAFE_METHODS else "writes"


def client_id_of(request: Request) -> UUID:
    """The id of the signed-in client (see :class:`IsClient`)."""
    return UUID(str(request.user.pk))


def actor_of(request: Request) -> Actor:
    """The signed-in client as the one who acts."""
    return Actor(
        user_id=client_id_of(request),
        role=CLIENT_ROLE,
        ip=client_ip(request._request),  # noqa: SLF001  # DRF offers no other way to the request it wraps
        user_agent=user_agent_of(request),
    )


def user_agent_of(request: Request) -> str:
    """What the calling program says it is, cut to what is kept."""
    return request.headers.get("User-Agent", "")[:USER_AGENT_MAX_LENGTH]


def evidence_of(request: Request) -> dict[str, str]:
    """What a call proves about who makes it; parts that are not known are left out."""
    told = {
        "ip": client_ip(request._request),  # noqa: SLF001  # DRF offers no other way to the request it wraps
        "user_agent": user_agent_of(request),
        "request_id": str(getattr(request, "request_id", "")),
    }
    return {name: value for name, value in told.items() if value}


def client_or_guest(request: Request) -> UUID | None:
    """The id of the signed-in client, None for a guest."""
    return client_id_of(request) if request.user.is_authenticated else None


def _not_staff(request: Request) -> bool:
    if request.user.is_authenticated and request.user.role != CLIENT_ROLE:
        raise ClientsOnly
    return True
