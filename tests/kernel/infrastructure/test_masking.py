"""Personal and secret data never reach the log; what helps to find a fault stays."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from apps.kernel.infrastructure.masking import MASK, mask, mask_text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mail to anna.petrova@example.org failed", "mail to [email] failed"),
        ("GET /people/?q=anna%40example.org", "GET /people/?q=[email]"),
        ("почта аня@почта.рф не принята", "почта [email] не принята"),
        ("call +7 (912) 345-67-89 back", "call [phone] back"),
        ("call 8 912 345 67 89 back", "call [phone] back"),
        ("89123456789", "[phone]"),
        ("phone=+442071838750.", "phone=[phone]."),
        ("write to @anna_p in Telegram", "write to [telegram] in Telegram"),
        ("Authorization: Bearer abcdef123456", "Authorization: Bearer [token]"),
        ("opened gAAAAABmZk0zQ2xpZW50IHRleHQgaGVyZQ==", "opened [token]"),
        ("jwt eyJhbGciOi.eyJzdWIiOiIx.c2lnbmF0dXJl", "jwt [token]"),
        ("postgresql://app:s3cret@db/practice", "postgresql://[masked]@db/practice"),
        ("password='hunter 2'", "password='[masked] 2'"),
        ('{"session_token": "abc.def"}', '{"session_token": "[masked]"}'),
    ],
)
def test_personal_data_and_secrets_are_masked_in_text(text, masked):
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "0197a2f4-6c1e-7d3a-9b8f-1c2d3e4f5a6b",
        "2026-11-21T21:29:33.710972+03:00",
        "1763760573123 ms",
        "amount 4500.00 RUB, slot 10:00-11:30",
        "GET /api/v1/services/first-consultation/slots/",
        "apps/booking/domain/slots.py:112 in find",
        "appointment 79123 of 2026-12-01",
    ],
)
def test_what_helps_to_find_a_fault_stays(text):
    assert mask_text(text) == text


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "email",
        "client_email",
        "X-Session-Token",
        "Authorization",
        "phone",
        "first_name",
        "answers",
    ],
)
def test_values_with_telling_names_are_masked_whatever_they_are(name):
    assert mask({name: "anything at all"}) == {name: MASK}


@pytest.mark.parametrize("name", ["status", "user_id", "path", "duration_ms", "event", "service"])
def test_values_with_harmless_names_stay(name):
    assert mask({name: "value"}) == {name: "value"}


def test_masking_goes_to_the_depth_of_containers():
    masked = mask({"job": {"args": [{"email": "a@b.example"}, "a@b.example", ("+79123456789",)]}})

    assert masked == {"job": {"args": [{"email": MASK}, "[email]", ["[phone]"]]}}


def test_plain_values_keep_their_type():
    values = [1, 2.5, True, None, Decimal("4500.00"), datetime(2026, 1, 1, tzinfo=UTC), UUID(int=1)]

    assert mask(values) == values


def test_objects_are_shown_by_their_masked_text():
    class Person:
        def __str__(self) -> str:
            return "Anna <anna@example.org>"

    assert mask(Person()) == "Anna <[email]>"


def test_bytes_are_never_shown():
    assert mask(b"anna@example.org") == "[16 bytes]"
