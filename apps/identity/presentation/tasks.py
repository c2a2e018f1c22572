"""Jobs of identity. Their arguments are ids and numbers only: no address and no code is ever queued."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from apps.identity import wiring
from apps.identity.infrastructure import sessions, sign_in_codes


@app.task(
    name=sign_in_codes.SEND_TASK,
    queue="mail",
    retry=RetryStrategy(max_attempts=5, exponential_wait=3),
)
def send_sign_in_code(*, row_id: int, request_number: int) -> bool:
    """Make a code, keep its hash, send it; when sending fails, the next try makes a new one."""
    return wiring.send_sign_in_code()(row_id=row_id, request_number=request_number)


@app.periodic(cron="27 * * * *")
@app.task(name="identity.purge_sign_ins", queue="upkeep", queueing_lock="identity.purge_sign_ins")
def purge_sign_ins(timestamp: int) -> None:
    """Forget the addresses that nobody waits at and the sessions that have ended; every hour."""
    now = timezone.now()
    sign_in_codes.purge(at=now)
    sessions.purge(at=now)
