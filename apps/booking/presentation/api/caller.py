"""What a call to the booking API proves about who makes it."""

from rest_framework.request import Request

from apps.booking.application.ports import GivenConsents
from apps.kernel.presentation.client_calls import user_agent_of
from apps.kernel.presentation.request_context import client_ip


def consents_given(request: Request, documents: list[dict[str, str]]) -> GivenConsents:
    """The consents of a call with the evidence that it carries."""
    evidence = {
        "ip": client_ip(request._request),  # noqa: SLF001  # DRF offers no other way to the request it wraps
        "user_agent": user_agent_of(request),
        "request_id": str(getattr(request, "request_id", "")),
    }
    return GivenConsents(
        documents=[(each["purpose"], each["version"]) for each in documents],
        channel="web",
        evidence={name: value for name, value in evidence.items() if value},
    )
