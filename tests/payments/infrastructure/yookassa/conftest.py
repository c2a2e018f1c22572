from collections.abc import Iterator

import pytest

from apps.payments.infrastructure.yookassa.provider import YooKassaProvider
from apps.payments.infrastructure.yookassa.shop import Shop
from tests.payments.infrastructure.yookassa.misbehaving import Server, serving


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def provider(server: Server) -> YooKassaProvider:
    return provider_at(server.url)


def provider_at(url: str, **changes: object) -> YooKassaProvider:
    """A provider of a shop; tests that wait for nothing to come say how long."""
    fields = {
        "shop_id": "100500",
        "secret_key": "test_key",
        "connect_timeout": 5,
        "read_timeout": 5,
        **changes,
    }
    shop = Shop(api_url=url, **fields)
    return YooKassaProvider(lambda: shop)
