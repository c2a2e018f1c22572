"""Where the payment page may lead back to: only to origins that the practice has named."""

from urllib.parse import urlsplit

from django.conf import settings

from apps.payments.domain.payment import ReturnUrlNotAllowed

LONGEST = 2048


def allowed_return_url(url: str) -> str:
    """``url`` if its scheme, host and port are those of an allowed origin or of this backend itself.
    Raises ReturnUrlNotAllowed."""
    origins = {_origin(each) for each in [settings.PUBLIC_URL, *settings.PAYMENT_RETURN_ORIGINS]}
    if len(url) > LONGEST or not url.isprintable() or "\\" in url or " " in url:
        raise ReturnUrlNotAllowed(field="return_url")
    try:
        origin = _origin(url)
    except ValueError as error:
        raise ReturnUrlNotAllowed(field="return_url") from error
    if origin not in origins:
        raise ReturnUrlNotAllowed(field="return_url")
    return url


def _origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port. Raises ValueError for what is no web address, or carries a user."""
    parts = urlsplit(url)
    ports = {"https": 443, "http": 80}
    if parts.scheme not in ports or not parts.hostname or parts.username is not None or "@" in parts.netloc:
        raise ValueError(url)
    port = ports[parts.scheme] if parts.port is None else parts.port
    return parts.scheme, parts.hostname.lower(), port
