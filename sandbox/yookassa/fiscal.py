"""The data of a receipt by 54-FZ, as a payment, a refund or a receipt of its own carries them."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.yookassa import checks
from sandbox.yookassa.checks import Body
from sandbox.yookassa.errors import invalid

PAYMENT_MODES = frozenset(
    ("full_prepayment", "partial_prepayment", "advance", "full_payment", "partial_payment", "credit")
) | {"credit_payment"}
PAYMENT_SUBJECTS = frozenset(
    (
        "agent_commission",
        "agent_withdrawals",
        "another",
        "casino",
        "commodity",
        "composite",
        "excise",
        "fine",
        "gambling_bet",
        "gambling_prize",
        "insurance_premium",
        "intellectual_activity",
        "job",
        "lottery",
        "lottery_prize",
        "marked",
        "marked_excise",
        "non_marked",
        "non_marked_excise",
        "non_operating_gain",
        "payment",
        "pension_insurance_with_payouts",
        "pension_insurance_without_payouts",
        "property_right",
        "resort_fee",
        "sales_tax",
        "service",
        "tax",
        "deposit",
    )
)
SETTLEMENTS = frozenset(("cashless", "prepayment", "postpayment", "consideration"))
MOST_ITEMS = 80
_ITEM = ("description", "quantity", "amount", "vat_code")
_ITEM_MORE = (
    "payment_mode",
    "payment_subject",
    "measure",
    "country_of_origin_code",
    "excise",
    "product_code",
)
RECEIPT_MORE = ("tax_system_code", "internet", "timezone", "phone", "email")


def receipt(value: Any, name: str, total: Decimal) -> Body:
    """The ``receipt`` of a payment or a refund over ``total``."""
    given = checks.fields(value, name, required=("items",), optional=("customer", *RECEIPT_MORE))
    customer(given, name)
    items = item_list(given["items"], f"{name}.items")
    if _sum(items) != total:
        raise invalid(f"{name}.items", "Sum of the items differs from the amount")
    _tax_system(given, name)
    return {"customer": given["customer"], "items": items}


def customer(given: Body, name: str) -> Body:
    """The receiver of the receipt; the obsolete ``email`` and ``phone`` of the receipt itself count too."""
    path = f"{name}.customer" if name else "customer"
    old = {key: given.pop(key) for key in ("email", "phone") if key in given}
    value = checks.fields(given.get("customer") or old, path, optional=("full_name", "inn", "email", "phone"))
    if "email" in value:
        checks.email(value["email"], f"{path}.email")
    if "phone" in value:
        checks.phone(value["phone"], f"{path}.phone")
    if not value.keys() & {"email", "phone"}:
        raise invalid(path, "Either email or phone is required")
    if "full_name" in value:
        checks.text(value["full_name"], f"{path}.full_name", longest=256)
    given["customer"] = value
    return value


def item_list(value: Any, name: str) -> list[Body]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_ITEMS:
        raise invalid(name, f"From 1 to {MOST_ITEMS} items are required")
    return [_item(item, f"{name}[{position}]") for position, item in enumerate(value)]


def _item(value: Any, name: str) -> Body:
    item = checks.fields(value, name, required=_ITEM, optional=_ITEM_MORE)
    checks.text(item["description"], f"{name}.description", longest=128)
    number = checks.quantity(item["quantity"], f"{name}.quantity")
    checks.amount(item["amount"], f"{name}.amount", zero=True)
    checks.whole(item["vat_code"], f"{name}.vat_code", lowest=1, highest=12)
    if "payment_mode" in item:
        checks.one_of(item["payment_mode"], f"{name}.payment_mode", PAYMENT_MODES)
    if "payment_subject" in item:
        checks.one_of(item["payment_subject"], f"{name}.payment_subject", PAYMENT_SUBJECTS)
    return {**item, "quantity": f"{number:.3f}"}


def settlements(value: Any, name: str) -> Decimal:
    """What was paid before, in all."""
    if not isinstance(value, list) or not value:
        raise invalid(name, "Required parameter is missing")
    total = Decimal(0)
    for position, one in enumerate(value):
        path = f"{name}[{position}]"
        given = checks.fields(one, path, required=("type", "amount"))
        checks.one_of(given["type"], f"{path}.type", SETTLEMENTS)
        total += checks.amount(given["amount"], f"{path}.amount")
    return total


def _tax_system(given: Body, name: str) -> None:
    if "tax_system_code" in given:
        checks.whole(given["tax_system_code"], f"{name}.tax_system_code", lowest=1, highest=6)


def _sum(items: list[Body]) -> Decimal:
    """The amount of an item is the price of one piece."""
    total = sum(
        (Decimal(item["amount"]["value"]) * Decimal(item["quantity"]) for item in items), start=Decimal(0)
    )
    return total.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def total_of(items: list[Body]) -> Decimal:
    return _sum(items)
