"""Payments in the API."""

from rest_framework import serializers

from apps.kernel.presentation.fields import InstantField, MoneyField, TextField, choice
from apps.payments.application.views import PaymentView
from apps.payments.domain.failure import FailureCategory
from apps.payments.domain.payment import PaymentKind, PaymentStatus
from apps.payments.infrastructure.return_urls import LONGEST

FAILURES = ["", *(each.value for each in FailureCategory)]


class StartingSerializer(serializers.Serializer):
    kind = choice(
        PaymentKind, help_text="`full`: what is left of the price; `deposit`: where the service has one."
    )
    return_url = TextField(
        required=False,
        max_length=LONGEST,
        trim_whitespace=False,
        help_text=(
            "Where the payment page leads back to: an address of one of the origins that the practice has "
            "allowed. Without it a page of ours tells the client how it went."
        ),
    )


class PaymentSerializer(serializers.Serializer[PaymentView]):
    id = serializers.UUIDField()
    appointment_id = serializers.UUIDField()
    kind = choice(PaymentKind)
    status = choice(PaymentStatus)
    amount = MoneyField()
    refunded = MoneyField(help_text="What was given back of it.")
    confirmation_url = serializers.CharField(
        allow_blank=True,
        help_text="The payment page, while the payment is open; empty while the provider has not named it.",
    )
    failure = serializers.ChoiceField(choices=FAILURES, help_text="Why nothing was paid, once it is known.")
    created_at = InstantField()
    settled_at = InstantField(allow_null=True, help_text="When it came to its end.")


# Made once: a serializer copies all its fields for every instance, which takes longer than reading a body.
STARTING = StartingSerializer()
PAYMENT = PaymentSerializer()
