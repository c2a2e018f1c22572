"""Jobs of payments. Their arguments are ids only."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from apps.kernel.domain.period import Period
from apps.kernel.infrastructure.jobs import job
from apps.payments import wiring
from apps.payments.infrastructure import later

RECONCILED_DAYS = 3
"""Days that each night's comparison looks back over: a late change of the day before is seen too."""


@job(name=later.SETTLE_PAYMENT, queue="payments")
def settle_payment(*, payment_id: str) -> None:
    """Read a payment at the provider and write down how it stands."""
    wiring.settle_payment(payment_id=UUID(payment_id))


@job(name=later.HEED_NOTIFICATION, queue="payments")
def heed_notification(*, notification_id: int) -> None:
    """Look at the provider because it has sent word."""
    wiring.heed_notification(notification_id=notification_id)


@job(name="payments.send_receipt", queue="payments")
def send_receipt(*, receipt_id: str) -> None:
    """Have a receipt registered."""
    wiring.send_receipt(receipt_id=UUID(receipt_id))


@job(name="payments.settle_open_payments", queue="payments", cron="* * * * *")
def settle_open_payments(timestamp: int) -> None:
    """Every minute: look again at payments and refunds that wait for the provider."""
    wiring.settle_open_payments()


@job(name=later.COMPARE_DAYS, queue="upkeep")
def compare_days(*, start: str, end: str, run: str) -> None:
    """Compare a period with the provider because somebody wished it; ``run`` ties the jobs of one wish."""
    wiring.reconcile(Period(datetime.fromisoformat(start), datetime.fromisoformat(end)))


@job(name="payments.reconcile", queue="upkeep", cron="40 3 * * *")
def reconcile(timestamp: int) -> None:
    """Every night: compare the last days with the provider; ``timestamp`` is the moment's Unix time."""
    end = datetime.fromtimestamp(timestamp, UTC)
    wiring.reconcile(Period(end - timedelta(days=RECONCILED_DAYS), end))
