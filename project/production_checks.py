"""What production refuses to start without."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured

from apps.kernel.infrastructure.encryption.key_ring import KeyRing, raw_key

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


def key_encryption_keys_or_refuse(keys: list[str]) -> list[str]:
    """``keys`` are ``generation:base64``, newest first."""
    if not keys:
        raise ImproperlyConfigured(
            "KEY_ENCRYPTION_KEYS is not set: client data cannot be encrypted. Set it to one or more "
            "generation:key pairs (32 random bytes in base64), the newest first, separated by commas, or "
            "KEY_ENCRYPTION_KEYS_FILE to a file with one a line."
        )
    try:
        KeyRing(keys)
    except ValueError as error:
        raise ImproperlyConfigured(f"KEY_ENCRYPTION_KEYS: {error}.") from None
    if any(raw_key(each.partition(":")[2]).startswith(b"testing-only") for each in keys):
        raise ImproperlyConfigured("KEY_ENCRYPTION_KEYS holds the key of the tests. Make one of your own.")
    return keys


def blind_index_key_or_refuse(key: str) -> str:
    if not key:
        raise ImproperlyConfigured(
            "BLIND_INDEX_KEY is not set: people could not be found by their e-mail or phone. Set it to 32 "
            "random bytes in base64, once: whoever changes it must index every contact anew."
        )
    try:
        raw = raw_key(key)
    except ValueError as error:
        raise ImproperlyConfigured(f"BLIND_INDEX_KEY: {error}.") from None
    if raw.startswith(b"testing-only"):
        raise ImproperlyConfigured("BLIND_INDEX_KEY is the key of the tests. Make one of your own.")
    return key


def encryption_keys_or_refuse(keys: list[str], *, adapter: str) -> list[str]:
    """``keys`` are Fernet keys, newest first; only the adapter ``fernet`` cannot do without them."""
    if adapter not in ("envelope", "fernet"):
        raise ImproperlyConfigured("ENCRYPTION_ADAPTER is neither envelope nor fernet.")
    if adapter == "fernet" and not keys:
        raise ImproperlyConfigured(
            "ENCRYPTION_KEYS is not set, but ENCRYPTION_ADAPTER is fernet. Set it to one or more Fernet "
            "keys, the newest first, separated by commas."
        )
    for position, key in enumerate(keys, start=1):
        try:
            raw = raw_key(key)
        except ValueError:
            raw = b""
        if not raw or raw.startswith(b"testing-only"):
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
    parts = _parts("DATABASE_URL", url)
    host = parts.hostname or ""
    if host and not host.startswith("%2f") and not _is_local(host) and "sslmode=" not in parts.query:
        raise ImproperlyConfigured(
            "DATABASE_URL leads to another machine without saying how it is protected on the way. "
            "Add ?sslmode=verify-full, or sslmode=disable where the network between them is a private one."
        )
    return url


def public_url_or_refuse(url: str) -> str:
    if not url:
        raise ImproperlyConfigured(
            "PUBLIC_URL is not set: letters could not link here. Set it to https:// and the host of the site."
        )
    _refuse_plain_or_local("PUBLIC_URL", url)
    return url


def yookassa_url_or_refuse(url: str) -> str:
    _refuse_plain_or_local("YOOKASSA_API_URL", url)
    return url


def shop_or_refuse(shop_id: str, secret_key: str) -> None:
    for name, value in (("YOOKASSA_SHOP_ID", shop_id), ("YOOKASSA_SECRET_KEY", secret_key)):
        if not value:
            raise ImproperlyConfigured(
                f"{name} is not set: nobody could pay. Take it from the shop's settings."
            )
        if value.startswith("sandbox"):
            raise ImproperlyConfigured(f"{name} is the sandbox's. Take it from the shop's settings.")


def email_url_or_refuse(url: str) -> str:
    if not url:
        raise ImproperlyConfigured(
            "EMAIL_URL is not set: no letter could be sent. Set it to smtp+tls://user:password@host:587."
        )
    parts = _parts("EMAIL_URL", url)
    if _is_local(parts.hostname or "") and parts.port not in (None, 25, 465, 587):
        raise ImproperlyConfigured(
            "EMAIL_URL leads to the sandbox. Set it to smtp+tls://user:password@host:587."
        )
    if parts.scheme == "smtp" and parts.password and not _is_local(parts.hostname or ""):
        raise ImproperlyConfigured(
            "EMAIL_URL would send a password in the open. Use smtp+tls:// or smtp+ssl:// with it."
        )
    return url


def _refuse_plain_or_local(name: str, url: str) -> None:
    parts = _parts(name, url)
    if parts.scheme != "https" or not parts.hostname:
        raise ImproperlyConfigured(f"{name} must begin with https://.")
    if _is_local(parts.hostname):
        raise ImproperlyConfigured(
            f"{name} leads to this machine: that is the sandbox, not the world outside."
        )


def _parts(name: str, url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises too
    except ValueError:
        raise ImproperlyConfigured(f"{name} is no URL.") from None
    return parts


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
