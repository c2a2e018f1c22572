"""The waitlist requests of a client or of a guest."""

from uuid import UUID

from django.db.models import F, Q, QuerySet

from apps.booking.application.waitlist import hash_guest_token
from apps.booking.infrastructure.models import WaitlistRequest


def own_requests(*, client_id: UUID | None, guest_token: str) -> QuerySet[WaitlistRequest, WaitlistRequest]:
    """Requests of the client, and those made as a guest under ``guest_token``, each with ``service_slug``."""
    mine = Q(pk__in=[])
    if client_id is not None:
        mine |= Q(client_id=client_id)
    if guest_token:
        mine |= Q(guest_token_hash=hash_guest_token(guest_token))
    return WaitlistRequest.objects.filter(mine).annotate(service_slug=F("service__slug"))
