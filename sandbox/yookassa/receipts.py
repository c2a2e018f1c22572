"""Receipts: those that come with a payment or a refund, and those made by themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sandbox.clock import Clock, read, written
from sandbox.store import Record, Store
from sandbox.timetable import Timetable
from sandbox.yookassa import checks, fiscal
from sandbox.yookassa.errors import ApiError, invalid
from sandbox.yookassa.ids import receipt_id
from sandbox.yookassa.listing import listing

SHELF = "receipts"
Body = dict[str, Any]


@dataclass
class Registrar:
    """How the online till behaves."""

    seconds: float = 1.0
    """Until a receipt is registered."""
    outcome: str = "succeeded"
    """Or ``canceled``: the till refuses."""


class Receipts:
    """Records: the documented object and, beside it, what only the sandbox knows (``customer``, ``due``)."""

    def __init__(self, store: Store, clock: Clock, timetable: Timetable) -> None:
        self._store = store
        self._clock = clock
        self._timetable = timetable
        self.registrar = Registrar()

    def restore(self) -> None:
        for record in self._store.shelf(SHELF).values():
            if record["object"]["status"] == "pending":
                self._plan(record)

    def create(self, body: Any) -> Body:
        given = checks.fields(
            body,
            "",
            required=("type", "items", "send", "settlements"),
            optional=("payment_id", "refund_id", "customer", *fiscal.RECEIPT_MORE, "on_behalf_of"),
        )
        kind = checks.one_of(given["type"], "type", ("payment", "refund"))
        fiscal.customer(given, "")
        items = fiscal.item_list(given["items"], "items")
        if not checks.flag(given["send"], "send"):
            raise invalid("send", "Only true is allowed")
        settled = fiscal.settlements(given["settlements"], "settlements")
        if settled != fiscal.total_of(items):
            raise invalid("settlements", "Sum of the settlements differs from the sum of the items")
        if "tax_system_code" in given:
            checks.whole(given["tax_system_code"], "tax_system_code", lowest=1, highest=6)
        basis = self._basis(kind, given)
        return self.open(
            kind,
            given["customer"],
            items,
            settlements=given["settlements"],
            **{f"{kind}_id": basis["id"], "tax_system_code": given.get("tax_system_code")},
        )

    def _basis(self, kind: str, given: Body) -> Body:
        """The payment or the refund that the receipt is for."""
        name, other = ("payment_id", "refund_id") if kind == "payment" else ("refund_id", "payment_id")
        if other in given:
            raise invalid(other, f"Not allowed for a receipt of type {kind}")
        if name not in given:
            raise invalid(name, "Required parameter is missing")
        found = self._store.get(f"{kind}s", checks.text(given[name], name, longest=36, shortest=36))
        if found is None:
            raise invalid(name, f"The {kind} does not exist")
        if found["object"]["status"] != "succeeded":
            raise invalid(name, f"The {kind} has not succeeded")
        return found["object"]

    def open(self, kind: str, customer: Body, items: list[Body], **more: Any) -> Body:
        """A new receipt on its way to the till."""
        now = self._clock.now()
        body: Body = {"id": receipt_id(now), "type": kind, "status": "pending"}
        body |= {name: value for name, value in more.items() if value is not None}
        body["items"] = items
        due = now + timedelta(seconds=self.registrar.seconds)
        record = {
            "object": body,
            "customer": customer,
            "created_at": written(now),
            "due": written(due),
        }
        self._store.put(SHELF, body["id"], record)
        self._plan(record)
        return body

    def _plan(self, record: Record) -> None:
        key = record["object"]["id"]
        self._timetable.plan(read(record["due"]), lambda: self._register(key))

    def _register(self, key: str) -> None:
        record = self._store.get(SHELF, key)
        if record is None or record["object"]["status"] != "pending":
            return
        body = record["object"]
        body["status"] = self.registrar.outcome
        if body["status"] == "succeeded":
            number = len(self._store.shelf(SHELF))
            body |= {
                "fiscal_document_number": str(3000 + number),
                "fiscal_storage_number": "9288000100115785",
                "fiscal_attribute": str(2617603921 + number),
                "registered_at": written(self._clock.now()),
                "fiscal_provider_id": body["id"][3:],
            }
        self._store.put(SHELF, key, record)
        for shelf in ("payments", "refunds"):
            self._tell(shelf, record)

    def _tell(self, shelf: str, record: Record) -> None:
        """``receipt_registration`` of what carried this receipt."""
        owner = self._store.get(shelf, record["object"].get(f"{shelf[:-1]}_id", ""))
        if owner is not None and owner.get("receipt_id") == record["object"]["id"]:
            owner["object"]["receipt_registration"] = record["object"]["status"]
            self._store.put(shelf, owner["object"]["id"], owner)

    def read(self, key: str) -> Body:
        record = self._store.get(SHELF, key)
        if record is None:
            raise ApiError(404, "Receipt doesn't exist", "receipt_id")
        return record["object"]

    def list(self, query: Mapping[str, str]) -> Body:
        with_moment = [
            {**record["object"], "created_at": record["created_at"]}
            for record in self._store.shelf(SHELF).values()
        ]
        page = listing(
            with_moment, query, equal=("payment_id", "refund_id", "status"), moments=("created_at",)
        )
        for one in page["items"]:
            del one["created_at"]
        return page
