"""The provider's reasons fall into five categories."""

import pytest
from yookassa.domain.models.cancellation_details import (
    CancellationDetailsReasonCode,
    RefundCancellationDetailsReasonCode,
)

from apps.payments.domain.failure import FailureCategory, category_of


@pytest.mark.parametrize(
    ("reason", "category"),
    [
        ("canceled_by_merchant", "canceled"),
        ("permission_revoked", "canceled"),
        ("expired_on_confirmation", "timeout"),
        ("expired_on_capture", "timeout"),
        ("insufficient_funds", "insufficient_funds"),
        ("3d_secure_failed", "provider_error"),
        ("internal_timeout", "provider_error"),
        ("general_decline", "provider_error"),
        ("yoo_money_account_closed", "provider_error"),
        ("", "unknown"),
        ("unknown", "unknown"),
        ("a_reason_of_tomorrow", "unknown"),
    ],
)
def test_a_reason_has_a_category(reason, category):
    assert category_of(reason) is FailureCategory(category)


def test_every_reason_that_the_sdk_knows_has_a_category():
    known = {
        value
        for reasons in (CancellationDetailsReasonCode, RefundCancellationDetailsReasonCode)
        for name, value in vars(reasons).items()
        if name.isupper() and value != "unknown"
    }

    assert len(known) > 25
    assert {reason for reason in known if category_of(reason) is FailureCategory.UNKNOWN} == set()
