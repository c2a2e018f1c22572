"""Jobs of identity."""

import structlog
from django.utils import timezone

from apps.identity import wiring
from apps.kernel.infrastructure.jobs import job

_log = structlog.get_logger("consents")


@job(name="identity.publish_chain_head", queue="upkeep", cron="10 0 * * *")
def publish_chain_head(timestamp: int) -> None:
    """Verify the chain of consents and publish its head outside the database; every night (UTC)."""
    verdict = wiring.publish_chain_head()(at=timezone.now())
    for problem in verdict.problems:
        _log.critical("consents touched", problem=problem.code.value, link=problem.seq)
    if verdict.holds:
        _log.info("consents verified", links=verdict.links, seq=verdict.seq, head=verdict.head)
