"""Why a payment or a refund ended without money: five categories instead of the provider's many reasons."""

from enum import StrEnum


class FailureCategory(StrEnum):
    """What the client and the specialist are told; stable, part of the API contract."""

    CANCELED = "canceled"
    TIMEOUT = "timeout"
    PROVIDER_ERROR = "provider_error"
    INSUFFICIENT_FUNDS = "insufficient_funds"
    UNKNOWN = "unknown"


_REASONS = {
    FailureCategory.CANCELED: ("canceled_by_merchant", "loan_declined_by_payer", "permission_revoked"),
    FailureCategory.TIMEOUT: (
        "deal_expired",
        "expired_on_capture",
        "expired_on_confirmation",
        "loan_application_expired",
        "rejected_by_timeout",
    ),
    FailureCategory.INSUFFICIENT_FUNDS: ("insufficient_funds",),
    FailureCategory.PROVIDER_ERROR: (
        "3d_secure_failed",
        "call_issuer",
        "card_expired",
        "country_forbidden",
        "fraud_suspected",
        "general_decline",
        "identification_required",
        "internal_timeout",
        "invalid_card_number",
        "invalid_csc",
        "issuer_unavailable",
        "loan_declined",
        "payment_article_number_not_found",
        "payment_basket_id_not_found",
        "payment_method_limit_exceeded",
        "payment_method_restricted",
        "payment_tru_code_not_found",
        "rejected_by_payee",
        "some_articles_already_refunded",
        "too_many_refunding_articles",
        "unsupported_mobile_operator",
        "yoo_money_account_closed",
    ),
}
_CATEGORIES = {reason: category for category, reasons in _REASONS.items() for reason in reasons}


def category_of(reason: str) -> FailureCategory:
    """The category of the provider's reason of a cancellation; UNKNOWN for one that is new or missing."""
    return _CATEGORIES.get(reason, FailureCategory.UNKNOWN)
