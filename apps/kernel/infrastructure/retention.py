"""Removing what is beyond its term, a bounded number at once, with a report."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.kernel.application.retention import RetentionRule, Term, register
from apps.kernel.domain.errors import gettext_noop
from apps.kernel.infrastructure import idempotency, rate_limit
from apps.kernel.infrastructure.append_only import YEARS_OF_PROOF
from apps.kernel.infrastructure.upkeep_records import BackupRun, RetentionRun

HOURLY = "17 * * * *"
NIGHTLY = "40 0 * * *"
"""When rules are applied, as cron tells it, in UTC."""
BATCH = 1_000
"""Rows that one transaction removes at most: nobody waits long for their locks."""


def apply(rule: RetentionRule, *, at: datetime) -> int:
    """Remove everything that is beyond the term of ``rule`` at ``at``; return how much it was.

    Each batch is a transaction of its own: broken off in the middle, it goes on where it was the next time.
    """
    cut_off = rule.term.before(at)
    removed = 0
    started_at = timezone.now()
    while True:
        with transaction.atomic():
            batch = rule.remove(cut_off, BATCH)
        removed += batch
        if batch < BATCH:
            break
    if removed or not rule.hourly:
        RetentionRun.objects.create(
            rule=rule.code,
            cut_off=cut_off,
            removed=removed,
            started_at=started_at,
            finished_at=timezone.now(),
        )
    return removed


def remove_oldest(rows: QuerySet, most: int) -> int:
    """Delete at most ``most`` of ``rows``, the first in their order; return how many went.

    Rows that another transaction has locked are left for the next time.
    """
    chosen = rows.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:most]
    _total, by_model = rows.filter(pk__in=list(chosen)).delete()
    return by_model.get(rows.model._meta.label, 0)


def removes_oldest(model: Any, column: str) -> Callable[[datetime, int], int]:
    """The ``remove`` of a rule whose things are beyond their term by the age of ``column`` alone."""

    def remove(cut_off: datetime, most: int) -> int:
        rows: QuerySet[Any] = model.objects.filter(**{f"{column}__lte": cut_off})
        return remove_oldest(rows.order_by(column), most)

    return remove


def remove_expired(table: str, most: int) -> int:
    """Delete at most ``most`` rows of an append-only table that are beyond the term its own guard names.

    The database decides by its own clock which rows those are; the application needs no right to delete.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT kernel_remove_expired(%s::regclass, %s)", [table, most])
        return int(cursor.fetchone()[0])


def _job_failures(cut_off: datetime, most: int) -> int:
    """Jobs that were given up and that nobody has decided about, with what they were to do."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH old AS (
                SELECT job_id FROM kernel_jobfailure WHERE given_up_at < %s ORDER BY given_up_at LIMIT %s
                FOR UPDATE SKIP LOCKED
            ), dropped AS (
                DELETE FROM procrastinate_jobs WHERE status = 'failed' AND id IN (SELECT job_id FROM old)
            )
            DELETE FROM kernel_jobfailure WHERE job_id IN (SELECT job_id FROM old)
            """,
            [cut_off, most],
        )
        return cursor.rowcount


def register_rules() -> None:
    """What the kernel itself keeps."""
    register(
        RetentionRule(
            code="api_answers",
            title=gettext_noop("Answers kept for repeated calls of the API"),
            since=gettext_noop("after the call"),
            term=Term(hours=round(idempotency.LIFETIME.total_seconds() / 3600)),
            remove=idempotency.purge,
            hourly=True,
        ),
        RetentionRule(
            code="call_counters",
            title=gettext_noop("Counters of calls"),
            since=gettext_noop("after the call"),
            term=Term(hours=round(rate_limit.LONGEST_WINDOW.total_seconds() / 3600)),
            remove=rate_limit.purge,
            hourly=True,
        ),
        RetentionRule(
            code="job_failures",
            title=gettext_noop("Background work that was given up"),
            since=gettext_noop("after the last try"),
            term=Term(days=90),
            remove=_job_failures,
        ),
        RetentionRule(
            code="backup_runs",
            title=gettext_noop("Reports of backups"),
            since=gettext_noop("after the backup"),
            term=Term(years=1),
            remove=removes_oldest(BackupRun, "finished_at"),
        ),
        RetentionRule(
            code="retention_runs",
            title=gettext_noop("Reports of what was removed"),
            since=gettext_noop("after the removal"),
            term=Term(years=YEARS_OF_PROOF),
            remove=lambda _cut_off, most: remove_expired(RetentionRun._meta.db_table, most),
        ),
    )
