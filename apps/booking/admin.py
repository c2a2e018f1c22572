from apps.booking.presentation.admin import (
    appointments,
    intake_templates,
    overrides,
    schedule,
    services,
    specialists,
    waitlist,
)

__all__ = [
    "appointments",
    "intake_templates",
    "overrides",
    "schedule",
    "services",
    "specialists",
    "waitlist",
]
