"""Addresses of the processes that `make run` starts."""

import pytest

from project.addresses import own_networks, reachable

LOOPBACK = ["127.0.0.1/32", "::1/128"]


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("127.0.0.1", "localhost"),
        ("::1", "localhost"),
        ("0.0.0.0", "localhost"),
        ("::", "localhost"),
        ("192.168.1.5", "192.168.1.5"),
        ("fd00::5", "[fd00::5]"),
        ("box.local", "box.local"),
    ],
)
def test_a_host_is_reached_by_a_name_fit_for_a_url(host, name):
    assert reachable(host) == name


@pytest.mark.parametrize(
    ("host", "more"),
    [
        ("127.0.0.1", []),
        ("0.0.0.0", []),
        ("box.local", []),
        ("192.168.1.5", ["192.168.1.5/32"]),
        ("fd00::5", ["fd00::5/128"]),
    ],
)
def test_the_networks_of_this_machine(host, more):
    assert own_networks(host) == LOOPBACK + more
