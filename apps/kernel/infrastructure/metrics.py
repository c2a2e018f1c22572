"""What is measured, in Prometheus' format: requests by each process, everything else read from the database.

Figures of the database are the same whichever process is asked. Requests are counted where they are answered:
with several web workers on one machine (``WEB_WORKERS``) their counts are added up through files
(``PROMETHEUS_MULTIPROC_DIR``, see ``project.shared_metrics``), so any of them tells the whole. Each machine
speaks for itself; let Prometheus ask every one.

A context adds figures of its own with :func:`add_figures`, from its ``AppConfig.ready`` through presentation.
"""

import os
from collections.abc import Callable, Iterable

from django.db import DatabaseError
from prometheus_client import REGISTRY, CollectorRegistry, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from apps.kernel.infrastructure import queue_figures

type Read = Callable[[], Iterable[Metric]]

REQUESTS = Histogram(
    "http_request_duration_seconds",
    "Time to answer a request, by method, template of the route and status.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)


def gauge(name: str, help_text: str, value: float | None) -> GaugeMetricFamily:
    """One figure; without a sample when there is none."""
    family = GaugeMetricFamily(name, help_text)
    if value is not None:
        family.add_metric([], value)
    return family


def gauges(
    name: str, help_text: str, labels: Iterable[str], samples: Iterable[tuple[Iterable[str], float]]
) -> GaugeMetricFamily:
    """A figure for each combination of labels. Labels are codes of a bounded number, never ids or names."""
    family = GaugeMetricFamily(name, help_text, labels=list(labels))
    for values, value in samples:
        family.add_metric(list(values), value)
    return family


_reads: list[Read] = []


def add_figures(read: Read) -> None:
    """Let ``read`` add figures out of the database to every answer: few statements, however much there is."""
    _reads.append(read)


def exposition() -> bytes:
    """Everything that is measured, as text; without the figures of the database when it does not answer."""
    database = CollectorRegistry()
    try:
        families = [family for read in (queue, *_reads) for family in read()]
    except DatabaseError:
        families = []
    up = gauge("database_up", "Whether PostgreSQL has answered.", 1 if families else 0)
    database.register(_Known([up, *families]))
    return generate_latest(database) + _requests()


def _requests() -> bytes:
    """What the web processes of this machine have counted."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    shared = CollectorRegistry()
    multiprocess.MultiProcessCollector(shared)
    return generate_latest(shared)


def queue() -> Iterable[Metric]:
    """The queue and its workers: two statements."""
    standing = queue_figures.standing()
    yield gauges(
        "queue_jobs",
        "Jobs that are kept, by queue and status.",
        ["queue", "status"],
        [((queue_name, status), number) for queue_name, status, number in queue_figures.counts()],
    )
    yield gauge("queue_waiting_jobs", "Jobs that are due and wait.", standing.waiting)
    yield gauge(
        "queue_oldest_waiting_seconds", "How long the oldest of them waits.", standing.oldest_waiting or 0
    )
    yield gauge("queue_resting_jobs", "Jobs that were given up and need attention.", standing.resting)
    yield gauge("queue_failing_jobs", "Jobs that failed and are tried again by themselves.", standing.failing)
    yield gauge("queue_workers", "Workers that give signs of life.", standing.workers)
    yield gauge("queue_heartbeat_age_seconds", "Since any worker was last heard of.", standing.heartbeat_age)


class _Known(Collector):
    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = list(families)

    def collect(self) -> Iterable[Metric]:
        return self._families
