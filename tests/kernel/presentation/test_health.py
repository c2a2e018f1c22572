"""Health: alive as long as it answers, ready as long as the database is."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateWorker

from apps.kernel.infrastructure.tasks import deliver_event
from apps.kernel.presentation import health
from tests.jobs import make_resting_job


def test_a_process_that_answers_is_alive(client):
    response = client.get("/health/live")

    assert response.status_code == 200
    assert response.json() == {"status": "live"}
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_a_migrated_database_and_a_beating_worker_are_ready(client):
    ProcrastinateWorker.objects.create(last_heartbeat=timezone.now())

    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "checks": {"database": "ok", "migrations": "ok", "worker": "ok", "erasures": "ok"},
        "queue": {"oldest_waiting_seconds": None, "waiting": 0, "needs_attention": 0},
    }


@pytest.mark.django_db
def test_it_tells_the_age_of_the_oldest_waiting_job_with_two_statements(client):
    for number in range(3):
        deliver_event.defer(subscriber=str(number), event={})
    ProcrastinateEvent.objects.update(at=timezone.now() - timedelta(seconds=42))
    make_resting_job()

    with CaptureQueriesContext(connection) as queries:
        queue = client.get("/health/ready").json()["queue"]

    assert 42 <= queue.pop("oldest_waiting_seconds") < 60
    assert queue == {"waiting": 3, "needs_attention": 1}
    assert len(queries) == 2


@pytest.mark.django_db
def test_a_silent_worker_is_told_but_no_obstacle(client):
    ProcrastinateWorker.objects.create(last_heartbeat=timezone.now() - timedelta(minutes=2))

    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json()["checks"]["worker"] == "silent"


@pytest.mark.django_db
def test_a_pending_migration_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")

    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json()["checks"]["migrations"] == "pending"


def test_a_database_that_is_away_is_not_ready(client, monkeypatch):
    def refuse() -> None:
        raise OperationalError("connection refused for app@db")

    monkeypatch.setattr(connection, "cursor", refuse)

    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json()["checks"]["database"] == "unreachable"
    assert "app@db" not in response.text


def test_only_reading_is_allowed(client):
    assert client.post("/health/live").status_code == 405
