"""The provider in memory in the place of the real one, for tests that go through wiring."""

import pytest

from apps.payments.application.ports import PaymentProvider
from apps.payments.infrastructure.yookassa.provider import YooKassaProvider
from tests.payments.fakes import FakeProvider

METHODS = [name for name in vars(PaymentProvider) if not name.startswith("_")]


def stand_in(monkeypatch: pytest.MonkeyPatch, fake: FakeProvider | None = None) -> FakeProvider:
    """Let every call to the provider reach ``fake`` (a new one by default), and return it."""
    fake = fake or FakeProvider(shop_id="")
    for name in METHODS:
        monkeypatch.setattr(YooKassaProvider, name, _forward(fake, name))
    return fake


def _forward(fake: FakeProvider, name: str):
    def call(_provider, *args, **kwargs):
        return getattr(fake, name)(*args, **kwargs)

    return call
