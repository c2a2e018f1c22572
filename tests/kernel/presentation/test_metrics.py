"""What is measured is told to staff and to who holds the token, in Prometheus' format."""

import re
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob, ProcrastinateWorker
from prometheus_client.parser import text_string_to_metric_families

from apps.kernel.infrastructure import metrics
from apps.kernel.infrastructure.metrics import gauge
from apps.kernel.infrastructure.tasks import deliver_event
from tests.booking.factories import make_client, make_staff
from tests.jobs import make_resting_job

TOKEN = "a-long-token-for-prometheus"


@pytest.fixture
def token(settings) -> dict[str, str]:
    settings.METRICS_TOKEN = TOKEN
    return {"Authorization": f"Bearer {TOKEN}"}


def samples(response) -> dict[tuple[str, tuple], float]:
    """(name, labels) → value."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(response.content.decode())
        for sample in family.samples
    }


def figure(response, name: str, **labels: str) -> float | None:
    return samples(response).get((name, tuple(sorted(labels.items()))))


@pytest.mark.django_db
class TestWhoMayRead:
    def test_the_holder_of_the_token(self, client, token):
        response = client.get("/metrics", headers=token)
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith("text/plain")
        assert "no-store" in response.headers["Cache-Control"]

    @pytest.mark.parametrize(
        "given", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer токен"]
    )
    def test_nobody_else(self, client, token, given):
        response = client.get("/metrics", headers={"Authorization": given})
        assert (response.status_code, response.content) == (401, b"")

    def test_no_token_opens_nothing(self, client, settings):
        settings.METRICS_TOKEN = ""
        assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 401

    @pytest.mark.parametrize("role", ["owner", "assistant"])
    def test_staff(self, client, role):
        client.force_login(make_staff(role))
        assert client.get("/metrics").status_code == 200

    def test_clients_not(self, client):
        client.force_login(make_client())
        assert client.get("/metrics").status_code == 403

    def test_only_reading_is_allowed(self, client, token):
        assert client.post("/metrics", headers=token).status_code == 405


@pytest.mark.django_db
class TestTheQueue:
    def test_counts_jobs_by_queue_and_status(self, client, token):
        deliver_event.defer(subscriber="somebody", event={})
        make_resting_job()

        response = client.get("/metrics", headers=token)

        assert figure(response, "queue_jobs", queue="events", status="todo") == 1
        assert figure(response, "queue_jobs", queue="test", status="failed") == 1
        assert figure(response, "queue_resting_jobs") == 1
        assert figure(response, "queue_waiting_jobs") == 1

    def test_tells_how_long_the_oldest_job_waits(self, client, token):
        deliver_event.defer(subscriber="later", event={})
        first = deliver_event.defer(subscriber="first", event={})
        ProcrastinateJob.objects.exclude(pk=first).update(scheduled_at=timezone.now() + timedelta(hours=1))
        ProcrastinateEvent.objects.filter(job_id=first).update(at=timezone.now() - timedelta(seconds=90))

        response = client.get("/metrics", headers=token)

        assert figure(response, "queue_waiting_jobs") == 1
        assert 89 < (figure(response, "queue_oldest_waiting_seconds") or 0) < 120

    def test_a_job_put_off_waits_from_its_time_on(self, client, token):
        job = deliver_event.defer(subscriber="first", event={})
        ProcrastinateEvent.objects.filter(job_id=job).update(at=timezone.now() - timedelta(days=1))
        ProcrastinateJob.objects.update(scheduled_at=timezone.now() - timedelta(seconds=30))

        response = client.get("/metrics", headers=token)

        assert 29 < (figure(response, "queue_oldest_waiting_seconds") or 0) < 60

    def test_tells_of_workers(self, client, token):
        ProcrastinateWorker.objects.create(last_heartbeat=timezone.now() - timedelta(seconds=7))
        ProcrastinateWorker.objects.create(last_heartbeat=timezone.now() - timedelta(minutes=5))

        response = client.get("/metrics", headers=token)

        assert figure(response, "queue_workers") == 1
        assert 6.9 < (figure(response, "queue_heartbeat_age_seconds") or 0) < 20

    def test_no_worker_ever_heard_of_has_no_age(self, client, token):
        assert figure(client.get("/metrics", headers=token), "queue_heartbeat_age_seconds") is None

    def test_costs_two_statements(self, client, token):
        for _ in range(5):
            make_resting_job()
        with CaptureQueriesContext(connection) as queries:
            client.get("/metrics", headers=token)
        assert 2 <= len(queries) <= 2 + len(metrics._reads)

    def test_a_database_that_is_away_is_told(self, client, token, monkeypatch):
        def refuse() -> None:
            raise OperationalError("connection refused for app@db")

        monkeypatch.setattr(connection, "cursor", refuse)

        response = client.get("/metrics", headers=token)

        assert response.status_code == 200
        assert figure(response, "database_up") == 0
        assert "app@db" not in response.text


@pytest.mark.django_db
def test_a_context_adds_its_own_figures(client, token, monkeypatch):
    monkeypatch.setattr(metrics, "_reads", [])
    metrics.add_figures(lambda: [gauge("moons", "How many.", 2)])

    assert figure(client.get("/metrics", headers=token), "moons") == 2


@pytest.mark.django_db
class TestRequests:
    def test_are_counted_by_the_template_of_their_route(self, client, token):
        secret = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
        client.get(f"/api/v1/appointments/{secret}/")
        client.get("/nobody/knows/this")
        client.generic("BREW", "/health/live")

        response = client.get("/metrics", headers=token)

        counted = [
            labels for name, labels in samples(response) if name == "http_request_duration_seconds_count"
        ]
        shown = [dict(labels) for labels in counted]
        assert any(re.search(r"/api/v1/appointments/<.*>/", each["route"]) for each in shown)
        assert any(each["route"] == "unknown" and each["status"] == "404" for each in shown)
        assert any(each["method"] == "other" for each in shown)
        assert secret not in response.text
        assert "nobody/knows" not in response.text
