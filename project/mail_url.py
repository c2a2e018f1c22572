"""The mail server by one URL: ``smtp+tls://user:password@host:587``."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TIMEOUT = 10  # seconds
SCHEMES = {"smtp": {}, "smtp+tls": {"use_tls": True}, "smtp+ssl": {"use_ssl": True}}


def mailer(url: str) -> dict[str, Any]:
    """The entry of ``MAILERS`` for ``url``; raises ImproperlyConfigured for one that names no mail server.

    ``smtp`` is plain, ``smtp+tls`` begins plain and turns to TLS (STARTTLS), ``smtp+ssl`` is TLS at once.
    User and password are percent-encoded. Without a port the usual one of the scheme holds: 25, 587, 465.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or parts.scheme not in SCHEMES:
        raise ImproperlyConfigured(
            "EMAIL_URL names no mail server. Set it to smtp+tls://user:password@host:587, smtp+ssl:// or smtp://."
        )
    return {
        "BACKEND": "apps.messaging.infrastructure.post.CarefulEmailBackend",
        "OPTIONS": {
            "host": host,
            "port": port,
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "timeout": TIMEOUT,
            **SCHEMES[parts.scheme],
        },
    }
