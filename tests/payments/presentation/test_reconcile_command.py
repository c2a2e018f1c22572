"""``manage.py reconcile_payments``: what both sides see differently, as a table."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.kernel.domain.money import Money
from apps.payments.application.ports import TryAgain
from apps.payments.models import PaymentAlert
from tests.payments.fakes import FakeProvider
from tests.payments.orders import payment_order

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[int, list[str]]:
    out = StringIO()
    try:
        call_command("reconcile_payments", *arguments, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def days(first: int, last: int = 0) -> list[str]:
    today = timezone.localdate()
    return ["--from", str(today + timedelta(days=first)), "--to", str(today + timedelta(days=last))]


def stranger(provider: FakeProvider, *, days_ago: int = 0) -> str:
    found = provider.create_payment(payment_order(amount=Money(123_450)))
    provider.pay(found.id)
    provider.change(found.id, created_at=timezone.now() - timedelta(days=days_ago))
    return found.id


def test_it_says_so_when_all_agrees() -> None:
    code, lines = run(*days(-2))
    assert code == 0
    assert lines[0].endswith("everything agrees")


def test_differences_are_a_table_and_an_exit_code(provider: FakeProvider) -> None:
    unknown = stranger(provider)
    code, lines = run(*days(-2))
    assert code == 1
    assert lines[0].split() == ["what", "about", "ours", "provider"]
    assert lines[1].split() == ["unknown_payment", unknown, "-", "succeeded", "1234.50", "RUB"]
    assert PaymentAlert.objects.get().reference == unknown


def test_only_the_days_asked_for_are_compared(provider: FakeProvider) -> None:
    stranger(provider, days_ago=5)
    assert run(*days(-3))[0] == 0
    assert run(*days(-6))[0] == 1
    assert run()[0] == 1, "the last week by default"


def test_a_provider_that_does_not_answer_is_told_apart(provider: FakeProvider) -> None:
    provider.fail_next(TryAgain("429"))
    with pytest.raises(CommandError, match="does not answer") as raised:
        run(*days(0))
    assert raised.value.returncode == 2


@pytest.mark.parametrize("arguments", [["--from", "yesterday"], ["--to", "2026-13-01"]])
def test_nonsense_is_refused(arguments: list[str]) -> None:
    with pytest.raises(CommandError, match="is no date"):
        run(*arguments)
    with pytest.raises(CommandError, match="comes before"):
        run(*days(0, -1))
