"""How it stands with the nightly backups: reports of them, figures for /metrics, a word for the owner."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from prometheus_client.metrics_core import Metric

from apps.kernel.infrastructure import metrics
from apps.kernel.infrastructure.upkeep_records import BackupRun
from project.backup.making import Made

LONGEST = timedelta(hours=26)
"""A nightly backup that is older than this was missed."""
MISSED_KEY = "backup.missed"
MISSED_SECONDS = 30
_LONGEST_TROUBLE = 400


def report_made(made: Made, *, at: datetime) -> None:
    """Write down that a backup was made that was begun at ``at``."""
    now = timezone.now()
    BackupRun.objects.create(
        finished_at=now,
        seconds=(now - at).total_seconds(),
        file=made.file.name,
        size=made.size,
        rows=made.manifest.rows,
    )
    cache.delete(MISSED_KEY)


def report_trouble(trouble: str, *, at: datetime) -> None:
    """Write down that a backup begun at ``at`` has failed, and why."""
    now = timezone.now()
    BackupRun.objects.create(
        finished_at=now, seconds=(now - at).total_seconds(), trouble=trouble[:_LONGEST_TROUBLE]
    )


def last_good() -> BackupRun | None:
    return BackupRun.objects.filter(trouble="").order_by("-finished_at").first()


def is_missed() -> bool:
    """Whether backups are to be made every night and the last good one is too old; known for 30 s."""
    if not settings.BACKUP_NIGHTLY:
        return False
    known: bool | None = cache.get(MISSED_KEY)
    if known is None:
        known = not BackupRun.objects.filter(trouble="", finished_at__gt=timezone.now() - LONGEST).exists()
        cache.set(MISSED_KEY, known, MISSED_SECONDS)
    return known


def figures() -> Iterable[Metric]:
    """What /metrics tells of backups, where they are made every night: one statement."""
    if not settings.BACKUP_NIGHTLY:
        return
    last = last_good()
    age = (timezone.now() - last.finished_at).total_seconds() if last else None
    yield metrics.gauge("backup_age_seconds", "Since the last good backup; absent when there is none.", age)
    yield metrics.gauge("backup_size_bytes", "Size of the last good backup.", last.size if last else None)
    yield metrics.gauge(
        "backup_seconds", "How long the last good backup took.", last.seconds if last else None
    )
    missed = last is None or timezone.now() - last.finished_at > LONGEST
    yield metrics.gauge("backup_missed", "Whether the last good backup is older than 26 h.", float(missed))
