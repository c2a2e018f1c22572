"""What every request carries: an id for its log lines, and the address it came from."""

import re
import time
import uuid
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

REQUEST_ID_HEADER = "X-Request-ID"
_SANE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_log = structlog.get_logger("request")


class RequestContextMiddleware:
    """Binds ``request_id``, ``ip`` and ``user_id`` to the log lines of a request, and writes one line.

    A caller's ``X-Request-ID`` is kept when it is 8–64 letters, digits, dots, dashes and underscores.
    The id is on ``request.request_id`` and goes back in the response.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(REQUEST_ID_HEADER, "")
        request_id = given if _SANE_ID.fullmatch(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]  # Django invites attributes of one's own
        with structlog.contextvars.bound_contextvars(request_id=request_id, ip=client_ip(request)):
            began = time.perf_counter()
            response = self._get_response(request)
            response[REQUEST_ID_HEADER] = request_id
            _write_line(request, response, (time.perf_counter() - began) * 1000)
        return response


def client_ip(request: HttpRequest) -> str:
    """The address of the client, or an empty text when it is unknown.

    ``X-Forwarded-For`` counts only as far as it was written by ``settings.TRUSTED_PROXIES``: the first
    address from the right that is none of them.
    """
    hops = [request.META.get("REMOTE_ADDR", "")]
    networks = _trusted_networks(tuple(settings.TRUSTED_PROXIES))
    if networks:
        hops += reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(","))
    client = ""
    for hop in hops:
        try:
            address = ip_address(hop.strip())
        except ValueError:
            break
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        client = str(address)
        if not any(address in network for network in networks):
            break
    return client


@lru_cache(maxsize=8)
def _trusted_networks(proxies: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(proxy, strict=False) for proxy in proxies)


def _write_line(request: HttpRequest, response: HttpResponse, duration: float) -> None:
    write = (
        _log.debug if request.path.startswith(("/health/", "/metrics", settings.STATIC_URL)) else _log.info
    )
    write(
        "request",
        method=request.method,
        path=_path_without_token(request),
        status=response.status_code,
        duration_ms=round(duration, 1),
        user_id=_known_user_id(request),
    )


def _path_without_token(request: HttpRequest) -> str:
    """A signed link is as good as a key: what it opens must not be opened by who reads the log."""
    match = request.resolver_match
    token = match.kwargs.get("token") if match else None
    return request.path.replace(str(token), "…") if token else request.path


def _known_user_id(request: HttpRequest) -> str | None:
    """The id of the signed-in user, if the view has asked who it is: logging costs no query."""
    user = getattr(request, "user", None)
    if isinstance(user, SimpleLazyObject):
        user = getattr(request, "_cached_user", None)
    key = getattr(user, "pk", None)
    return None if key is None else str(key)
