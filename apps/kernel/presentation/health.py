"""Health of the web process, for people, load balancers and supervisors."""

from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.kernel.infrastructure import queue_figures
from apps.kernel.infrastructure.queue_figures import Standing

WORKER_SILENCE = 60  # seconds; a worker's heart beats every 5 s

_migrated = False
_conditions: dict[str, Callable[[], bool]] = {}


def add_condition(name: str, holds: Callable[[], bool]) -> None:
    """Let ``/health/ready`` say 503 while ``holds`` is false; called from ``AppConfig.ready``.

    ``name`` is shown among the checks, as ``ok`` or ``failing``.
    """
    _conditions[name] = holds


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all."""
    return JsonResponse({"status": "live"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and is migrated, 503 otherwise; two statements.

    The queue and its workers are reported, but are no condition: pages and calls work without them, only
    later things (mail, expiry of holds) wait. ``oldest_waiting_seconds`` is the age of the oldest job that is
    due (null when none is), ``waiting`` their number, ``needs_attention`` how many jobs were given up.
    """
    checks: dict[str, Any] = {"database": "ok", "migrations": "ok", "worker": "ok"}
    queue: Standing | None = None
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _is_migrated():
            checks["migrations"] = "pending"
        else:
            queue = queue_figures.standing()
            checks["worker"] = "ok" if _is_heard(queue) else "silent"
            checks |= {name: "ok" if holds() else "failing" for name, holds in _conditions.items()}
    except DatabaseError:
        checks = {"database": "unreachable", "migrations": "unknown", "worker": "unknown"}
    needed = ("database", "migrations", *_conditions)
    is_ready = all(checks.get(name) == "ok" for name in needed)
    told = {"status": "ready" if is_ready else "not ready", "checks": checks, "queue": _figures(queue)}
    return JsonResponse(told, status=200 if is_ready else 503)


def _is_migrated() -> bool:
    """Whether nothing is left to migrate; a yes is remembered, since reading all migrations takes long."""
    global _migrated  # noqa: PLW0603 - a fact about this process
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def _is_heard(queue: Standing) -> bool:
    return queue.heartbeat_age is not None and queue.heartbeat_age < WORKER_SILENCE


def _figures(queue: Standing | None) -> dict[str, Any] | None:
    if queue is None:
        return None
    oldest = None if queue.oldest_waiting is None else round(queue.oldest_waiting, 1)
    return {"oldest_waiting_seconds": oldest, "waiting": queue.waiting, "needs_attention": queue.resting}
