"""The waitlist in PostgreSQL; name and contact are encrypted by the model's fields."""

from uuid import UUID

from apps.booking.domain.waitlist import OPEN, WaitlistRequest, WaitlistRequestNotFound
from apps.booking.infrastructure import models
from apps.booking.infrastructure.mappers import apply_waitlist_request, to_waitlist_request


class PostgresWaitlistRepository:
    def get(self, request_id: UUID) -> WaitlistRequest:
        row = models.WaitlistRequest.objects.select_for_update().filter(id=request_id).first()
        if row is None:
            raise WaitlistRequestNotFound
        return to_waitlist_request(row)

    def add(self, request: WaitlistRequest) -> None:
        row = models.WaitlistRequest()
        apply_waitlist_request(request, row)
        row.save(force_insert=True)

    def save(self, request: WaitlistRequest) -> None:
        row = models.WaitlistRequest()
        apply_waitlist_request(request, row)
        row.save(force_update=True)

    def waiting_for(self, service_ids: list[UUID]) -> list[WaitlistRequest]:
        rows = models.WaitlistRequest.objects.select_for_update().filter(
            service_id__in=service_ids, status__in=sorted(OPEN)
        )
        return [to_waitlist_request(row) for row in rows.order_by("created_at", "id")]
