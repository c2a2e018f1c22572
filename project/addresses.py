"""Addresses of the processes that `make run` starts."""

from ipaddress import ip_address

WILDCARDS = ("0.0.0.0", "::")  # noqa: S104 - compared, not listened on


def reachable(host: str) -> str:
    """The name under which what listens on ``host`` is reached from this machine, fit for a URL."""
    if host in WILDCARDS or host in ("127.0.0.1", "::1", ""):
        return "localhost"
    return f"[{host}]" if ":" in host else host


def own_networks(host: str) -> list[str]:
    """The networks (CIDR) from which a process of this machine calls what listens on ``host``."""
    networks = ["127.0.0.1/32", "::1/128"]
    try:
        address = ip_address(host)
    except ValueError:
        return networks
    if address.is_loopback or address.is_unspecified:
        return networks
    return [*networks, f"{address}/{address.max_prefixlen}"]
