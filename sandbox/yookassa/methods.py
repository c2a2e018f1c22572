"""The ways to pay that the sandbox offers, and why a try may fail."""

import secrets
from typing import Any

METHODS = {
    "bank_card": "Банковская карта",
    "sbp": "СБП",
    "sberbank": "SberPay",
    "tinkoff_bank": "T‑Pay",
    "yoo_money": "ЮMoney",
}

# Reasons of a failed try as the provider documents them, and who said no.
DECLINES = {
    "insufficient_funds": ("payment_network", "Недостаточно средств"),
    "3d_secure_failed": ("payment_network", "Не пройдена проверка 3-D Secure"),
    "card_expired": ("payment_network", "Истёк срок действия карты"),
    "invalid_card_number": ("payment_network", "Неверный номер карты"),
    "invalid_csc": ("payment_network", "Неверный код CVV2"),
    "call_issuer": ("payment_network", "Банк просит позвонить ему"),
    "issuer_unavailable": ("payment_network", "Банк не отвечает"),
    "payment_method_limit_exceeded": ("payment_network", "Исчерпан лимит платежей"),
    "payment_method_restricted": ("payment_network", "Операции этим средством запрещены"),
    "country_forbidden": ("yoo_money", "Карта другой страны не принимается"),
    "fraud_suspected": ("yoo_money", "Подозрение в мошенничестве"),
    "general_decline": ("payment_network", "Причина не названа"),
    "internal_timeout": ("yoo_money", "Сбой на стороне ЮKassa"),
    "unsupported_mobile_operator": ("yoo_money", "Оператор связи не поддерживается"),
    "identification_required": ("yoo_money", "Кошелёк не идентифицирован"),
    "permission_revoked": ("payment_network", "Разрешение на списание отозвано"),
}
EXPIRIES = {
    "expired_on_confirmation": ("yoo_money", "Истёк срок оплаты"),
    "expired_on_capture": ("yoo_money", "Истёк срок списания"),
    "canceled_by_merchant": ("merchant", "Отменён продавцом"),
}
REASONS = {**DECLINES, **EXPIRIES}

REFUND_DECLINES = {
    "insufficient_funds": ("yoo_money", "На балансе магазина не хватает денег"),
    "general_decline": ("refund_network", "Причина не названа"),
    "rejected_by_payee": ("refund_network", "Получатель отклонил возврат"),
    "yoo_money_account_closed": ("refund_network", "Кошелёк закрыт"),
    "rejected_by_timeout": ("refund_network", "Время на возврат истекло"),
}


def method_of(kind: str, payment_id: str, *, paid: bool) -> dict[str, Any]:
    """The ``payment_method`` of a payment; its details come with the money."""
    method: dict[str, Any] = {"type": kind, "id": payment_id, "saved": False, "status": "inactive"}
    if not paid:
        return method
    if kind == "bank_card":
        return {
            **method,
            "title": "Bank card *4477",
            "card": {
                "first6": "555555",
                "last4": "4477",
                "expiry_month": "12",
                "expiry_year": "2030",
                "card_type": "Mir",
                "issuer_country": "RU",
            },
        }
    if kind == "sbp":
        return {
            **method,
            "sbp_operation_id": secrets.token_hex(16).upper(),
            "payer_bank_details": {"bank_id": "100000000111", "bic": "044525225"},
        }
    if kind == "sberbank":
        return {**method, "title": "SberPay", "phone": "79000000000"}
    if kind == "yoo_money":
        return {**method, "title": "YooMoney wallet 410011758831136", "account_number": "410011758831136"}
    return {**method, "title": METHODS[kind]}
