"""Who may send notifications: there is no signature, only networks that the provider publishes."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network


def is_provider_address(ip: str, networks: Iterable[str]) -> bool:
    """Whether ``ip`` lies in one of ``networks`` (CIDR); False for what is no address.

    An IPv4 address wrapped into IPv6 (``::ffff:185.71.76.1``) counts as itself. Raises ValueError for a
    network that is none: that is a mistake in the settings.
    """
    try:
        address = ip_address(ip)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in network for network in _parsed(tuple(networks)))


@lru_cache(maxsize=8)
def _parsed(networks: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(each.strip(), strict=False) for each in networks)
