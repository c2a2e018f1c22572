"""Days and texts of the API refuse what is not exactly theirs."""

from datetime import date
from typing import Any

import pytest
from rest_framework.exceptions import ErrorDetail, ValidationError

from apps.kernel.presentation.fields import DayField, TextField, TokenField


def code_of(error: ValidationError) -> str:
    detail = error.detail[0]
    assert isinstance(detail, ErrorDetail)
    return detail.code


def test_a_day_goes_both_ways() -> None:
    day = DayField().run_validation("2028-02-29")
    assert day == date(2028, 2, 29)
    assert DayField().to_representation(day) == "2028-02-29"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("2026-02-30", "impossible_date"),
        ("2026-13-01", "impossible_date"),
        ("1999-12-31", "impossible_date"),
        ("2100-01-01", "impossible_date"),
        ("0000-01-01", "impossible_date"),
        ("2026-2-3", "invalid_date"),
        ("20260203", "invalid_date"),
        ("2026-W05-2", "invalid_date"),
        ("2026-02-03T00:00:00", "invalid_date"),
        ("٢٠٢٦-٠٢-٠٣", "invalid_date"),
        ("2026-02-03\n", "invalid_date"),
        (20260203, "invalid_date"),
    ],
)
def test_what_is_no_day_is_refused(data: Any, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        DayField().run_validation(data)
    assert code_of(refusal.value) == code


@pytest.mark.parametrize("data", [5, 5.5, True, ["a"], {"a": 1}])
def test_nothing_but_text_is_text(data: Any) -> None:
    with pytest.raises(ValidationError) as refusal:
        TextField().run_validation(data)
    assert code_of(refusal.value) == "invalid"


def test_text_is_trimmed_but_a_token_is_not() -> None:
    assert TextField().run_validation(" a ") == "a"
    assert TokenField("[a-z]{1,3}").run_validation("abc") == "abc"


@pytest.mark.parametrize("data", ["abcd", " abc", "abc\n", "ABC", "a b", "абв"])
def test_a_token_matches_its_pattern_as_a_whole(data: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        TokenField("[a-z]{1,3}").run_validation(data)
    assert code_of(refusal.value) == "invalid_format"
