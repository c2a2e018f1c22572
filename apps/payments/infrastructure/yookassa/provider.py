"""ЮKassa behind the port of payments, through the vendor's SDK."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from apps.kernel.domain.money import Money
from apps.kernel.domain.period import Period
from apps.payments.application.ports import (
    PaymentOrder,
    ProviderPayment,
    ProviderReceipt,
    ProviderRefund,
    ReceiptOrder,
    RefundOrder,
    Refused,
)
from apps.payments.infrastructure.yookassa.calls import call
from apps.payments.infrastructure.yookassa.reading import (
    UnexpectedAnswer,
    is_provider_id,
    read_page,
    read_payment,
    read_receipt,
    read_refund,
)
from apps.payments.infrastructure.yookassa.shop import Shop, shop_from_settings

_KEY = re.compile(r"[\x21-\x7e]{1,64}")
_PAGE = 100


@dataclass(frozen=True)
class YooKassaProvider:
    """PaymentProvider over the API of ЮKassa v3. ``shop`` is asked at every call, so that settings count at
    once; the object holds no state and is shared by threads."""

    shop: Callable[[], Shop] = shop_from_settings

    def create_payment(self, order: PaymentOrder) -> ProviderPayment:
        shop = self.shop()
        body = _built(lambda: _bodies().payment_body(order, tax_system=shop.tax_system))
        return self._write(
            "create_payment",
            "Payment",
            order.idempotence_key,
            lambda api, key: api.create(body, key),
            read_payment,
        )

    def payment(self, provider_id: str) -> ProviderPayment:
        known = _known(provider_id)
        return self._read("payment", "Payment", lambda api: api.find_one(known), read_payment)

    def capture(self, provider_id: str, *, amount: Money, idempotence_key: str) -> ProviderPayment:
        known = _known(provider_id)
        body = _built(lambda: _bodies().capture_body(amount))
        return self._write(
            "capture",
            "Payment",
            idempotence_key,
            lambda api, key: api.capture(known, body, key),
            read_payment,
        )

    def cancel(self, provider_id: str, *, idempotence_key: str) -> ProviderPayment:
        known = _known(provider_id)
        return self._write(
            "cancel",
            "Payment",
            idempotence_key,
            lambda api, key: api.cancel(known, key),
            read_payment,
        )

    def create_refund(self, order: RefundOrder) -> ProviderRefund:
        shop = self.shop()
        body = _built(lambda: _bodies().refund_body(order, tax_system=shop.tax_system))
        return self._write(
            "create_refund",
            "Refund",
            order.idempotence_key,
            lambda api, key: api.create(body, key),
            read_refund,
        )

    def refund(self, provider_id: str) -> ProviderRefund:
        known = _known(provider_id)
        return self._read("refund", "Refund", lambda api: api.find_one(known), read_refund)

    def refunds_of(self, payment_id: str) -> list[ProviderRefund]:
        return list(self._pages("refunds_of", "Refund", {"payment_id": _known(payment_id)}, read_refund))

    def create_receipt(self, order: ReceiptOrder) -> ProviderReceipt:
        shop = self.shop()
        body = _built(lambda: _bodies().receipt_body(order, tax_system=shop.tax_system))
        return self._write(
            "create_receipt",
            "Receipt",
            order.idempotence_key,
            lambda api, key: api.create(body, key),
            read_receipt,
        )

    def receipt(self, provider_id: str) -> ProviderReceipt:
        known = _known(provider_id)
        return self._read("receipt", "Receipt", lambda api: api.find_one(known), read_receipt)

    def payments_created(self, period: Period) -> Iterator[ProviderPayment]:
        return self._pages("payments_created", "Payment", _created(period), read_payment)

    def refunds_created(self, period: Period) -> Iterator[ProviderRefund]:
        return self._pages("refunds_created", "Refund", _created(period), read_refund)

    def _pages[T](
        self, name: str, resource: str, filters: dict[str, str], read: Callable[[object], T]
    ) -> Iterator[T]:
        """Every object of a listing, a hundred at a time; each page is one call."""
        seen: set[str] = set()
        cursor = ""

        def read_objects(answer: object) -> tuple[list[T], str]:
            objects, following = read_page(answer)
            if following in seen:
                raise UnexpectedAnswer("a cursor that leads back")
            return [read(each) for each in objects], following

        def page() -> tuple[list[T], str]:
            params = {**filters, "limit": str(_PAGE), **({"cursor": cursor} if cursor else {})}
            return self._read(name, resource, lambda api: api.list(params), read_objects)

        while True:
            objects, cursor = page()
            yield from objects
            if not cursor:
                return
            seen.add(cursor)

    def _read[T](
        self, name: str, resource: str, send: Callable[[Any], object], read: Callable[[object], T]
    ) -> T:
        shop = self.shop()
        return call(name, shop, lambda: _answer(shop, resource, send), read, writing=False)

    def _write[T](
        self,
        name: str,
        resource: str,
        key: str,
        send: Callable[[Any, str], object],
        read: Callable[[object], T],
    ) -> T:
        # The SDK would make up a key of its own for an empty one.
        if not _KEY.fullmatch(key):
            raise Refused("invalid_idempotence_key")
        shop = self.shop()
        return call(
            name, shop, lambda: _answer(shop, resource, lambda api: send(api, key)), read, writing=True
        )


def _answer(shop: Shop, resource: str, send: Callable[[Any], object]) -> object:
    """The JSON that the provider answers with when ``send`` is called with the SDK's class ``resource``."""
    import yookassa

    from apps.payments.infrastructure.yookassa.client import ShopClient, bound

    client = ShopClient(shop)
    send(bound(getattr(yookassa, resource), client))
    return client.answer


def _bodies() -> ModuleType:
    # Imported late: the SDK takes a quarter of a second, and many processes never call the provider.
    from apps.payments.infrastructure.yookassa import bodies

    return bodies


def _built[T](build: Callable[[], T]) -> T:
    """What ``build`` makes; Refused where the SDK's own checks refuse it: nothing was sent."""
    try:
        return build()
    except (TypeError, ValueError):
        raise Refused("invalid_request") from None


def _known(provider_id: str) -> str:
    """``provider_id``, which becomes a part of the path; Refused where the provider makes no such ids."""
    if not is_provider_id(provider_id):
        raise Refused("not_found")
    return provider_id


def _created(period: Period) -> dict[str, str]:
    return {"created_at.gte": _instant(period.start), "created_at.lt": _instant(period.end)}


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
