"""Offers of the waitlist in PostgreSQL."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q

from apps.booking.domain.slots import SlotTaken
from apps.booking.domain.waitlist_offer import (
    OfferStatus,
    OfferStillOpen,
    SlotAlreadyOffered,
    WaitlistOffer,
)
from apps.booking.infrastructure import models
from apps.booking.infrastructure.mappers import apply_waitlist_offer, to_waitlist_offer
from apps.kernel.domain.errors import DomainError

_GUARDS: dict[str, type[DomainError]] = {
    "offer_once_per_request": SlotAlreadyOffered,
    "offer_one_open_per_request": OfferStillOpen,
    "offer_one_open_per_time": SlotTaken,
}
_OPEN = Q(status=OfferStatus.OFFERED)


class PostgresWaitlistOfferRepository:
    def add(self, offer: WaitlistOffer) -> None:
        row = models.WaitlistOffer()
        apply_waitlist_offer(offer, row)
        try:
            row.save(force_insert=True)
        except IntegrityError as error:
            guard = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
            refusal = _GUARDS.get(guard or "")
            if refusal is None:
                raise
            raise refusal(field="start") from error

    def save(self, offer: WaitlistOffer) -> None:
        row = models.WaitlistOffer()
        apply_waitlist_offer(offer, row)
        row.save(force_update=True, update_fields=["status"])

    def get(self, offer_id: UUID) -> WaitlistOffer:
        return to_waitlist_offer(models.WaitlistOffer.objects.select_for_update().get(id=offer_id))

    def of_appointment(self, appointment_id: UUID) -> WaitlistOffer | None:
        row = models.WaitlistOffer.objects.filter(appointment_id=appointment_id).first()
        return None if row is None else to_waitlist_offer(row)

    def open_of(self, request_id: UUID) -> WaitlistOffer | None:
        rows = models.WaitlistOffer.objects.select_for_update()
        row = rows.filter(_OPEN, waitlist_request_id=request_id).first()
        return None if row is None else to_waitlist_offer(row)

    def open_around(
        self, *, request_ids: list[UUID], specialist_id: UUID, start: datetime
    ) -> list[WaitlistOffer]:
        theirs = Q(waitlist_request_id__in=request_ids)
        of_this_time = Q(specialist_id=specialist_id, start=start)
        rows = models.WaitlistOffer.objects.select_for_update().filter(_OPEN, theirs | of_this_time)
        return [to_waitlist_offer(row) for row in rows.order_by("offered_at")]

    def offered_before(self, *, request_ids: list[UUID], start: datetime) -> set[UUID]:
        rows = models.WaitlistOffer.objects.filter(waitlist_request_id__in=request_ids, start=start)
        return set(rows.values_list("waitlist_request_id", flat=True))
