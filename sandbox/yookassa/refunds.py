"""Refunds: of succeeded payments only, never above what is left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sandbox.clock import Clock, read, written
from sandbox.store import Record, Store
from sandbox.timetable import Timetable
from sandbox.yookassa import checks, fiscal
from sandbox.yookassa.errors import ApiError, invalid
from sandbox.yookassa.ids import refund_id
from sandbox.yookassa.listing import listing
from sandbox.yookassa.methods import REFUND_DECLINES
from sandbox.yookassa.payments import Payments
from sandbox.yookassa.receipts import Receipts
from sandbox.yookassa.webhooks import Webhooks

SHELF = "refunds"
Body = dict[str, Any]


@dataclass
class Bank:
    """How refunds end."""

    seconds: float = 0.0
    """Until a refund ends; 0: at once, in the answer itself."""
    outcome: str = "succeeded"
    """Or ``canceled``."""
    reason: str = "insufficient_funds"


class Refunds:
    def __init__(
        self,
        store: Store,
        clock: Clock,
        timetable: Timetable,
        webhooks: Webhooks,
        receipts: Receipts,
        payments: Payments,
    ) -> None:
        self._store = store
        self._clock = clock
        self._timetable = timetable
        self._webhooks = webhooks
        self._receipts = receipts
        self._payments = payments
        self.bank = Bank()

    def restore(self) -> None:
        for record in self._store.shelf(SHELF).values():
            self._plan_end(record)

    def create(self, body: Any) -> Body:
        given = checks.fields(
            body, "", required=("payment_id", "amount"), optional=("description", "receipt", "metadata")
        )
        key = checks.text(given["payment_id"], "payment_id", longest=36, shortest=36)
        total = checks.amount(given["amount"], "amount")
        owner = self._store.get("payments", key)
        if owner is None:
            raise invalid("payment_id", "Payment doesn't exist")
        if owner["object"]["status"] != "succeeded":
            raise invalid("payment_id", f"Payment in status {owner['object']['status']} cannot be refunded")
        left = self._left(owner["object"])
        if total > left:
            raise invalid("amount.value", f"Amount is above what is left of the payment: {left}")
        receipt = self._receipt(given, owner, total)
        now = self._clock.now()
        refund: Body = {
            "id": refund_id(now),
            "payment_id": key,
            "status": "pending",
            "created_at": written(now),
            "amount": checks.rub(total),
            "metadata": checks.metadata(given.get("metadata", {})),
        }
        if "description" in given:
            refund["description"] = checks.text(given["description"], "description", longest=250)
        if receipt:
            refund["receipt_registration"] = "pending"
        record = {
            "object": refund,
            "receipt": receipt,
            "due": written(now + timedelta(seconds=self.bank.seconds)),
            "outcome": self.bank.outcome,
            "reason": self.bank.reason,
        }
        self._store.put(SHELF, refund["id"], record)
        if self.bank.seconds > 0:
            self._plan_end(record)
        else:
            self.end(refund["id"])
        return refund

    def _left(self, payment: Body) -> Decimal:
        """What may still be given back, with refunds under way taken off."""
        under_way = sum(
            Decimal(record["object"]["amount"]["value"])
            for record in self._store.shelf(SHELF).values()
            if record["object"]["payment_id"] == payment["id"] and record["object"]["status"] != "canceled"
        )
        return Decimal(payment["amount"]["value"]) - under_way

    def _receipt(self, given: Body, owner: Record, total: Decimal) -> Body | None:
        if "receipt" in given:
            return fiscal.receipt(given["receipt"], "receipt", total)
        if not owner["receipt"]:
            return None
        if total != Decimal(owner["object"]["amount"]["value"]):
            raise invalid("receipt", "Receipt is required for a partial refund of a payment with a receipt")
        return owner["receipt"]

    def end(self, key: str, outcome: str = "", reason: str = "") -> Body:
        """The bank decides now; raises 400 for one that is no longer pending."""
        record = self.record(key)
        refund = record["object"]
        if refund["status"] != "pending":
            raise invalid("refund_id", f"Refund is {refund['status']}")
        refund["status"] = checks.one_of(outcome or record["outcome"], "outcome", ("succeeded", "canceled"))
        if refund["status"] == "canceled":
            why = checks.one_of(reason or record["reason"], "reason", REFUND_DECLINES)
            refund["cancellation_details"] = {"party": REFUND_DECLINES[why][0], "reason": why}
            refund.pop("receipt_registration", None)
        else:
            self._give_back(record)
        self._store.put(SHELF, key, record)
        if refund["status"] == "succeeded":
            self._webhooks.announce("refund.succeeded", refund)
        return refund

    def _give_back(self, record: Record) -> None:
        refund = record["object"]
        owner = self._payments.record(refund["payment_id"])
        payment = owner["object"]
        returned = Decimal(payment["refunded_amount"]["value"]) + Decimal(refund["amount"]["value"])
        payment["refunded_amount"] = checks.rub(returned)
        payment["refundable"] = returned < Decimal(payment["amount"]["value"])
        self._store.put("payments", payment["id"], owner)
        if record["receipt"]:
            opened = self._receipts.open(
                "refund", **record["receipt"], refund_id=refund["id"], payment_id=payment["id"]
            )
            record["receipt_id"] = opened["id"]

    def _plan_end(self, record: Record) -> None:
        key = record["object"]["id"]
        if record["object"]["status"] == "pending":
            self._timetable.plan(read(record["due"]), lambda: self._end_if_pending(key))

    def _end_if_pending(self, key: str) -> None:
        record = self._store.get(SHELF, key)
        if record is not None and record["object"]["status"] == "pending":
            self.end(key)

    def read(self, key: str) -> Body:
        return self.record(key)["object"]

    def record(self, key: str) -> Record:
        record = self._store.get(SHELF, key)
        if record is None:
            raise ApiError(404, "Refund doesn't exist", "refund_id")
        return record

    def list(self, query: Mapping[str, str]) -> Body:
        objects = [record["object"] for record in self._store.shelf(SHELF).values()]
        return listing(objects, query, equal=("payment_id", "status"), moments=("created_at",))
