"""The tables of booking. Constraints repeat the domain's invariants: they are the last guard."""

from apps.booking.infrastructure.models.appointment import (
    NO_OVERLAP,
    Appointment,
    OutcomeRecord,
    TimelineEntry,
)
from apps.booking.infrastructure.models.follow_up import FollowUp
from apps.booking.infrastructure.models.intake import IntakeForm, IntakeTemplate
from apps.booking.infrastructure.models.schedule import DateOverride, WeeklyHours, clock
from apps.booking.infrastructure.models.service import Service
from apps.booking.infrastructure.models.specialist import Specialist
from apps.booking.infrastructure.models.waitlist import WaitlistOffer, WaitlistRequest

__all__ = [
    "NO_OVERLAP",
    "Appointment",
    "DateOverride",
    "FollowUp",
    "IntakeForm",
    "IntakeTemplate",
    "OutcomeRecord",
    "Service",
    "Specialist",
    "TimelineEntry",
    "WaitlistOffer",
    "WaitlistRequest",
    "WeeklyHours",
    "clock",
]
