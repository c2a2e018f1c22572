"""Payments: created, paid or failed on their page, captured, canceled, expired."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from secrets import randbelow
from typing import Any

from sandbox.clock import Clock, read, written
from sandbox.store import Record, Store
from sandbox.timetable import Timetable
from sandbox.yookassa import checks, fiscal
from sandbox.yookassa.errors import ApiError, invalid
from sandbox.yookassa.ids import payment_id
from sandbox.yookassa.listing import listing
from sandbox.yookassa.methods import DECLINES, METHODS, REASONS, method_of
from sandbox.yookassa.receipts import Receipts
from sandbox.yookassa.webhooks import Webhooks

SHELF = "payments"
TO_PAY = timedelta(hours=1)
TO_CAPTURE = timedelta(days=7)
FEE = Decimal("0.035")
GATEWAY = "1000001"
_OPTIONAL = (
    "description", "receipt", "recipient", "payment_method_data", "confirmation", "save_payment_method",
    "capture", "client_ip", "metadata", "merchant_customer_id",
)  # fmt: skip
Body = dict[str, Any]


class Payments:
    """Records: the documented object and, beside it, what only the sandbox knows."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        timetable: Timetable,
        webhooks: Webhooks,
        receipts: Receipts,
        *,
        shop_id: str,
        base_url: str,
    ) -> None:
        self._store = store
        self._clock = clock
        self._timetable = timetable
        self._webhooks = webhooks
        self._receipts = receipts
        self._shop_id = shop_id
        self._base_url = base_url

    def restore(self) -> None:
        for record in self._store.shelf(SHELF).values():
            self._plan_expiry(record)

    # --- what the shop may do ---

    def create(self, body: Any) -> Body:
        given = checks.fields(body, "", required=("amount",), optional=_OPTIONAL)
        total = checks.amount(given["amount"], "amount")
        now = self._clock.now()
        key = payment_id(now)
        payment: Body = {
            "id": key,
            "status": "pending",
            "amount": checks.rub(total),
            "recipient": {"account_id": self._shop_id, "gateway_id": self._gateway(given)},
            "created_at": written(now),
            "confirmation": self._confirmation(given, key),
            "test": True,
            "paid": False,
            "refundable": False,
            "metadata": checks.metadata(given.get("metadata", {})),
        }
        if "description" in given:
            payment["description"] = checks.text(given["description"], "description", longest=128)
        if "merchant_customer_id" in given:
            name = "merchant_customer_id"
            payment[name] = checks.text(given[name], name, longest=200)
        if "payment_method_data" in given:
            kind = self._method(given["payment_method_data"])
            payment["payment_method"] = method_of(kind, key, paid=False)
        checks.flag(given.get("save_payment_method", False), "save_payment_method")
        record = {
            "object": payment,
            "capture": checks.flag(given.get("capture", False), "capture"),
            "receipt": fiscal.receipt(given["receipt"], "receipt", total) if "receipt" in given else None,
            "return_url": payment["confirmation"]["return_url"],
            "failed_tries": [],
        }
        if record["receipt"]:
            payment["receipt_registration"] = "pending"
        self._store.put(SHELF, key, record)
        self._plan_expiry(record)
        return payment

    def _gateway(self, given: Body) -> str:
        recipient = checks.fields(
            given.get("recipient", {}), "recipient", optional=("gateway_id", "account_id")
        )
        if recipient.get("account_id", self._shop_id) != self._shop_id:
            raise invalid("recipient.account_id", "Not the shop of these credentials")
        return checks.text(recipient.get("gateway_id", GATEWAY), "recipient.gateway_id", longest=32)

    def _confirmation(self, given: Body, key: str) -> Body:
        if "confirmation" not in given:
            raise invalid("confirmation", "Required parameter is missing")
        asked = checks.fields(
            given["confirmation"],
            "confirmation",
            required=("type", "return_url"),
            optional=("enforce", "locale"),
        )
        checks.one_of(asked["type"], "confirmation.type", ("redirect",))
        return {
            "type": "redirect",
            "return_url": checks.url(asked["return_url"], "confirmation.return_url"),
            "confirmation_url": f"{self._base_url}/pay/{key}",
        }

    def _method(self, data: Any) -> str:
        asked = checks.fields(data, "payment_method_data", required=("type",), optional=("phone",))
        return checks.one_of(asked["type"], "payment_method_data.type", METHODS)

    def capture(self, key: str, body: Any) -> Body:
        record = self.record(key)
        payment = record["object"]
        given = checks.fields(body or {}, "", optional=("amount", "receipt"))
        authorised = Decimal(payment["amount"]["value"])
        total = checks.amount(given["amount"], "amount") if "amount" in given else authorised
        if payment["status"] != "waiting_for_capture":
            raise invalid("payment_id", f"Payment in status {payment['status']} cannot be captured")
        if total > authorised:
            raise invalid("amount.value", "Amount is above the authorised one")
        if "receipt" in given:
            record["receipt"] = fiscal.receipt(given["receipt"], "receipt", total)
        elif record["receipt"] and total != authorised:
            raise invalid("receipt", "Receipt is required for a partial capture")
        payment["amount"] = checks.rub(total)
        self._succeed(record)
        return payment

    def cancel(self, key: str) -> Body:
        record = self.record(key)
        if record["object"]["status"] != "waiting_for_capture":
            raise invalid("payment_id", f"Payment in status {record['object']['status']} cannot be canceled")
        self.give_up(key, reason="canceled_by_merchant")
        return record["object"]

    def read(self, key: str) -> Body:
        return self.record(key)["object"]

    def list(self, query: Mapping[str, str]) -> Body:
        objects = [record["object"] for record in self._store.shelf(SHELF).values()]
        return listing(objects, query, equal=("status",), moments=("created_at", "captured_at"))

    def record(self, key: str) -> Record:
        """Raises 404 for a payment that is not there."""
        record = self._store.get(SHELF, key)
        if record is None:
            raise ApiError(404, "Payment doesn't exist", "payment_id")
        return record

    # --- what the payer and the world do ---

    def pay(self, key: str, method: str = "") -> Body:
        """The payer pays; raises 400 unless the payment is pending and the method is what was asked for."""
        record = self._pending(key)
        payment = record["object"]
        asked = payment.get("payment_method", {}).get("type")
        kind = checks.one_of(method or asked or "bank_card", "method", METHODS)
        if asked and kind != asked:
            raise invalid("method", f"The shop asked for {asked}")
        payment["payment_method"] = method_of(kind, key, paid=True)
        payment["paid"] = True
        payment.pop("confirmation")
        payment["authorization_details"] = {
            "rrn": f"{randbelow(10**12):012}",
            "auth_code": f"{randbelow(10**6):06}",
            "three_d_secure": {"applied": kind == "bank_card"},
        }
        if record["capture"]:
            self._succeed(record)
        else:
            payment["status"] = "waiting_for_capture"
            payment["expires_at"] = written(self._clock.now() + TO_CAPTURE)
            self._store.put(SHELF, key, record)
            self._plan_expiry(record)
            self._webhooks.announce("payment.waiting_for_capture", payment)
        return payment

    def fail(self, key: str, reason: str) -> Body:
        """One try fails; the payment stays pending for another."""
        record = self._pending(key)
        checks.one_of(reason, "reason", DECLINES)
        record["failed_tries"].append({"at": written(self._clock.now()), "reason": reason})
        self._store.put(SHELF, key, record)
        return record["object"]

    def give_up(self, key: str, reason: str, party: str = "") -> Body:
        """The payment ends as canceled; raises 400 where money was taken or it has ended before."""
        record = self.record(key)
        payment = record["object"]
        if payment["status"] not in ("pending", "waiting_for_capture"):
            raise invalid("payment_id", f"Payment in status {payment['status']} cannot be canceled")
        checks.one_of(reason, "reason", REASONS)
        payment["status"] = "canceled"
        payment["paid"] = payment["refundable"] = False
        payment["cancellation_details"] = {"party": party or REASONS[reason][0], "reason": reason}
        for gone in ("confirmation", "expires_at", "receipt_registration"):
            payment.pop(gone, None)
        self._store.put(SHELF, key, record)
        self._webhooks.announce("payment.canceled", payment)
        return payment

    def _pending(self, key: str) -> Record:
        record = self.record(key)
        if record["object"]["status"] != "pending":
            raise invalid("payment_id", f"Payment is {record['object']['status']}")
        return record

    def _succeed(self, record: Record) -> None:
        payment = record["object"]
        total = Decimal(payment["amount"]["value"])
        payment["status"] = "succeeded"
        payment["paid"] = payment["refundable"] = True
        payment["captured_at"] = written(self._clock.now())
        income = (total * (1 - FEE)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        payment["income_amount"] = checks.rub(income)
        payment["refunded_amount"] = checks.rub(Decimal(0))
        payment.pop("expires_at", None)
        if record["receipt"]:
            opened = self._receipts.open("payment", **record["receipt"], payment_id=payment["id"])
            record["receipt_id"] = opened["id"]
            payment["receipt_registration"] = "pending"
        self._store.put(SHELF, payment["id"], record)
        self._webhooks.announce("payment.succeeded", payment)

    def _plan_expiry(self, record: Record) -> None:
        payment = record["object"]
        key = payment["id"]
        if payment["status"] == "pending":
            self._timetable.plan(
                read(payment["created_at"]) + TO_PAY, lambda: self._expire(key, "pending", "confirmation")
            )
        elif payment["status"] == "waiting_for_capture":
            self._timetable.plan(
                read(payment["expires_at"]), lambda: self._expire(key, "waiting_for_capture", "capture")
            )

    def _expire(self, key: str, status: str, stage: str) -> None:
        record = self._store.get(SHELF, key)
        if record is not None and record["object"]["status"] == status:
            self.give_up(key, reason=f"expired_on_{stage}")
