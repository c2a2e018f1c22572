"""What production refuses to start without."""

import binascii
from base64 import urlsafe_b64decode

from django.core.exceptions import ImproperlyConfigured

SHORTEST_SECRET = 50
_MADE_UP = ("django-insecure-", "testing-only-", "change-me", "changeme")


def refuse_debug(*, enabled: bool) -> None:
    if enabled:
        raise ImproperlyConfigured("DEBUG is on: production does not run in debug mode. Unset DEBUG.")


def secret_key_or_refuse(key: str) -> str:
    if not key:
        raise ImproperlyConfigured("SECRET_KEY is not set. Set it to at least 50 random characters.")
    if key.lower().startswith(_MADE_UP):
        raise ImproperlyConfigured("SECRET_KEY is a default one. Set it to at least 50 random characters.")
    if len(key) < SHORTEST_SECRET or len(set(key)) < 5:
        raise ImproperlyConfigured("SECRET_KEY is too short. Set it to at least 50 random characters.")
    return key


def encryption_keys_or_refuse(keys: list[str]) -> list[str]:
    """``keys`` are Fernet keys, newest first."""
    if not keys:
        raise ImproperlyConfigured(
            "ENCRYPTION_KEYS is not set: client data cannot be encrypted. Set it to one or more Fernet keys, "
            "the newest first, separated by commas."
        )
    for position, key in enumerate(keys, start=1):
        try:
            raw = urlsafe_b64decode(key)
        except (binascii.Error, ValueError):
            raw = b""
        if len(raw) != 32 or raw.startswith(b"testing-only"):
            raise ImproperlyConfigured(
                f"ENCRYPTION_KEYS: key {position} is no Fernet key (32 random bytes in URL-safe base64)."
            )
    return keys


def allowed_hosts_or_refuse(hosts: list[str]) -> list[str]:
    if not hosts or "*" in hosts:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS is not set, or allows any host. Name the hosts of the site, separated by commas."
        )
    return hosts


def database_url_or_refuse(url: str) -> str:
    if not url:
        raise ImproperlyConfigured("DATABASE_URL is not set. Set it to postgresql://user:password@host/name.")
    return url
