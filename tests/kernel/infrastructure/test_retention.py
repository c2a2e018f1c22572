"""What is beyond its term goes, in small steps and with a report; what is younger stays, whoever asks."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from apps.audit.models import AuditRecord
from apps.kernel.application import retention as rules
from apps.kernel.application.retention import RetentionRule, Term, UnknownRule, rule_of
from apps.kernel.infrastructure import retention
from apps.kernel.infrastructure.tasks import apply_hourly_rules, apply_nightly_rules
from apps.kernel.models import JobFailure, RetentionRun
from tests.counts import examples, property_settings
from tests.jobs import make_resting_job, waiting, work_off

NOW = datetime(2028, 2, 29, 12, tzinfo=UTC)


class TestATerm:
    @pytest.mark.parametrize(
        ("term", "before"),
        [
            pytest.param(
                Term(years=3), datetime(2025, 2, 28, 12, tzinfo=UTC), id="three years of a leap day"
            ),
            pytest.param(Term(years=4), datetime(2024, 2, 29, 12, tzinfo=UTC), id="four years of a leap day"),
            pytest.param(Term(days=90), datetime(2027, 12, 1, 12, tzinfo=UTC), id="ninety days"),
            pytest.param(Term(hours=24), datetime(2028, 2, 28, 12, tzinfo=UTC), id="a day in hours"),
            pytest.param(Term(), NOW, id="none at all"),
        ],
    )
    def test_ends_on_the_day_that_people_expect(self, term, before):
        assert term.before(NOW) == before

    @given(
        st.integers(0, 100 * 365 * 24).map(
            lambda hours: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
        ),
        st.builds(Term, years=st.integers(0, 5), days=st.integers(0, 400), hours=st.integers(0, 48)),
    )
    @property_settings(examples(50, 1_000))
    def test_never_ends_early(self, at, term):
        length = at - term.before(at)
        assert length >= timedelta(days=365 * term.years + term.days, hours=term.hours)
        assert length <= timedelta(days=366 * term.years + 1 + term.days, hours=term.hours)


def record(age: timedelta, action: str = "service_changed") -> AuditRecord:
    return AuditRecord.objects.create(
        at=timezone.now() - age, role="owner", action=action, entity="service", entity_id="1", user_agent=""
    )


def three_years(and_days: float = 0) -> timedelta:
    now = timezone.now()
    return now - Term(years=3).before(now) + timedelta(days=and_days)


@pytest.mark.django_db
class TestTheAppendOnlyLog:
    def test_gives_up_what_is_older_than_three_years_and_nothing_younger(self):
        old, young = record(three_years(and_days=1)), record(three_years(and_days=-1))

        assert retention.apply(rule_of("audit_records"), at=timezone.now()) == 1

        assert not AuditRecord.objects.filter(pk=old.pk).exists()
        assert AuditRecord.objects.filter(pk=young.pk).exists()

    def test_refuses_to_lose_a_row_that_is_one_day_younger_whoever_asks(self):
        old, young = record(three_years(and_days=1)), record(three_years(and_days=-1))

        with pytest.raises(IntegrityError, match="append-only: DELETE"), transaction.atomic():
            AuditRecord.objects.filter(pk__in=[old.pk, young.pk]).delete()
        assert AuditRecord.objects.filter(pk__in=[old.pk, young.pk]).count() == 2, "all of it or nothing"
        assert AuditRecord.objects.filter(pk=old.pk).delete()[0] == 1

    def test_refuses_to_make_a_row_older(self):
        young = record(timedelta(0))

        with pytest.raises(IntegrityError, match="append-only: UPDATE"), transaction.atomic():
            AuditRecord.objects.filter(pk=young.pk).update(at=timezone.now() - three_years(and_days=1))

    def test_refuses_to_change_even_what_may_go(self):
        old = record(three_years(and_days=1))

        with pytest.raises(IntegrityError, match="append-only: UPDATE"), transaction.atomic():
            AuditRecord.objects.filter(pk=old.pk).update(action="nothing_happened")

    def test_refuses_truncate(self):
        with (
            pytest.raises(IntegrityError, match="append-only: TRUNCATE"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("TRUNCATE audit_auditrecord")

    def test_removes_no_more_than_it_is_told(self):
        for days in (1, 2, 3):
            record(three_years(and_days=days), action=f"{days}_days")

        assert retention.remove_expired("audit_auditrecord", 2) == 2

        assert [each.action for each in AuditRecord.objects.all()] == ["1_days"], "the oldest went first"

    def test_a_table_without_a_term_keeps_its_rows_for_ever(self):
        with pytest.raises(IntegrityError, match="keeps its rows for ever"), transaction.atomic():
            retention.remove_expired("payments_ledgerentry", 10)


@pytest.mark.django_db
class TestARun:
    def test_is_reported_with_its_rule_its_cut_off_and_its_count(self):
        at = timezone.now()
        record(three_years(and_days=1))

        retention.apply(rule_of("audit_records"), at=at)

        run = RetentionRun.objects.get(rule="audit_records")
        assert (run.removed, run.cut_off) == (1, Term(years=3).before(at))
        assert at <= run.started_at <= run.finished_at

    def test_is_reported_when_nothing_went_but_not_every_hour(self):
        retention.apply(rule_of("audit_records"), at=timezone.now())
        retention.apply(rule_of("api_answers"), at=timezone.now())

        assert [run.rule for run in RetentionRun.objects.all()] == ["audit_records"]

    def test_its_report_cannot_be_changed_or_dropped(self):
        retention.apply(rule_of("audit_records"), at=timezone.now())

        with pytest.raises(IntegrityError), transaction.atomic():
            RetentionRun.objects.update(removed=7)
        with pytest.raises(IntegrityError), transaction.atomic():
            RetentionRun.objects.all().delete()

    def test_goes_in_steps_until_nothing_is_left(self):
        asked = []

        def remove(cut_off, most):
            asked.append(most)
            return min(most, 2_500 - 1_000 * (len(asked) - 1))

        rule = RetentionRule(code="heap", title="heap", since="", term=Term(days=1), remove=remove)

        assert retention.apply(rule, at=NOW) == 2_500
        assert asked == [1_000, 1_000, 1_000]

    def test_that_breaks_off_goes_on_where_it_was(self):
        left = [2_500]

        def remove(cut_off, most):
            if left[0] == 1_500:
                left[0] -= 1
                raise ConnectionError
            count = min(most, left[0])
            left[0] -= count
            return count

        rule = RetentionRule(code="heap", title="heap", since="", term=Term(days=1), remove=remove)
        with pytest.raises(ConnectionError):
            retention.apply(rule, at=NOW)

        assert retention.apply(rule, at=NOW) == 1_499
        assert RetentionRun.objects.get(rule="heap").removed == 1_499


@pytest.mark.django_db
class TestTheJobs:
    def test_every_rule_gets_a_job_of_its_own_at_its_pace(self):
        apply_hourly_rules(timestamp=0)
        hourly = [each["code"] for each in waiting("kernel.apply_retention_rule")]
        apply_nightly_rules(timestamp=0)
        both = [each["code"] for each in waiting("kernel.apply_retention_rule")]

        assert {"api_answers", "call_counters"} <= set(hourly)
        assert "audit_records" not in hourly
        assert sorted(both) == sorted(rule.code for rule in rules.rules())

    def test_a_rule_that_waits_already_is_not_queued_twice(self):
        apply_nightly_rules(timestamp=0)
        count = ProcrastinateJob.objects.count()
        apply_nightly_rules(timestamp=1)

        assert ProcrastinateJob.objects.count() == count

    def test_every_rule_of_the_product_can_be_applied_to_an_empty_practice(self):
        apply_nightly_rules(timestamp=0)
        apply_hourly_rules(timestamp=0)

        assert work_off("kernel.apply_retention_rule") == len(rules.rules())
        assert {run.removed for run in RetentionRun.objects.all()} == {0}

    def test_an_unknown_rule_is_told(self):
        with pytest.raises(UnknownRule):
            rule_of("there_is_none")


@pytest.mark.django_db
def test_jobs_that_nobody_decided_about_go_after_ninety_days_with_their_records():
    old, young = make_resting_job(), make_resting_job()
    JobFailure.objects.filter(job_id=old).update(given_up_at=timezone.now() - timedelta(days=91))
    JobFailure.objects.filter(job_id=young).update(given_up_at=timezone.now() - timedelta(days=89))

    assert retention.apply(rule_of("job_failures"), at=timezone.now()) == 1

    assert list(JobFailure.objects.values_list("job_id", flat=True)) == [young]
    assert list(ProcrastinateJob.objects.values_list("id", flat=True)) == [young]
