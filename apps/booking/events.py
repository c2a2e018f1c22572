"""Events of booking that neighbours may hear."""

from apps.booking.domain.events import (
    AppointmentCanceled,
    AppointmentCompleted,
    AppointmentConfirmed,
    AppointmentDeclined,
    AppointmentExpired,
    AppointmentHeld,
    AppointmentRequested,
    AppointmentRescheduled,
    ClientDidNotShow,
    IntakeSubmitted,
    OutsidePaymentRecorded,
    SlotFreed,
    WaitlistJoined,
    WaitlistOffered,
)

__all__ = [
    "AppointmentCanceled",
    "AppointmentCompleted",
    "AppointmentConfirmed",
    "AppointmentDeclined",
    "AppointmentExpired",
    "AppointmentHeld",
    "AppointmentRequested",
    "AppointmentRescheduled",
    "ClientDidNotShow",
    "IntakeSubmitted",
    "OutsidePaymentRecorded",
    "SlotFreed",
    "WaitlistJoined",
    "WaitlistOffered",
]
