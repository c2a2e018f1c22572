"""The list of what needs attention: what rests as failed is shown in words, tried again or dropped."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from apps.audit.infrastructure.models import AuditRecord
from apps.kernel.domain.actor import Actor
from apps.kernel.infrastructure import job_failures
from apps.kernel.infrastructure.event_bus import subscriptions
from apps.kernel.infrastructure.models import JobFailure
from project import attention, job_words
from project.attention import JobRestsNoMore
from project.navigation import needing_attention
from tests.booking.factories import make_staff
from tests.jobs import make_resting_job

pytestmark = pytest.mark.django_db

LIST = "/admin/kernel/jobfailure/"
SENT = {"_form_submitted": "True"}


@pytest.fixture
def owner(client):
    person = make_staff("owner")
    client.force_login(person)
    return person


def actor() -> Actor:
    return Actor(user_id=make_staff("owner").pk, role="owner", ip="", user_agent="")


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def state(job: int) -> str | None:
    return ProcrastinateJob.objects.filter(pk=job).values_list("status", flat=True).first()


class TestTheList:
    def test_tells_in_words_what_about_what_and_why(self, client, owner):
        make_resting_job(args={"receipt_id": "0b1e77"})

        page = text_of(client.get(LIST))

        assert "Зарегистрировать чек" in page
        assert "receipt_id: 0b1e77" in page
        assert "Сервис не ответил вовремя" in page

    def test_names_the_listener_of_an_event_and_whom_it_concerns(self, client, owner):
        event = {"event_id": "e1", "appointment_id": "a1", "occurred_at": "2026-11-22T00:00:00Z"}
        make_resting_job(
            task_name="kernel.deliver_event", args={"subscriber": "messaging.confirmed", "event": event}
        )

        page = text_of(client.get(LIST))

        assert "Подготовить письмо о подтверждённой встрече" in page
        assert "appointment_id: a1" in page
        assert "e1" not in page

    def test_does_not_show_what_is_tried_again_by_itself(self, client, owner):
        make_resting_job(given_up_at=None)

        page = text_of(client.get(LIST))

        assert "Зарегистрировать чек" not in page
        assert "Ничто не требует внимания" in page

    def test_costs_the_same_for_many(self, client, owner):
        client.get(LIST)  # counts for the badges of the sidebar
        make_resting_job()
        with CaptureQueriesContext(connection) as few:
            client.get(LIST)
        for _ in range(10):
            make_resting_job()
        with CaptureQueriesContext(connection) as many:
            client.get(LIST)
        assert len(many) == len(few)

    def test_shows_one_job_with_the_place_in_the_program(self, client, owner):
        job = make_resting_job(kind="defect", code="", error="builtins.ValueError", place="apps.payments:12")

        page = text_of(client.get(f"{LIST}{job}/change/"))

        assert "Ошибка в программе" in page
        assert "apps.payments:12" in page

    def test_is_closed_to_others(self, client):
        client.force_login(make_staff("assistant"))
        assert client.get(LIST).status_code == 403
        job = make_resting_job()
        assert client.post(f"{LIST}{job}/try_again/", SENT).status_code in {302, 403, 404}
        assert state(job) == "failed"


class TestDeciding:
    def test_a_job_is_tried_again_with_all_patience(self, client, owner):
        job = make_resting_job()

        client.post(f"{LIST}{job}/try_again/", SENT)

        assert state(job) == "todo"
        failure = JobFailure.objects.get(job_id=job)
        assert (failure.given_up_at, failure.runs_by_kind, failure.runs) == (None, {}, 5)
        record = AuditRecord.objects.filter(entity="job").get()
        assert (record.action, record.entity_id, record.actor_id) == ("job_tried_again", str(job), owner.pk)

    def test_a_job_is_dropped(self, client, owner):
        job = make_resting_job()

        client.post(f"{LIST}{job}/dismiss/", SENT)

        assert state(job) is None
        assert not JobFailure.objects.exists()
        assert AuditRecord.objects.filter(entity="job").get().action == "job_dismissed"

    def test_several_at_once(self, client, owner):
        jobs = [make_resting_job() for _ in range(3)]
        opened = client.get(f"{LIST}try_several_again/").content.decode()
        assert opened.count("Зарегистрировать чек") == 3

        client.post(f"{LIST}try_several_again/", {**SENT, "jobs": jobs[:2]})

        assert [state(job) for job in jobs] == ["todo", "todo", "failed"]
        client.post(f"{LIST}dismiss_several/", {**SENT, "jobs": jobs[2:]})
        assert state(jobs[2]) is None
        assert AuditRecord.objects.filter(entity="job").count() == 3

    def test_looking_at_the_dialog_changes_nothing(self, client, owner):
        job = make_resting_job()
        assert client.get(f"{LIST}{job}/try_again/").status_code == 200
        assert client.get(f"{LIST}{job}/dismiss/").status_code == 200
        assert state(job) == "failed"

    def test_what_somebody_has_seen_to_is_refused_in_words(self, client, owner):
        job = make_resting_job()
        ProcrastinateJob.objects.filter(pk=job).update(status="doing")

        page = text_of(client.post(f"{LIST}{job}/try_again/", SENT))

        assert "Этим уже кто-то занялся" in page
        assert not AuditRecord.objects.filter(entity="job").exists()

    @pytest.mark.parametrize("decide", [attention.try_again, attention.dismiss])
    def test_one_that_is_not_there_is_refused(self, decide):
        with pytest.raises(JobRestsNoMore):
            decide([12345], actor=actor(), at=timezone.now())

    def test_one_that_coalesces_does_not_collide_with_the_next_one(self):
        job = make_resting_job()
        ProcrastinateJob.objects.filter(pk=job).update(queueing_lock="bell")
        other = make_resting_job()
        ProcrastinateJob.objects.filter(pk=other).update(status="todo", queueing_lock="bell")

        attention.try_again([job], actor=actor(), at=timezone.now())

        assert state(job) == "todo"


class TestTheRecord:
    def test_a_job_that_failed_without_a_word_is_listed_all_the_same(self):
        job = make_resting_job()
        JobFailure.objects.all().delete()

        job_failures.adopt()

        assert JobFailure.objects.get(job_id=job).kind == "unknown"

    def test_a_record_without_its_job_goes(self):
        job = make_resting_job()
        ProcrastinateJob.objects.filter(pk=job).delete()

        job_failures.adopt()

        assert not JobFailure.objects.exists()


def test_the_badge_counts_them_once_in_half_a_minute(rf):
    make_resting_job()
    request = rf.get("/admin/")
    request.user = get_user_model()(role="owner")
    assert needing_attention(request) == "1"
    make_resting_job()
    assert needing_attention(request) == "1"
    cache.clear()
    assert needing_attention(request) == "2"


class TestWords:
    def test_every_job_has_words(self):
        app.perform_import_paths()
        ours = {name for name in app.tasks if not name.startswith(("procrastinate.", "builtin:", "traces."))}
        assert ours == set(job_words.TASKS)

    def test_every_listener_has_words(self):
        names = {name for name in subscriptions._by_name if not name.startswith("traces.")}
        assert names == set(job_words.SUBSCRIBERS)

    def test_a_rule_speaks_for_itself(self):
        failure = JobFailure(kind="refused", code="stale_version")
        assert job_words.reason_text(failure).startswith("Пока вы работали")

    def test_what_has_no_words_shows_its_code(self):
        failure = JobFailure(kind="outside", code="moon_is_full")
        assert job_words.reason_text(failure) == "Внешний сервис не ответил (moon_is_full)"

    def test_nothing_but_ids_is_shown(self):
        assert job_words.about({"name": "Анна", "text": "…", "client_id": 7, "id": "x" * 50}) == [
            "client_id: 7"
        ]
