"""Health of the web process, for people, load balancers and supervisors."""

from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateWorker

WORKER_SILENCE = timedelta(seconds=60)  # a worker's heart beats every 10 s

_migrated = False


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all."""
    return JsonResponse({"status": "live"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and is migrated, 503 otherwise.

    The queue's worker is reported, but is no condition: pages and calls work without it, only later things
    (mail, expiry of holds) wait.
    """
    checks: dict[str, Any] = {"database": "ok", "migrations": "ok", "worker": "ok"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _is_migrated():
            checks["migrations"] = "pending"
        elif not _worker_is_heard():
            checks["worker"] = "silent"
    except DatabaseError:
        checks = {"database": "unreachable", "migrations": "unknown", "worker": "unknown"}
    is_ready = checks["database"] == checks["migrations"] == "ok"
    return JsonResponse(
        {"status": "ready" if is_ready else "not ready", "checks": checks}, status=200 if is_ready else 503
    )


def _is_migrated() -> bool:
    """Whether nothing is left to migrate; a yes is remembered, since reading all migrations takes long."""
    global _migrated  # noqa: PLW0603 - a fact about this process
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def _worker_is_heard() -> bool:
    return ProcrastinateWorker.objects.filter(last_heartbeat__gt=timezone.now() - WORKER_SILENCE).exists()
