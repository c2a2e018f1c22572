"""The page «Сроки хранения» tells the rules in words, and what was removed; nothing can be done there."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from apps.kernel.application.retention import Term, rule_of, rules
from apps.kernel.infrastructure import retention
from apps.kernel.models import RetentionRun
from apps.kernel.presentation.admin.retention_runs import next_run, term_text
from tests.identity.people import browser_of, person

pytestmark = pytest.mark.django_db
PAGE = "admin:kernel_retentionrun_changelist"


def page(role: str = "owner"):
    return browser_of(person(role)).get(reverse(PAGE))


def test_tells_every_rule_in_words_and_when_it_comes_next():
    text = page().content.decode()

    with translation.override("ru"):
        for rule in rules():
            assert translation.gettext(rule.title) in text
    assert "Хранится: 3 года после действия" in text
    assert "Хранится: 90 дней после последней попытки" in text
    assert "Следующая:" in text


def test_tells_what_was_removed():
    RetentionRun.objects.create(
        rule="letters",
        cut_off=timezone.now() - timedelta(days=90),
        removed=1_234,
        started_at=timezone.now(),
        finished_at=timezone.now(),
    )
    retention.apply(rule_of("audit_records"), at=timezone.now())

    text = page().content.decode()

    assert "1234" in text
    assert "1234 за 30 дней" in text
    assert "удалять было нечего" in text
    assert text.count("Последняя проверка: сегодня") == 2


def test_needs_no_more_statements_for_more_runs(django_assert_max_num_queries):
    for _ in range(3):
        for rule in rules():
            if not rule.hourly:
                retention.apply(rule, at=timezone.now())
    browser = browser_of(person("owner"))
    browser.get(reverse(PAGE))
    with django_assert_max_num_queries(14):
        browser.get(reverse(PAGE))


@pytest.mark.parametrize("role", ["assistant", "editor"])
def test_is_closed_to_everybody_but_the_owner(role):
    assert page(role).status_code == 403


def test_offers_nothing_to_do():
    run = RetentionRun.objects.create(
        rule="letters",
        cut_off=timezone.now(),
        removed=0,
        started_at=timezone.now(),
        finished_at=timezone.now(),
    )
    browser = browser_of(person("owner"))
    assert browser.post(reverse("admin:kernel_retentionrun_add")).status_code == 403
    assert browser.post(reverse("admin:kernel_retentionrun_delete", args=[run.pk])).status_code == 403
    assert browser.post(reverse("admin:kernel_retentionrun_change", args=[run.pk])).status_code == 403


@pytest.mark.parametrize(
    ("term", "text"),
    [
        pytest.param(Term(years=1), "1 год", id="one year"),
        pytest.param(Term(years=3), "3 года", id="three years"),
        pytest.param(Term(years=5, days=90), "5 лет 90 дней", id="years and days"),
        pytest.param(Term(hours=24), "24 часа", id="hours"),
        pytest.param(Term(), "", id="none"),
    ],
)
def test_says_a_term_as_people_do(term, text):
    with translation.override("ru"):
        assert term_text(term) == text


@pytest.mark.parametrize(
    ("code", "now", "then"),
    [
        pytest.param("letters", (0, 39), (22, 0, 40), id="tonight"),
        pytest.param("letters", (0, 40), (23, 0, 40), id="just begun"),
        pytest.param("letters", (13, 0), (23, 0, 40), id="tomorrow"),
        pytest.param("api_answers", (13, 16), (22, 13, 17), id="this hour"),
        pytest.param("api_answers", (23, 30), (23, 0, 17), id="the next hour"),
    ],
)
def test_knows_when_a_rule_is_applied_next(code, now, then):
    day, hour, minute = then
    assert next_run(rule_of(code), now=datetime(2026, 11, 22, *now, tzinfo=UTC)) == datetime(
        2026, 11, day, hour, minute, tzinfo=UTC
    )
