"""Who may send notifications."""

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from apps.payments.infrastructure.yookassa.senders import is_provider_address
from tests.counts import property_settings

NETWORKS = ["185.71.76.0/27", "77.75.156.11/32", "2a02:5180::/32"]


@pytest.mark.parametrize(
    "ip",
    [
        "185.71.76.0",
        "185.71.76.31",
        "77.75.156.11",
        "2a02:5180::1",
        "2a02:5180:ffff::9",
        "::ffff:185.71.76.1",
    ],
)
def test_addresses_of_the_networks_are_the_provider(ip):
    assert is_provider_address(ip, NETWORKS)


@pytest.mark.parametrize(
    "ip",
    [
        "185.71.76.32",
        "77.75.156.12",
        "127.0.0.1",
        "2a02:5181::1",
        "::ffff:185.71.76.32",
        "::185.71.76.1",
        "64:ff9b::b947:4c01",
        "",
        " ",
        "unknown",
        "185.71.76.1:443",
        "185.71.76.1, 10.0.0.1",
        "185.71.76.001",
        "0xb9.0x47.0x4c.0x01",
        "3108455425",
        "185.71.76",
        "1" * 10_000,
        "\x00",
    ],
)
def test_nobody_else_is(ip):
    assert not is_provider_address(ip, NETWORKS)


def test_no_networks_let_nobody_in():
    assert not is_provider_address("185.71.76.1", [])


def test_a_network_with_host_bits_or_spaces_is_understood():
    assert is_provider_address("10.0.0.9", [" 10.0.0.1/24 "])


def test_a_mistake_in_the_settings_is_loud():
    with pytest.raises(ValueError, match="nonsense"):
        is_provider_address("185.71.76.1", ["nonsense"])


def test_the_networks_of_the_settings_are_networks():
    assert is_provider_address("185.71.76.1", settings.YOOKASSA_NETWORKS)
    assert not is_provider_address("10.0.0.1", settings.YOOKASSA_NETWORKS)


@property_settings()
@given(ip=st.text(max_size=60))
def test_whatever_is_no_address_is_nobody(ip):
    assert is_provider_address(ip, NETWORKS) is False


@property_settings()
@given(ip=st.ip_addresses(v=4))
def test_an_address_counts_the_same_when_wrapped_into_ipv6(ip):
    assert is_provider_address(f"::ffff:{ip}", NETWORKS) == is_provider_address(str(ip), NETWORKS)
