"""How long the provider's notifications are kept. Money itself is kept as long as the law has it."""

from apps.kernel.application.retention import RetentionRule, Term, register
from apps.kernel.domain.errors import gettext_noop
from apps.kernel.infrastructure.retention import remove_oldest
from apps.payments.infrastructure.models import PaymentNotification


def register_rules() -> None:
    register(
        RetentionRule(
            code="payment_notifications",
            title=gettext_noop("Notifications of the payment provider"),
            since=gettext_noop("after the notification was dealt with"),
            term=Term(days=90),
            remove=lambda cut_off, most: remove_oldest(
                PaymentNotification.objects.filter(heeded_at__lt=cut_off).order_by("received_at"), most
            ),
        )
    )
