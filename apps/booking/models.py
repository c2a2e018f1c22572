from apps.booking.infrastructure.models import (
    Appointment,
    DateOverride,
    IntakeForm,
    IntakeTemplate,
    OutcomeRecord,
    Service,
    Specialist,
    TimelineEntry,
    WaitlistOffer,
    WaitlistRequest,
    WeeklyHours,
)

__all__ = [
    "Appointment",
    "DateOverride",
    "IntakeForm",
    "IntakeTemplate",
    "OutcomeRecord",
    "Service",
    "Specialist",
    "TimelineEntry",
    "WaitlistOffer",
    "WaitlistRequest",
    "WeeklyHours",
]
