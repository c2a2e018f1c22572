"""The same writing call, sent again, is carried out once: over real connections and real races."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.test import APIClient

from apps.identity.models import User
from apps.kernel.application.retention import rule_of
from apps.kernel.infrastructure import retention
from apps.kernel.models import IdempotencyRecord
from tests.kernel.presentation import plumbing_urls
from tests.kernel.presentation.plumbing_urls import notes

pytestmark = [
    pytest.mark.urls("tests.kernel.presentation.plumbing_urls"),
    pytest.mark.usefixtures("note_table"),
]


def send(
    key: str | None, *, api: APIClient | None = None, ip: str = "10.0.0.1", **body: object
) -> HttpResponse:
    headers = {} if key is None else {"Idempotency-Key": key}
    api = api or APIClient(raise_request_exception=False)
    return api.post("/api/notes/", {"text": "note", **body}, headers=headers, REMOTE_ADDR=ip)


def test_without_a_key_every_call_is_carried_out() -> None:
    assert send(None).status_code == send(None).status_code == 201
    assert notes() == ["note", "note"]
    assert not IdempotencyRecord.objects.exists()


def test_the_same_key_and_body_get_the_same_answer_and_one_effect() -> None:
    first, again = send("a"), send("a")

    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first["Location"] == again["Location"]
    assert first["Content-Type"] == again["Content-Type"]
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert notes() == ["note"]


def test_an_answer_without_a_body_is_replayed_too() -> None:
    assert send("a", outcome="none").status_code == 204
    again = send("a", outcome="none")
    assert (again.status_code, again.content, again["Idempotency-Replayed"]) == (204, b"", "true")


def test_a_changed_body_under_the_same_key_is_refused() -> None:
    send("a")
    changed = send("a", text="other")
    assert (changed.status_code, changed.json()["code"]) == (422, "idempotency_key_reused")
    assert notes() == ["note"]


@pytest.mark.parametrize("key", ["", " ", "два", "a b", "x" * 201, "tab\t"])
def test_a_malformed_key_is_refused(key: str) -> None:
    response = send(key)
    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_invalid")
    assert notes() == []


def test_guests_at_two_addresses_do_not_meet_under_one_key() -> None:
    here, there = send("a", ip="10.0.0.1"), send("a", ip="10.0.0.2", text="other")
    assert here.status_code == there.status_code == 201
    assert notes() == ["note", "other"]


def test_two_people_do_not_meet_under_one_key() -> None:
    answers = []
    for name in ("a", "b"):
        api = APIClient()
        api.force_authenticate(User.objects.create_user(f"{name}@example.ru"))
        answers.append(send("same", api=api))
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] != answers[1].json()["id"]


def test_a_refusal_rolls_back_and_is_replayed() -> None:
    first, again = send("a", outcome="raise"), send("a", outcome="raise")
    assert first.status_code == again.status_code == 422
    assert first.json()["code"] == "refused"
    assert first.content == again.content
    assert again["Content-Type"] == "application/problem+json"
    assert again["Idempotency-Replayed"] == "true"
    assert notes() == []


def test_a_refusal_without_a_key_rolls_back() -> None:
    assert send(None, outcome="raise").status_code == 422
    assert notes() == []


def test_a_refusal_that_the_view_returns_keeps_its_trace() -> None:
    assert send("a", outcome="return").status_code == 422
    assert notes() == ["note"]
    assert send("a", outcome="return")["Idempotency-Replayed"] == "true"
    assert notes() == ["note"]


def test_a_refusal_that_must_be_remembered_keeps_its_trace_with_a_key_or_without() -> None:
    assert send("a", outcome="remember").status_code == 422
    assert send("a", outcome="remember")["Idempotency-Replayed"] == "true"
    assert notes() == ["note"]
    assert send(None, outcome="remember").status_code == 422
    assert notes() == ["note", "note"]


def test_a_defect_is_not_kept_so_the_key_may_try_again() -> None:
    assert send("a", outcome="defect").status_code == 500
    assert notes() == []
    assert not IdempotencyRecord.objects.exists()


def test_malformed_json_is_not_kept() -> None:
    api = APIClient()
    response = api.post("/api/notes/", "{", content_type="application/json", headers={"Idempotency-Key": "a"})
    assert (response.status_code, response.json()["code"]) == (400, "malformed_request")
    assert send("a").status_code == 201


def test_an_answer_lives_for_a_day() -> None:
    send("a")
    IdempotencyRecord.objects.update(created_at=timezone.now() - timedelta(hours=24, seconds=1))
    again = send("a", text="new")
    assert again.status_code == 201
    assert "Idempotency-Replayed" not in again
    assert notes() == ["note", "new"]
    assert IdempotencyRecord.objects.count() == 1


def test_old_answers_are_purged_and_young_ones_stay() -> None:
    send("old")
    IdempotencyRecord.objects.update(created_at=timezone.now() - timedelta(hours=25))
    send("young")
    retention.apply(rule_of("api_answers"), at=timezone.now())
    assert [record.key for record in IdempotencyRecord.objects.all()] == ["young"]


def test_the_kept_answer_is_unreadable_in_the_table() -> None:
    send("a", text="тайна")
    with connection.cursor() as cursor:
        cursor.execute("SELECT body, fingerprint, owner FROM kernel_idempotencyrecord")
        row = cursor.fetchone()
    assert "тайна" not in str(row)
    assert "\\u" not in str(row)
    assert "10.0.0.1" not in str(row)


def test_while_the_first_call_runs_the_second_is_told_so() -> None:
    gate = plumbing_urls.gates["slow"] = plumbing_urls.Gate()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(closing(send), "a", gate="slow")
        assert gate.entered.wait(10)
        second = send("a", gate="slow")
        gate.leave.set()
        first = running.result(20)
    assert (second.status_code, second.json()["code"]) == (409, "idempotency_in_progress")
    assert first.status_code == 201
    assert send("a", gate="slow").content == first.content
    assert notes() == ["note"]


@pytest.mark.parametrize("outcome", ["created", "raise"])
def test_many_threads_with_one_key_have_one_effect_and_one_answer(outcome: str) -> None:
    for _ in range(5):
        key, start = str(uuid4()), threading.Barrier(10)
        before = len(notes())

        def call(key: str = key, start: threading.Barrier = start) -> HttpResponse:
            start.wait(10)
            return send(key, outcome=outcome)

        with ThreadPoolExecutor(10) as pool:
            answers = [each.result(30) for each in [pool.submit(closing(call)) for _ in range(10)]]

        expected = 201 if outcome == "created" else 422
        assert {answer.status_code for answer in answers} <= {expected, 409}
        assert len({answer.content for answer in answers if answer.status_code == expected}) == 1
        assert {a.json()["code"] for a in answers if a.status_code == 409} <= {"idempotency_in_progress"}
        assert len(notes()) - before == (1 if outcome == "created" else 0)


def test_the_unique_constraint_settles_a_race_that_the_lock_let_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both calls believe that nobody was before them; the later one is undone and gets the kept answer."""
    monkeypatch.setattr("apps.kernel.infrastructure.idempotency.IdempotentCall.claim", lambda self: None)
    gate = plumbing_urls.gates["slow"] = plumbing_urls.Gate()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(closing(send), "a", gate="slow")
        assert gate.entered.wait(10)
        plumbing_urls.gates.clear()
        winner = send("a", gate="slow")
        gate.leave.set()
        loser = running.result(20)
    assert winner.status_code == loser.status_code == 201
    assert winner.content == loser.content
    assert loser["Idempotency-Replayed"] == "true"
    assert notes() == ["note"]


def closing(function):  # type: ignore[no-untyped-def]
    """Run in a thread and give its database connection back."""

    def run(*args, **kwargs):  # type: ignore[no-untyped-def]
        try:
            return function(*args, **kwargs)
        finally:
            connections.close_all()

    return run
