"""What a call to the booking API proves about who makes it."""

from rest_framework.request import Request

from apps.booking.application.ports import GivenConsents
from apps.kernel.presentation.client_calls import evidence_of


def consents_given(request: Request, documents: list[dict[str, str]]) -> GivenConsents:
    """The consents of a call with the evidence that it carries."""
    return GivenConsents(
        documents=[(each["purpose"], each["version"]) for each in documents],
        channel="web",
        evidence=evidence_of(request),
    )
