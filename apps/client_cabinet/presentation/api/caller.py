"""Who makes a call to the cabinet."""

from typing import Any

from rest_framework.request import Request

from apps.kernel.domain.actor import Actor
from apps.kernel.presentation.client_calls import CLIENT_ROLE, client_id_of
from apps.kernel.presentation.request_context import client_ip

USER_AGENT_MAX_LENGTH = 300


def time_zone_of(request: Request) -> str:
    """The zone of the signed-in client's account, by its IANA name."""
    user: Any = request.user  # a client: guests do not get here
    return str(user.time_zone)


def actor_of(request: Request) -> Actor:
    """The signed-in client as the one who acts."""
    return Actor(
        user_id=client_id_of(request),
        role=CLIENT_ROLE,
        ip=client_ip(request._request),  # noqa: SLF001  # DRF offers no other way to the request it wraps
        user_agent=request.headers.get("User-Agent", "")[:USER_AGENT_MAX_LENGTH],
    )
