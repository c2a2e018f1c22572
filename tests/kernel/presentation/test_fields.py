"""The API's own types refuse what is not exactly theirs."""

from datetime import UTC, datetime

import pytest
from rest_framework.exceptions import ErrorDetail, ValidationError

from apps.kernel.domain.money import Money
from apps.kernel.presentation.fields import InstantField, MoneyField, TimeZoneField


def code_of(error: ValidationError) -> str:
    detail = error.detail[0]  # type: ignore[index]  # a field's errors are a list
    assert isinstance(detail, ErrorDetail)
    return detail.code


def test_money_goes_both_ways() -> None:
    data = {"amount": "4500.00", "currency": "RUB"}
    money = MoneyField().run_validation(data)
    assert money == Money(450_000)
    assert MoneyField().to_representation(money) == data


@pytest.mark.parametrize(
    "data",
    [
        "4500.00",
        4500,
        [],
        {},
        {"amount": "1"},
        {"amount": 4500.0, "currency": "RUB"},
        {"amount": "4500.001", "currency": "RUB"},
        {"amount": "-1", "currency": "RUB"},
        {"amount": "1e3", "currency": "RUB"},
        {"amount": "NaN", "currency": "RUB"},
        {"amount": "٣", "currency": "RUB"},
        {"amount": "99999999999", "currency": "RUB"},
        {"amount": "1", "currency": "USD"},
        {"amount": "1", "currency": "RUB", "more": 1},
        {"amount": "1", "currency": ["RUB"]},
    ],
)
def test_other_forms_of_money_are_refused(data: object) -> None:
    with pytest.raises(ValidationError) as refused:
        MoneyField().run_validation(data)
    assert code_of(refused.value) == "invalid_money"


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-01T10:00:00+03:00",
        "2026-12-01T07:00:00Z",
        "2026-12-01t07:00z",
        "2026-12-01T02:00:00.000-05:00",
    ],
)
def test_an_instant_is_read_in_utc(text: str) -> None:
    assert InstantField().run_validation(text) == datetime(2026, 12, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("2026-12-01T10:00:00", "naive_datetime"),
        ("2026-12-01", "invalid_instant"),
        ("2026-12-01 10:00:00+03:00", "invalid_instant"),
        ("завтра", "invalid_instant"),
        ("", "invalid_instant"),
        (1_764_572_400, "invalid_instant"),
        (True, "invalid_instant"),
        ({}, "invalid_instant"),
        ("٢٠٢٦-12-01T10:00:00Z", "invalid_instant"),
        ("2026-02-30T10:00:00+03:00", "impossible_instant"),
        ("2026-12-01T25:00:00+03:00", "impossible_instant"),
        ("2026-12-01T10:00:60+03:00", "impossible_instant"),
        ("2026-12-01T10:00:00+99:00", "impossible_instant"),
        ("0000-01-01T00:00:00Z", "impossible_instant"),
        ("0001-01-01T00:00:00+14:00", "impossible_instant"),
        ("9999-12-31T23:59:59-14:00", "impossible_instant"),
        ("1999-12-31T23:59:59Z", "impossible_instant"),
    ],
)
def test_what_is_no_instant_is_refused(data: object, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        InstantField().run_validation(data)
    assert code_of(refused.value) == code


@pytest.mark.parametrize("name", ["Europe/Moscow", "Asia/Yekaterinburg", "UTC"])
def test_zones_of_the_iana_database_are_known(name: str) -> None:
    assert TimeZoneField().run_validation(name) == name


@pytest.mark.parametrize(
    "data", ["", "Mars/Olympus", "europe/moscow", "../etc/passwd", "localtime", "+03:00", 3, [], "Europe/\0"]
)
def test_other_zones_are_not(data: object) -> None:
    with pytest.raises(ValidationError) as refused:
        TimeZoneField().run_validation(data)
    assert code_of(refused.value) == "unknown_time_zone"
