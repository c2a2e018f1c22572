"""Jobs of booking."""

from apps.booking import wiring
from apps.kernel.infrastructure.jobs import job


@job(name="booking.release_overdue", queue="booking", cron="* * * * *")
def release_overdue(timestamp: int) -> int:
    """Every minute: expire holds and decline requests whose wait is over."""
    return wiring.release_overdue()
