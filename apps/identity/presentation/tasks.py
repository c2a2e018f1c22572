"""Jobs of identity."""

from django.utils import timezone

from apps.identity.infrastructure import confirmations, sessions, sign_in_codes, staff_sessions
from apps.kernel.infrastructure.jobs import job


@job(name="identity.purge_sign_ins", queue="upkeep", cron="27 * * * *")
def purge_sign_ins(timestamp: int) -> None:
    """Forget the addresses that nobody waits at and the sessions that have ended; every hour."""
    now = timezone.now()
    sign_in_codes.purge(at=now)
    confirmations.purge(at=now)
    sessions.purge(at=now)
    staff_sessions.purge(at=now)
