"""Jobs of booking."""

from procrastinate.contrib.django import app

from apps.booking import wiring


@app.periodic(cron="* * * * *")
@app.task(name="booking.release_overdue", queue="booking", queueing_lock="booking.release_overdue")
def release_overdue(timestamp: int) -> int:
    """Every minute: expire holds and decline requests whose wait is over."""
    return wiring.release_overdue()
