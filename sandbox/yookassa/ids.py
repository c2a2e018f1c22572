"""Identifiers as the provider makes them: 36 characters that begin with the moment of creation."""

import secrets
from datetime import UTC, datetime

_EPOCH = datetime(2000, 1, 1, 12, tzinfo=UTC)


def payment_id(now: datetime) -> str:
    return f"{_moment(now)}-000f-5000-{_variant()}000-{secrets.token_hex(6)}"


def refund_id(now: datetime) -> str:
    return f"{_moment(now)}-0015-5000-{_variant()}000-{secrets.token_hex(6)}"


def receipt_id(now: datetime) -> str:
    return f"rt_{_moment(now)}-0384-50e8-{_variant()}{secrets.token_hex(2)[:3]}-{secrets.token_hex(6)}"


def error_id(now: datetime) -> str:
    return f"{_moment(now)}-000f-5000-{_variant()}000-{secrets.token_hex(6)}"


def _moment(now: datetime) -> str:
    return f"{int((now - _EPOCH).total_seconds()):08x}"


def _variant() -> str:
    return secrets.choice("89ab")
