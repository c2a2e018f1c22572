"""Limits by scope: counted in one statement, told in headers, off unless a rate is set."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from apps.kernel.application.retention import rule_of
from apps.kernel.infrastructure import retention
from apps.kernel.models import RateLimitCounter
from apps.kernel.presentation.throttling import Rate, rate_from

pytestmark = [
    pytest.mark.urls("tests.kernel.presentation.plumbing_urls"),
    pytest.mark.usefixtures("note_table"),
]


def send(api: APIClient, outcome: str = "created", ip: str = "10.0.0.1"):  # type: ignore[no-untyped-def]
    return api.post("/api/notes-at-limit/", {"text": "a", "outcome": outcome}, REMOTE_ADDR=ip)


def test_without_a_rate_nothing_is_counted(api: APIClient, settings: Settings) -> None:
    settings.API_RATE_LIMITS = {}
    with CaptureQueriesContext(connection) as queries:
        response = send(api)
    assert "RateLimit" not in response
    assert not any("ratelimit" in query["sql"] for query in queries)


def test_calls_over_the_limit_wait_and_every_answer_tells_the_limit(
    api: APIClient, settings: Settings
) -> None:
    settings.API_RATE_LIMITS = {"notes": "2/h"}
    answers = [send(api) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert [answer["RateLimit-Policy"] for answer in answers] == ['"notes";q=2;w=3600'] * 3
    assert [answer["RateLimit"].partition(";t=")[0] for answer in answers] == [
        '"notes";r=1',
        '"notes";r=0',
        '"notes";r=0',
    ]
    assert answers[2]["Content-Type"] == "application/problem+json"
    assert answers[2].json()["code"] == "too_many_requests"
    assert 1 <= int(answers[2]["Retry-After"]) <= 3600


def test_refused_and_broken_calls_count_too(api: APIClient, settings: Settings) -> None:
    settings.API_RATE_LIMITS = {"notes": "2/h"}
    assert send(api, "raise")["RateLimit"].startswith('"notes";r=1')
    assert send(api, "defect")["RateLimit"].startswith('"notes";r=0')
    assert send(api).status_code == 429


def test_another_address_has_its_own_count(api: APIClient, settings: Settings) -> None:
    settings.API_RATE_LIMITS = {"notes": "1/h"}
    assert send(api, ip="10.0.0.1").status_code == 201
    assert send(api, ip="10.0.0.2").status_code == 201
    assert not RateLimitCounter.objects.filter(subject__contains="10.0.0").exists()


def test_counting_is_one_statement(api: APIClient, settings: Settings) -> None:
    settings.API_RATE_LIMITS = {"notes": "5/m"}
    with CaptureQueriesContext(connection) as queries:
        send(api)
    assert sum("ratelimit" in query["sql"] for query in queries) == 1


def test_windows_that_ended_long_ago_are_purged(api: APIClient, settings: Settings) -> None:
    settings.API_RATE_LIMITS = {"notes": "5/m"}
    send(api)
    RateLimitCounter.objects.update(window_start=timezone.now() - timedelta(days=2))
    send(api)
    retention.apply(rule_of("call_counters"), at=timezone.now())
    assert RateLimitCounter.objects.count() == 1


def test_the_counters_survive_no_crash_and_cost_no_journal() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'kernel_ratelimitcounter'")
        assert cursor.fetchone() == ("u",)


def test_rates_are_read() -> None:
    assert rate_from("20/m") == Rate(quota=20, window=60)
    assert rate_from("5/10m") == Rate(quota=5, window=600)
    for nonsense in ("", "20", "0/m", "20/x", "-1/m"):
        with pytest.raises(ImproperlyConfigured):
            rate_from(nonsense)
