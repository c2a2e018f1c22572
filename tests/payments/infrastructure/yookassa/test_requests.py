"""What travels to the provider, as it arrives there."""

import base64
import threading
from datetime import UTC, datetime, timedelta

import pytest

from apps.kernel.domain.money import Money
from apps.kernel.domain.period import Period
from apps.payments.application.ports import Customer, Refused
from apps.payments.domain.receipt import SettlementMode
from apps.payments.infrastructure.yookassa.provider import YooKassaProvider
from tests.payments.infrastructure.yookassa.answers import payment_json, receipt_json, refund_json
from tests.payments.infrastructure.yookassa.conftest import provider_at
from tests.payments.infrastructure.yookassa.misbehaving import answering
from tests.payments.orders import payment_order, receipt_order, refund_order

SUM = Money.from_decimal("4500.00")
ID = "2d6b3e1f-000f-5000-9000-145f6df21d6f"
PERIOD = Period.lasting(datetime(2026, 3, 1, tzinfo=UTC), timedelta(days=1))


def test_a_payment_travels_whole(server, provider):
    server.will(answering(200, payment_json()))
    order = payment_order(amount=SUM, capture=False, key="stored-key")

    provider.create_payment(order)

    (seen,) = server.seen
    assert (seen.method, seen.path) == ("POST", "/v3/payments")
    assert seen.headers["Idempotence-Key"] == "stored-key"
    assert seen.headers["Authorization"] == "Basic " + base64.b64encode(b"100500:test_key").decode()
    assert seen.body == {
        "amount": {"value": "4500.00", "currency": "RUB"},
        "description": "Консультация психолога",
        "capture": False,
        "confirmation": {"type": "redirect", "return_url": "https://site.example/return"},
        "metadata": {"payment_id": str(order.reference), "cms_name": "yookassa_sdk_python"},
        "receipt": {
            "customer": {"email": "anna@example.com", "phone": "79001234567"},
            "items": [
                {
                    "description": "Консультация психолога",
                    "quantity": "1.0",
                    "amount": {"value": "4500.00", "currency": "RUB"},
                    "vat_code": 1,
                    "payment_subject": "service",
                    "payment_mode": "full_prepayment",
                }
            ],
        },
        "transfers": [],
        "statements": [],
    }


@pytest.mark.parametrize("minor", [1, 10, 99, 100, 123_45, 450_000, 999_999_99, 10**12 + 1])
def test_amounts_are_strings_exact_to_the_kopeck(server, provider, minor):
    server.will(answering(200, payment_json()))

    provider.create_payment(payment_order(amount=Money(minor)))

    value = server.seen[0].body["amount"]["value"]
    assert value == f"{minor // 100}.{minor % 100:02}"
    assert server.seen[0].body["receipt"]["items"][0]["amount"]["value"] == value


@pytest.mark.parametrize("mode", list(SettlementMode))
def test_an_item_says_how_it_is_paid_for(server, provider, mode):
    server.will(answering(200, payment_json()))

    provider.create_payment(payment_order(amount=SUM, mode=mode))

    assert server.seen[0].body["receipt"]["items"][0]["payment_mode"] == mode.value


@pytest.mark.parametrize(
    ("customer", "sent"),
    [
        (Customer(email="anna@example.com", phone=None), {"email": "anna@example.com"}),
        (Customer(email=None, phone="+79001234567"), {"phone": "79001234567"}),
        (Customer(email="", phone="+7 900 123-45-67"), {"phone": "79001234567"}),
    ],
)
def test_a_receipt_goes_to_the_contact_that_there_is(server, provider, customer, sent):
    server.will(answering(200, payment_json()))

    provider.create_payment(payment_order(amount=SUM, customer=customer))

    assert server.seen[0].body["receipt"]["customer"] == sent


def test_the_tax_system_is_named_in_every_receipt_where_the_shop_has_several(server):
    provider = provider_at(server.url, tax_system=2)
    server.will(answering(200, payment_json()), answering(200, refund_json()), answering(200, receipt_json()))

    provider.create_payment(payment_order(amount=SUM))
    provider.create_refund(refund_order(ID, amount=SUM))
    provider.create_receipt(receipt_order(ID, amount=SUM))

    payment, refund, receipt = (each.body for each in server.seen)
    assert payment["receipt"]["tax_system_code"] == refund["receipt"]["tax_system_code"] == 2
    assert receipt["tax_system_code"] == 2


def test_long_descriptions_are_cut_to_what_the_provider_takes(server, provider):
    server.will(answering(200, payment_json()))

    provider.create_payment(payment_order(amount=SUM, description="д" * 500))

    assert server.seen[0].body["description"] == "д" * 128


def test_a_capture_names_the_amount(server, provider):
    server.will(answering(200, payment_json(status="succeeded")))

    provider.capture(ID, amount=SUM, idempotence_key="k-1")

    (seen,) = server.seen
    assert (seen.method, seen.path, seen.headers["Idempotence-Key"]) == (
        "POST",
        f"/v3/payments/{ID}/capture",
        "k-1",
    )
    assert seen.body["amount"] == {"value": "4500.00", "currency": "RUB"}


def test_a_cancel_has_a_key_and_nothing_else(server, provider):
    server.will(answering(200, payment_json(status="canceled")))

    provider.cancel(ID, idempotence_key="k-2")

    (seen,) = server.seen
    assert (seen.method, seen.path, seen.headers["Idempotence-Key"], seen.body) == (
        "POST",
        f"/v3/payments/{ID}/cancel",
        "k-2",
        None,
    )


def test_a_refund_carries_its_receipt(server, provider):
    server.will(answering(200, refund_json()))

    provider.create_refund(refund_order(ID, amount=Money.from_decimal("1500.50"), key="k-3"))

    (seen,) = server.seen
    assert (seen.path, seen.headers["Idempotence-Key"]) == ("/v3/refunds", "k-3")
    assert seen.body["payment_id"] == ID
    assert seen.body["amount"] == {"value": "1500.50", "currency": "RUB"}
    assert seen.body["receipt"]["items"][0]["amount"] == {"value": "1500.50", "currency": "RUB"}
    assert seen.body["receipt"]["customer"]["email"] == "anna@example.com"


def test_an_offset_receipt_is_settled_by_the_prepayment(server, provider):
    server.will(answering(200, receipt_json()))

    provider.create_receipt(receipt_order(ID, amount=SUM, key="k-4"))

    (seen,) = server.seen
    assert (seen.path, seen.headers["Idempotence-Key"]) == ("/v3/receipts", "k-4")
    assert (seen.body["type"], seen.body["payment_id"], seen.body["send"]) == ("payment", ID, True)
    assert seen.body["settlements"] == [
        {"type": "prepayment", "amount": {"value": "4500.00", "currency": "RUB"}}
    ]
    assert seen.body["items"][0]["payment_mode"] == "full_payment"
    assert seen.body["items"][0]["quantity"] == "1.0"


def test_a_listing_asks_for_the_period_page_after_page(server, provider):
    first, second = payment_json(), payment_json(id="2d6b3e1f-000f-5000-9000-000000000002")
    server.will(
        answering(200, {"type": "list", "items": [first], "next_cursor": "37a5c87d"}),
        answering(200, {"type": "list", "items": [second]}),
    )

    listed = list(provider.payments_created(PERIOD))

    assert [each.id for each in listed] == [first["id"], second["id"]]
    period = "created_at.gte=2026-03-01T00%3A00%3A00.000Z&created_at.lt=2026-03-02T00%3A00%3A00.000Z"
    assert [each.path for each in server.seen] == [
        f"/v3/payments?{period}&limit=100",
        f"/v3/payments?{period}&limit=100&cursor=37a5c87d",
    ]


def test_refunds_are_listed_by_payment_and_by_period(server, provider):
    server.will(answering(200, {"type": "list", "items": [refund_json()]}))

    assert [each.id for each in provider.refunds_of(ID)] == [refund_json()["id"]]
    assert [each.id for each in provider.refunds_created(PERIOD)] == [refund_json()["id"]]
    assert server.seen[0].path == f"/v3/refunds?payment_id={ID}&limit=100"
    assert server.seen[1].path.startswith("/v3/refunds?created_at.gte=2026-03-01")


def test_a_netrc_does_not_replace_the_credentials(server, provider, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server.will(answering(200, payment_json()))

    provider.payment(ID)

    assert server.seen[0].headers["Authorization"] == "Basic " + base64.b64encode(b"100500:test_key").decode()


def test_two_shops_in_many_threads_never_mix(server):
    server.will(answering(200, payment_json()))
    shops = [(f"shop-{index}", f"key-{index}") for index in range(8)]

    def work(shop_id: str, secret_key: str) -> None:
        provider = provider_at(
            server.url, shop_id=shop_id, secret_key=secret_key, connect_timeout=5, read_timeout=5
        )
        for _ in range(10):
            provider.create_payment(payment_order(amount=SUM, key=shop_id, description=shop_id))

    threads = [threading.Thread(target=work, args=shop) for shop in shops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(server.seen) == 80
    for seen in server.seen:
        shop_id, secret_key = base64.b64decode(seen.headers["Authorization"].split()[1]).decode().split(":")
        assert secret_key == shop_id.replace("shop", "key")
        assert seen.headers["Idempotence-Key"] == seen.body["description"] == shop_id


def test_the_settings_name_the_shop(server, settings):
    settings.YOOKASSA_API_URL = server.url + "/"
    settings.YOOKASSA_SHOP_ID = "777"
    settings.YOOKASSA_SECRET_KEY = "from-settings"
    server.will(answering(200, payment_json()))

    YooKassaProvider().payment(ID)

    assert server.seen[0].path == f"/v3/payments/{ID}"
    assert base64.b64decode(server.seen[0].headers["Authorization"].split()[1]) == b"777:from-settings"


def test_neither_secrets_nor_personal_data_reach_the_logs_or_the_errors(server, provider, caplog, capsys):
    body = {"type": "error", "code": "invalid_request", "description": "bad phone 79001234567"}
    server.will(answering(400, body))
    caplog.set_level("DEBUG")

    with pytest.raises(Refused) as caught:
        provider.create_payment(payment_order(amount=SUM))

    told = caplog.text + "".join(capsys.readouterr()) + repr(caught.value) + repr(caught.value.__context__)
    told += repr(provider.shop())
    assert "create_payment" in told
    assert "invalid_request" in told
    for secret in ("test_key", "anna", "9001234567", "Basic ", "Консультация"):
        assert secret not in told
