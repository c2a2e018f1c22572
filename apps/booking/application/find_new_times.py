"""The times that an appointment can be moved to."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.booking.application.find_slots import A_DAY, MAX_DAYS, FoundSlots, SpanReversed, SpanTooLong
from apps.booking.domain.repositories import AppointmentRepository, OfferingRepository
from apps.booking.domain.slots import find_starts, occupied_window
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.period import Period


@dataclass(frozen=True)
class FindNewTimes:
    """As RescheduleAppointment will judge them: the length and buffers are the snapshot's, the appointment's
    own time counts as free, only its present start is left out."""

    unit_of_work: UnitOfWork
    offerings: OfferingRepository
    appointments: AppointmentRepository
    clock: Clock

    def __call__(self, *, appointment_id: UUID, first: date, last: date) -> FoundSlots:
        """Starts on the specialist's days from ``first`` to ``last``, both included.
        Raises AppointmentNotFound, SpanTooLong, SpanReversed."""
        if last < first:
            raise SpanReversed(field="to")
        if (last - first).days >= MAX_DAYS:
            raise SpanTooLong(field="to", days=MAX_DAYS)
        now = self.clock.now()
        with self.unit_of_work():
            appointment = self.appointments.get(appointment_id)
            offering = self.offerings.by_id(
                appointment.service_id, first=first - 2 * A_DAY, last=last + 2 * A_DAY
            ).with_terms(appointment.terms)
            terms, schedule = offering.service.slot_terms(), offering.schedule
            zone = ZoneInfo(schedule.time_zone)
            window = Period(_midnight(first, zone), _midnight(last + A_DAY, zone))
            occupancy = self.appointments.occupancy(
                specialist_id=schedule.specialist_id,
                window=occupied_window(
                    schedule=schedule, terms=terms, window=window, max_buffer=timedelta(0)
                ),
                now=now,
                but=appointment.id,
            )
        starts = find_starts(
            schedule=schedule, terms=terms, occupied=occupancy.occupied, busy=(), now=now, window=window
        )
        present = int(appointment.period.start.timestamp())
        return FoundSlots(
            starts=[start for start in starts if start != present],
            duration=terms.duration,
            time_zone=schedule.time_zone,
        )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
