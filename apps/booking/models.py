from apps.booking.infrastructure.models import (
    Appointment,
    DateOverride,
    FollowUp,
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
]
