"""What a call to the booking API proves about who makes it."""

from rest_framework.request import Request

from apps.booking.application.ports import GivenConsents
from apps.kernel.domain.actor import Actor
from apps.kernel.presentation.client_calls import CLIENT_ROLE, client_id_of
from apps.kernel.presentation.request_context import client_ip

USER_AGENT_MAX_LENGTH = 300


def actor_of(request: Request) -> Actor:
    """The signed-in client as the one who acts."""
    return Actor(
        user_id=client_id_of(request),
        role=CLIENT_ROLE,
        ip=client_ip(request._request),  # noqa: SLF001  # DRF offers no other way to the request it wraps
        user_agent=_user_agent(request),
    )


def consents_given(request: Request, documents: list[dict[str, str]]) -> GivenConsents:
    """The consents of a call with the evidence that it carries."""
    evidence = {
        "ip": client_ip(request._request),  # noqa: SLF001  # see above
        "user_agent": _user_agent(request),
        "request_id": str(getattr(request, "request_id", "")),
    }
    return GivenConsents(
        documents=[(each["purpose"], each["version"]) for each in documents],
        channel="web",
        evidence={name: value for name, value in evidence.items() if value},
    )


def _user_agent(request: Request) -> str:
    return request.headers.get("User-Agent", "")[:USER_AGENT_MAX_LENGTH]
