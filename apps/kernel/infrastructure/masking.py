"""Removal of personal and secret data (classes P1 and P2, credentials) from what is logged."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

MASK = "[masked]"

_SENSITIVE_WORDS = frozenset(
    [
        "password",
        "passwd",
        "passphrase",
        "secret",
        "token",
        "authorization",
        "cookie",
        "cookies",
        "sessionid",
        "csrftoken",
        "otp",
        "credential",
        "credentials",
        "email",
        "mail",
        "phone",
        "telegram",
        "username",
        "surname",
        "patronymic",
        "answer",
        "answers",
        "intake",
        "note",
        "notes",
        "diary",
        "body",
        "dsn",
        "recipients",
    ]
)
_SENSITIVE_NAMES = frozenset(
    [
        "api_key",
        "access_key",
        "private_key",
        "encryption_key",
        "encryption_keys",
        "secret_key",
        "session_key",
        "session_token",
        "login_code",
        "auth_code",
        "first_name",
        "last_name",
        "full_name",
        "display_name",
        "client_name",
        "user_agent",
        "database_url",
        "to_addrs",
        "idempotency_key",
    ]
)
_HARMLESS = (bool, int, float, UUID, datetime, date, time, timedelta, Decimal)

_PATTERNS = (
    (re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"), MASK),  # user:password in a URL
    (re.compile(r"(?i)\b(bearer|token|basic)\s+[\w.~+/=-]{8,}"), r"\1 [token]"),
    (re.compile(r"\bgAAAAA[\w=-]{20,}"), "[token]"),  # Fernet
    (re.compile(r"\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*"), "[token]"),  # JWT
    (
        re.compile(
            r"(?i)((?:password|passwd|secret|token|api_?key|sessionid|csrftoken|otp)[\"']?\s*[=:]\s*[\"']?)"
            r"[^\s\"'&;,)}]+"
        ),
        r"\1[masked]",
    ),
    (re.compile(r"[\w.+%'-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+"), "[email]"),
    (re.compile(r"(?<![\w@/])@[A-Za-z]\w{4,31}\b"), "[telegram]"),
    (re.compile(r"(?<![\w.-])\+\d(?:[\s().-]{0,2}\d){9,14}(?!\w)"), "[phone]"),
    (
        re.compile(r"(?<![\w.+-])[78][\s-]?(?:\(\d{3}\)|\d{3})[\s-]?\d{3}[\s-]?\d{2}[\s-]?\d{2}(?![\w-])"),
        "[phone]",
    ),
)


def is_sensitive(name: str) -> bool:
    """Whether a value of this name is never shown, whatever it is."""
    name = name.lower().replace("-", "_")
    return name in _SENSITIVE_NAMES or any(word in _SENSITIVE_WORDS for word in re.split(r"[_.\s]+", name))


def mask_text(text: str) -> str:
    """``text`` with e-mail addresses, phone numbers, Telegram names, tokens and passwords replaced."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def mask(value: Any) -> Any:
    """``value`` masked to its depth: containers become plain dicts and lists, unknown objects their text."""
    if value is None or isinstance(value, _HARMLESS):
        return value
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, Mapping):
        return {
            mask_text(str(name)): MASK if item is not None and is_sensitive(str(name)) else mask(item)
            for name, item in value.items()
        }
    if isinstance(value, (list, tuple, set, frozenset)):
        return [mask(item) for item in value]
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"[{len(bytes(value))} bytes]"
    return mask_text(str(value))
