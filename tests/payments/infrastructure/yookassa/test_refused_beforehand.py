"""What cannot be right is refused before anything is sent."""

import pytest

from apps.kernel.domain.money import Money
from apps.payments.application.ports import Customer, Refused
from tests.payments.infrastructure.yookassa.conftest import provider_at
from tests.payments.orders import payment_order

SUM = Money.from_decimal("4500.00")
ID = "2d6b3e1f-000f-5000-9000-145f6df21d6f"


@pytest.mark.parametrize(
    "order",
    [
        payment_order(amount=Money.zero()),
        payment_order(amount=Money(-100)),
        payment_order(amount=SUM, customer=Customer(email=None, phone=None)),
        payment_order(amount=SUM, customer=Customer(email="nobody", phone=None)),
        payment_order(amount=SUM, key="k" * 65),
        payment_order(amount=SUM, key="k\r\nX-Injected: 1"),
    ],
)
def test_what_cannot_be_right_is_refused_before_anything_is_sent(server, provider, order):
    with pytest.raises(Refused):
        provider.create_payment(order)

    assert server.seen == []


def test_an_empty_key_is_refused_instead_of_making_one_up(server, provider):
    with pytest.raises(Refused, match="invalid_idempotence_key"):
        provider.cancel(ID, idempotence_key="")

    assert server.seen == []


@pytest.mark.parametrize("forged", ["", "../refunds", "a/b", "a?b=c", "a%2Fb", "é", "x" * 65, "a\n"])
def test_an_id_that_the_provider_never_gives_is_not_found_and_no_path_is_made_of_it(server, provider, forged):
    for act in (provider.payment, provider.refund, provider.receipt, provider.refunds_of):
        with pytest.raises(Refused, match="not_found"):
            act(forged)

    assert server.seen == []


def test_without_credentials_nothing_is_called(server):
    with pytest.raises(Refused, match="not_configured"):
        provider_at(server.url, secret_key="").payment(ID)

    assert server.seen == []
